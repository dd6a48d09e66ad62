"""Sheets brought in: the file."""

from django import forms
from django.utils.translation import gettext_lazy as _

from laborreg.forms import ActionForm
from workers import codes
from workers.forms.parts import chips


class UploadForm(ActionForm):
    """A file, what it is about, and for whose place; the place is asked where the officer has several."""

    kind = chips(codes.SHEET_KINDS, label=_("What does the sheet hold?"), initial="ledger", error_messages={
        "required": _("Choose what the sheet holds"),
    })
    place = forms.ChoiceField(label=_("For"), error_messages={"required": _("Choose the place")})
    file = forms.FileField(
        label=_("File"), required=False, allow_empty_file=True, max_length=255,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"}),
        error_messages={"max_length": _("The name of the file is too long. Give it a shorter one.")},
    )

    def __init__(self, *args, places, kinds, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(code, label) for code, label in codes.SHEET_KINDS if code in kinds]
        self.fields["place"].choices = places
        if len(places) == 1:
            self.fields["place"].initial = places[0][0]
            self.fields["place"].widget = forms.HiddenInput()
