"""What officers type about people and their work. Cleaners come from columns.py; rules stand in actions.py."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, When
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from brokers.models import Broker
from jobs.models import CooperationPoint
from laborreg import clock
from laborreg.forms import ActionForm, DateInput
from laborreg.identity import clean_id_number, clean_name, clean_phone
from laborreg.months import Month
from villages.forms import ChoosesInSteps, DestinationField
from villages.models import Village
from workers import codes, columns, places
from workers.models import Household
from workers.refusals import AlreadyRecorded

UNKNOWN = ("unknown", _("Not known"))
EARLIEST_BIRTH = date(1900, 1, 1)
MONTHS_BACK = 24
MONTHS_AHEAD = 18
COMMON_SECTIONS = [(code, dict(codes.SECTIONS)[code]) for code in codes.COMMON_SECTIONS]
CONTRACT_CHOICES = [("yes", _("Yes")), ("no", _("No")), ("", _("Not known"))]


class DayField(forms.CharField):
    """A day, cleaned by the cleaner that the sheets use."""

    widget = DateInput

    def __init__(self, *, earliest=columns.EARLIEST, **kwargs):
        self.earliest = earliest
        super().__init__(**kwargs)

    def prepare_value(self, value):
        return value.isoformat() if isinstance(value, date) else value

    def clean(self, value):
        text = super().clean(value)
        return columns.clean_date(text, earliest=self.earliest) if text else None


class MonthChoice(forms.TypedChoiceField):
    """A month out of the last ones or the next ones."""

    def __init__(self, *, offsets, empty_label=None, **kwargs):
        self.offsets, self.empty_label = offsets, empty_label
        super().__init__(choices=self._months, coerce=Month.parse, empty_value=None, **kwargs)

    def _months(self):
        this = Month.of(clock.today())
        months = [(str(month), month.label) for month in (this.plus(n) for n in self.offsets)]
        return [("", self.empty_label), *months] if self.empty_label is not None else months


def chips(choices, **kwargs):
    """One choice out of a few, shown as chips."""
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **kwargs)


def select(choices, empty_label="–", **kwargs):
    return forms.ChoiceField(choices=[("", empty_label), *choices], required=False, **kwargs)


class RecordForm(ActionForm):
    """A form behind which stands one action. What is in the ledger already counts as done: a second click."""

    def tries(self, action, *args, **kwargs):
        def once(*args, **kwargs):
            try:
                return action(*args, **kwargs)
            except AlreadyRecorded as again:
                return again.row

        return super().tries(once, *args, **kwargs)

    def facts(self) -> dict:
        """What the action is told."""
        return self.cleaned_data

    def done(self, request, action, *args, **kwargs):
        """What the action makes of a form that was posted and is in order; None otherwise."""
        if request.method == "POST" and self.is_valid():
            return self.tries(action, *args, by=request.user, **kwargs, **self.facts())
        return None


class VillageForm(forms.Form):
    """Which of the officer's villages; grouped by township where there are several."""

    village = forms.ChoiceField(label=_("Village"), required=False, widget=forms.Select(attrs={"data-autosubmit": ""}))

    def __init__(self, *, villages, chosen, empty_label):
        super().__init__(initial={"village": chosen})
        self.fields["village"].choices = [("", empty_label), *by_township(villages)]


def by_township(villages) -> list:
    groups = {}
    for village in villages:
        groups.setdefault(village.township.label, []).append((village.pk, village.label))
    return list(groups.items()) if len(groups) > 1 else [pair for pairs in groups.values() for pair in pairs]


class PersonForm(RecordForm):
    """Somebody who is not in the ledger yet."""

    id_number = forms.CharField(
        label=_("ID number"), required=False, max_length=40,
        widget=forms.TextInput(attrs={"data-id-number": "", "autocomplete": "off", "spellcheck": "false"}),
    )
    no_id_reason = chips(codes.NO_ID_REASONS, label=_("Why is there no ID number?"), required=False)
    sex = chips(codes.SEXES, label=_("Sex"), required=False)
    birth_date = DayField(label=_("Birth date"), required=False, earliest=EARLIEST_BIRTH)
    name = forms.CharField(
        label=_("Name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Enter the name")},
    )
    phone = forms.CharField(
        label=_("Phone"), required=False, max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    phone_whose = chips(codes.PHONE_OWNERS, label=_("Whose phone?"), required=False, initial="self")
    consent = chips(
        codes.CONSENTS, label=_("Does the worker agree to be registered?"),
        error_messages={"required": _("Choose whether the worker agrees")},
    )
    household = forms.ChoiceField(label=_("Household"), required=False)
    relation = select(codes.RELATIONS, label=_("Relation to the head"))
    moved_in_on = DayField(label=_("Moved in from elsewhere on"), required=False)
    OWN_HOUSEHOLD = ("own", _("A household of their own"))

    def __init__(self, *args, village, **kwargs):
        super().__init__(*args, **kwargs)
        self.warnings = []
        self.fields["household"].choices = [("", "–"), self.OWN_HOUSEHOLD, *household_choices(village)]

    def clean_id_number(self):
        text = self.cleaned_data["id_number"]
        if not text:
            return ""
        number, warning = clean_id_number(text)
        self.warnings += [warning] if warning else []
        return number

    def clean_name(self):
        return clean_name(self.cleaned_data["name"])

    def clean_phone(self):
        text = self.cleaned_data["phone"]
        return clean_phone(text) if text else ""

    def clean(self):
        said = super().clean()
        if said.get("id_number"):
            said |= {"no_id_reason": "", "sex": "", "birth_date": None}
        elif "id_number" in said and not said.get("no_id_reason"):
            self.add_error("id_number", _("Enter the ID number, or say below why there is none"))
        return said

    def facts(self) -> dict:
        """What workers.actions.register takes."""
        said = dict(self.cleaned_data)
        household = said.pop("household")
        said["new_household"] = household == "own"
        said["household"] = Household.objects.get(pk=household) if household.isdecimal() else None
        said["phone_whose"] = said["phone_whose"] or "self"
        if not said["id_number"]:
            return said
        return {name: value for name, value in said.items() if name not in ("sex", "birth_date")}


def household_choices(village):
    """The households of a village under the names of their heads."""
    households = Household.objects.filter(village=village).prefetch_related("members")
    named = ((str(household.pk), str(household), household.group_name) for household in households)
    return sorted(((pk, f"{name} · {group}" if group else name) for pk, name, group in named), key=lambda pair: pair[1])


class DayLeft(forms.Form):
    """The month somebody left, or the exact day where it is known."""

    left_month = MonthChoice(label=_("Month of leaving"), offsets=range(0, -MONTHS_BACK - 1, -1))
    left_on = DayField(label=_("Exact day, if known"), required=False)

    def clean_left_on(self):
        day = self.cleaned_data["left_on"]
        if day and day > clock.today():
            raise ValidationError(_now("This day is still to come."))
        return day

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

    def offer_bearers(self, village):
        """Brokers and points of the whole county; the brokers of the own village and township come first."""
        self.fields["broker"].queryset = brokers_for(village)
        self.fields["broker"].label_from_instance = broker_label
        self.fields["point"].queryset = CooperationPoint.objects.of_county(village.county_code).working()

    def found_by(self) -> dict:
        """Channel and its bearer; a bearer that does not fit the channel was left over from another choice."""
        said = self.cleaned_data
        channel = said.get("channel", "")
        bearers = {name: said.get(name) if channel == name else None for name in self.BEARERS}
        bearers["agency"] = bearers["agency"] or ""
        return {"channel": known(channel)} | bearers


def known(value: str) -> str:
    """"Not known" is kept as nothing said."""
    return "" if value == UNKNOWN[0] else value


def brokers_for(village):
    nearness = Case(When(village=village, then=0), When(village__township=village.township_id, then=1), default=2)
    working = Broker.objects.under(village.county_code).filter(stopped_on__isnull=True)
    return working.select_related("village__township").order_by(nearness, "village_id", "name")


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
    contract = chips(CONTRACT_CHOICES, label=_("Contract"), required=False)
    contract_until = DayField(label=_("Contract until"), required=False)
    insurance = chips(CONTRACT_CHOICES, label=_("Social insurance"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

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
    ended_on = DayField(label=_("Came home on"), required=False)
    reason = chips(codes.REASONS, label=_("Why did the worker come home?"), required=False)
    plan = chips(codes.PLANS, label=_("What does the worker do now?"), required=False)

    def __init__(self, *args, village, transfer, **kwargs):
        super().__init__(*args, village=village, **kwargs)
        self.transfer = transfer
        self.offer_bearers(village)

    def changes(self) -> dict:
        """What differs from the row."""
        said = self.cleaned_data
        facts = {name: said[name] for name in ("destination", "started_on", "month_only", "ended_on", "reason", "plan")}
        if said["ended_on"] is None:
            facts |= {"reason": "", "plan": ""}
        facts |= self.found_by() | self.work()
        return {name: value for name, value in facts.items() if getattr(self.transfer, name) != value}


class GroupForm(DayLeft, Place):
    """So many people who are not named yet, with what is known of them."""

    persons = forms.IntegerField(
        label=_("How many?"), min_value=1, max_value=9999, widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": _("Enter how many"), "min_value": _("Enter at least 1")},
    )
    sex = chips([*codes.SEXES, ("", _("Both, or not known"))], label=_("Sex"), required=False)
    age_band = select(codes.AGE_BANDS, label=_("Age"), empty_label=_("Not known"))
    industry = select(codes.SECTIONS, label=_("Industry"), empty_label=_("Not known"))
    channel = select(codes.CHANNELS, label=_("How was the job found?"), empty_label=_("Not known"))
    form = select(codes.FORMS, label=_("Form of work"), empty_label=_("Not known"))
    status = select(codes.STATUS_KINDS, label=_("Poverty flag"), empty_label=_("None, or not known"))
    pay = forms.CharField(
        label=_("Monthly pay of one, yuan"), required=False, max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=200)

    def clean_pay(self):
        text = self.cleaned_data["pay"]
        return columns.clean_pay(text)[0] if text else None

    def facts(self) -> dict:
        names = ("persons", "destination", "sex", "age_band", "industry", "channel", "form", "status", "pay", "note")
        return {name: self.cleaned_data[name] for name in names} | {"started_on": self.when()["started_on"]}


class HomecomingForm(RecordForm):
    """The day somebody's work away ended, why, and what the person does now."""

    ended_on = DayField(label=_("Came home on"), error_messages={"required": _("Enter the day")})
    reason = chips(codes.REASONS, label=_("Why?"), error_messages={"required": _("Choose why the worker came home")})
    plan = chips(codes.PLANS, label=_("What does the worker do now?"), required=False)
    source = select(codes.SOURCES, label=_("Who told it?"))


class VoidForm(RecordForm):
    """Why an entry was wrong."""

    reason = forms.CharField(
        label=_("Why was the entry wrong?"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why the entry was wrong")},
    )


class ClosingForm(RecordForm):
    """Somebody died or left the county for good."""

    HOW = [("died", _("Died")), ("left_county", _("Left the county for good"))]
    how = chips(HOW, label=_("What happened?"), error_messages={"required": _("Choose what happened")})
    on = DayField(label=_("On which day?"), error_messages={"required": _("Enter the day")})


class RevealForm(RecordForm):
    """Why somebody's number is needed in full."""

    WHAT = [("id", _("ID number")), ("phone", _("Phone"))]
    what = forms.ChoiceField(choices=WHAT, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("What do you need it for?"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Say what you need the number for")},
    )


class PhoneForm(RecordForm):
    number = forms.CharField(
        label=_("Phone"), max_length=40, widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        error_messages={"required": _("Enter the phone")},
    )
    whose = chips(codes.PHONE_OWNERS, label=_("Whose phone?"), initial="self")

    def clean_number(self):
        return clean_phone(self.cleaned_data["number"])


class PersonEditForm(RecordForm):
    """The facts of a person; a field left alone is not changed."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Enter the name")},
    )
    id_number = forms.CharField(
        label=_("ID number"), required=False, max_length=40,
        widget=forms.TextInput(attrs={"data-id-number": "", "autocomplete": "off", "spellcheck": "false"}),
    )
    no_id_reason = chips(codes.NO_ID_REASONS, label=_("Why is there no ID number?"), required=False)
    sex = chips(codes.SEXES, label=_("Sex"), required=False)
    birth_date = DayField(label=_("Birth date"), required=False, earliest=EARLIEST_BIRTH)
    group_name = forms.CharField(label=_("Group"), required=False, max_length=30)
    ethnic_group = select(codes.ETHNIC_GROUPS, label=_("Ethnic group"))
    education = select(codes.EDUCATION, label=_("Education"))
    ability = select(codes.ABILITIES, label=_("Labor ability"))
    is_student = chips(CONTRACT_CHOICES, label=_("At school?"), required=False)
    wants_to_go = chips(CONTRACT_CHOICES, label=_("Wants to go out for work?"), required=False)
    skill_grade = select(codes.SKILL_GRADES, label=_("Skill grade"))
    skills = forms.CharField(label=_("Skills"), required=False, max_length=100)
    consent = chips(codes.CONSENTS, label=_("Does the worker agree to be registered?"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    FROM_THE_ID = ("no_id_reason", "sex", "birth_date")
    YES_NO = {"yes": True, "no": False, "": None}

    def __init__(self, *args, worker, **kwargs):
        super().__init__(*args, **kwargs)
        self.worker = worker
        if worker.id_index:
            for name in self.FROM_THE_ID:
                del self.fields[name]

    @classmethod
    def initial_of(cls, worker) -> dict:
        said = {name: getattr(worker, name) for name in cls.base_fields if name != "id_number"}
        words = {value: word for word, value in cls.YES_NO.items()}
        return said | {name: words[said[name]] for name in ("is_student", "wants_to_go")}

    def clean_name(self):
        return clean_name(self.cleaned_data["name"])

    def clean_id_number(self):
        text = self.cleaned_data["id_number"]
        return clean_id_number(text)[0] if text else ""

    def clean_is_student(self):
        return self.YES_NO[self.cleaned_data["is_student"]]

    def clean_wants_to_go(self):
        return self.YES_NO[self.cleaned_data["wants_to_go"]]

    def changes(self) -> dict:
        """What differs from the row; an ID number that is typed brings sex and birth date with it."""
        said = {name: value for name, value in self.cleaned_data.items() if name not in ("version", "id_number")}
        changed = {name: value for name, value in said.items() if getattr(self.worker, name) != value}
        if number := self.cleaned_data["id_number"]:
            changed = {name: value for name, value in changed.items() if name not in self.FROM_THE_ID}
            changed["id_number"] = number
        return changed


class HouseholdForm(RecordForm):
    """Which household of the village somebody belongs to."""

    household = forms.ChoiceField(label=_("Household"), error_messages={"required": _("Choose the household")})
    relation = select(codes.RELATIONS, label=_("Relation to the head"))

    def __init__(self, *args, village, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["household"].choices = [("", "–"), PersonForm.OWN_HOUSEHOLD, *household_choices(village)]

    def clean(self):
        said = super().clean()
        if said.get("household", "own") != "own" and not said.get("relation"):
            self.add_error("relation", _("Choose the relation to the head"))
        return said

    @property
    def household_row(self) -> Household | None:
        """None: one of their own."""
        chosen = self.cleaned_data["household"]
        return None if chosen == "own" else Household.objects.get(pk=chosen)


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


class StatusForm(RecordForm):
    """A poverty flag of a household from a day on."""

    kind = chips(codes.STATUS_KINDS, label=_("Status"), error_messages={"required": _("Choose the status")})
    from_on = DayField(label=_("From"), error_messages={"required": _("Enter the day")})
    to_on = DayField(label=_("Until"), required=False)


class GroupEndForm(RecordForm):
    """All or some of an unnamed group came home."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    persons = forms.IntegerField(
        label=_("How many came home?"), min_value=1, widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": _("Enter how many"), "min_value": _("Enter at least 1")},
    )
    ended_on = DayField(label=_("Came home on"), error_messages={"required": _("Enter the day")})
    reason = chips(codes.REASONS, label=_("Why?"), required=False)
