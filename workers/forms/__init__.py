"""What officers type about people and their work. Cleaners come from columns.py; rules stand in the actions."""

from workers.forms.doubts import RightForm
from workers.forms.groups import GroupEndForm, GroupForm
from workers.forms.households import (
    HouseholdEditForm,
    HouseholdForm,
    JoiningForm,
    RelationsForm,
    SplitForm,
    StatusEndForm,
    StatusForm,
    household_choices,
)
from workers.forms.parts import UNKNOWN, VillageForm, VoidForm
from workers.forms.people import PersonEditForm, PersonForm, PhoneForm, RevealForm
from workers.forms.residence import ClosingForm, LetGoForm, MoveForm, NoticeForm, RefuseForm, TakeInForm, TownshipForm
from workers.forms.rosters import ExportRefusalForm, RosterForm
from workers.forms.sheets import UploadForm
from workers.forms.transfers import (
    ChangeJobForm,
    CorrectionForm,
    HomecomingForm,
    PlaceForm,
    WorkForm,
    transfer_as_typed,
    work_as_typed,
)
from workers.forms.visits import AskedForm, FollowUpForm, VisitForm, how_asked

__all__ = [
    "UNKNOWN", "AskedForm", "ChangeJobForm", "ClosingForm", "CorrectionForm", "ExportRefusalForm", "FollowUpForm", "GroupEndForm",
    "GroupForm", "HomecomingForm", "HouseholdEditForm", "HouseholdForm", "JoiningForm", "LetGoForm", "MoveForm", "NoticeForm",
    "PersonEditForm", "PersonForm", "PhoneForm", "PlaceForm", "RefuseForm", "RelationsForm", "RevealForm",
    "RightForm", "RosterForm", "SplitForm", "StatusEndForm", "StatusForm", "TakeInForm", "TownshipForm", "UploadForm",
    "VillageForm", "VisitForm", "VoidForm", "WorkForm",
    "household_choices", "how_asked", "transfer_as_typed", "work_as_typed",
]
