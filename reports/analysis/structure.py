"""Who the people are that a figure counts: by sex, age, school, skill, work and pay, from the lines that were filed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from urllib.parse import urlencode

from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from laborreg import charts
from laborreg.months import Month
from officers.models import Officer
from reports import comparing, suppression
from reports.analysis.cells import Cell, only_in_by
from reports.comparing import Value
from reports.history import history
from reports.models import MonthlyReturn
from reports.tables import dimensions, measures, parts
from reports.tables.counting import Question, cells, counted_each, mean
from reports.tables.sources import MONTH
from reports.totals import Total
from villages.models import County
from workers.ledger import BY_KEY, channel_class, sector_of

OF = [("away", _l("Away")), ("local", _l("Work in their own township")), ("transferred", _l("Transferred this year"))]
# What is counted together, in one walk over the lines: few texts a line, of few kinds each. From a section its sector
# is told, from a channel whether it is organized.
ASKED = [("sex", "age", "age_5", "education"), ("skill", "section", "form", "relieved", "channel"), ("since", "job", "pay")]
SHOWN = [
    "sex", "age", "education", "skill", "sector", "section", "job", "form", "organized", "channel", "pay", "since", "relieved",
]
PYRAMID = "pyramid"
DAY = 24 * 3600
Parts = dict[str, int]


@dataclass(frozen=True)
class Row:
    """One code of a table, beside the same month last year."""

    label: str
    cell: Cell
    before: Value
    bar: str


@dataclass(frozen=True)
class Table:
    """A breakdown: `rows` sum to the whole."""

    name: str
    label: str
    told: str
    rows: list[Row]
    chart: str


def class_of(dimension: str, code: str) -> str | None:
    """What a finer code belongs to in a coarser table of the page."""
    if dimension == PYRAMID:
        return code.split("|")[0]
    if code in (dimensions.UNKNOWN, dimensions.NOT_AT_WORK):
        return code
    if dimension == "section":
        return sector_of(code)
    return channel_class(code) if dimension == "channel" else None


# The tables that are finer than another one of the page.
COARSER = {PYRAMID: "sex", "section": "sector", "channel": "organized"}


def count(question: Question, *, at: int) -> dict[str, dict[str, Parts]]:
    """{area by the first `at` digits: {table: {code: persons}}}; in one statement.

    What a version filed never changes: the answer is kept under the versions that count.
    """
    versions = MonthlyReturn.objects.under(question.area).filter(month=question.month, counted__isnull=False)
    day = County.objects.get(pk=question.area[:6]).last_day(question.month)
    asked = f"{question}:{at}:{day}:{sorted(versions.values_list('counted', flat=True))}"
    key = "structure:" + sha256(asked.encode()).hexdigest()
    if (found := cache.get(key)) is None:
        found = _count(question, at)
        cache.set(key, found, DAY)
    return found


def _count(question: Question, at: int) -> dict[str, dict[str, Parts]]:
    level = {9: "township", 12: "village"}.get(at)
    found: dict[str, dict[str, Counter]] = {}
    asked = [(level, *names) if level else names for names in ASKED]
    for names, cells_ in zip(ASKED, counted_each(question, asked), strict=True):
        for codes, n in cells_.items():
            area, codes = (codes[0], codes[1:]) if level else (question.area, codes)
            _add(found.setdefault(area, {}), dict(zip(names, codes, strict=True)), n)
    return found


def _add(tables: dict[str, Counter], codes: dict[str, str], n: int):
    for name, code in codes.items():
        tables.setdefault(name, Counter())[code] += n
        if name in ("section", "channel"):
            tables.setdefault(COARSER[name], Counter())[class_of(name, code)] += n
    if "age_5" in codes:
        tables.setdefault(PYRAMID, Counter())[f"{codes['sex']}|{codes['age_5']}"] += n


class Structure:
    """Of an area's month, for one officer; `of` is the figure whose people are broken down."""

    def __init__(self, total: Total, officer: Officer, of: str = "away"):
        self.total, self.officer, self.of = total, officer, of
        self.area, self.month = total.area, total.month
        self.sees_people = officer.may("see people")

    @cached_property
    def now(self) -> dict[str, dict[str, Value]]:
        return self._seen(self.month, ())

    @cached_property
    def before(self) -> dict[str, dict[str, Value]]:
        """The same month last year, of the villages that are in by now. While some are missing, not for a leader."""
        if not self.total.missing:
            return self._seen(self.month.a_year_before, ())
        if not self.sees_people or not self.total.received:
            return {}
        return self._seen(self.month.a_year_before, only_in_by(self.area, self.month))

    def _seen(self, month: Month, filters) -> dict[str, dict[str, Value]]:
        if self.sees_people:
            question = Question(MONTH, self.area, month, ("sex",), (), filters, self.of)
            return count(question, at=0).get(self.area, {})
        return shown_to_leader(self.area, month, self.of)

    @property
    def is_empty(self) -> bool:
        return not self.now

    @cached_property
    def whole(self) -> Value:
        """The figure of the totals."""
        marks = comparing.hidden_from(self.officer, self.area[:6], self.month)
        return marks.get((self.month, self.area, self.of), self.total.figures[self.of])

    def tables(self) -> list[Table]:
        return [self._table(name) for name in SHOWN if name in self.now]

    def _table(self, name: str) -> Table:
        dimension = dimensions.BY_NAME[name]
        now, before = self.now[name], self.before.get(name, {})
        labels = dimension.labels(self.area, {*now, *before})
        largest = max((n for n in now.values() if isinstance(n, int)), default=0)
        rows = [self._row(name, code, label, now, before, largest) for code, label in labels.items()]
        measure = measures.BY_NAME[self.of]
        return Table(name, parts.label_of(name, measure), parts.told_of(name, measure), rows, self._chart(name, rows))

    def _row(self, name, code, label, now, before, largest) -> Row:
        value, then = now.get(code, 0), before.get(code, 0 if before else None)
        share = value / self.whole if isinstance(value, int) and isinstance(self.whole, int) and self.whole else None
        url = self.names_url(**{name: code}) if value else ""
        cell = Cell(value, url, share=share, change=comparing.change(value, then))
        return Row(label, cell, then, charts.bar(value if isinstance(value, int) else 0, largest))

    def _chart(self, name: str, rows: list[Row]) -> str:
        """This month beside a year before; long lists by their bars alone."""
        if name in ("age", "section", "job"):
            return ""
        label = _("%(what)s, %(month)s and a year before") % {
            "what": dimensions.BY_NAME[name].label, "month": self.month.label,
        }
        sides = (self.month.label, self.month.a_year_before.label)
        known = [(row.label, row.cell.value, row.before) for row in rows]
        return charts.grouped(known, sides=sides, label=label, href=lambda n: rows[n].cell.url)

    def names_url(self, **codes: str) -> str:
        if not self.sees_people:
            return ""
        return reverse("analysis_names", args=[self.area, self.month]) + "?" + urlencode({"of": self.of, **codes})

    # The pyramid.

    @cached_property
    def ages(self) -> list[tuple[str, str]]:
        known = dimensions.BY_NAME["age_5"].labels(self.area, [code.split("|")[1] for code in self.now.get(PYRAMID, ())])
        return list(known.items())

    def pyramid_rows(self) -> list[dict]:
        """Age by age, the youngest first: women, men, and those whose sex is not known."""
        found = self.now.get(PYRAMID, {})
        return [
            {"label": label, "cells": [
                Cell(value := found.get(f"{sex}|{age}", 0), self.names_url(sex=sex, age_5=age) if value else "")
                for sex in ("female", "male", dimensions.UNKNOWN)
            ]}
            for age, label in self.ages
        ]

    def pyramid(self) -> str:
        rows = self.pyramid_rows()
        label = _("Women and men by age, %(month)s") % {"month": self.month.label}
        return charts.pyramid(
            [(row["label"], row["cells"][0].value, row["cells"][1].value) for row in rows],
            sides=(_("Women"), _("Men")), label=label, href=lambda n, side: rows[n]["cells"][side].url,
        )

    def mean_pay(self) -> Value:
        """Of those at work on the last day whose exact pay is known, in whole yuan."""
        if self.of == "transferred":
            return None
        by = "state" if self.sees_people else "township"
        question = Question(
            MONTH, self.area, self.month, (by,), (), (("state", (self.of,)),), "mean_pay"
        )
        found = list(cells(question, behind=True).values())
        if not found:
            return None
        if not self.sees_people and any(cell.persons < suppression.SMALL for cell in found):
            return suppression.ALSO
        return mean(type(found[0])(sum(cell.sum for cell in found), sum(cell.persons for cell in found)))


# For who may not see people.

def shown_to_leader(area: str, month: Month, of: str) -> dict[str, dict[str, Value]]:
    """An area's tables with small numbers hidden, and with them what would tell them."""
    tables, hidden = hidden_in_county(area[:6], month, of)
    return {
        name: {code: hidden.get((area, key_of(of, name, code)), n) for code, n in found.items()}
        for name, found in tables.get(area, {}).items()
    }


def hidden_in_county(county: str, month: Month, of: str) -> tuple[dict[str, dict[str, Parts]], dict[suppression.Cell, str]]:
    """The tables of a county and its townships, and the marks of the cells that who may not see people sees hidden.

    They tell one another, and all are told by the totals: what these show or hide is shown or hidden here.
    """
    parts = count(Question(MONTH, county, month, ("sex",), (), (), of), at=9)
    if not parts:
        return {}, {}
    # A township of which nobody is counted is one that says so.
    townships = {code for _month, code in history(county, month, month, at=9)}
    tables = filled(of, county, {county: added(parts.values())} | {code: {} for code in sorted(townships)} | parts)
    marks = comparing.small_numbers(county, month)
    already = {(code, key): mark for (when, code, key), mark in marks.items() if when == month}
    values, lines = equations(of, county, tables)
    # Of those away the totals have the same numbers; of the others only the whole.
    shown = [(area, key) for area, key in values if key == of or (of == "away" and key in BY_KEY)]
    return tables, suppression.hide_cells(values, lines, {cell: already[cell] for cell in already if cell in values}, shown)


def added(townships: Iterable[dict[str, Parts]]) -> dict[str, Parts]:
    whole: dict[str, Counter] = {}
    for tables in townships:
        for name, found in tables.items():
            whole.setdefault(name, Counter()).update(found)
    return whole


def filled(of: str, county: str, tables: dict[str, dict[str, Parts]]) -> dict[str, dict[str, Parts]]:
    """Nobody is a cell as well: beside the whole it would tell a single one that is hidden."""
    codes = {name: [*dict.fromkeys([*_in_totals(of, name), *found])] for name, found in tables[county].items()}
    return {
        area: {name: {code: found.get(name, {}).get(code, 0) for code in known} for name, known in codes.items()}
        for area, found in tables.items()
    }


def _in_totals(of: str, name: str) -> list[str]:
    """The codes that the totals show too, be nobody there or not; they may be hidden in them."""
    listed = dimensions.BY_NAME[name].listed if name != PYRAMID else ()
    return [code for code, _label in listed or () if key_of(of, name, code) in BY_KEY]


def key_of(of: str, name: str, code: str) -> str:
    """A cell's key: that of the figure which is the same number, if the totals have one."""
    short = code if name != "age" else f"age_{code}"
    if code == dimensions.UNKNOWN:
        short = {"organized": "channel"}.get(name, name) + "_unknown"
    named = {"relieved": {"yes": "relieved"}, "form": {"own_business": "own_business"}}.get(name)
    key = f"{of}.{short}" if named is None else f"{of}.{named.get(code)}"
    is_same = name in ("sex", "age", "sector", "organized", "relieved", "form")
    return key if is_same and key in BY_KEY else f"{name}:{code}"


def equations(of: str, county: str, tables: dict[str, dict[str, Parts]]):
    """The cells of the county and its townships, and the lines that tie them."""
    values, lines = {}, []
    for area, found in tables.items():
        values[area, of] = sum(found.get("sex", {}).values())
        for name, codes in found.items():
            if name == "age_5":
                continue
            values |= {(area, key_of(of, name, code)): n for code, n in codes.items()}
            lines += _lines(of, area, name, codes)
    townships = [area for area in tables if area != county]
    for key in sorted({key for _area, key in values}):
        lines.append([(1, (county, key)), *((-1, (township, key)) for township in townships)])
    return values, lines


def _lines(of: str, area: str, name: str, codes: Parts):
    wholes: dict[str, list[str]] = {}
    for code in codes:
        coarser = COARSER.get(name)
        whole = key_of(of, coarser, class_of(name, code)) if coarser else of
        wholes.setdefault(whole, []).append(code)
    for whole, finer in wholes.items():
        yield [(1, (area, whole)), *((-1, (area, key_of(of, name, code))) for code in finer)]
