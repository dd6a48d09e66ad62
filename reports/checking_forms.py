"""What is typed for a spot check: whom to draw, and what was found of each."""

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from laborreg import clock
from laborreg.forms import ActionForm, DateInput
from laborreg.months import Month
from reports import layout
from reports.models import SpotCheck
from reports.models.spot_checks import COUNTS_AFTER, NOT_REACHED, OUTCOMES
from villages.models import Township, Village
from workers import codes

NOTHING_YET = ("", "–")


class DrawForm(ActionForm):
    """Where, which month, which figure, how many."""

    area_code = forms.ChoiceField(label=_("Where to check"), error_messages={"invalid_choice": _("Choose where to check.")})
    month = forms.ChoiceField(label=_("Month"))
    figure = forms.ChoiceField(label=_("What to check"))
    wanted = forms.IntegerField(
        label=_("Persons to draw"), initial=30, error_messages={
            "required": _("Enter how many persons to draw."), "invalid": _("Enter how many persons to draw."),
        },
    )
    spread = forms.TypedChoiceField(
        label=_("How the draw is spread"), choices=SpotCheck.SPREADS, coerce=int, initial=0, required=False, empty_value=0,
    )
    note = forms.CharField(
        label=_("Why here, and who goes"), max_length=200, required=False,
        help_text=_("Not somebody who filed the return."),
    )

    def __init__(self, *args, officer, months: list[Month], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area_code"].choices = _areas(officer)
        self.fields["month"].choices = [(str(month), month.label) for month in months]
        self.fields["figure"].choices = [(key, layout.full_label(key)) for key in COUNTS_AFTER]

    def clean_month(self) -> Month:
        return Month.parse(self.cleaned_data["month"])


def _areas(officer) -> list:
    """The officer's places, and everything under them."""
    villages: dict[str, list] = {}
    for village in Village.objects.visible_to(officer).order_by("code"):
        villages.setdefault(village.township_id, []).append((village.code, village.label))
    found = [(post, _now("The whole county")) for post in officer.posts if len(post) == 6]
    return found + [
        (township.label, [
            (township.code, _now("All of %(township)s") % {"township": township.label}), *villages.get(township.code, []),
        ])
        for township in Township.objects.visible_to(officer).order_by("code")
    ]


class ResultsForm(ActionForm):
    """What was found of the persons on one page of the list; who has no outcome yet is left alone."""

    asked_on = forms.DateField(
        label=_("Asked on"), widget=DateInput, required=False, help_text=_("Of what you enter or change now."),
        error_messages={"invalid": _("Enter the day of asking.")},
    )
    # The newest result that the page showed, in microseconds.
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, people, **kwargs):
        newest = max((_moment(person) for person in people), default=0)
        super().__init__(*args, initial={"asked_on": clock.today(), "seen": newest}, **kwargs)
        self.people = people
        for person in people:
            self._add(person)

    def _add(self, person):
        number = person.number
        outcomes = [NOTHING_YET] if not person.outcome else []
        self.fields[f"outcome_{number}"] = forms.ChoiceField(
            label=_now("What was found, no. %(n)d") % {"n": number}, choices=[*outcomes, *OUTCOMES], required=False,
            initial=person.outcome,
        )
        self.fields[f"answered_by_{number}"] = forms.ChoiceField(
            label=_now("Who answered, no. %(n)d") % {"n": number}, choices=[NOTHING_YET, *codes.PHONE_OWNERS], required=False,
            initial=person.answered_by,
        )
        self.fields[f"note_{number}"] = forms.CharField(
            label=_now("Note, no. %(n)d") % {"n": number}, max_length=200, required=False, initial=person.note,
        )

    def clean(self):
        """Each line that is not whole says so beside itself; nothing that was typed is lost."""
        said = super().clean()
        for person in self.people:
            outcome, answered_by = (said.get(f"{name}_{person.number}", "") for name in ("outcome", "answered_by"))
            if outcome and outcome != NOT_REACHED and not answered_by:
                self.add_error(f"answered_by_{person.number}", _now("No. %(n)d: say who answered.") % {"n": person.number})
            if answered_by and not outcome:
                self.add_error(f"outcome_{person.number}", _now("No. %(n)d: choose what was found.") % {"n": person.number})
            if outcome and self._is_overtaken(person):
                self.add_error(f"outcome_{person.number}", _now(
                    "No. %(n)d: %(name)s entered “%(outcome)s” meanwhile. Choose that, or open the page again to change it."
                ) % {"n": person.number, "name": person.entered_by.name, "outcome": person.get_outcome_display()})
        return said

    def _is_overtaken(self, person) -> bool:
        """Whether somebody entered another result after the page was opened."""
        seen = self.cleaned_data.get("seen")
        return seen is not None and _moment(person) > seen and self.cleaned_data.get(f"outcome_{person.number}") != person.outcome

    @property
    def rows(self):
        """(person, outcome, who answered, note) of the page."""
        names = ("outcome", "answered_by", "note")
        return [(person, *(self[f"{name}_{person.number}"] for name in names)) for person in self.people]

    @property
    def results(self) -> dict[int, dict]:
        """What is new: number → what the action takes. A day that was entered before stays with its line."""
        found = {}
        for person in self.people:
            said = {name: self.cleaned_data.get(f"{name}_{person.number}", "") for name in ("outcome", "answered_by", "note")}
            if said["outcome"] and any(getattr(person, name) != text for name, text in said.items()):
                found[person.number] = said | {"asked_on": self.cleaned_data.get("asked_on") or clock.today()}
        return found


def _moment(person) -> int:
    return int(person.entered_at.timestamp() * 1_000_000) if person.entered_at else 0


class PhonesForm(ActionForm):
    """Why the phones of those who were drawn are needed in full."""

    reason = forms.CharField(
        label=_("What do you need the numbers for?"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Say what you need the numbers for.")},
    )


class AgainForm(ActionForm):
    reason = forms.CharField(
        label=_("Why is it taken up again?"), max_length=200,
        error_messages={"required": _("Say why the check is taken up again.")},
    )
