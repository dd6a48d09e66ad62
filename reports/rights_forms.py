"""What the county is asked by a person whose data it keeps: a copy, or to be erased."""

from django import forms
from django.utils.translation import gettext_lazy as _

from laborreg.forms import ActionForm


class CopyForm(ActionForm):
    """Why, and as a page to print or as a file."""

    FORMATS = [("page", _("Page to print")), ("json", _("File (JSON)"))]
    reason = forms.CharField(
        label=_("Who asked for the copy, and how were they known?"), max_length=200,
        error_messages={"required": _("Say who asked for it")},
    )
    file_type = forms.ChoiceField(choices=FORMATS, label=_("Format"), widget=forms.RadioSelect, initial="page")


class EraseForm(ActionForm):
    """Why somebody is erased."""

    reason = forms.CharField(
        label=_("Why is the person erased?"), max_length=200, error_messages={"required": _("Say why")},
    )
