"""One broker entered twice: which entry stays."""

from django import forms
from django.utils.translation import gettext_lazy as _

from brokers.models import Broker
from laborreg.forms import ActionForm
from support.merging import have_two_numbers

ONE, TWO = "one", "two"


class MergeForm(ActionForm):
    """`one` and `two` are the entries, as they stand side by side."""

    stays = forms.ChoiceField(
        label=_("Which entry stays?"), choices=[(ONE, _("The left one")), (TWO, _("The right one"))],
        widget=forms.RadioSelect, error_messages={"required": _("Choose which entry stays.")},
    )
    mistyped = forms.BooleanField(label=_("The ID number of the other entry was mistyped"), required=False)
    version_one = forms.IntegerField(widget=forms.HiddenInput)
    version_two = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, one, two, **kwargs):
        super().__init__(*args, initial={"version_one": one.version, "version_two": two.version}, **kwargs)
        self.rows = {ONE: one, TWO: two}
        if not have_two_numbers(one, two):
            del self.fields["mistyped"]

    @property
    def loser(self) -> Broker:
        return self.rows[TWO if self.cleaned_data["stays"] == ONE else ONE]

    @property
    def facts(self) -> dict:
        """What the action takes beside the entry that goes."""
        said = self.cleaned_data
        stays, goes = (ONE, TWO) if said["stays"] == ONE else (TWO, ONE)
        return {
            "into": self.rows[stays], "version": said[f"version_{stays}"], "other_version": said[f"version_{goes}"],
            "mistyped": said.get("mistyped", False),
        }
