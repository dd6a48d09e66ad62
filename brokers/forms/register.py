"""The facts of a broker, as an officer types them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from brokers import codes
from brokers.columns import BY_NAME
from laborreg import clock
from laborreg.forms import ActionForm, DateInput
from laborreg.identity import clean_id_number, plain
from villages.forms import VillageField

SENSITIVE = ["phone", "id_number"]


class BrokerForm(ActionForm):
    """Facts of a broker. Phone and ID number of one who is registered are not shown; left empty, they stay."""

    name = BY_NAME["name"].field(widget=forms.TextInput(attrs={"autocomplete": "off"}))
    phone = BY_NAME["phone"].field(widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}))
    id_number = BY_NAME["id_number"].field(widget=forms.TextInput(attrs={"data-id-number": "", "autocomplete": "off"}))
    kind = BY_NAME["kind"].field(widget=forms.RadioSelect(choices=codes.KINDS), initial="part_time")
    background = BY_NAME["background"].field(widget=forms.Select(choices=[("", "–"), *codes.BACKGROUNDS]))
    trades = BY_NAME["trades"].field()
    destinations = BY_NAME["destinations"].field()
    registered_on = BY_NAME["registered_on"].field(widget=DateInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, broker=None, **kwargs):
        self.broker = broker
        initial = {"registered_on": clock.today()} if broker is None else _facts(broker)
        super().__init__(*args, **{"initial": initial} | kwargs)

    @property
    def facts(self) -> dict:
        """What to hand to the action: of an empty phone or ID number, nothing."""
        said = {name: value for name, value in self.cleaned_data.items() if name in BY_NAME}
        return {name: value for name, value in said.items() if value or name not in SENSITIVE}

    @property
    def doubt(self) -> str | None:
        """What the officer should look at again although it was taken."""
        number = plain(self["id_number"].data)
        return clean_id_number(number)[1] if number else None

    @property
    def conflict(self) -> list:
        """(label, yours, theirs) of each fact that somebody else saved otherwise meanwhile."""
        theirs = _facts(self.theirs) if self.theirs else {}
        return [
            (self.fields[name].label, _words(name, self.cleaned_data[name]), _words(name, value))
            for name, value in theirs.items() if name in BY_NAME and self.cleaned_data.get(name) != value
        ]


def _facts(broker) -> dict:
    shown = [name for name in BY_NAME if name not in SENSITIVE]
    return {name: getattr(broker, name) for name in [*shown, "version"]}


def _words(name, value) -> str:
    labels = dict(codes.KINDS if name == "kind" else codes.BACKGROUNDS)
    return str(labels.get(value, value)) or "–"


class NewBrokerForm(BrokerForm):
    """With the village, where the officer has several."""

    village = VillageField()
    field_order = ["village"]

    def __init__(self, *args, villages, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["village"].queryset = villages
        if len(only := list(villages[:2])) == 1:
            self.fields["village"].initial = only[0]
            self.fields["village"].widget = forms.HiddenInput()


class StopForm(ActionForm):
    """The day from which a broker takes nobody on."""

    stopped_on = BY_NAME["registered_on"].field(label=_("Stopped on"), widget=DateInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
