"""From where to where, and to what work: those away, from the lines that were filed."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from laborreg import charts
from laborreg.months import Month
from officers.models import Officer
from reports import comparing, destinations, suppression
from reports.analysis.cells import Cell, only_in_by
from reports.comparing import Change, Value
from reports.history import history
from reports.tables import dimensions
from reports.tables.counting import Filters, Question, counted
from reports.tables.sources import MONTH
from reports.totals import Total
from villages.areas import children, parents
from workers.ledger import BY_KEY

# What may stand at the third station, and what may be chosen one of.
BY = ["section", "sector", "sex", "age", "education", "skill", "channel", "organized", "form", "pay", "relieved", "since"]
OTHERS = "others"
MOST_PLACES, MOST_DRAWN, MOST_WAYS = 11, {"origin": 8, "place": 7, "by": 6}, 20
TO = {"province": 2, "prefecture": 4}
Way = tuple[str, str, str]


@dataclass(frozen=True)
class Asked:
    """What the reader chose: to how many digits, by what, only whom, and the month to compare with."""

    to: str = "province"
    by: str = "section"
    only: tuple[tuple[str, tuple[str, ...]], ...] = ()
    other: Month | None = None


def asked_of(get, area: str, months: list[Month]) -> Asked:
    """From the address; what no list knows is left out."""
    to = get.get("to") if get.get("to") in TO else "province"
    by = get.get("by") if get.get("by") in BY else "section"
    other = next((month for month in months if str(month) == get.get("with")), None)
    only = tuple(
        (name, (code,)) for name in ["township", "village", *TO, *BY]
        if (code := get.get(name)) and code in dict(dimensions.BY_NAME[name].codes(area))
    )
    return Asked(to, by, only, other)


@dataclass(frozen=True)
class Line:
    """A way, or a place, in two months: persons, share of all, and the change of both."""

    words: tuple[str, ...]
    now: Cell
    before: Value = None
    share_before: float | None = None
    change: Change | None = None

    @property
    def points(self) -> str:
        """How much the share changed, in points of a hundred."""
        if self.now.share is None or self.share_before is None:
            return "–"
        points = round((self.now.share - self.share_before) * 100, 1)
        return f"+{points:.1f}" if points > 0 else f"−{-points:.1f}" if points < 0 else "0.0"


class Flows:
    """Of those away from an area at the end of a month. For who may not see people only the matrix, without small numbers."""

    def __init__(self, total: Total, area, officer: Officer, asked: Asked):
        self.total, self.area, self.officer = total, area, officer
        self.code, self.month = area.code, total.month
        self.sees_people = officer.may("see people")
        self.asked = asked if self.sees_people else Asked()
        # Small numbers are hidden in the whole county's matrix at once: its townships tell one another.
        self.base = self.code if self.sees_people else self.code[:6]
        self.origin = "township" if len(self.base) == 6 else "village"

    def _count(self, month: Month, rows, more=()) -> dict[tuple, int]:
        return counted(Question(MONTH, self.base, month, rows, (), (*self.asked.only, *more, *self._alike(month)), "away"))

    def _alike(self, month: Month) -> Filters:
        """While villages are missing, the other month is that of those that are in."""
        return () if month == self.month else self._in_by_now

    @cached_property
    def _in_by_now(self) -> Filters:
        return only_in_by(self.base, self.month) if self.is_alike else ()

    @property
    def is_alike(self) -> bool:
        return bool(self.asked.other and self.total.missing and self.total.received)

    @cached_property
    def pairs(self) -> dict[tuple[str, str], int]:
        """{(origin, destination): persons} of the area, or of the county for who may not see people."""
        return self._count(self.month, (self.origin, self.asked.to))

    @cached_property
    def sum(self) -> int:
        return sum(self.pairs.values())

    @cached_property
    def places(self) -> list[str]:
        """The destinations that most go to, the most first."""
        sums = _sums(self.pairs, 1)
        seen = {place: self.hidden.get((self.base, place), n) for place, n in sums.items()}
        return comparing.largest_first(seen)[:MOST_PLACES]

    @cached_property
    def origins(self) -> list[str]:
        sums = _sums(self.pairs, 0)
        return comparing.largest_first({origin: self._told.get(origin, n) for origin, n in sums.items()})

    @cached_property
    def names(self) -> dict[str, dict[str, str]]:
        """{station: {code: words}}"""
        met = {code for _origin, code in self.pairs}
        around = self.area if self.base == self.code else parents(self.area)[0]
        origins = {area.code: area.short_name for area in children(around)} | {self.code: self.area.short_name}
        to = {place: destinations.short_name(place) if len(place) in (2, 3) else "" for place in met}
        labels = dimensions.BY_NAME[self.asked.to].labels(self.code, met)
        return {
            "origin": {code: origins.get(code, code) for code in self.origins},
            "place": {code: to[code] or labels[code] for code in met} | {OTHERS: _("Others")}
            | {code: labels[code] for code in met if code in (dimensions.UNKNOWN, dimensions.NOT_AT_WORK)},
            "by": {code: str(label) for code, label in dimensions.BY_NAME[self.asked.by].codes(self.code)},
        }

    # The matrix.

    @cached_property
    def hidden(self) -> dict[tuple[str, str], str]:
        """For who may not see people: small cells, and what would tell them, seeing the totals of the month too."""
        return {} if self.sees_people else hidden_in_county(self.base, self.month)[1]

    @cached_property
    def _told(self) -> dict[str, str]:
        """Whose number of those away the totals hide; they show the others, so these are shown here as well."""
        marks = comparing.hidden_from(self.officer, self.base[:6], self.month)
        return {code: mark for (when, code, key), mark in marks.items() if (when, key) == (self.month, "away")}

    def matrix(self) -> list[dict]:
        """A row an origin, the most first: its cells by destination, what goes elsewhere, and its sum."""
        shown = (n for pair, n in self.pairs.items() if pair[1] in self.places and pair not in self.hidden)
        largest = max(shown, default=0)
        return [self._matrix_row(origin, largest) for origin in self.origins if origin.startswith(self.code)]

    def _matrix_row(self, origin, largest) -> dict:
        cells = [self._cell(origin, place, self.pairs.get((origin, place), 0), largest) for place in self.places]
        others = sum(n for (o, place), n in self.pairs.items() if o == origin and place not in self.places)
        elsewhere = any(self.hidden.get((origin, place)) for _o, place in self.pairs if place not in self.places)
        sum_ = self._told.get(origin, _sums(self.pairs, 0)[origin])
        return {
            "name": self.names["origin"][origin], "cells": cells,
            "others": Cell(suppression.ALSO if elsewhere else others),
            "sum": Cell(sum_, self.names_url(**{self.origin: origin})),
        }

    def _cell(self, origin, place, n, largest) -> Cell:
        value = self.hidden.get((origin, place), n)
        url = self.names_url(**{self.origin: origin, self.asked.to: place}) if n else ""
        return Cell(value, url, charts.heat(value, largest))

    def columns(self) -> list[str]:
        return [self.names["place"][place] for place in self.places]

    def sums(self) -> dict:
        """The last row of the matrix; none under a single row."""
        if self.base != self.code:
            return {}
        by_place, hidden = _sums(self.pairs, 1), self.hidden
        others = [place for place in by_place if place not in self.places]
        is_hidden = any((self.base, place) in hidden for place in others)
        return {
            "cells": [
                Cell(hidden.get((self.base, place), by_place[place]), self.names_url(**{self.asked.to: place}))
                for place in self.places
            ],
            "others": Cell(suppression.ALSO if is_hidden else sum(by_place[place] for place in others)),
            "sum": Cell(self._told.get(self.base, self.sum), self.names_url()),
        }

    # The ways, with a third station.

    @cached_property
    def ways(self) -> dict[Way, int]:
        """{(origin, destination, by): persons} to the places that most go to; the others are one place."""
        return self._ways_in(self.month)

    def _ways_in(self, month: Month) -> dict[Way, int]:
        far = [code for code in {place for _o, place in self._pairs_in(month)} if code not in self.places]
        names = (self.origin, self.asked.to, self.asked.by)
        found = self._count(month, names, [(self.asked.to, tuple(self.places))]) if self.places else {}
        if far:
            rest = self._count(month, (self.origin, self.asked.by), [(self.asked.to, tuple(far))])
            found |= {(origin, OTHERS, by): n for (origin, by), n in rest.items()}
        return found

    def _pairs_in(self, month: Month) -> dict[tuple[str, str], int]:
        return self.pairs if month == self.month else self._count(month, (self.origin, self.asked.to))

    @cached_property
    def ways_before(self) -> dict[Way, int]:
        return self._ways_in(self.asked.other) if self.asked.other else {}

    def largest(self) -> list[Line]:
        """The largest ways, and of each how it was in the other month."""
        ways = sorted(((n, way) for way, n in self.ways.items() if way[1] != OTHERS), key=lambda each: (-each[0], each[1]))
        return [self._line(way, n) for n, way in ways[:MOST_WAYS]]

    def _line(self, way: Way, n: int) -> Line:
        words = tuple(self.names[station].get(code, code) for station, code in zip(("origin", "place", "by"), way, strict=True))
        codes = dict(zip((self.origin, self.asked.to, self.asked.by), way, strict=True))
        before = self.ways_before.get(way, 0) if self.asked.other else None
        return self._compared(words, n, before, self.names_url(**codes))

    def by_place(self) -> list[Line]:
        """The destinations, with their share."""
        before = Counter()
        for (_origin, place, _by), n in self.ways_before.items():
            before[place] += n
        sums = _sums(self.ways, 1)
        return [
            self._compared(
                (self.names["place"][place],), sums[place], before[place] if self.asked.other else None,
                self.names_url(**{self.asked.to: place}) if place != OTHERS else "",
            ) for place in [*self.places, *([OTHERS] if sums[OTHERS] or before[OTHERS] else [])]
        ]

    def by_third(self) -> list[Line]:
        now, before = _sums(self.ways, 2), _sums(self.ways_before, 2)
        codes = [code for code in self.names["by"] if code in now or code in before]
        return [
            self._compared(
                (self.names["by"][code],), now[code], before[code] if self.asked.other else None,
                self.names_url(**{self.asked.by: code}),
            ) for code in codes
        ]

    def _compared(self, words, n, before, url) -> Line:
        total_before = sum(self.ways_before.values())
        share = n / self.sum if self.sum else None
        share_before = before / total_before if before is not None and total_before else None
        return Line(words, Cell(n, url if n else "", share=share), before, share_before, comparing.change(n, before))

    def sankey(self) -> str:
        """Not for who may not see people: ribbons without the hidden ones would tell wrong sums."""
        if not self.sees_people:
            return ""
        label = _("From where to where, and to what work, at the end of %(month)s") % {"month": self.month.label}
        return charts.flows(self._ribbons(), label=label)

    def _ribbons(self) -> list[tuple[Way, int]]:
        """In words; what is small goes to the others, so that a column can be read."""
        stations = ("origin", "place", "by")
        kept = [
            {code for code, _n in _sums(self.ways, n).most_common(MOST_DRAWN[station])} for n, station in enumerate(stations)
        ]
        drawn: Counter[Way] = Counter()
        for way, persons in self.ways.items():
            drawn[tuple(
                destinations.first_words(self.names[station].get(code, code)) if code in kept[n] else _("Others")
                for n, (station, code) in enumerate(zip(stations, way, strict=True))
            )] += persons
        return list(drawn.items())

    # What may be chosen.

    def choices(self) -> list[dict]:
        """A select for each thing that may be filtered by."""
        chosen = dict(self.asked.only)
        names = ["province", *BY]
        return [
            {
                "name": name, "label": dimensions.BY_NAME[name].label, "chosen": chosen.get(name, ("",))[0],
                "codes": dimensions.BY_NAME[name].codes(self.code),
            } for name in names
        ]

    @property
    def place_heading(self) -> list:
        return [dimensions.BY_NAME[self.asked.to].label]

    @property
    def third_heading(self) -> list:
        return [dimensions.BY_NAME[self.asked.by].label]

    @property
    def way_headings(self) -> list:
        return [dimensions.BY_NAME[self.origin].label, *self.place_heading, *self.third_heading]

    def bys(self) -> list[tuple[str, str]]:
        return [(name, dimensions.BY_NAME[name].label) for name in BY]

    @property
    def table_url(self) -> str:
        """The matrix as a table of one's own, to be laid out anew, written to a file or saved."""
        asked = {"when": str(self.month), "area": self.code, "rows": self.origin, "columns": self.asked.to, "measure": "away"}
        return reverse("tables") + "?" + urlencode(asked | {f"f.{name}": codes[0] for name, codes in self.asked.only})

    def names_url(self, **codes: str) -> str:
        if not self.sees_people:
            return ""
        only = {name: chosen[0] for name, chosen in self.asked.only}
        return reverse("analysis_names", args=[self.code, self.month]) + "?" + urlencode({"of": "away", **only, **codes})


def _sums(found: dict[tuple, int], station: int) -> Counter:
    sums: Counter = Counter()
    for way, n in found.items():
        sums[way[station]] += n
    return sums


# For who may not see people.

OWN = ("away.county", "away.prefecture", "away.province")
Place = tuple[str, str]


def hidden_in_county(county: str, month: Month) -> tuple[dict[Place, int], dict[Place, str]]:
    """{(county or township, destination): persons}, "" for all; and the marks of the cells that are hidden.

    The page of the totals tells those away, their regions, and of the county the destinations: what it shows or hides
    is shown or hidden here.
    """
    pairs = counted(Question(MONTH, county, month, ("township", "province"), (), (), "away"))
    by_place = dict(_sums(pairs, 1).most_common())
    figures = history(county, month, month, at=9) | history(county, month, month, at=6)
    by_code = {code: row for (_month, code), row in figures.items()}
    marks = comparing.small_numbers(county, month)
    seen = destinations.hide(by_place, by_code.get(county, {}), county[:2], lambda key: (month, county, key) in marks)
    already = {(county, place): value for place, value in seen.items() if isinstance(value, str)}
    already |= {(code, "" if key == "away" else key): mark for (when, code, key), mark in marks.items() if when == month}
    values, lines = _equations(county, pairs, by_code)
    shown = [*((county, place) for place in by_place), *(cell for cell in values if not cell[1] or cell[1] in BY_KEY)]
    return values, suppression.hide_cells(values, lines, {cell: already[cell] for cell in already if cell in values}, shown)


def _equations(county: str, pairs, by_code):
    """The cells, and the lines that tie them."""
    origins = sorted({code for code in by_code if len(code) == 9} | {origin for origin, _place in pairs})
    sums, places = _sums(pairs, 0), list(_sums(pairs, 1))
    values = {(origin, place): pairs.get((origin, place), 0) for origin in origins for place in places}
    values |= {(origin, ""): sums[origin] for origin in origins}
    values |= {(county, place): n for place, n in _sums(pairs, 1).items()} | {(county, ""): sum(pairs.values())}
    lines = [[(1, (row, "")), *((-1, (row, place)) for place in places)] for row in [*origins, county]]
    lines += [[(1, (county, key)), *((-1, (origin, key)) for origin in origins)] for key in ["", *places]]
    for row in [*origins, county]:
        for whole, parts in _regions(places, county[:2]):
            values |= {(row, key): by_code[row][key] or 0 for key in whole if row in by_code}
            line = [*((1, (row, key)) for key in whole), *((-1, (row, place)) for place in parts)]
            if row in by_code and sum(sign * values[cell] for sign, cell in line) == 0:
                lines.append(line if len(whole) == 1 else [(-sign, cell) for sign, cell in reversed(line)])
    return values, lines


def _regions(places: list[str], home: str) -> list[tuple[tuple[str, ...], list[str]]]:
    """Figures of the totals, and the destinations that sum to them."""
    found = [(OWN if not whole else (whole,), [place for place in places if destinations.whole_of(place, home) == whole])
             for whole in destinations.WHOLES]
    return [(whole, parts) for whole, parts in found if parts]
