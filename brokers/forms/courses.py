"""A course as an officer types it, and the results of everybody on its list on one form."""

from datetime import date

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from brokers.actions.courses import Result
from brokers.columns import COURSE_BY_NAME
from laborreg.columns import Column, clean_date, optional, words
from laborreg.forms import ActionForm, DateInput

_NUMBER = Column("certificate_number", _("Certificate number"), words(30), "2026-0001")
_UNTIL = Column("expires_on", _("Holds until"), optional(clean_date), "2029-03-04")
LONGEST_YEARS = 20


class HeldForm(ActionForm):
    """A course that is held for a township or the county; `columns` are what is told of it, by name."""

    columns: dict[str, Column] = {}
    place_code = forms.ChoiceField(label=_("Held by"))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, places=(), course=None, **kwargs):
        initial = {name: getattr(course, name) for name in [*self.columns, "version"]} if course else {}
        super().__init__(*args, **{"initial": initial} | kwargs)
        if course:
            del self.fields["place_code"]
            return
        self.fields["place_code"].choices = [(place.pk, place.label) for place in places]
        if len(places) == 1:
            self.fields["place_code"].initial = places[0].pk
            self.fields["place_code"].widget = forms.HiddenInput()

    @property
    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.columns}


class CourseForm(HeldForm):
    columns = COURSE_BY_NAME
    name = COURSE_BY_NAME["name"].field()
    subject = COURSE_BY_NAME["subject"].field()
    trainer = COURSE_BY_NAME["trainer"].field()
    venue = COURSE_BY_NAME["venue"].field()
    hours = COURSE_BY_NAME["hours"].field(widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    from_on = COURSE_BY_NAME["from_on"].field(widget=DateInput)
    to_on = COURSE_BY_NAME["to_on"].field(widget=DateInput)


class ResultsForm(ActionForm):
    """Who was there, who passed, under which number and until when; the years once for all."""

    years = forms.IntegerField(
        label=_("Certificates hold for how many years"), required=False, min_value=1, max_value=LONGEST_YEARS,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    # The numbers of the rows that are ticked.
    there = forms.MultipleChoiceField(label=_("Was there"), required=False)
    passed = forms.MultipleChoiceField(label=_("Passed"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, course, rows, **kwargs):
        self.course, self.attendances = course, rows
        initial = {
            "version": course.version, "there": [str(row.pk) for row in rows if row.was_there],
            "passed": [str(row.pk) for row in rows if row.has_passed],
        }
        super().__init__(*args, initial=initial, **kwargs)
        for name in ("there", "passed"):
            self.fields[name].choices = [(str(row.pk), row.broker.name) for row in rows]
        for row in rows:
            self.fields |= _certificate_of(row)

    @property
    def rows(self) -> list[dict]:
        """Each attendance with its boxes and fields, in the order of the list."""
        there, passed = self["there"].value() or [], self["passed"].value() or []
        return [
            {"attendance": row, "there": str(row.pk) in there, "passed": str(row.pk) in passed,
             "number": self[f"number-{row.pk}"], "until": self[f"until-{row.pk}"]}
            for row in self.attendances
        ]

    def clean(self):
        said = super().clean()
        for row in self.attendances:
            left_over = said.get(f"number-{row.pk}") or said.get(f"until-{row.pk}")
            if left_over and str(row.pk) not in said.get("passed", []):
                sentence = _now("%(name)s has a certificate without having passed.")
                self.add_error(f"number-{row.pk}", sentence % {"name": row.broker.name})
        return said

    @property
    def results(self) -> dict[int, Result]:
        return {row.pk: self._result_of(str(row.pk)) for row in self.attendances}

    def _result_of(self, row) -> Result:
        said = self.cleaned_data
        until = said[f"until-{row}"] or (said["years"] and years_after(self.course.to_on, said["years"]))
        return Result(row in said["there"], row in said["passed"], said[f"number-{row}"], until or None)


def _certificate_of(row) -> dict:
    """The two fields of one row; whose they are is read aloud."""
    fields = {
        "number": _NUMBER.field(initial=row.certificate_number, widget=forms.TextInput(attrs={"autocomplete": "off"})),
        "until": _UNTIL.field(initial=row.expires_on, widget=DateInput),
    }
    for field in fields.values():
        field.label = f"{row.broker.name}: {field.label}"
        field.widget.attrs |= {"class": "input", "aria-label": field.label}
    return {f"{key}-{row.pk}": field for key, field in fields.items()}


def years_after(day, years) -> date:
    """The same day; of a 29 February the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
