"""The facts of a broker, as an officer types them."""

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from brokers import codes
from brokers.columns import BY_NAME
from laborreg import clock
from laborreg.forms import ActionForm, DateInput
from laborreg.identity import clean_id_number, plain
from villages.forms import VillageField

SENSITIVE = ["phone", "id_number", "account"]


class BrokerForm(ActionForm):
    """Facts of a broker. Phone, ID number and account of one who is registered are not shown; left empty, they stay.

    Name and number of one who is filed stand on a certificate: shown, and changed by the county only.
    """

    name = BY_NAME["name"].field(widget=forms.TextInput(attrs={"autocomplete": "off"}))
    phone = BY_NAME["phone"].field(widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}))
    id_number = BY_NAME["id_number"].field(widget=forms.TextInput(attrs={"data-id-number": "", "autocomplete": "off"}))
    kind = BY_NAME["kind"].field(widget=forms.RadioSelect(choices=codes.KINDS), initial="part_time")
    background = BY_NAME["background"].field(widget=forms.Select(choices=[("", "–"), *codes.BACKGROUNDS]))
    is_relieved = BY_NAME["is_relieved"].field(widget=forms.NullBooleanSelect)
    trades = BY_NAME["trades"].field()
    destinations = BY_NAME["destinations"].field()
    project = BY_NAME["project"].field()
    policies = BY_NAME["policies"].field()
    bank = BY_NAME["bank"].field()
    account = BY_NAME["account"].field(widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
    registered_on = BY_NAME["registered_on"].field(widget=DateInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    # What a phone shows folded.
    MORE = ["background", "is_relieved", "trades", "destinations", "project", "policies", "registered_on"]
    PAY = ["bank", "account"]

    def __init__(self, *args, broker=None, officer=None, **kwargs):
        self.broker = broker
        initial = {"registered_on": clock.today()} if broker is None else _facts(broker)
        super().__init__(*args, **{"initial": initial} | kwargs)
        self.is_held = bool(broker and broker.filed_on and not officer.may("file brokers", at=broker.village_id))
        for name in ("name", "id_number") if self.is_held else ():
            self.fields[name].disabled = True

    @property
    def facts(self) -> dict:
        """What to hand to the action: of an empty phone, ID number or account, nothing."""
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

    @property
    def more_is_wrong(self) -> bool:
        return any(name in self.errors for name in self.MORE)

    @property
    def pay_is_wrong(self) -> bool:
        return any(name in self.errors for name in self.PAY)


def _facts(broker) -> dict:
    shown = [name for name in BY_NAME if name not in SENSITIVE]
    return {name: getattr(broker, name) for name in [*shown, "version"]}


def _words(name, value) -> str:
    if isinstance(value, bool):
        return _now("Yes") if value else _now("No")
    labels = dict(codes.KINDS if name == "kind" else codes.BACKGROUNDS)
    return str(labels.get(value, value) or "–")


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


class RevealForm(ActionForm):
    """Which number is needed in full, and why."""

    what = forms.ChoiceField(label=_("Which number?"), widget=forms.RadioSelect, error_messages={
        "required": _("Choose the number"), "invalid_choice": _("Choose the number"),
    })
    reason = forms.CharField(
        label=_("What do you need it for?"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Say what you need the number for")},
    )

    def __init__(self, *args, broker, **kwargs):
        super().__init__(*args, **kwargs)
        known = {
            "phone": (_now("Phone"), broker.phone), "id": (_now("ID number"), broker.id_cipher),
            "account": (_now("Bank account"), broker.account_cipher),
        }
        self.fields["what"].choices = [(what, label) for what, (label, number) in known.items() if number]
