"""A list that leaves the ledger: its format, and whether its numbers stand in full."""

from django import forms
from django.utils.translation import gettext_lazy as _

from laborreg.forms import ActionForm
from workers import codes
from workers.forms.parts import chips


class RosterForm(ActionForm):
    NUMBERS = [("masked", _("Masked: first six and last four, the age for the birth date")), ("full", _("In full"))]

    file_type = chips(codes.ROSTER_TYPES, label=_("Format"), initial="xlsx", error_messages={"required": _("Choose the format")})
    numbers = chips(NUMBERS, label=_("ID numbers and phones"), initial="masked", error_messages={
        "required": _("Choose whether the numbers stand in full"),
    })
    reason = forms.CharField(
        label=_("What is the list needed for?"), max_length=200, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("The reason, the filter and the columns are kept in the audit trail."),
    )

    ASK = "ask"

    def __init__(self, *args, may_reveal, **kwargs):
        super().__init__(*args, **kwargs)
        if not may_reveal:
            self.fields["numbers"].choices = self.NUMBERS[:1]

    def clean(self):
        said = super().clean()
        if said.get("numbers") == "full" and not said.get("reason"):
            self.add_error("reason", _("Say what you need the numbers for"))
        elif self.is_asking and not said.get("reason"):
            self.add_error("reason", _("Say what the list is needed for"))
        return said

    @property
    def is_asking(self) -> bool:
        """Whether a second person is asked for the list, by the button of that name."""
        return self.is_bound and self.ASK in self.data


class ExportRefusalForm(ActionForm):
    """Why a large list is not let out."""

    reason = forms.CharField(
        label=_("Why not?"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why not")},
    )
