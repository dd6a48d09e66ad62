"""What the forms of the ledger are made of: days, months, chips, and the form behind which stands one action."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from laborreg import clock
from laborreg.columns import clean_words
from laborreg.forms import ActionForm, DateInput
from laborreg.months import Month
from workers import columns
from workers.refusals import AlreadyRecorded

UNKNOWN = ("unknown", _("Not known"))
YES_NO_CHOICES = [("yes", _("Yes")), ("no", _("No")), ("", _("Not known"))]


class DayField(forms.CharField):
    """A day, cleaned by the cleaner that the sheets use."""

    widget = DateInput

    def __init__(self, *, earliest=columns.EARLIEST, **kwargs):
        self.earliest = earliest
        super().__init__(**kwargs)

    def prepare_value(self, value):
        return value.isoformat() if isinstance(value, date) else value

    def clean(self, value):
        text = super().clean(value)
        return columns.clean_date(text, earliest=self.earliest) if text else None


class MonthChoice(forms.TypedChoiceField):
    """A month out of the last ones or the next ones."""

    def __init__(self, *, offsets, empty_label=None, **kwargs):
        self.offsets, self.empty_label = offsets, empty_label
        super().__init__(choices=self._months, coerce=Month.parse, empty_value=None, **kwargs)

    def _months(self):
        this = Month.of(clock.today())
        months = [(str(month), month.label) for month in (this.plus(n) for n in self.offsets)]
        return [("", self.empty_label), *months] if self.empty_label is not None else months


class NoteField(forms.CharField):
    """A few words beside a record, with nobody's number in them."""

    def __init__(self, **kwargs):
        super().__init__(**{"label": _("Note"), "required": False, "max_length": 200} | kwargs)

    def clean(self, value):
        return clean_words(super().clean(value), length=self.max_length)


def chips(choices, **kwargs):
    """One choice out of a few, shown as chips."""
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **kwargs)


def select(choices, empty_label="–", **kwargs):
    return forms.ChoiceField(choices=[("", empty_label), *choices], required=False, **kwargs)


def known(value: str) -> str:
    """"Not known" is kept as nothing said."""
    return "" if value == UNKNOWN[0] else value


class RecordForm(ActionForm):
    """A form behind which stands one action. What is in the ledger already counts as done: a second click."""

    def tries(self, action, *args, **kwargs):
        def once(*args, **kwargs):
            try:
                return action(*args, **kwargs)
            except AlreadyRecorded as again:
                return again.row

        return super().tries(once, *args, **kwargs)

    def facts(self) -> dict:
        """What the action is told."""
        return self.cleaned_data

    def done(self, request, action, *args, **kwargs):
        """What the action makes of a form that was posted and is in order; None otherwise."""
        if request.method == "POST" and self.is_valid():
            return self.tries(action, *args, by=request.user, **kwargs, **self.facts())
        return None


class VoidForm(RecordForm):
    """Why an entry was wrong."""

    reason = forms.CharField(
        label=_("Why was the entry wrong?"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why the entry was wrong")},
    )


class VillageForm(forms.Form):
    """Which of the officer's villages; grouped by township where there are several."""

    village = forms.ChoiceField(label=_("Village"), required=False, widget=forms.Select(attrs={"data-autosubmit": ""}))

    def __init__(self, *, villages, chosen, empty_label):
        super().__init__(initial={"village": chosen})
        self.fields["village"].choices = [("", empty_label), *by_township(villages)]


def by_township(villages) -> list:
    groups = {}
    for village in villages:
        groups.setdefault(village.township.label, []).append((village.pk, village.label))
    return list(groups.items()) if len(groups) > 1 else [pair for pairs in groups.values() for pair in pairs]
