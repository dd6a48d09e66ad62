"""Leaving home, coming home, changing the job: where to, since when, through whom, what for."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, When
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from brokers.models import Broker
from jobs.models import CooperationPoint
from laborreg import clock
from laborreg.months import Month
from villages.forms import ChoosesInSteps, DestinationField
from workers import codes, columns, places
from workers.forms.parts import UNKNOWN, YES_NO_CHOICES, DayField, MonthChoice, NoteField, RecordForm, chips, known, select

MONTHS_BACK = 24
MONTHS_AHEAD = 18
COMMON_SECTIONS = [(code, dict(codes.SECTIONS)[code]) for code in codes.COMMON_SECTIONS]


class DayLeft(forms.Form):
    """The month somebody left, or the exact day where it is known."""

    left_month = MonthChoice(label=_("Month of leaving"), offsets=range(0, -MONTHS_BACK - 1, -1))
    left_on = DayField(label=_("Exact day, if known"), required=False)

    def clean_left_on(self):
        day = self.cleaned_data["left_on"]
        if day and day > clock.today():
            raise ValidationError(_now("This day is still to come."))
        return day

    def clean(self):
        """The running month stands there before anybody chose; any other was chosen, and must be that of the day."""
        said = super().clean()
        day, month = self.cleaned_data.get("left_on"), self.cleaned_data.get("left_month")
        if day and month and Month.of(day) != month != Month.of(clock.today()):
            self.add_error("left_on", _now("This day is not in %(month)s: correct one of the two.") % {"month": month.label})
        return said

    def when(self) -> dict:
        said = self.cleaned_data
        if said.get("left_on"):
            return {"started_on": said["left_on"], "month_only": False}
        month = said["left_month"]
        return {"started_on": date(month.year, month.number, 1), "month_only": True}


class Channel(forms.Form):
    """How the job was found, and who bore it."""

    channel = chips([*codes.CHANNELS, UNKNOWN], label=_("How was the job found?"), error_messages={
        "required": _("Choose how the job was found"),
    })
    broker = forms.ModelChoiceField(
        Broker.objects.none(), label=_("Which labor broker?"), required=False, empty_label="–"
    )
    point = forms.ModelChoiceField(
        CooperationPoint.objects.none(), label=_("Which cooperation point?"), required=False, empty_label="–"
    )
    agency = forms.CharField(label=_("Name of the agency"), required=False, max_length=60)
    BEARERS = ("broker", "point", "agency")

    def offer_bearers(self, village, broker=None):
        """Brokers and points of the whole county; the brokers of the own village and township come first.

        `broker` is named already, and stays a choice whatever became of them since.
        """
        self.fields["broker"].queryset = brokers_for(village, broker)
        self.fields["broker"].label_from_instance = broker_label
        self.fields["point"].queryset = CooperationPoint.objects.of_county(village.county_code).working()

    def found_by(self) -> dict:
        """Channel and its bearer; a bearer that does not fit the channel was left over from another choice."""
        said = self.cleaned_data
        channel = said.get("channel", "")
        bearers = {name: said.get(name) if channel == name else None for name in self.BEARERS}
        bearers["agency"] = bearers["agency"] or ""
        return {"channel": known(channel)} | bearers


def brokers_for(village, named=None):
    """Who may be named for a new transfer, and the number of one who is named already."""
    nearness = Case(When(village=village, then=0), When(village__township=village.township_id, then=1), default=2)
    county = Broker.objects.under(village.county_code)
    offered = county.taking_on() | county.filter(pk=named)
    return offered.select_related("village__township").order_by(nearness, "village_id", "name")


def broker_label(broker) -> str:
    return f"{broker.name} · {broker.village.township.label}"


class WorkForm(RecordForm):
    """What somebody does, for whom, and for how much."""

    common_industry = chips(
        [*COMMON_SECTIONS, ("more", _("Other…")), UNKNOWN], label=_("Industry"),
        error_messages={"required": _("Choose the industry")},
    )
    industry = select(
        [pair for pair in codes.SECTIONS if pair[0] not in codes.COMMON_SECTIONS], label=_("Which other industry?")
    )
    form = chips(codes.FORMS, label=_("Form of work"), required=False)
    job = select(codes.JOBS, label=_("Job"))
    employer = forms.CharField(label=_("Employer"), required=False, max_length=60)
    pay_band = chips(codes.PAY_BANDS, label=_("Monthly pay, yuan"), required=False)
    pay = forms.CharField(
        label=_("Exact monthly pay, yuan"), required=False, max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    contract = chips(YES_NO_CHOICES, label=_("Contract"), required=False)
    contract_until = DayField(label=_("Contract until"), required=False)
    insurance = chips(YES_NO_CHOICES, label=_("Social insurance"), required=False)
    note = NoteField(widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.warnings = []

    def clean_pay(self):
        text = self.cleaned_data["pay"]
        if not text:
            return None
        pay, warning = columns.clean_pay(text)
        self.warnings += [warning] if warning else []
        return pay

    def clean(self):
        said = super().clean()
        if said.get("common_industry") == "more" and not said.get("industry"):
            self.add_error("industry", _("Choose the industry"))
        return said

    def work(self) -> dict:
        said = self.cleaned_data
        common = said.get("common_industry", "")
        chosen = said.get("industry", "") if common == "more" else known(common)
        names = ("form", "job", "employer", "pay_band", "pay", "contract", "contract_until", "insurance", "note")
        return {"industry": chosen} | {name: said.get(name) for name in names}


def work_as_typed(work) -> dict:
    """What WorkForm was given when a transfer or an unnamed group was recorded."""
    is_common = work.industry in codes.COMMON_SECTIONS
    typed = {
        "common_industry": work.industry if is_common else "more" if work.industry else UNKNOWN[0],
        "industry": "" if is_common else work.industry,
    }
    names = ("form", "job", "employer", "pay_band", "pay", "contract", "contract_until", "insurance", "note")
    return typed | {name: getattr(work, name) for name in names if hasattr(work, name)}


class Place(ChoosesInSteps, RecordForm):
    """Where the work is: the village's usual places as chips, any other through the lists."""

    destination = DestinationField(label=_("Where is the work?"))

    def __init__(self, *args, village, **kwargs):
        super().__init__(*args, **kwargs)
        self.village = village
        self.fields["destination"].county = village.county_code

    @property
    def usual_places(self) -> list:
        """Chips: the places that people of the village went to lately, and the own township."""
        chosen = self["destination"].value() or ""
        codes = dict.fromkeys([*places.usual(self.village.pk), self.village.township_id])
        return [{"code": code, "label": places.label(code), "is_chosen": code == chosen} for code in codes]

    @property
    def is_elsewhere(self) -> bool:
        """Whether the lists hold the answer."""
        chosen = self["destination"].value()
        return bool(chosen) and not any(place["is_chosen"] for place in self.usual_places)


class PlaceForm(Channel, DayLeft, Place):
    """Where to, since when, and how the job was found."""

    planned_home = MonthChoice(
        label=_("Plans to come home"), offsets=range(MONTHS_AHEAD + 1), empty_label=_("Not known"), required=False
    )

    def __init__(self, *args, village, **kwargs):
        super().__init__(*args, village=village, **kwargs)
        self.offer_bearers(village)

    def place(self) -> dict:
        said = self.cleaned_data
        return {"destination": said["destination"], "planned_home": said["planned_home"]} | self.found_by()


def transfer_as_typed(transfer) -> dict:
    """What the forms were given when a transfer was recorded."""
    typed = {name: getattr(transfer, name) for name in ("destination", "broker", "point", "agency", "version")}
    typed |= {name: getattr(transfer, name) for name in ("started_on", "ended_on", "month_only", "reason", "plan")}
    planned = {"planned_home": str(transfer.planned_home or "")}
    return typed | planned | {"channel": transfer.channel or UNKNOWN[0]} | work_as_typed(transfer)


class ChangeJobForm(Channel, Place, WorkForm):
    """The next job: from which day, where, and what."""

    on = DayField(label=_("Since when?"), error_messages={"required": _("Enter the day")})

    def __init__(self, *args, village, **kwargs):
        super().__init__(*args, village=village, **kwargs)
        self.offer_bearers(village)

    def facts(self) -> dict:
        said = self.cleaned_data
        return {"on": said["on"], "destination": said["destination"]} | self.found_by() | self.work()


class CorrectionForm(Channel, Place, WorkForm):
    """Everything that was recorded of one transfer."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    started_on = DayField(label=_("Left on"), error_messages={"required": _("Enter the day")})
    month_only = forms.BooleanField(label=_("Only the month is known"), required=False)
    ended_on = DayField(
        label=_("Came home on"), required=False, help_text=_("Leave it empty if the worker is still away.")
    )
    reason = chips(codes.REASONS, label=_("Why did the worker come home?"), required=False)
    plan = chips(codes.PLANS, label=_("What does the worker do now?"), required=False)

    def __init__(self, *args, village, transfer, **kwargs):
        super().__init__(*args, village=village, **kwargs)
        self.transfer = transfer
        self.offer_bearers(village, transfer.broker_id)

    def changes(self) -> dict:
        """What differs from the row."""
        said = self.cleaned_data
        facts = {name: said[name] for name in ("destination", "started_on", "month_only", "ended_on", "reason", "plan")}
        if said["ended_on"] is None:
            facts |= {"reason": "", "plan": ""}
        facts |= self.found_by() | self.work()
        return {name: value for name, value in facts.items() if getattr(self.transfer, name) != value}


class HomecomingForm(RecordForm):
    """The day somebody's work away ended, why, and what the person does now."""

    ended_on = DayField(label=_("Came home on"), error_messages={"required": _("Enter the day")})
    reason = chips(codes.REASONS, label=_("Why?"), error_messages={"required": _("Choose why the worker came home")})
    plan = chips(codes.PLANS, label=_("What does the worker do now?"), required=False)
    source = select(codes.SOURCES, label=_("Who told it?"))
