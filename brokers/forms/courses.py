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


class CourseForm(ActionForm):
    place_code = forms.ChoiceField(label=_("Held by"))
    name = COURSE_BY_NAME["name"].field()
    subject = COURSE_BY_NAME["subject"].field()
    trainer = COURSE_BY_NAME["trainer"].field()
    venue = COURSE_BY_NAME["venue"].field()
    hours = COURSE_BY_NAME["hours"].field(widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    from_on = COURSE_BY_NAME["from_on"].field(widget=DateInput)
    to_on = COURSE_BY_NAME["to_on"].field(widget=DateInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, places=(), course=None, **kwargs):
        initial = {name: getattr(course, name) for name in [*COURSE_BY_NAME, "version"]} if course else {}
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
        return {name: self.cleaned_data[name] for name in COURSE_BY_NAME}


class ResultsForm(ActionForm):
    """Who was there, who passed, under which number and until when; the years once for all."""

    years = forms.IntegerField(
        label=_("Certificates hold for how many years"), required=False, min_value=1, max_value=LONGEST_YEARS,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, course, rows, **kwargs):
        self.course, self.attendances = course, rows
        super().__init__(*args, initial={"version": course.version}, **kwargs)
        for row in rows:
            self.fields |= self._fields_of(row)

    def _fields_of(self, row) -> dict:
        name = row.broker.name
        number, until = _NUMBER.field(initial=row.certificate_number), _UNTIL.field(initial=row.expires_on, widget=DateInput)
        number.widget.attrs |= {"autocomplete": "off", "class": "input"}
        until.widget.attrs |= {"class": "input"}
        fields = {
            "there": forms.BooleanField(required=False, initial=row.was_there),
            "passed": forms.BooleanField(required=False, initial=row.has_passed),
            "number": number, "until": until,
        }
        labels = {"there": _("was there"), "passed": _("passed"), "number": _NUMBER.heading, "until": _UNTIL.heading}
        for key, field in fields.items():
            field.label = f"{name}: {labels[key]}"
            field.widget.attrs["aria-label"] = field.label
        return {f"{key}-{row.pk}": field for key, field in fields.items()}

    @property
    def rows(self) -> list[tuple]:
        """(attendance, {part: bound field}) in the order of the list."""
        return [(row, {key: self[f"{key}-{row.pk}"] for key in ("there", "passed", "number", "until")})
                for row in self.attendances]

    def clean(self):
        said = super().clean()
        for row in self.attendances:
            left_over = said.get(f"number-{row.pk}") or said.get(f"until-{row.pk}")
            if left_over and not said.get(f"passed-{row.pk}"):
                self.add_error(f"number-{row.pk}", _now("%(name)s has a certificate without having passed.")
                               % {"name": row.broker.name})
        return said

    @property
    def results(self) -> dict[int, Result]:
        said = self.cleaned_data
        proposed = years_after(self.course.to_on, said["years"]) if said["years"] else None
        return {
            row.pk: Result(
                said[f"there-{row.pk}"], said[f"passed-{row.pk}"], said[f"number-{row.pk}"],
                said[f"until-{row.pk}"] or proposed,
            )
            for row in self.attendances
        }


def years_after(day, years) -> date:
    """The same day; of a 29 February the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
