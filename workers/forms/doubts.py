"""Why something that is in doubt is right."""

from django import forms
from django.utils.translation import gettext_lazy as _

from workers.forms.parts import RecordForm


class RightForm(RecordForm):
    reason = forms.CharField(
        label=_("Why is it right?"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Such as: asked at home on 3 November, the pay is so high because of piecework."),
        error_messages={"required": _("Give the reason.")},
    )
