"""What a copy for the person calls a field that has no words of its own, and what it says of codes that are kept bare."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reports.tables.dimensions import STATES
from workers import codes, doubts
from workers.ledger import FIGURES
from workers.regions import REGIONS

FIELDS = {
    "age": _("Age"), "age_band": _("Age group"), "amount": _("Yuan or persons"), "answer": _("Answer"),
    "answered_at": _("Answered at"), "answered_by": _("Answered by"), "asked_at": _("Asked at"), "asked_by": _("Asked by"),
    "asked_side": _("Asked from"), "at": _("Recorded at"), "bearer": _("Named go-between"), "by": _("Recorded by"),
    "channel": _("How they found it"), "course": _("Course"), "created_at": _("Recorded at"),
    "created_by": _("Recorded by"), "days": _("Days counted"), "destination": _("Place of work"),
    "education": _("Education"), "employer": _("Employer"), "ended_on": _("Last day"), "entered_at": _("Answered at"),
    "entered_by": _("Recorded by"), "form": _("Form of work"), "found_on": _("Found on"), "from_on": _("From"),
    "from_village": _("From village"), "group_name": _("Group of the village"), "how": _("How"), "job": _("Job"),
    "kind": _("What"), "left_how": _("Why it ended"), "monitored": _("Household under monitoring"),
    "number": _("Number in the draw"),
    "month": _("Month concerned"), "name": _("Name"), "needs": _("Help wanted"), "on": _("Day"),
    "outcome": _("What came of it"), "pay": _("Monthly pay"), "reason": _("Why they came home"),
    "recounted": _("Counts in the figure"), "region": _("How far away"), "relieved": _("Household lifted from poverty"),
    "rule": _("What"), "section": _("Industry"), "settled_at": _("Set aside at"), "settled_by": _("Set aside by"),
    "settled_why": _("Reason"), "sex": _("Sex"), "since_on": _("Recorded on"), "skill": _("Skill grade"),
    "started_on": _("First day"), "state": _("State"), "to_on": _("Until"), "to_village": _("To village"),
    "verdict": _("Whether it was counted"), "village": _("Village"), "void_reason": _("Why it was voided"),
    "voided_at": _("Voided at"), "voided_by": _("Voided by"), "year": _("Year"),
}
CODES = {
    "age_band": dict(codes.AGE_BANDS), "channel": dict(codes.CHANNELS), "education": dict(codes.EDUCATION),
    "form": dict(codes.FORMS), "job": dict(codes.JOBS), "needs": dict(codes.NEEDS), "reason": dict(codes.REASONS),
    "region": REGIONS, "section": dict(codes.SECTIONS), "sex": dict(codes.SEXES), "skill": dict(codes.SKILL_GRADES),
    "state": dict(STATES), "rule": {code: rule.title for code, rule in doubts.BY_CODE.items()},
    "kind": {figure.key: figure.label for figure in FIGURES} | {
        "left": pgettext_lazy("event", "Left"), "came_home": pgettext_lazy("event", "Came home"),
    },
    "recounted": {"0": _("No"), "1": _("Yes")},
}


def label(field) -> str:
    """The model's own words; a name that Django made of the column's is nobody's."""
    own = isinstance(field.verbose_name, Promise)
    words = str(field.verbose_name if own else FIELDS.get(field.name, field.verbose_name))
    return words[:1].upper() + words[1:]


def coded(field, value) -> str:
    """A code in words; a value that is none as it is."""
    return str(CODES.get(field.name, {}).get(str(value), value))
