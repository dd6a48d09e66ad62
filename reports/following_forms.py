"""What is typed about a fall."""

from django import forms
from django.utils.translation import gettext_lazy as _

from laborreg.forms import ActionForm, DateInput


class FollowForm(ActionForm):
    """Why it fell, what is done, by whom, until when."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    cause = forms.CharField(
        label=_("Why it fell, as far as is known"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why it fell, or that it is not known yet.")},
    )
    doing = forms.CharField(
        label=_("What is done about it"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say what is done about it.")},
    )
    who = forms.CharField(label=_("By whom"), max_length=50, error_messages={"required": _("Say who does it.")})
    until_on = forms.DateField(label=_("Until when"), widget=DateInput, error_messages={
        "required": _("Choose a day from today on until when it is done."),
        "invalid": _("Choose a day from today on until when it is done."),
    })

    def clean_version(self) -> int:
        return self.cleaned_data["version"] or 0


class CloseForm(ActionForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    outcome = forms.CharField(
        label=_("What came of it"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say what came of it.")},
    )

    def clean_version(self) -> int:
        return self.cleaned_data["version"] or 0
