"""A training course as an officer types it, and everybody's result on one form."""

from django import forms
from django.utils.translation import gettext_lazy as _

from brokers.forms.courses import HeldForm
from laborreg.columns import Column
from laborreg.forms import ActionForm, DateInput
from support.actions.training import Outcome, clean_certificate
from support.codes import RESULTS, TRAINING_KINDS
from support.columns import TRAINING_BY_NAME

_NUMBER = Column("certificate_number", _("Certificate number"), clean_certificate, "2026-0001")


class TrainingForm(HeldForm):
    columns = TRAINING_BY_NAME
    place_code = forms.ChoiceField(label=_("Held for"))
    kind = forms.ChoiceField(label=_("Kind"), choices=TRAINING_KINDS, widget=forms.RadioSelect)
    subject = TRAINING_BY_NAME["subject"].field()
    organizer = TRAINING_BY_NAME["organizer"].field()
    venue = TRAINING_BY_NAME["venue"].field()
    begins_on = TRAINING_BY_NAME["begins_on"].field(widget=DateInput)
    ends_on = TRAINING_BY_NAME["ends_on"].field(widget=DateInput)
    hours = TRAINING_BY_NAME["hours"].field(widget=forms.TextInput(attrs={"inputmode": "numeric"}))


class OutcomesForm(ActionForm):
    """The result of everybody on the list, with the number of the certificate."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, course, trained, **kwargs):
        self.trained = trained
        super().__init__(*args, initial={"version": course.version}, **kwargs)
        for row in trained:
            self.fields |= _fields_of(row)

    @property
    def rows(self) -> list[dict]:
        return [{"trained": row, "result": self[f"result-{row.pk}"], "number": self[f"number-{row.pk}"]}
                for row in self.trained]

    @property
    def outcomes(self) -> dict[int, Outcome]:
        said = self.cleaned_data
        return {row.pk: Outcome(said[f"result-{row.pk}"], said[f"number-{row.pk}"]) for row in self.trained}


def _fields_of(row) -> dict:
    """Whose they are is read aloud."""
    choices = [("", _("not known yet")), *RESULTS]
    result = forms.ChoiceField(choices=choices, required=False, initial=row.result)
    number = _NUMBER.field(initial=row.certificate_number, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    for field, heading in ((result, _("Result")), (number, _NUMBER.heading)):
        field.label = f"{row.worker.name}: {heading}"
        field.widget.attrs |= {"aria-label": field.label}
    number.widget.attrs["class"] = "input"
    return {f"result-{row.pk}": result, f"number-{row.pk}": number}
