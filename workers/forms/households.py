"""Which household somebody belongs to, what is known of it, its poverty flags, and who is what to its head."""

from django import forms
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from laborreg.identity import clean_phone
from workers import codes
from workers.forms.parts import DayField, RecordForm, chips, select
from workers.models import Household, Worker

OWN_HOUSEHOLD = ("own", _("A household of their own"))
NO_HOUSEHOLD = ("none", _("No household"))


def household_choices(village):
    """The households of a village to which somebody belongs, under the names of their heads."""
    belonging = Worker.objects.valid().filter(household=OuterRef("pk"))
    households = Household.objects.filter(Exists(belonging), village=village).prefetch_related("members")
    named = ((str(household.pk), str(household), household.group_name) for household in households)
    return sorted(((pk, f"{name} · {group}" if group else name) for pk, name, group in named), key=lambda pair: pair[1])


class HouseholdForm(RecordForm):
    """Which household of the village somebody belongs to, and from which day on; without a day it was never another."""

    household = forms.ChoiceField(label=_("Household"), error_messages={"required": _("Choose the household")})
    relation = select(codes.RELATIONS, label=_("Relation to the head"))
    since = DayField(label=_("From which day on?"), required=False)

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        others = [OWN_HOUSEHOLD, NO_HOUSEHOLD] if person.household_id else [OWN_HOUSEHOLD]
        self.fields["household"].choices = [("", "–"), *others, *household_choices(person.village)]

    def clean(self):
        said = super().clean()
        if said.get("household", "own").isdecimal() and not said.get("relation"):
            self.add_error("relation", _("Choose the relation to the head"))
        return said

    @property
    def household_row(self) -> Household | None:
        """None: one of their own, or none at all."""
        chosen = self.cleaned_data["household"]
        return Household.objects.get(pk=chosen) if chosen.isdecimal() else None


class StatusForm(RecordForm):
    """A poverty flag of a household from a day on."""

    kind = chips(codes.STATUS_KINDS, label=_("Status"), error_messages={"required": _("Choose the status")})
    from_on = DayField(label=_("From"), error_messages={"required": _("Enter the day")})
    to_on = DayField(label=_("Until"), required=False)


class StatusEndForm(RecordForm):
    """From which day on a poverty flag no longer holds."""

    to_on = DayField(label=_("Until"), error_messages={"required": _("Enter the day")})


class HouseholdEditForm(RecordForm):
    """What is written of a household; the phone is typed only to replace it."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    number = forms.CharField(label=_("Household number"), required=False, max_length=30)
    group_name = forms.CharField(label=_("Group"), required=False, max_length=30)
    address = forms.CharField(label=_("Address"), required=False, max_length=100)
    phone = forms.CharField(
        label=_("Household phone"), required=False, max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    is_resettled = forms.BooleanField(label=_("Resettled for poverty relief"), required=False)

    def __init__(self, *args, household, **kwargs):
        self.household = household
        names = ("version", "number", "group_name", "address", "is_resettled")
        super().__init__(*args, initial={name: getattr(household, name) for name in names}, **kwargs)

    def clean_phone(self):
        text = self.cleaned_data["phone"]
        return clean_phone(text) if text else ""

    def changes(self) -> dict:
        """What differs from the row."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        changed = {name: value for name, value in said.items() if getattr(self.household, name) != value}
        return {name: value for name, value in changed.items() if name != "phone" or value}

    def facts(self) -> dict:
        return self.changes() | {"version": self.cleaned_data["version"]}


class RelationsForm(RecordForm):
    """What each member is to the head, as one select a member."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    unsaid = "–"

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.members = list(members)
        for member in self.members:
            self.fields[self._name(member)] = select(
                codes.RELATIONS, self.unsaid, label=member.name, help_text=self._told(member)
            )

    def _name(self, member) -> str:
        return f"relation_{member.pk}"

    def _told(self, member) -> str:
        return member.get_relation_display()

    @property
    def relations(self) -> list:
        """The fields of the members."""
        return [self[self._name(member)] for member in self.members]

    def facts(self) -> dict:
        said = {member.pk: self.cleaned_data[self._name(member)] for member in self.members}
        facts = {name: value for name, value in self.cleaned_data.items() if name in ("version", "on")}
        return facts | {"relations": {pk: relation for pk, relation in said.items() if relation}}


class SplitForm(RelationsForm):
    """Who goes, and what each of them is in the new household."""

    on = DayField(label=_("On which day?"), error_messages={"required": _("Enter the day")})
    unsaid = _("Stays")


class JoiningForm(RelationsForm):
    """What each member of the household that ends is to the head of the one that stays."""

    on = DayField(label=_("On which day?"), error_messages={"required": _("Enter the day")})
