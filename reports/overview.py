"""What the page of an area's month shows: tiles, trend, parts, destinations, and every figure beside other months."""

from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from laborreg import charts, lunar
from laborreg.months import Month
from laborreg.rounding import whole
from laborreg.templatetags.registry import number, percent
from officers.models import Officer
from reports import comparing, derived, destinations, layout, readings, totals
from reports.boundaries import Boundaries
from reports.comparing import Change, Figured, Points, Value
from reports.models import APPROVED, DRAFT, LOCKED, SUBMITTED
from reports.progress import Progress, progress_by, tag
from villages.areas import children
from workers.ledger import BY_KEY


@dataclass(frozen=True)
class Tile:
    """A key figure with its changes and its last twelve months. A share is between 0 and 1 and changes by points."""

    key: str
    label: str
    value: Value | float
    unit: str
    url: str
    month_change: Change | Points | None
    year_change: Change | Points | None
    spark: str

    @property
    def text(self) -> str:
        return percent(self.value) if isinstance(self.value, float) else number(self.value)

    @property
    def changes(self) -> list[dict]:
        """For the tile part: on the same month last year, and on last month."""
        named = [(_("on last year"), self.year_change), (_("on last month"), self.month_change)]
        return [
            {"label": label, "value": text, "direction": change.direction}
            for label, change in named if change and (text := _moved(change))
        ]


def _moved(change: Change | Points) -> str:
    """By how much, without the sign: the arrow has it. Nothing where there is nothing to divide by."""
    if isinstance(change, Points):
        return change.text
    return "" if change.share is None else change.percent


@dataclass(frozen=True)
class Part:
    """A township or village of the area: how far it is, and what it adds."""

    area: object
    url: str
    progress: Progress
    away: Value
    away_bar: str
    completeness_bar: str
    year_change: Change | None
    left: Value
    came_home: Value
    transferred: Value
    share: float | None
    income_a_head: int | None
    rank: int | None = None

    @property
    def state(self) -> dict:
        return state_of(self.area, self.progress)


def state_of(area, progress: Progress) -> dict:
    """As a tag: of a village its return's, of a township how far it is."""
    return progress.state_of_village if area.level == "village" else progress.state


@dataclass(frozen=True)
class Line:
    """A figure in the month, beside last month and the same month last year."""

    label: str
    key: str = ""
    is_part: bool = False
    is_whole: bool = False
    is_money: bool = False
    is_signed: bool = False
    now: Value = None
    before: Value = None
    change: Change | None = None
    a_year_before: Value = None
    year_change: Change | None = None
    this_year: Value = None
    url: str = ""

    @property
    def now_text(self) -> str:
        if not isinstance(self.now, int):
            return self.now or "–"
        if not self.is_signed:
            return f"{self.now:,}"
        return f"+{self.now:,}" if self.now > 0 else f"−{-self.now:,}" if self.now < 0 else "0"


def part_length(code: str, officer) -> int | None:
    """How long the codes of an area's parts are; None where the officer may go no deeper."""
    if len(code) == 6:
        return 9
    return 12 if len(code) == 9 and officer.may("see people") else None


class Overview:
    """An area's month for one officer. Each part of the page asks the database once, however many villages."""

    def __init__(
        self, area, month: Month, officer: Officer, boundaries: Boundaries | None = None, *,
        as_they_stand=False, is_public=False,
    ):
        """`as_they_stand`: the sum of the returns, also of a sealed month. `is_public`: for a wall, where anybody looks on."""
        self.area, self.month, self.officer = area, month, officer
        self.boundaries = boundaries or Boundaries()
        self.as_they_stand, self.is_public = as_they_stand, is_public
        self.code = area.code
        self.total = totals.totals(self.code, month, as_they_stand=as_they_stand)
        # Of every month that stands on the page: the trend goes back two years.
        self.marks = {} if self.sees_names else comparing.small_numbers(self.code[:6], month, month.plus(-23))
        incomplete = {self.code} if self.total.missing else set()
        self.seen = self._figured(comparing.of_area(self.total, self.boundaries.added), at=len(self.code), incomplete=incomplete)

    def _figured(self, figures, *, at: int, incomplete: set[str]) -> Figured:
        """While villages are missing, the others are compared with themselves.

        Not for who may not see people: beside last month's full total it would tell what the missing ones filed, so
        nothing is compared.
        """
        if not self.total.missing or len(self.code) == 12:
            return Figured(figures, self.marks)
        if self.sees_names:
            alike = self._alike_parts if at == self.part_length else comparing.added(self._alike_parts, self.code)
            return Figured(figures, self.marks, alike, is_sealed=bool(self.total.sealed))
        return Figured(figures, self.marks, incomplete=frozenset(incomplete), is_sealed=bool(self.total.sealed))

    @cached_property
    def _alike_parts(self) -> dict:
        return comparing.same_villages(self.code, self.month, at=self.part_length or len(self.code))

    @property
    def _county(self):
        area = self.area
        return area if area.level == "county" else area.county if area.level == "township" else area.township.county

    @property
    def sees_names(self) -> bool:
        return not self.is_public and self.officer.may("see people")

    @property
    def part_length(self) -> int | None:
        return part_length(self.code, self.officer)

    @property
    def query(self) -> str:
        """What an address says of the reading and the boundaries that this page shows."""
        told = {"of": readings.RETURNS if self.as_they_stand else "", "boundaries": "now" if self.boundaries.is_now else ""}
        said = urlencode({name: value for name, value in told.items() if value})
        return f"?{said}" if said else ""

    @cached_property
    def progress(self) -> dict[str, Progress]:
        return progress_by(self.code, self.month, at=self.part_length) if self.part_length else {}

    @cached_property
    def seen_parts(self) -> Figured:
        figures = comparing.of_parts(self.code, self.month, at=self.part_length)
        if self.as_they_stand:
            figures = {key: row for key, row in figures.items() if key[0] != self.month}
            standing = totals.standing_sums(self.code, self.month, at=self.part_length)
            figures |= {(self.month, code): row for code, row in standing.items()}
        incomplete = {code for code, progress in self.progress.items() if progress.missing}
        return self._figured(figures, at=self.part_length, incomplete=incomplete)

    def compares_typed(self, first: Month) -> bool:
        """Whether figures from before the county's first month stand on the page: typed, not backed by names."""
        shown = [*self.seen.figures, *(self.seen_parts.figures if self.part_length else ())]
        return any(month < first for month, _code in shown)

    @cached_property
    def part_areas(self) -> list:
        """The areas directly below that file, or that filed in the month."""
        if not self.part_length:
            return []
        there = {code for code, progress in self.progress.items() if progress.expected or progress.received}
        return [area for area in children(self.area) if area.code in there]

    @property
    def state(self) -> dict:
        """Of a village, where its return is, as a tag."""
        total = self.total
        state = LOCKED if total.locked else APPROVED if total.approved else SUBMITTED if total.received else DRAFT
        return tag(state)

    def differs_from_the_seal(self) -> dict:
        """Those away as sealed and as the returns stand, and how many figures are not the same."""
        sealed = totals.totals(self.code, self.month).figures
        unlike = [key for key in sealed if sealed[key] != self.total.figures[key]]
        return {"sealed": sealed["away"], "now": self.total.figures["away"], "figures": len(unlike)}

    # The dashboard.

    @cached_property
    def months(self) -> list[Month]:
        return self.month.since(self.month.plus(-11))

    def tiles(self) -> list[Tile]:
        return [
            self._tile("away", str(BY_KEY["away"].label)),
            self._tile("away.other_province", _("of them in other provinces")),
            self._tile("came_home", _("Came home this month")),
            *(self._share_tile(*asked) for asked in self._shares()),
            self._income_tile(),
        ]

    def _shares(self) -> list[tuple]:
        """Words, how it is worked out, and the figure behind it."""
        return [
            (_("Share of the labor force transferred"), derived.share_transferred, "transferred.in_force"),
            (_("Degree of organization"), derived.degree_of_organization, "trips.organized"),
            (_("Names behind those away"), derived.names_behind, "unnamed"),
        ]

    def _tile(self, key, label) -> Tile:
        return Tile(
            key, label, self.seen.value(self.month, self.code, key), layout.unit_of(key), self.drill_url(key),
            self.seen.change(self.month, self.month.previous, self.code, key),
            self.seen.change(self.month, self.month.a_year_before, self.code, key),
            self._spark([self.seen.value(month, self.code, key) for month in self.months], label),
        )

    def _share_tile(self, label, work_out, key) -> Tile:
        now, before = self._derived(work_out)
        changes = [comparing.points(now, then) for then in before]
        past = [self.seen.derived(work_out, month, self.code) for month in self.months]
        return Tile("", label, now, "", self.drill_url(key), *changes, self._spark(past, label))

    def _income_tile(self) -> Tile:
        per_person, label = derived.income_per_person, _("Income per head this year")
        now, before = self._derived(per_person)
        past = [self.seen.derived(per_person, month, self.code) for month in self.months]
        changes = [comparing.change(whole(now), whole(then)) for then in before]
        return Tile("", label, whole(now), _("yuan"), self.drill_url("income"), *changes, self._spark(past, label))

    def _derived(self, work_out) -> tuple[float | None, list[float | None]]:
        """In the month; a month before and a year before, for as many villages."""
        before = [
            None if self.code in self.seen.incomplete else self.seen.derived_before(work_out, month, self.code)
            for month in (self.month.previous, self.month.a_year_before)
        ]
        return self.seen.derived(work_out, self.month, self.code), before

    def _spark(self, values, label) -> str:
        known = [value if isinstance(value, (int, float)) else None for value in values]
        if sum(value is not None for value in known) < 2:
            return ""
        return charts.spark(known, label=_("%(figure)s, last twelve months") % {"figure": label})

    def trend(self) -> str:
        series, previous = self._known("away", self.months), self._years_before()
        label = _("Away at the end of each month, %(first)s to %(last)s") % {
            "first": self.months[0].label, "last": self.month.label,
        }
        festivals = lunar.festivals(self.months[0], self.month, self._county.month_of)
        marks = [(month, _("Spring Festival")) for month, _day in festivals] + self.boundaries.marks
        return charts.trend(
            series, months=self.months, label=label, previous=previous, marks=marks, href=self._month_url(series),
            notes={self.month: self.missing_words} if self.missing_words else {},
        )

    @property
    def missing_words(self) -> str:
        """How many villages the month lacks; nothing where it is complete."""
        n = self.total.missing if len(self.code) < 12 else 0
        return ngettext("%(n)d village missing", "%(n)d villages missing", n) % {"n": n} if n else ""

    def _years_before(self) -> list[int | None]:
        return self._known("away", [month.a_year_before for month in self.months])

    def _month_url(self, series):
        there = {month for month, value in zip(self.months, series, strict=True) if value is not None}
        query = "?boundaries=now" if self.boundaries.is_now else ""
        return lambda month: reverse("totals", args=[self.code, month]) + query if month in there else None

    def trend_table(self) -> list[dict]:
        return [
            {
                "month": month, "now": self.seen.value(month, self.code, "away"), "before": before,
                "note": self.missing_words if month == self.month else "",
            }
            for month, before in reversed(list(zip(self.months, self._years_before(), strict=True)))
        ]

    def _known(self, key, months) -> list[int | None]:
        """A number that is hidden, or that nobody filed, is a gap."""
        return [value if isinstance(value, int) else None for value in (self._value(month, key) for month in months)]

    def _value(self, month, key="away") -> Value:
        return self.seen.value(month, self.code, key)

    def parts(self) -> list[Part]:
        """The parts by how many are away, the most first; then, without a rank, those where villages are missing.

        Who filed nothing stands last.
        """
        known = [self.seen_parts.value(self.month, area.code, "away") for area in self.part_areas]
        largest = max((away for away in known if isinstance(away, int)), default=0)
        found = [self._part(area, largest) for area in self.part_areas]
        found.sort(key=lambda part: (
            not self._is_ranked(part), -part.away if isinstance(part.away, int) else 1, part.area.code
        ))
        return [replace(part, rank=n if self._is_ranked(part) else None) for n, part in enumerate(found, 1)]

    def _is_ranked(self, part: Part) -> bool:
        return part.away is not None and (self.total.sealed or not part.progress.missing)

    def _part(self, area, largest) -> Part:
        seen, month, code = self.seen_parts, self.month, area.code
        progress = self.progress[code]
        away = seen.value(month, code, "away")
        return Part(
            area, reverse("totals", args=[code, month]) + self.query, progress, away,
            charts.bar(away if isinstance(away, int) else 0, largest),
            charts.bar(progress.received, progress.expected, tone=progress.tone),
            seen.change(month, month.a_year_before, code, "away"),
            *(seen.value(month, code, key) for key in ("left", "came_home", "transferred")),
            seen.derived(derived.share_transferred, month, code),
            whole(seen.derived(derived.income_per_person, month, code)),
        )

    def destinations(self) -> dict:
        """Tiles of the provinces, the list behind them, and, for who may see people, from where to what work."""
        at = self.part_length or len(self.code)
        found = destinations.ways(self.code, self.month, at=at, as_they_stand=self.as_they_stand)
        by_place, figures, home = destinations.by_place(found), self.total.figures, self.code[:2]
        if not found:
            return {}
        seen = by_place if self.sees_names else destinations.hide(by_place, figures, home, self._is_hidden)
        label = _("Where those away are, by province, at the end of %(month)s") % {"month": self.month.label}
        listed = destinations.places(seen, self._value(self.month))
        return {
            "tiles": charts.tiles(seen, label=label, home=home, href=None if self.is_public else self._place_url),
            "places": [replace(place, url=self._place_url(place.code)) for place in listed],
            "flows": self._flows(found) if self.sees_names and self.part_length else "",
        }

    def _is_hidden(self, key) -> bool:
        return (self.month, self.code, key) in self.marks

    def _flows(self, found) -> str:
        names = {area.code: area.label for area in self.part_areas}
        label = _("From where to where, and to what work, at the end of %(month)s") % {"month": self.month.label}
        ribbons = destinations.ribbons(found, names)
        return charts.flows(ribbons.rows, label=label, href=lambda words: self._flow_url(ribbons.codes, words))

    def _place_url(self, place: str) -> str:
        return self._flows_url(place=place)

    def _flow_url(self, codes: list[dict[str, str]], words) -> str:
        """Behind stations of the flow chart; "others" lead nowhere."""
        part, place, section = (known.get(word) for known, word in zip(codes, words, strict=True))
        named = [word for word in words if word is not None]
        if len(named) != sum(code is not None for code in (part, place, section)):
            return ""
        return self._flows_url(part, place, section)

    def _flows_url(self, part: str | None = None, place: str | None = None, section: str | None = None) -> str:
        """The flows narrowed to a station or a way; of a part alone its own page."""
        if part and not place and not section:
            return reverse("totals", args=[part, self.month]) + self.query
        asked = {("township" if len(self.code) == 6 else "village"): part, "province": place, "section": section}
        only = urlencode({name: code for name, code in asked.items() if code})
        return f"{reverse('flows', args=[self.code, self.month])}?{only}"

    # Every figure.

    def equation(self) -> list[dict]:
        """opening + left − came home ± moved ± late = away; of the last two, what is 0 is left out."""
        terms = [("", "opening", _("Beginning")), ("+", "left", _("left")), ("−", "came_home", _("came home"))]
        terms += [
            ("+", key, label) for key, label in (("moved", _("moved")), ("late", _("late")))
            if self._value(self.month, key) not in (0, None)
        ]
        return [self._term(*term) for term in [*terms, ("=", "away", _("Away at the end"))]]

    def _term(self, sign, key, label) -> dict:
        value = self._value(self.month, key)
        if isinstance(value, int):
            sign, value = ("−", -value) if sign == "+" and value < 0 else (sign, value)
            value = f"{value:,}"
        url = self.drill_url(key) if value is not None else ""
        return {"sign": sign, "value": value or "–", "label": label, "url": url}

    def cards(self) -> list[dict]:
        return [
            {"title": card.title, "lines": [self._line(row) for row in layout.rows(card)]} for card in layout.CARDS
        ]

    def _line(self, row: layout.Row) -> Line:
        if not row.key:
            return Line(row.label)
        seen, month, code, key = self.seen, self.month, self.code, row.key
        return Line(
            row.label, key, row.is_part, row.is_whole, row.is_money, row.is_signed, seen.value(month, code, key),
            seen.before(month.previous, code, key), seen.change(month, month.previous, code, key),
            seen.before(month.a_year_before, code, key), seen.change(month, month.a_year_before, code, key),
            seen.this_year(month, code, key), self.drill_url(key),
        )

    def drill_url(self, key, part: str | None = None) -> str:
        """Behind a figure of the area, or of a part of it."""
        code = part or self.code
        if len(code) == 12:
            return reverse("cell", args=[code, self.month, key])
        return reverse("drill", args=[code, self.month, key]) + self.query if part_length(code, self.officer) else ""
