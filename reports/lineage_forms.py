"""What the county types when a village is merged, split, or gets a new code or name."""

from django import forms
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from laborreg import clock
from laborreg.forms import ActionForm
from laborreg.months import Month
from reports.models import Seal
from villages.forms import VillageField
from villages.models import Lineage, Village
from workers.models import Household, Worker

MONTHS_BACK = 12


def months_to_choose(county) -> list[Month]:
    """From the month that runs back to the first that is not sealed, a year at most."""
    running = county.month_of(clock.today())
    sealed = Seal.objects.filter(county=county).order_by("-month").values_list("month", flat=True).first()
    first = running.plus(-MONTHS_BACK)
    return list(reversed(running.since(max(first, sealed.next) if sealed else first)))


class ChangeForm(ActionForm):
    """From which month on, and why; each kind adds its own."""

    from_month = forms.TypedChoiceField(
        label=_("From which month on"), coerce=Month.parse,
        help_text=_("The change holds from the first day of this month. Earlier months stay as they were filed."),
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=200, error_messages={"required": _("Give the reason.")},
        help_text=_("For example the number of the document that decided it."),
    )

    def __init__(self, *args, village: Village, **kwargs):
        super().__init__(*args, **kwargs)
        county = village.township.county
        self.fields["from_month"].choices = [
            (str(month), f"{month.label} · {county.first_day(month)}") for month in months_to_choose(county)
        ]

    def typed(self):
        """(name, value) of everything that was typed, for the page that asks once more."""
        return [(name, value) for name in self.fields for value in self.data.getlist(name)]


def _name():
    return forms.CharField(
        label=_("Official name"), max_length=60, error_messages={"required": _("Enter the official name.")}
    )


def _code():
    return forms.CharField(
        label=_("New code"), max_length=20, error_messages={"required": _("Enter the new code.")},
        help_text=_("12 digits; the first nine are those of a township of this county."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )


class RecodeForm(ChangeForm):
    code, name = _code(), _name()
    field_order = ["code", "name"]

    def __init__(self, *args, village, **kwargs):
        super().__init__(*args, village=village, initial={"name": village.name}, **kwargs)


class MergeForm(ChangeForm):
    into = VillageField(
        label=_("Into which village?"), error_messages={"required": _("Choose the village")},
    )
    field_order = ["into"]

    def __init__(self, *args, village, **kwargs):
        super().__init__(*args, village=village, **kwargs)
        others = Village.objects.under(village.county_code).lasting().exclude(pk=village.pk)
        self.fields["into"].queryset = others.select_related("township").order_by("code")


class SplitForm(ChangeForm):
    groups = forms.MultipleChoiceField(
        label=_("Groups that become the new village"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose groups in which somebody is registered.")},
    )
    code, name = _code(), _name()
    field_order = ["groups", "code", "name"]

    def __init__(self, *args, village, **kwargs):
        super().__init__(*args, village=village, **kwargs)
        people = Worker.objects.valid().filter(village=village).exclude(group_name="")
        counts = dict(people.order_by("group_name").values_list("group_name").annotate(n=Count("pk")))
        households = Household.objects.filter(village=village).exclude(group_name="")
        names = counts.keys() | set(households.values_list("group_name", flat=True))
        self.fields["groups"].choices = [(name, f"{name} ({counts.get(name, 0)})") for name in sorted(names)]


class RenameForm(ChangeForm):
    name = _name()
    field_order = ["name"]

    def __init__(self, *args, village, **kwargs):
        super().__init__(*args, village=village, initial={"name": village.name}, **kwargs)


FORMS = {
    Lineage.RECODE: RecodeForm, Lineage.MERGE: MergeForm, Lineage.SPLIT: SplitForm, Lineage.RENAME: RenameForm,
}
