"""The tables of who may not see people: small numbers hidden, and what would give them away.

Whoever may ask any table may ask this one again with a dimension or a filter left out or changed, and see the other
pages of the month. So each of their tables is a cut of one of a few families, counted for the whole county and its
townships and hidden once: the figures of the totals, the tables of the structure, the matrix of the flows. A number
has the same mark wherever it stands, and one that adds up several is shown only where each of them is.
"""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from laborreg.months import Month
from reports import comparing, suppression
from reports.analysis import flows, structure
from reports.history import history
from reports.tables import dimensions
from reports.tables.asking import Unasked
from reports.tables.counting import Cell, Codes, Question, cells
from reports.tables.sources import MONTH, TODAY
from workers.ledger import BY_KEY

ALL = None
TOWNSHIP, REGION, PROVINCE = "township", "region", "province"
# What suppression takes for money, and for the persons behind it.
MONEY, BEHIND = "income", "trips"
Place = tuple[str, str | None]


@dataclass(frozen=True)
class Family:
    """{(county or township, code or ALL): Cell} of a month, nobody included, and the marks of those that are hidden."""

    cells: dict[Place, Cell]
    marks: dict[Place, str]


# What may be asked.

def offered(measure: str) -> list[str]:
    """The dimensions by which a measure is told to who may not see people; one of them beside the township."""
    if measure == "away":
        return [TOWNSHIP, REGION, PROVINCE, *structure.SHOWN]
    return [TOWNSHIP, *structure.SHOWN] if measure in dict(structure.OF) else [TOWNSHIP]


def is_told(measure: str) -> bool:
    return measure in BY_KEY or measure == "mean_pay"


def check(question: Question):
    """Raises Unasked, with why, where who may not see people may not ask."""
    named = _named(question)
    if any(dimensions.BY_NAME[name].is_village for name in named):
        raise Unasked(_("Villages one by one are for who may see people. Choose townships."))
    if question.source == TODAY:
        raise Unasked(_("The ledger of today is for who may see people. Choose a month."))
    if not is_told(question.measure):
        raise Unasked(_("“%(measure)s” is counted for who may see people.") % {"measure": question.counts.full_label})
    if len(named - {TOWNSHIP}) > 1:
        raise Unasked(_(
            "Without the right to see people a table is by township and one thing more, so that small numbers stay "
            "hidden. Leave one of the rows, columns or filters out."
        ))
    if strange := named - set(offered(question.measure)):
        raise Unasked(_("Without the right to see people “%(measure)s” is not told by “%(dimension)s”.") % {
            "measure": question.counts.full_label, "dimension": dimensions.BY_NAME[min(strange)].label
        })


def is_allowed(question: Question) -> bool:
    try:
        check(question)
    except Unasked:
        return False
    return True


def _named(question: Question) -> set[str]:
    return {*question.rows, *question.columns, *(name for name, _codes in question.filters)}


# The answer.

@dataclass(frozen=True)
class Block:
    """A question's cut of its family."""

    question: Question
    family: Family

    @property
    def marks(self) -> dict[Place, str]:
        return self.family.marks

    @cached_property
    def _filters(self) -> dict[str, tuple[str, ...]]:
        return dict(self.question.filters)

    @cached_property
    def _by(self) -> str | None:
        return next(iter(_named(self.question) - {TOWNSHIP}), None)

    @cached_property
    def _met(self) -> list[str]:
        """The codes that anybody of the county has."""
        return sorted({code for _area, code in self.family.cells if code is not ALL})

    @cached_property
    def _townships(self) -> list[str]:
        """Those that are counted."""
        inside = sorted({area for area, _code in self.family.cells if len(area) == 9 and area.startswith(self.question.area)})
        return [area for area in inside if area in self._filters.get(TOWNSHIP, inside)]

    def cell(self, codes: tuple) -> tuple[Cell, str]:
        """The cell of the question's table, ALL for its totals, and the mark that hides it ("" where it is shown)."""
        asked = dict(zip((*self.question.rows, *self.question.columns), codes, strict=True))
        keys = [
            (area, code) for area in self._areas(asked.get(TOWNSHIP, ALL)) for code in self._codes(asked.get(self._by, ALL))
            if (area, code) in self.family.cells
        ]
        found = [self.family.cells[key] for key in keys]
        marks = [self.marks[key] for key in keys if key in self.marks]
        mark = "" if not marks else marks[0] if len(keys) == 1 else suppression.ALSO
        return Cell(sum(cell.sum for cell in found), sum(cell.persons for cell in found)), mark

    def _areas(self, township) -> list[str]:
        if township is not ALL:
            return [township]
        return self._townships if TOWNSHIP in self._filters else [self.question.area]

    def _codes(self, code) -> list:
        chosen = self._filters.get(self._by)
        if code is not ALL:
            return [code]
        return [ALL] if chosen is None or {*chosen} >= {*self._met} else [each for each in self._met if each in chosen]

    @property
    def codes(self) -> list[Codes]:
        """The cells of the question's table that somebody is in, or that are hidden: those must look alike."""
        names = (*self.question.rows, *self.question.columns)
        areas = self._townships if TOWNSHIP in names else self._areas(ALL)
        codes = self._codes(ALL) if self._by not in names else [
            code for code in self._met if code in self._filters.get(self._by, self._met)
        ]
        return sorted({
            tuple(area if name == TOWNSHIP else code for name in names) for area in areas for code in codes
            if (area, code) in self.marks or self.family.cells.get((area, code), Cell(0)).sum
        })


def block_of(question: Question) -> Block:
    """Raises Unasked for what who may not see people may not ask."""
    check(question)
    return Block(question, _family(question))


def _family(question: Question) -> Family:
    county, month, measure = question.area[:6], question.month, question.measure
    by = next(iter(_named(question) - {TOWNSHIP}), None)
    if by is None:
        return _mean_pay(county, month) if measure == "mean_pay" else _of_figures(county, month, {ALL: measure})
    if by == REGION:
        parts = {code: f"{measure}.{code}" for code, _label in dimensions.BY_NAME[REGION].listed}
        return _of_figures(county, month, {ALL: measure} | {code: key for code, key in parts.items() if key in BY_KEY})
    if by == PROVINCE:
        return _of_flows(county, month)
    return _of_structure(county, month, measure, by)


# The families.

def _of_figures(county: str, month: Month, keys: dict[str | None, str]) -> Family:
    """As the totals show them."""
    figures = history(county, month, month, at=6) | history(county, month, month, at=9)
    marks = comparing.small_numbers(county, month)
    found = {
        (area, code): Cell(row[key] or 0, row[key] or 0) for (_month, area), row in figures.items() for code, key in keys.items()
    }
    hidden = {
        (area, code): marks[month, area, key] for area, code in found for key in [keys[code]] if (month, area, key) in marks
    }
    return Family(found, hidden)


def _of_structure(county: str, month: Month, of: str, name: str) -> Family:
    tables, hidden = structure.hidden_in_county(county, month, of)
    found, marks = {}, {}
    for area, parts in tables.items():
        keys = {code: structure.key_of(of, name, code) for code in parts[name]} | {ALL: of}
        numbers = parts[name] | {ALL: sum(parts[name].values())}
        found |= {(area, code): Cell(n, n) for code, n in numbers.items()}
        marks |= {(area, code): hidden[area, key] for code, key in keys.items() if (area, key) in hidden}
    return Family(found, marks)


def _of_flows(county: str, month: Month) -> Family:
    values, hidden = flows.hidden_in_county(county, month)
    places = {cell: n for cell, n in values.items() if cell[1] not in BY_KEY}
    return Family(
        {(area, place or ALL): Cell(n, n) for (area, place), n in places.items()},
        {(area, place or ALL): mark for (area, place), mark in hidden.items() if (area, place) in places},
    )


def _mean_pay(county: str, month: Month) -> Family:
    """Hidden where few earn it, at work away or near home, and where the totals hide how many these are."""
    by_state = cells(Question(MONTH, county, month, (TOWNSHIP, "state"), (), (), "mean_pay"), behind=True)
    found: dict[str, Cell] = {}
    for (township, _state), cell in by_state.items():
        for area in (county, township):
            before = found.get(area, Cell(0, 0))
            found[area] = Cell(before.sum + cell.sum, before.persons + cell.persons)
    totals = comparing.small_numbers(county, month)
    already = {(township, MONEY) for (township, _state), cell in by_state.items() if cell.persons < suppression.SMALL}
    already |= {(area, MONEY) for area in found for key in ("away", "local", "pay_missing") if (month, area, key) in totals}
    values = {(area, MONEY): cell.sum for area, cell in found.items()}
    values |= {(area, BEHIND): cell.persons for area, cell in found.items()}
    lines = [[(1, (county, key)), *((-1, (area, key)) for area in found if area != county)] for key in (MONEY, BEHIND)]
    marks = suppression.hide_cells(values, lines if found else [], already)
    return Family(
        {(area, ALL): cell for area, cell in found.items()},
        {(area, ALL): suppression.ALSO for area, key in marks if key == MONEY},
    )
