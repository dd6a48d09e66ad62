"""Somebody new, and what is changed of a person."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from laborreg.identity import clean_id_number, clean_name, clean_phone, id_facts
from workers import codes
from workers.forms.households import OWN_HOUSEHOLD, household_choices
from workers.forms.parts import YES_NO_CHOICES, DayField, NoteField, RecordForm, chips, select
from workers.models import Household

EARLIEST_BIRTH = date(1900, 1, 1)


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

    def __init__(self, *args, village, **kwargs):
        super().__init__(*args, **kwargs)
        self.warnings = []
        self.fields["household"].choices = [("", "–"), OWN_HOUSEHOLD, *household_choices(village)]

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

    @property
    def born(self) -> date | None:
        """Of a form in order: as the ID number says, else as typed."""
        number = self.cleaned_data["id_number"]
        return id_facts(number)[1] if number else self.cleaned_data["birth_date"]

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
    is_student = chips(YES_NO_CHOICES, label=_("At school?"), required=False)
    wants_to_go = chips(YES_NO_CHOICES, label=_("Wants to go out for work?"), required=False)
    skill_grade = select(codes.SKILL_GRADES, label=_("Skill grade"))
    skills = forms.CharField(label=_("Skills"), required=False, max_length=100)
    consent = chips(codes.CONSENTS, label=_("Does the worker agree to be registered?"), required=False)
    note = NoteField(widget=forms.Textarea(attrs={"rows": 2}))

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


class PhoneForm(RecordForm):
    number = forms.CharField(
        label=_("Phone"), max_length=40, widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        error_messages={"required": _("Enter the phone")},
    )
    whose = chips(codes.PHONE_OWNERS, label=_("Whose phone?"), initial="self")

    def clean_number(self):
        return clean_phone(self.cleaned_data["number"])


class RevealForm(RecordForm):
    """Why somebody's number is needed in full."""

    WHAT = [("id", _("ID number")), ("phone", _("Phone"))]
    what = forms.ChoiceField(choices=WHAT, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("What do you need it for?"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Say what you need the number for")},
    )
