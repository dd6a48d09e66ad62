"""How the figures of a return stand on the page: cards of rows, parts below their wholes."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from laborreg.rounding import whole
from reports import derived
from workers.ledger import BY_KEY, YUAN, partitions

FACETS = {
    ("away", "region"): _("Where to"),
    ("away", "sex"): _("Sex"),
    ("away", "age"): _("Age"),
    ("away", "sector"): _("Sector"),
    ("away", "channel"): _("How they found the work"),
    ("trips", "channel"): _("How they found the work"),
    ("transferred", "region"): _("Where to"),
    ("came_home", "origin"): _("From where"),
    ("came_home", "reason"): _("Why"),
    ("home", "plan"): _("What they do now"),
}
_parts_of = {(whole, BY_KEY[parts[0]].facet): parts for whole, parts in partitions()}


@dataclass(frozen=True)
class Card:
    """A card of the page: its name, the figure in its head, and its rows: keys, or (whole, facet) for a partition."""

    name: str
    title: Any
    head: str
    rows: tuple


LEFT_SIDE = [
    Card("movement", _("Left and came home"), "away", (
        "opening", "left", "left_persons", "came_home", "came_home_persons", "moved", "late", "away",
    )),
    Card("where", _("Away: where they work"), "away", (
        ("away", "region"), "away.relieved", "away.monitored", "unnamed",
    )),
    Card("who", _("Away: who they are"), "away", (("away", "sex"), ("away", "age"))),
    Card("work", _("Away: their work"), "away", (("away", "sector"), ("away", "channel"))),
    Card("village", _("The village"), "labor_force", (
        "households", "households.with_away", "labor_force", "willing", "local",
    )),
    Card("income", _("Labor income"), "income", ("income_month", "income", "pay_missing")),
]
RIGHT_SIDE = [
    Card("came_home", _("Came home"), "came_home", (
        ("came_home", "origin"), ("came_home", "reason"), "left_again",
    )),
    Card("home", _("Came home and stayed"), "home", ("home", ("home", "plan"))),
    Card("trips", _("Person-times this year"), "trips", (
        "trips", ("trips", "channel"), "trips.short", "transferred_times",
    )),
    Card("transferred", _("Persons transferred this year"), "transferred", (
        "transferred", ("transferred", "region"), "transferred.first", "transferred.own_business",
        "transferred.in_force", "transferred.relieved",
    )),
    Card("late", _("Recorded late"), "late.left", ("late.left", "late.came_home", "late.income")),
]
CARDS = [*LEFT_SIDE, *RIGHT_SIDE]


@dataclass(frozen=True)
class Row:
    """One figure on the page, or the heading over the parts of a whole (without a key)."""

    label: str
    key: str = ""
    is_part: bool = False
    is_whole: bool = False
    values: tuple = ()

    @property
    def value(self):
        return self.values[0]

    @property
    def before(self):
        return self.values[1]

    @property
    def a_year_before(self):
        return self.values[2]

    @property
    def filed(self):
        """What the version filed that was sent back, or that is shown beside the ledger."""
        return self.values[3]

    @property
    def has_changed(self) -> bool:
        return self.filed is not None and self.filed != self.value

    @property
    def is_money(self) -> bool:
        return bool(self.key) and BY_KEY[self.key].unit == YUAN

    @property
    def is_signed(self) -> bool:
        return bool(self.key) and BY_KEY[self.key].signed


def rows(card: Card, *sets) -> list[Row]:
    """The rows of a card, each with its value in every set of figures (None where a set is missing)."""
    found = []
    for entry in card.rows:
        if isinstance(entry, tuple):
            whole, facet = entry
            found.append(Row(str(FACETS[entry]), values=_values(whole, sets)))
            found += [_row(key, sets, is_part=True) for key in _parts_of[whole, facet]]
        else:
            found.append(_row(entry, sets))
    return found


def _row(key, sets, is_part=False):
    figure = BY_KEY[key]
    is_below = is_part or bool(figure.below and figure.kind == BY_KEY[figure.below].kind)
    return Row(str(figure.label), key, is_below, key in WHOLES, _values(key, sets))


WHOLES = {"away", "came_home", "home", "trips", "transferred", "income", "labor_force"}


def _values(key, sets):
    return tuple(figures[key] if figures else None for figures in sets)


def card_of(key: str) -> str:
    """The name of the card that shows a figure."""
    for card in CARDS:
        for entry in card.rows:
            if key == entry or (isinstance(entry, tuple) and key in _parts_of[entry]):
                return card.name
    return ""


def full_label(key: str) -> str:
    """The words of a figure by themselves: a part names its whole."""
    figure = BY_KEY[key]
    over = figure.part_of or figure.below
    if not over:
        return str(figure.label)
    return _now("%(whole)s: %(part)s") % {"whole": BY_KEY[over].label, "part": figure.label}


def unit_of(key: str) -> str:
    figure = BY_KEY[key]
    if key in ("households", "households.with_away"):
        return _now("households")
    return {"p": pgettext("unit", "persons"), "t": _now("times"), "y": _now("yuan")}[figure.unit]


def choices() -> list:
    """Every figure, by card, for a select."""
    return [
        (str(card.title), [(row.key, full_label(row.key)) for row in rows(card) if row.key]) for card in CARDS
    ]


@dataclass(frozen=True)
class Derived:
    """A figure that is worked out when shown: now, last month, and how to write it."""

    label: str
    now: float | None
    before: float | None
    is_money: bool = False


def derived_figures(now, before) -> list[Derived]:
    """Shares and amounts a head; `before` may be None."""
    asked = [
        (_now("Share transferred"), derived.share_transferred, False),
        (_now("Degree of organization"), derived.degree_of_organization, False),
        (_now("Income per head this year"), derived.income_per_person, True),
        (_now("Names behind those away"), derived.names_behind, False),
    ]
    return [
        Derived(label, _shown(work_out(now), is_money), _shown(work_out(before), is_money) if before else None, is_money)
        for label, work_out, is_money in asked
    ]


def _shown(value, is_money):
    """Money a head is shown in whole yuan, as in the totals."""
    return whole(value) if is_money else value


def definitions(rules: dict, first_day, last_day) -> list[str]:
    """What stands under the figures: the definitions, with the settings that were counted by."""
    return [
        _now("Report month: %(first)s to %(last)s.") % {"first": first_day, "last": last_day},
        _now("Away: registered in the village and working outside the own township on the last day of the month."),
        _now("Labor force: registered, men %(male_min)d to %(male_max)d and women %(female_min)d to %(female_max)d, "
             "able to work, not at school.") % rules,
        _now("Person-times: runs of consecutive work days in the year, of any length. Transferred persons: persons "
             "with a run of at least %(stint_days)d days.") % rules,
        _now("Labor income: monthly pay × days worked ÷ 30, by person and month; pay that is not known counts as 0. "
             "Persons of a flow or year are distinct within a village."),
        _now("Came home and stayed: home within the last %(home_days)d days and not away again.") % rules,
    ]
