"""What the county types about its places."""

from django import forms
from django.utils.translation import gettext_lazy as _

from laborreg.forms import ActionForm
from laborreg.months import Month
from villages import actions
from villages.models import Township


class StationForm(ActionForm):
    """The facts of a township's station; its cleaners stand in the action."""

    NAMES = ["station_phone", "station_address", "head_name", "is_reception_point"]

    station_phone = forms.CharField(
        label=_("Station's phone"), required=False, max_length=40, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    station_address = forms.CharField(label=_("Station's address"), required=False, max_length=100)
    head_name = forms.CharField(label=_("Head of the station"), required=False, max_length=50)
    is_reception_point = forms.BooleanField(label=_("Receives people who come home"), required=False)

    def __init__(self, *args, township: Township, **kwargs):
        super().__init__(*args, initial={name: getattr(township, name) for name in self.NAMES}, **kwargs)


class FilingForm(ActionForm):
    """A month from which, or up to which, a village files."""

    month = forms.TypedChoiceField(coerce=Month.parse)

    def __init__(self, *args, label, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["month"].label = label
        self.fields["month"].choices = [(str(month), month.label) for month in actions.months_to_choose()]
