"""Every figure, defined once: what one line or one event adds to it. docs/indicators.md tells each in a sentence.

A *line* is what the ledger says of one person (or unnamed group) of a village on the last day of a month; an *event*
is what happened to one in the month. The share of a line or event in a figure is an integer; a figure is the sum of
its shares (`opening` alone is the sum of the version it names).
"""

from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import Any

from django.utils.translation import gettext_lazy as _

from workers.regions import REGIONS

STOCK, FLOW, YEAR = "stock", "flow", "year"
PERSONS, TIMES, YUAN = "p", "t", "y"

ORGANIZED = {"government", "agency", "broker", "point"}


def channel_class(channel: str) -> str:
    if not channel:
        return "channel_unknown"
    return "organized" if channel in ORGANIZED else "self"


def sector_of(section: str) -> str:
    """The three industries by GB/T 4754 section: A; B–E; F–T."""
    if not section:
        return "sector_unknown"
    return "primary" if section == "A" else "secondary" if section <= "E" else "tertiary"


def age_band(age: int | None) -> str:
    if age is None:
        return ""
    for limit, band in ((26, "under_26"), (41, "26_40"), (51, "41_50"), (61, "51_60")):
        if age < limit:
            return band
    return "over_60"


@dataclass(slots=True)
class Line:
    """One person or unnamed group in one village on the last day L of a month, and their year up to L."""

    key: tuple[str, int]
    village: str
    name: str = ""
    persons: int = 1
    is_group: bool = False
    # away, local, home: registered here on L; gone: was, and the year still counts here
    state: str = "home"
    region: str = ""
    destination: str = ""
    sex: str = ""
    age: int | None = None
    age_band: str = ""
    education: str = ""
    skill: str = ""
    household: int | None = None
    group_name: str = ""
    section: str = ""
    job: str = ""
    form: str = ""
    channel: str = ""
    bearer: str = ""
    pay: int | None = None
    started_on: Any = None
    transfer: int | None = None
    relieved: bool = False
    monitored: bool = False
    in_labor_force: bool = False
    wants_to_go: bool | None = None
    stands_for_household: bool = False
    stands_for_household_away: bool = False
    home_plan: str = ""
    trips: dict[str, int] = field(default_factory=dict)
    trips_short: int = 0
    transferred_times: int = 0
    transferred_region: str = ""
    transferred_first: bool = False
    transferred_own_business: bool = False
    transferred_relieved: bool = False
    income_month: int = 0
    income: int = 0
    # What `shares` found, so that counting, freezing and sealing with a hash ask once.
    found: dict | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def is_away(self) -> bool:
        return self.state == "away"

    @property
    def works(self) -> bool:
        return self.state in ("away", "local")


LEFT, CAME_HOME, MOVED = "left", "came_home", "moved"


@dataclass(slots=True)
class Event:
    """What happened to one person or group, or what came late: `amount` in persons, times or yuan, signed."""

    kind: str
    key: tuple[str, int]
    village: str
    name: str = ""
    on: Any = None
    # The report month that a late event concerns; the month itself for the others.
    month: Any = None
    amount: int = 1
    persons: int = 1
    is_first: bool = False
    is_again: bool = False
    region: str = ""
    reason: str = ""
    transfer: int | None = None
    found: dict | None = field(default=None, init=False, repr=False, compare=False)


@dataclass(frozen=True)
class Figure:
    """A figure's key, kind, unit and words; `counts` gives the share of one line or event."""

    key: str
    kind: str
    unit: str
    label: Any
    counts: Any = None
    of: type = Line
    part_of: str | None = None
    facet: str = ""
    # Of a part: which part of the partition it is, and what names the part of a row.
    part: str = ""
    names_part: Any = None
    below: str | None = None
    signed: bool = False

    @cached_property
    def column(self) -> str:
        return self.key.replace(".", "_")

    @property
    def adds_over_months(self) -> bool:
        """Only person-times, yuan and signed flows add; persons of two months are not two sets of persons."""
        return self.kind == FLOW and (self.unit != PERSONS or self.signed)


def _stock(key, label, counts, **more):
    return Figure(key, STOCK, PERSONS, label, counts, **more)


def _year(key, label, counts, unit=PERSONS, **more):
    return Figure(key, YEAR, unit, label, counts, **more)


def _flow(key, label, kind, unit=TIMES, **more):
    return Figure(key, FLOW, unit, label, lambda e: e.amount if e.kind == kind else 0, of=Event, **more)


def _parts(whole: Figure, facet: str, labels: dict, part_of) -> list[Figure]:
    """A partition: `part_of` names the part of each line or event that has a share in the whole."""
    return [
        Figure(f"{whole.key}.{part}", whole.kind, whole.unit, label, of=whole.of, part_of=whole.key, facet=facet,
               part=part, names_part=part_of)
        for part, label in labels.items()
    ]


def _came_from(event) -> str:
    return {"county": "from_county", "other_province": "from_other_province", "abroad": "from_abroad"}.get(
        event.region, "from_province"
    )


_away_regions = {key: label for key, label in REGIONS.items() if key != "township"}
_channels = {"organized": _("Organized"), "self": _("On their own"), "channel_unknown": _("Channel not known")}

_away = _stock("away", _("Away at the end of the month"), lambda line: line.persons if line.is_away else 0)
_trips = _year("trips", _("Person-times this year"), lambda line: line.persons * sum(line.trips.values()), TIMES)
_transferred = _year(
    "transferred", _("Persons transferred this year"), lambda line: line.persons if line.transferred_times else 0
)
_came_home = _flow("came_home", _("Came home (times)"), CAME_HOME)
_home = _stock("home", _("Came home and stayed"), lambda line: 1 if line.home_plan else 0)

FIGURES: list[Figure] = [
    _stock("households", _("Households"), lambda line: int(line.stands_for_household)),
    _stock("households.with_away", _("of them with a member at work"),
           lambda line: int(line.stands_for_household_away), below="households"),
    _stock("labor_force", _("Labor force"), lambda line: int(line.in_labor_force)),
    _stock("willing", _("of them at home and wanting to go"),
           lambda line: int(line.in_labor_force and not line.works and line.wants_to_go is True), below="labor_force"),
    Figure("opening", STOCK, PERSONS, _("Away at the beginning of the month")),
    _flow("left", _("Left (times)"), LEFT),
    Figure("left_persons", FLOW, PERSONS, _("Left (persons)"),
           lambda e: e.persons if e.kind == LEFT and e.is_first else 0, of=Event, below="left"),
    _came_home,
    Figure("came_home_persons", FLOW, PERSONS, _("Came home (persons)"),
           lambda e: e.persons if e.kind == CAME_HOME and e.is_first else 0, of=Event, below="came_home"),
    _flow("moved", _("Moved in or out while away"), MOVED, signed=True),
    _flow("late", _("Recorded late"), "late", PERSONS, signed=True),
    _away,
    *_parts(_away, "region", _away_regions, lambda line: line.region),
    *_parts(_away, "sex", {"male": _("Men"), "female": _("Women"), "sex_unknown": _("Sex not known")},
            lambda line: line.sex or "sex_unknown"),
    *_parts(_away, "age", {
        "age_under_26": _("Under 26"), "age_26_40": _("26 to 40"), "age_41_50": _("41 to 50"),
        "age_51_60": _("51 to 60"), "age_over_60": _("Over 60"), "age_unknown": _("Age not known"),
    }, lambda line: f"age_{line.age_band or 'unknown'}"),
    *_parts(_away, "sector", {
        "primary": _("Primary sector"), "secondary": _("Secondary sector"), "tertiary": _("Tertiary sector"),
        "sector_unknown": _("Sector not known"),
    }, lambda line: sector_of(line.section)),
    *_parts(_away, "channel", _channels, lambda line: channel_class(line.channel)),
    _stock("away.relieved", _("from households lifted from poverty"),
           lambda line: line.persons if line.is_away and line.relieved else 0, below="away"),
    _stock("away.monitored", _("from households under monitoring"),
           lambda line: line.persons if line.is_away and line.monitored else 0, below="away"),
    _stock("unnamed", _("not yet named"),
           lambda line: line.persons if line.is_away and line.is_group else 0, below="away"),
    _stock("local", _("Working in their own township"), lambda line: line.persons if line.state == "local" else 0),
    _trips,
    *[
        _year(f"trips.{part}", label, lambda line, part=part: line.persons * line.trips.get(part, 0), TIMES,
              part_of="trips", facet="channel")
        for part, label in _channels.items()
    ],
    _year("trips.short", _("over before they counted"), lambda line: line.persons * line.trips_short, TIMES, below="trips"),
    _transferred,
    _year("transferred_times", _("Counting person-times this year"),
          lambda line: line.persons * line.transferred_times, TIMES, below="trips"),
    *_parts(_transferred, "region", REGIONS, lambda line: line.transferred_region),
    _year("transferred.first", _("for the first time"),
          lambda line: line.persons if line.transferred_times and line.transferred_first else 0, below="transferred"),
    _year("transferred.own_business", _("with their own business"),
          lambda line: line.persons if line.transferred_times and line.transferred_own_business else 0, below="transferred"),
    _year("transferred.in_force", _("still in the labor force"),
          lambda line: int(bool(line.transferred_times and line.in_labor_force)), below="transferred"),
    _year("transferred.relieved", _("from households lifted from poverty"),
          lambda line: line.persons if line.transferred_times and line.transferred_relieved else 0, below="transferred"),
    Figure("income_month", FLOW, YUAN, _("Labor income of the month"), lambda line: line.income_month),
    _year("income", _("Labor income this year"), lambda line: line.income, YUAN),
    _stock("pay_missing", _("at work, pay not known"),
           lambda line: line.persons if line.works and line.pay is None else 0),
    _flow("late.left", _("Left in earlier months, recorded late"), "late.left", signed=True),
    _flow("late.came_home", _("Came home in earlier months, recorded late"), "late.came_home", signed=True),
    _flow("late.income", _("Income of earlier months, recorded late"), "late.income", YUAN, signed=True),
    *_parts(_came_home, "origin", {
        "from_county": _("from the own county"), "from_province": _("from the own province"),
        "from_other_province": _("from another province"), "from_abroad": _("from abroad"),
    }, _came_from),
    *_parts(_came_home, "reason", {
        "reason_festival": _("Festival or family visit"), "reason_season_over": _("Season over or farm work"),
        "reason_laid_off": _("Laid off, or the firm stopped"), "reason_contract_over": _("Contract over"),
        "reason_low_or_unpaid": _("Low or unpaid wages"), "reason_family": _("To look after the family"),
        "reason_illness": _("Illness or injury"), "reason_own_business": _("To start a business at home"),
        "reason_other": _("Another reason, or none told"),
    }, lambda event: f"reason_{event.reason or 'other'}"),
    _home,
    *_parts(_home, "plan", {
        "local_work": _("Works near home"), "own_business": _("Runs a business at home"), "farming": _("Farms"),
        "training": _("In training"), "seeking": _("Looks for work"), "not_seeking": _("Does not look for work"),
    }, lambda line: line.home_plan),
    Figure("left_again", FLOW, TIMES, _("Left again after coming home"),
           lambda e: e.amount if e.kind == LEFT and e.is_again else 0, of=Event, below="left"),
]

KEYS = [figure.key for figure in FIGURES]
BY_KEY = {figure.key: figure for figure in FIGURES}


def _wholes(of: type) -> list[tuple[Figure, list[tuple[Any, dict[str, str]]], list[Figure]]]:
    """Figures that are no part of another; with each its partitions (what names the part, part → key), other parts."""
    found = []
    for whole in FIGURES:
        if not whole.counts or whole.of is not of or whole.part_of:
            continue
        parts = [part for part in FIGURES if part.part_of == whole.key]
        partitions: dict[Any, dict[str, str]] = {}
        for part in parts:
            if part.names_part:
                partitions.setdefault(part.names_part, {})[part.part] = part.key
        found.append((whole, list(partitions.items()), [part for part in parts if not part.names_part]))
    return found


_counted = {of: _wholes(of) for of in (Line, Event)}


def shares(row: Line | Event) -> dict[str, int]:
    """The share of a line or an event in every figure that it enters: {key: integer}, zeros left out.

    The first answer stays with the row: ask when the row is complete.
    """
    if row.found is None:
        row.found = _shares_of_line(row) if isinstance(row, Line) else _shares(row)
    return row.found


# What a figure may ask of a line, beside yuan: lines that agree in it have the same shares.
_alike = attrgetter(
    "persons", "is_group", "state", "region", "sex", "age_band", "section", "channel", "relieved", "monitored",
    "in_labor_force", "wants_to_go", "stands_for_household", "stands_for_household_away", "home_plan", "trips_short",
    "transferred_times", "transferred_region", "transferred_first", "transferred_own_business", "transferred_relieved",
)
_known: dict[tuple, dict[str, int]] = {}
MOST_KNOWN = 10_000


def _shares_of_line(line: Line) -> dict[str, int]:
    """Thousands of lines are alike but for their yuan: each kind is looked at once."""
    alike = (_alike(line), line.pay is None, *line.trips.items())
    if (found := _known.get(alike)) is None:
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        found = _known[alike] = {key: share for key, share in _shares(line).items() if BY_KEY[key].unit != YUAN}
    if not line.income:
        return found
    return found | {key: share for key, share in (("income_month", line.income_month), ("income", line.income)) if share}


def _shares(row) -> dict[str, int]:
    found = {}
    for figure, partitions, parts in _counted[type(row)]:
        if share := figure.counts(row):
            found[figure.key] = share
            for names_part, keys in partitions:
                if key := keys.get(names_part(row)):
                    found[key] = share
            for part in parts:
                if amount := part.counts(row):
                    found[part.key] = amount
    return found


def partitions() -> list[tuple[str, list[str]]]:
    """(whole, its parts) for every "parts =" of the definitions, one partition each."""
    groups: dict[tuple[str, str], list[str]] = {}
    for figure in FIGURES:
        if figure.part_of:
            groups.setdefault((figure.part_of, figure.facet), []).append(figure.key)
    return [(whole, parts) for (whole, _facet), parts in groups.items()]
