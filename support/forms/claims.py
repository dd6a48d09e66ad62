"""What officers type on the way of a claim: days and reasons."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from laborreg import clock
from laborreg.columns import clean_date
from laborreg.forms import ActionForm, DateInput
from support.columns import clean_reason
from support.forms.schemes import Cleaned


class PublishForm(ActionForm):
    """From which day to which the list hangs out."""

    from_on = Cleaned(clean_date, label=_("Published from"), widget=DateInput)
    to_on = Cleaned(clean_date, label=_("Published until"), widget=DateInput)

    @classmethod
    def initial_of(cls, days) -> dict:
        today = clock.today()
        return {"from_on": today, "to_on": today + timedelta(days - 1)}


class PaidForm(ActionForm):
    on = Cleaned(clean_date, label=_("Paid on"), widget=DateInput)


class ReasonForm(ActionForm):
    reason = Cleaned(clean_reason, label=_("Reason"), widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": 200}))


class ListForm(ReasonForm):
    """What a list is needed for that holds numbers in full, or that a second person has to let out."""

    reason = Cleaned(
        clean_reason, label=_("What is the list needed for?"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": 200}),
    )
