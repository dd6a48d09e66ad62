"""What officers type about people and their work. Cleaners come from columns.py; rules stand in the actions."""

from workers.forms.groups import GroupEndForm, GroupForm
from workers.forms.households import HouseholdForm, StatusForm
from workers.forms.parts import UNKNOWN, VillageForm, VoidForm
from workers.forms.people import PersonEditForm, PersonForm, PhoneForm, RevealForm
from workers.forms.residence import ClosingForm, MoveForm
from workers.forms.transfers import (
    ChangeJobForm,
    CorrectionForm,
    HomecomingForm,
    PlaceForm,
    WorkForm,
    transfer_as_typed,
    work_as_typed,
)

__all__ = [
    "UNKNOWN", "ChangeJobForm", "ClosingForm", "CorrectionForm", "GroupEndForm", "GroupForm", "HomecomingForm",
    "HouseholdForm", "MoveForm", "PersonEditForm", "PersonForm", "PhoneForm", "PlaceForm", "RevealForm",
    "StatusForm", "VillageForm", "VoidForm", "WorkForm", "transfer_as_typed", "work_as_typed",
]
