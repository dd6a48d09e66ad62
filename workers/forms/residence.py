"""Where people are registered: a move, a death, leaving the county."""

from django import forms
from django.utils.translation import gettext_lazy as _

from villages.models import Village
from workers.forms.parts import DayField, RecordForm, chips


class ClosingForm(RecordForm):
    """Somebody died or left the county for good."""

    HOW = [("died", _("Died")), ("left_county", _("Left the county for good"))]
    how = chips(HOW, label=_("What happened?"), error_messages={"required": _("Choose what happened")})
    on = DayField(label=_("On which day?"), error_messages={"required": _("Enter the day")})


class MoveForm(RecordForm):
    """To which village, and from which day on."""

    to_village = forms.ModelChoiceField(
        Village.objects.none(), label=_("To which village?"), error_messages={"required": _("Choose the village")}
    )
    on = DayField(label=_("From which day on?"), error_messages={"required": _("Enter the day")})
    reason = forms.CharField(label=_("Why?"), required=False, max_length=100)

    def __init__(self, *args, villages, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to_village"].queryset = villages
