"""What a return must satisfy before it is submitted (block), and what its officer explains in a line (warn)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports import derived
from workers import ledger
from workers.histories import Rules
from workers.ledger import BY_KEY, Line

BLOCK, WARN = "block", "warn"
EVENTS = ("left", "came_home", "moved", "late", "late.left", "late.came_home", "late.income")


@dataclass
class Case:
    """A return about to be submitted, and what it is held against."""

    figures: dict[str, int]
    lines: list[Line]
    rules: Rules
    is_nil: bool | None = None
    previous: dict[str, int] | None = None
    last_year: dict[str, int] | None = None
    # Last month was submitted, or locked without this village, or there is no last month.
    previous_is_in: bool = True
    open_questions: list[Any] = field(default_factory=list)

    @property
    def is_unchanged(self) -> bool:
        return not any(self.figures[key] for key in EVENTS)


@dataclass(frozen=True)
class Finding:
    """One check that did not hold: its name, severity, the sentence, and the figure to look at."""

    name: str
    severity: str
    text: str
    figure: str = ""


CHECKS: list[tuple[str, str, Callable[[Case], Any]]] = []
# What each check looks at, as the page says it.
TITLES = {
    "away_follows_from_its_flows": gettext_lazy("Start, left, came home, away"),
    "parts_make_the_whole": gettext_lazy("Parts and their wholes"),
    "a_part_is_not_more_than_the_whole": gettext_lazy("Parts not above their wholes"),
    "nothing_to_report_is_said": gettext_lazy("Changes, or the word that there are none"),
    "last_month_is_in": gettext_lazy("Last month's return"),
    "questions_are_answered": gettext_lazy("Questions from the station"),
    "away_jumps": gettext_lazy("Change in those away"),
    "income_per_head_jumps": gettext_lazy("Income per head"),
    "nobody_away_earns": gettext_lazy("Income of those away"),
    "more_away_than_labor_force": gettext_lazy("Those away and the labor force"),
    "many_have_no_name": gettext_lazy("Names of those away"),
    "something_came_late": gettext_lazy("Recorded late"),
}


def check(severity):
    """Add a check to the list. It yields (sentence, figure) for each thing that does not hold."""

    def add(function):
        CHECKS.append((function.__name__, severity, function))
        return function

    return add


def findings(case: Case) -> list[Finding]:
    return [
        Finding(name, severity, text, figure)
        for name, severity, function in CHECKS
        for text, figure in function(case)
    ]


@check(BLOCK)
def away_follows_from_its_flows(case):
    f = case.figures
    closing = f["opening"] + f["left"] - f["came_home"] + f["moved"] + f["late"]
    if closing != f["away"]:
        yield _("%(opening)d + %(left)d − %(home)d + %(moved)d + %(late)d = %(sum)d, but %(away)d are away.") % {
            "opening": f["opening"], "left": f["left"], "home": f["came_home"], "moved": f["moved"],
            "late": f["late"], "sum": closing, "away": f["away"],
        }, "away"


@check(BLOCK)
def parts_make_the_whole(case):
    for whole, parts in ledger.partitions():
        total = sum(case.figures[part] for part in parts)
        if total != case.figures[whole]:
            yield _("The parts of “%(figure)s” make %(sum)d, the whole is %(whole)d.") % {
                "figure": BY_KEY[whole].label, "sum": total, "whole": case.figures[whole],
            }, parts[0]


@check(BLOCK)
def a_part_is_not_more_than_the_whole(case):
    pairs = [(figure.key, figure.below) for figure in ledger.FIGURES if figure.below]
    for part, whole in [*pairs, ("transferred", "transferred_times")]:
        if case.figures[part] > case.figures[whole]:
            yield _("“%(part)s” (%(n)d) is more than “%(whole)s” (%(m)d).") % {
                "part": BY_KEY[part].label, "n": case.figures[part],
                "whole": BY_KEY[whole].label, "m": case.figures[whole],
            }, part


@check(BLOCK)
def nothing_to_report_is_said(case):
    if case.is_unchanged and not case.is_nil:
        yield _("Nobody left or came home this month. If that is so, say that there is nothing to report."), "left"
    if case.is_nil and not case.is_unchanged:
        yield _("You say that there is nothing to report, but the ledger has changes in this month."), "left"


@check(BLOCK)
def last_month_is_in(case):
    if not case.previous_is_in:
        yield _("Last month's return is not submitted yet. Submit it first."), "opening"


@check(BLOCK)
def questions_are_answered(case):
    for question in case.open_questions:
        label = BY_KEY[question.figure].label if question.figure in BY_KEY else question.figure
        yield _("A question on “%(figure)s” is not answered yet: %(text)s") % {
            "figure": label, "text": question.text,
        }, question.figure


@check(WARN)
def away_jumps(case):
    before, now = (case.previous or {}).get("away"), case.figures["away"]
    if before and abs(now - before) * 100 > 30 * before:
        yield _("%(now)d are away; last month it was %(before)d: more than 30%% up or down.") % {
            "now": now, "before": before,
        }, "away"


@check(WARN)
def income_per_head_jumps(case):
    now = derived.income_per_person(case.figures)
    before = derived.income_per_person(case.last_year) if case.last_year else None
    if now and before and abs(now - before) * 2 > before:
        yield _("Income per head is %(now)d yuan, a year before it was %(before)d: more than half up or down.") % {
            "now": now, "before": before,
        }, "income"


@check(WARN)
def nobody_away_earns(case):
    if case.figures["away"] and not case.figures["income_month"]:
        text = _("%(away)d are away, but no income is known for this month.") % {"away": case.figures["away"]}
        yield text, "income_month"


@check(WARN)
def more_away_than_labor_force(case):
    away = sum(line.persons for line in case.lines if line.is_away and _is_of_working_age(line, case.rules))
    if away > case.figures["labor_force"]:
        yield _("%(away)d of working age are away, but the labor force is %(force)d.") % {
            "away": away, "force": case.figures["labor_force"],
        }, "labor_force"


def _is_of_working_age(line: Line, rules: Rules) -> bool:
    """Unnamed groups have an age band only: all bands up to 60 count."""
    if line.is_group:
        return line.age_band != "over_60"
    low, high = (rules.female_min, rules.female_max) if line.sex == "female" else (rules.male_min, rules.male_max)
    return line.age is not None and low <= line.age <= high


@check(WARN)
def many_have_no_name(case):
    if case.figures["unnamed"] * 10 > case.figures["away"]:
        yield _("%(unnamed)d of %(away)d away are not named yet: more than one in ten.") % {
            "unnamed": case.figures["unnamed"], "away": case.figures["away"],
        }, "unnamed"


@check(WARN)
def something_came_late(case):
    if case.figures["late"]:
        yield _("%(late)+d recorded late: the ledger of last month's end differs from what was filed.") % {
            "late": case.figures["late"],
        }, "late"
