"""The answer to a question laid out as a table: rows, columns, totals, labels, and what it means."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from laborreg import charts, clock
from laborreg.months import Month
from reports import totals
from reports.tables import asking, dimensions, parts, sources, titles
from reports.tables.counting import Cell, Codes, Question, cells, mean
from reports.tables.hiding import ALL, block_of
from villages.areas import area_at
from villages.models import Village

BY_LABEL, BY_NUMBER = "label", "number"
# Which rows: every one of a short list, with 0 where nobody is, or only those that somebody is in.
EVERY, MET = "every", "met"
MOST_EMPTY = 1_000
MOST_BARS, MOST_PARTS = 30, 8
Value = int | str | None


@dataclass(frozen=True)
class Shown:
    """A number of the table: its codes, with ALL in totals, and what is shown: the number, a mark, or 0."""

    codes: tuple
    value: Value


@dataclass(frozen=True)
class Row:
    """A row: a label for each of its dimensions, "" where it is that of the row above; numbers; its total."""

    codes: Codes
    labels: list[str]
    full: list[str]
    cells: list[Shown]
    total: Shown | None


@dataclass(frozen=True)
class Head:
    """A heading over one column or several."""

    label: str
    span: int


def sums(found: dict[Codes, Cell], patterns: Iterable[tuple[int, ...]]) -> dict[tuple, Cell]:
    """Every cell added up over the axes that a pattern does not keep: {codes, with ALL where summed: Cell}."""
    block: dict[tuple, list] = {}
    kept_axes = [frozenset(pattern) for pattern in patterns]
    for codes, cell in found.items():
        for kept in kept_axes:
            total = block.setdefault(tuple(code if n in kept else ALL for n, code in enumerate(codes)), [0, 0])
            total[0] += cell.sum
            total[1] += cell.persons or 0
    return {key: Cell(*total) for key, total in block.items()}


class Answer:
    """A question answered for somebody; `sees_people`: small numbers are shown; `listed`: EVERY row, or those MET."""

    def __init__(self, question: Question, *, sees_people: bool = True, order: str = BY_LABEL, listed: str = EVERY):
        self.question, self.order, self.listed = question, order, listed
        self.measure = question.counts
        self.area = area_at(question.area)
        self.block = None if sees_people else block_of(question)
        self.sums = self._sums() if sees_people else {}
        codes = self.block.codes if self.block else [key for key in self.sums if ALL not in key]
        self.width = len(question.rows)
        names = [dimension.name for dimension in question.grouped]
        rows = self._with_empty(names[: self.width], {key[: self.width] for key in codes})
        columns = self._with_empty(names[self.width :], {key[self.width :] for key in codes}) if codes else set()
        self.is_empty = not codes
        self.labels = self._labels(rows, columns)
        self.row_codes = self._ordered_rows(rows if codes else ())
        self.column_codes = sorted(columns, key=lambda key: self._places(key, self.width))

    def _sums(self) -> dict[tuple, Cell]:
        """Cells, totals of rows and columns, and the total of all."""
        found = cells(self.question, behind=self.measure.is_mean)
        rows, width = range(len(self.question.rows)), len(self.question.grouped)
        columns = range(len(self.question.rows), width)
        return sums(found, {tuple(range(width)), tuple(rows), tuple(columns), ()})

    def _with_empty(self, names: list[str], met: set[Codes]) -> set[Codes]:
        """Those that somebody is in, and with them every one of the lists, where all of them are short."""
        if self.listed == MET or not names:
            return met
        whole = [self._whole(name) for name in names]
        every = set(product(*whole)) if all(whole) else set()
        if "township" in names and "village" in names:
            town, village = names.index("township"), names.index("village")
            every = {key for key in every if key[village].startswith(key[town])}
        return met | every if len(every) <= MOST_EMPTY else met

    def _whole(self, name: str) -> list[str]:
        """Of places those that file; of a filter its own codes."""
        only = dict(self.question.filters).get(name)
        places = {"township": 9, "village": 12}.get(name)
        known = dimensions.BY_NAME[name].whole(self.question.area)
        filing = self.standing.filing(places) if places else known
        return [code for code in known if code in filing and (only is None or code in only)]

    def _labels(self, rows, columns) -> list[dict[str, str]]:
        """By dimension: {code: label} in the order of its list."""
        area, width = self.question.area, self.width
        return [
            dimension.labels(area, {key[n] for key in rows} if n < width else {key[n - width] for key in columns})
            for n, dimension in enumerate(self.question.grouped)
        ]

    def _places(self, key: Codes, first: int = 0) -> tuple[int, ...]:
        return tuple(self._place_of[first + n][code] for n, code in enumerate(key))

    @cached_property
    def _place_of(self) -> list[dict[str, int]]:
        return [{code: place for place, code in enumerate(labels)} for labels in self.labels]

    def _ordered_rows(self, keys) -> list[Codes]:
        """As the lists have them; or the largest first, within the largest of the row before."""
        if self.order != BY_NUMBER:
            return sorted(keys, key=self._places)
        sizes: dict[Codes, int] = {}
        for key in keys:
            for n in range(1, self.width + 1):
                size = self._size(key)
                sizes[key[:n]] = max(sizes.get(key[:n], 0), size) if self.measure.is_mean else sizes.get(key[:n], 0) + size
        return sorted(keys, key=lambda key: [(-sizes[key[: n + 1]], self._places(key)[n]) for n in range(self.width)])

    def _size(self, key: Codes) -> int:
        """A hidden number is small to whoever cannot see it, so that its place tells nothing."""
        value = self.value((*key, *self._all_columns))
        return value if isinstance(value, int) else 0

    @property
    def _all_columns(self) -> tuple:
        return (ALL,) * len(self.question.columns)

    def value(self, codes: tuple) -> Value:
        """A cell, with ALL a total; None is a mean of nobody."""
        cell, mark = self.block.cell(codes) if self.block else (self.sums.get(codes, Cell(0, 0)), "")
        if mark:
            return mark
        if not cell.sum and self._is_silent(codes):
            return None
        if self.measure.is_mean:
            return mean(cell) if cell.persons else None
        return cell.sum

    def _is_silent(self, codes: tuple) -> bool:
        """Whether the place of a row filed nothing yet: silence is no zero."""
        names = [dimension.name for dimension in self.question.grouped]
        places = [code for name, code in zip(names, codes, strict=True) if name in ("township", "village") and code is not ALL]
        return any(self.standing.is_silent(code) for code in places)

    def shown(self, codes: tuple) -> Shown:
        return Shown(codes, self.value(codes))

    @cached_property
    def rows(self) -> list[Row]:
        found, above = [], ()
        for key in self.row_codes:
            full = [self.labels[n][code] for n, code in enumerate(key)]
            labels = ["" if key[: n + 1] == above[: n + 1] else label for n, label in enumerate(full)]
            numbers = [self.shown((*key, *column)) for column in self.column_codes]
            total = self.shown((*key, *self._all_columns)) if self.question.columns else None
            found.append(Row(key, labels, full, numbers, total))
            above = key
        return found

    @cached_property
    def foot(self) -> list[Shown]:
        """The totals of the columns, and of all."""
        rows = (ALL,) * self.width
        found = [self.shown((*rows, *column)) for column in self.column_codes]
        return [*found, self.grand] if self.question.columns else found

    @property
    def grand(self) -> Shown:
        return self.shown((ALL,) * len(self.question.grouped))

    @property
    def row_heads(self) -> list[str]:
        return [parts.label_of(name, self.measure) for name in self.question.rows]

    @cached_property
    def column_heads(self) -> list[list[Head]]:
        """A line of headings for each dimension of the columns; one line with the measure where there is none."""
        if not self.question.columns:
            return [[Head(self.measure.full_label, 1)]]
        return [self._heads(n) for n in range(len(self.question.columns))]

    def _heads(self, n: int) -> list[Head]:
        heads, before = [], None
        for key in self.column_codes:
            if key[: n + 1] == before:
                heads[-1] = Head(heads[-1].label, heads[-1].span + 1)
            else:
                heads.append(Head(self.labels[self.width + n][key[n]], 1))
            before = key[: n + 1]
        return heads

    @property
    def column_names(self) -> list[str]:
        """Each column in one line."""
        return [
            " · ".join(self.labels[self.width + n][code] for n, code in enumerate(key)) or self.measure.full_label
            for key in self.column_codes
        ]

    @property
    def total_name(self) -> str:
        return _("All together") if self.measure.is_mean else _("Total")

    @property
    def hides(self) -> bool:
        return bool(self.block and self.block.marks)

    @property
    def title(self) -> str:
        return titles.title_of(self.question)

    @cached_property
    def standing(self) -> "Standing":
        return Standing(self.question)

    @property
    def definitions(self) -> list[str]:
        """What the numbers mean, in sentences."""
        return [*definitions(self.question), self.standing.told, *self._more()]

    def _more(self) -> list[str]:
        if self.hides:
            return [_("Numbers under 3 are hidden (<3), and with them others (*) that would give them away.")]
        return []

    def chart(self, href: Callable[[tuple], str] | None = None):
        """Bars, stacked where there are columns; what is too much for a drawing stands in the table."""
        bars = [row for row in self.rows if isinstance(self._of(row).value, int)][:MOST_BARS]
        names, parts = self._parts(bars)
        return charts.stacked(
            # The innermost first: beside a bar there is room for little more.
            [(" · ".join(reversed(row.full)), values, self._of(row).value) for row, values in zip(bars, parts, strict=True)],
            names, label=self.title, href=href and (lambda n: href(self._of(bars[n]).codes)),
        )

    @property
    def bars_left_out(self) -> int:
        return max(len(self.rows) - MOST_BARS, 0)

    def _of(self, row: Row) -> Shown:
        return row.total or row.cells[0]

    def _parts(self, bars: list[Row]) -> tuple[list[str], list[list]]:
        """The largest columns by themselves, the others together; means do not add and are not stacked."""
        if self.measure.is_mean or not self.question.columns:
            return [self.measure.full_label], [[self._of(row).value] for row in bars]
        names = self.column_names
        if len(names) <= MOST_PARTS:
            return names, [[cell.value for cell in row.cells] for row in bars]
        sizes = [sum(_number(row.cells[n].value) for row in bars) for n in range(len(names))]
        large = sorted(sorted(range(len(names)), key=lambda n: -sizes[n])[: MOST_PARTS - 1])
        parts = [
            [*(row.cells[n].value for n in large),
             sum(_number(cell.value) for n, cell in enumerate(row.cells) if n not in large)]
            for row in bars
        ]
        return [*(names[n] for n in large), _("Others")], parts


def _number(value: Value) -> int:
    return value if isinstance(value, int) else 0


class Standing:
    """What a table was counted from: a month's returns that are in, or the ledger of a day."""

    def __init__(self, question: Question):
        self.area, self.source, self.month = question.area, question.source, question.month
        self.day = self.month.label if self.month else date_format(clock.today())

    @cached_property
    def villages(self) -> int:
        return Village.objects.under(self.area).count()

    @cached_property
    def _filing(self) -> set[str]:
        """The villages that file, or today that there are."""
        if self.month:
            return set(totals.expected_by(self.area, self.month, 12))
        filing = Village.objects.under(self.area).filing_in(Month.of(clock.today()))
        return set(filing.values_list("code", flat=True))

    @cached_property
    def _received(self) -> set[str]:
        return set(totals.received_by(self.area, self.month, 12)) if self.month else self._filing

    def filing(self, length: int) -> set[str]:
        """The codes of so many digits with a village that files."""
        return {code[:length] for code in self._filing}

    def is_silent(self, place: str) -> bool:
        """Whether no village of a township, or not this one, filed the month."""
        return self.month is not None and place not in self._heard

    @cached_property
    def _heard(self) -> set[str]:
        return {code[:length] for code in self._received for length in (9, 12)}

    @property
    def expected(self) -> int:
        return len(self._filing)

    @property
    def received(self) -> int:
        return len(self._received)

    @property
    def told(self) -> str:
        words = {"day": self.day, "received": self.received, "expected": self.expected}
        if self.source == sources.TODAY:
            return _("Source: the ledger as it is known on %(day)s, of all %(villages)d villages; of these %(expected)d file "
                     "returns.") % (words | {"villages": self.villages})
        return _("Source: the returns of %(day)s as filed; %(received)d of %(expected)d villages are in it.") % words

    @property
    def is_complete(self) -> bool:
        return self.received >= self.expected


def definitions(question: Question) -> list[str]:
    """A sentence for the measure, for each dimension, and for each filter."""
    found = [_("%(name)s: %(told)s") % {"name": question.counts.full_label, "told": question.counts.told}]
    for dimension in question.grouped:
        name, measure = dimension.name, question.counts
        found.append(_("%(name)s: %(told)s") % {
            "name": parts.label_of(name, measure), "told": parts.told_of(name, measure),
        })
    return found + [_("Counted only: %(name)s %(codes)s.") % words for words in filters_told(question)]


def filters_told(question: Question) -> list[dict]:
    return [
        {"name": parts.label_of(name, question.counts),
         "codes": _(", ").join(dimensions.BY_NAME[name].labels(question.area, codes).values())}
        for name, codes in question.filters
    ]


def as_json(answer: Answer) -> dict:
    """The stable form of `manage.py any_table --json`; a mean's total is the mean of all."""
    width = answer.width
    keys = [(*row, *column) for row in sorted(answer.row_codes) for column in sorted(answer.column_codes)]
    found = [(key, answer.value(key)) for key in keys]
    return {
        "question": asking.spec_of(answer.question),
        "villages": {"expected": answer.standing.expected, "in": answer.standing.received},
        "cells": [
            {"rows": list(key[:width]), "columns": list(key[width:]), "value": value} for key, value in found if value
        ],
        "total": answer.grand.value or 0,
    }
