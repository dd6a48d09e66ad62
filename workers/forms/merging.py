"""One person entered twice: which entry stays, and which of two differing values."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from workers.actions.merging import differing
from workers.changes import words
from workers.forms.parts import RecordForm, chips
from workers.models import Worker

ONE, TWO = "one", "two"


class MergeForm(RecordForm):
    """`one` and `two` are the entries, as they stand side by side."""

    stays = chips(
        [(ONE, _("The left one")), (TWO, _("The right one"))], label=_("Which entry stays?"),
        error_messages={"required": _("Choose which entry stays.")},
    )
    version_one = forms.IntegerField(widget=forms.HiddenInput)
    version_two = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, one, two, **kwargs):
        versions = {"version_one": one.version, "version_two": two.version}
        super().__init__(*args, initial=versions, **kwargs)
        self.one, self.two, self.names = one, two, differing(one, two)
        for name in self.names:
            label = capfirst(Worker._meta.get_field(name).verbose_name)
            self.fields[f"keep_{name}"] = chips(
                [(ONE, said(one, name)), (TWO, said(two, name))], label=label,
                error_messages={"required": _now("%(what)s: choose which is right.") % {"what": label}},
            )

    @property
    def choices(self) -> list:
        """The fields of what the two entries say differently."""
        return [self[f"keep_{name}"] for name in self.names]

    @property
    def winner(self) -> Worker:
        return self.one if self.cleaned_data["stays"] == ONE else self.two

    @property
    def loser(self) -> Worker:
        return self.two if self.cleaned_data["stays"] == ONE else self.one

    def facts(self) -> dict:
        """What the action takes beside the entries."""
        said = self.cleaned_data
        versions = [said["version_one"], said["version_two"]]
        version, other_version = versions if said["stays"] == ONE else reversed(versions)
        taken = [name for name in self.names if said[f"keep_{name}"] != said["stays"]]
        return {"version": version, "other_version": other_version, "taken": taken}


def said(person, name) -> str:
    """A value as it is chosen by; the household under its head."""
    if name == "household":
        return " · ".join(filter(None, [str(person.household), str(person.get_relation_display())]))
    return words(Worker._meta.get_field(name), getattr(person, name))
