"""What an officer taps when somebody is asked, and writes down of people who came home."""

from django import forms
from django.utils.translation import gettext_lazy as _

from laborreg.forms import row_number
from workers import codes
from workers.forms.parts import DayField, RecordForm, chips

HOW = [(code, dict(codes.SOURCES)[code]) for code in ("phone", "visit", "wechat")]


class AskedForm(RecordForm):
    """How somebody was asked, and who answered; sent along where a form of the ledger follows."""

    how = forms.ChoiceField(label=_("How"), choices=HOW, initial="phone")
    answered_by = forms.ChoiceField(label=_("Who answered"), choices=codes.PHONE_OWNERS, initial="self")
    # The person's last entry when the page was made: what a second click is known by.
    newest = forms.CharField(required=False, max_length=18, widget=forms.HiddenInput)

    def clean_newest(self):
        return row_number(self.cleaned_data["newest"])


class VisitForm(AskedForm):
    outcome = forms.ChoiceField(
        label=_("What came of it"), choices=codes.OUTCOMES, error_messages={"required": _("Choose what came of it.")}
    )


class FollowUpForm(AskedForm):
    """Somebody who came home: what now, what is needed, when to call again."""

    plan = chips(codes.PLANS, label=_("What does the worker do now?"), error_messages={
        "required": _("Choose what the worker does now"),
    })
    needs = forms.MultipleChoiceField(
        label=_("What is needed?"), choices=codes.NEEDS, required=False, widget=forms.CheckboxSelectMultiple
    )
    next_call_on = DayField(label=_("Call again on"), required=False)


def how_asked(query) -> dict:
    """How somebody was asked, as the visit round tells the form that it leads to; nothing where that was opened by itself."""
    form = AskedForm(query)
    if "how" not in query or not form.is_valid():
        return {}
    return {name: form.cleaned_data[name] for name in ("how", "answered_by")}
