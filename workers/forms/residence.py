"""Where people are registered: a move, the question for one, a death, leaving the county."""

from django import forms
from django.utils.translation import gettext_lazy as _

from laborreg.identity import clean_id_number, clean_name
from villages.forms import VillageField
from villages.models import Village
from workers import codes
from workers.forms.parts import DayField, RecordForm, chips

ALONE, HOUSEHOLD = "alone", "household"
WHO = [(ALONE, _("This person alone")), (HOUSEHOLD, _("The whole household"))]


class ClosingForm(RecordForm):
    """Somebody died or left the county for good."""

    HOW = [("died", _("Died")), ("left_county", _("Left the county for good"))]
    how = chips(HOW, label=_("What happened?"), error_messages={"required": _("Choose what happened")})
    on = DayField(label=_("On which day?"), error_messages={"required": _("Enter the day")})


class NoticeForm(RecordForm):
    """When and how somebody was told what is kept."""

    how = chips(codes.NOTICES, label=_("How?"), error_messages={"required": _("Choose how")})
    told_on = DayField(label=_("On which day?"), error_messages={"required": _("Enter the day")})
    who = chips(WHO, label=_("Who was told?"), required=False, initial=ALONE)

    def facts(self) -> dict:
        said = self.cleaned_data
        return {"how": said["how"], "told_on": said["told_on"], "whole_household": said["who"] == HOUSEHOLD}


class MoveForm(RecordForm):
    """To which village, and from which day on."""

    to_village = forms.ModelChoiceField(
        Village.objects.none(), label=_("To which village?"), error_messages={"required": _("Choose the village")}
    )
    on = DayField(label=_("From which day on?"), error_messages={"required": _("Enter the day")})
    who = chips(WHO, label=_("Who moves?"), required=False, initial=ALONE)
    reason = forms.CharField(label=_("Why?"), required=False, max_length=100)

    def __init__(self, *args, villages, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to_village"].queryset = villages

    @property
    def is_whole_household(self) -> bool:
        return self.cleaned_data["who"] == HOUSEHOLD

    def facts(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "who"}


class AskForm(RecordForm):
    """What is asked of the other side."""

    who = chips(WHO, label=_("Who moves?"), initial=ALONE, error_messages={"required": _("Choose who moves")})
    on = DayField(label=_("From which day on?"), error_messages={"required": _("Enter the day")})
    reason = chips(codes.MOVE_REASONS, label=_("Why?"), error_messages={"required": _("Choose the reason")})
    note = forms.CharField(label=_("Note"), required=False, max_length=100)

    def facts(self) -> dict:
        """What the actions take."""
        said = dict(self.cleaned_data)
        is_whole = said.pop("who") == HOUSEHOLD
        return said | {"whole_household": is_whole}


class TownshipForm(forms.Form):
    """In which township the village lies: a county has too many villages for one list."""

    township = forms.ChoiceField(label=_("In which township?"), widget=forms.Select(attrs={"data-autosubmit": ""}))

    def __init__(self, *, choices, chosen):
        super().__init__(initial={"township": chosen})
        self.chosen, self.fields["township"].choices = chosen, choices

    @classmethod
    def of(cls, villages, wanted):
        """Of some villages; none is chosen where the wanted one is not among theirs."""
        labels = {village.township_id: village.township.label for village in villages}
        choices = [("", _("All townships")), *labels.items()]
        return cls(choices=choices, chosen=wanted if wanted in labels else "")


class LetGoForm(AskForm):
    """Somebody of the own village moves to one of another officer."""

    to_village = VillageField(
        label=_("To which village?"), error_messages={"required": _("Choose the village")}
    )
    field_order = ["to_village"]

    def __init__(self, *args, villages, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to_village"].queryset = villages


class TakeInForm(AskForm):
    """Somebody who is registered elsewhere in the county moved to the own village."""

    id_number = forms.CharField(
        label=_("ID number"), max_length=40, error_messages={"required": _("Enter the ID number")},
        widget=forms.TextInput(attrs={"data-id-number": "", "autocomplete": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(
        label=_("Name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Enter the name")},
    )
    field_order = ["id_number", "name"]

    def clean_id_number(self):
        return clean_id_number(self.cleaned_data["id_number"])[0]

    def clean_name(self):
        return clean_name(self.cleaned_data["name"])


class RefuseForm(RecordForm):
    """Why a move that was asked for is not confirmed."""

    reason = forms.CharField(
        label=_("Why not?"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why not")},
    )
