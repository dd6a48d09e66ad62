"""What officers type about cooperation points."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jobs.columns import BY_NAME
from laborreg import clock
from laborreg.forms import ActionForm, DateInput
from villages import destinations
from villages.forms import ChoosesInSteps, DestinationField


class PointForm(ChoosesInSteps, ActionForm):
    name = BY_NAME["name"].field(widget=forms.TextInput(attrs={"maxlength": 80}))
    destination = DestinationField(label=BY_NAME["destination"].heading)
    partner = BY_NAME["partner"].field()
    contact = BY_NAME["contact"].field()
    phone = BY_NAME["phone"].field(widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}))
    signed_on = BY_NAME["signed_on"].field(widget=DateInput)
    jobs_offered = BY_NAME["jobs_offered"].field(widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, county, point=None, **kwargs):
        super().__init__(*args, **{"initial": _facts(point) if point else None} | kwargs)
        self.fields["destination"].county = county

    @property
    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in BY_NAME}

    @property
    def conflict(self) -> list:
        """(label, yours, theirs) of each fact that somebody else saved otherwise meanwhile."""
        theirs = _facts(self.theirs) if self.theirs else {}
        return [
            (self.fields[name].label, _words(name, self.cleaned_data[name]), _words(name, value))
            for name, value in theirs.items() if name in BY_NAME and self.cleaned_data.get(name) != value
        ]


def _facts(point) -> dict:
    return {name: getattr(point, name) for name in [*BY_NAME, "version"]}


def _words(name, value) -> str:
    if value in ("", None):
        return "–"
    return destinations.label(value) if name == "destination" else str(value)


class StopForm(ActionForm):
    """The day from which a point is not offered."""

    stopped_on = BY_NAME["signed_on"].field(label=_("Stopped on"), widget=DateInput, initial=clock.today)
    version = forms.IntegerField(widget=forms.HiddenInput)
