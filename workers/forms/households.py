"""Which household somebody belongs to, and its poverty flags."""

from django import forms
from django.utils.translation import gettext_lazy as _

from workers import codes
from workers.forms.parts import DayField, RecordForm, chips, select
from workers.models import Household

OWN_HOUSEHOLD = ("own", _("A household of their own"))


def household_choices(village):
    """The households of a village under the names of their heads."""
    households = Household.objects.filter(village=village).prefetch_related("members")
    named = ((str(household.pk), str(household), household.group_name) for household in households)
    return sorted(((pk, f"{name} · {group}" if group else name) for pk, name, group in named), key=lambda pair: pair[1])


class HouseholdForm(RecordForm):
    """Which household of the village somebody belongs to."""

    household = forms.ChoiceField(label=_("Household"), error_messages={"required": _("Choose the household")})
    relation = select(codes.RELATIONS, label=_("Relation to the head"))

    def __init__(self, *args, village, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["household"].choices = [("", "–"), OWN_HOUSEHOLD, *household_choices(village)]

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


class StatusForm(RecordForm):
    """A poverty flag of a household from a day on."""

    kind = chips(codes.STATUS_KINDS, label=_("Status"), error_messages={"required": _("Choose the status")})
    from_on = DayField(label=_("From"), error_messages={"required": _("Enter the day")})
    to_on = DayField(label=_("Until"), required=False)
