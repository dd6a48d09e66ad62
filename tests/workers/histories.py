"""Random villages for Hypothesis: small worlds whose dates crowd where counting goes wrong.

`worlds()` yields a World; `late_entries()` a pair of what was known earlier and what is known now.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from hypothesis import strategies as st

from laborreg.months import Month
from tests.workers.day_by_day import Rules
from workers.histories import History, Spell, Stay

VILLAGES = ("630121100200", "630121100201", "630121101200", "630121101201")

DESTINATIONS = (
    "630121100",  # the township of the first two villages
    "630121101",  # the township of the others
    "630121102",
    "630102",
    "630202",
    "632801",
    "65",
    "6501",
    "320583",
    "440306",
    "71",
    "81",
    "82",
    "JPN",
    "SAU",
)
CHANNELS = ("", "government", "agency", "broker", "point", "relatives", "own", "other")
FORMS = ("", "employed", "own_business", "flexible", "public_post")
SECTIONS = ("", *"ABCDEFGHIJKLMNOPQRST")
PAY = (None, 1, 14, 15, 16, 2999, 4500, 6001, 30000)
REASONS = (
    "",
    "festival",
    "season_over",
    "laid_off",
    "contract_over",
    "low_or_unpaid",
    "family",
    "illness",
    "own_business",
    "other",
)
PLANS = ("", "local_work", "own_business", "farming", "training", "seeking", "not_seeking")
SEXES = ("", "male", "female")
ABILITIES = ("", "ordinary", "skilled", "weak", "lost", "none")
AGE_BANDS = ("", "under_26", "26_40", "41_50", "51_60", "over_60")

FIRST_MONTH, LAST_MONTH = Month(2024, 3), Month(2026, 12)


@dataclass(frozen=True)
class Setting:
    """What the county set, valid from one month on."""

    since: Month
    start_day: int = 1
    male_min: int = 16
    male_max: int = 60
    female_min: int = 16
    female_max: int = 60
    stint_days: int = 90
    home_days: int = 183


@dataclass(frozen=True)
class Calendar:
    """The rules of every month, as `rules_of`. The oldest setting also holds before its month."""

    settings: tuple[Setting, ...] = (Setting(Month(2000, 1)),)

    def setting(self, month: Month) -> Setting:
        begun = [setting for setting in self.settings if setting.since <= month]
        return begun[-1] if begun else self.settings[0]

    def last_day(self, month: Month) -> date:
        start_day = self.setting(month).start_day
        if start_day > 1:
            return date(month.year, month.number, start_day - 1)
        return date(month.next.year, month.next.number, 1) - timedelta(days=1)

    def __call__(self, month: Month) -> Rules:
        setting = self.setting(month)
        return Rules(
            first_day=self.last_day(month.previous) + timedelta(days=1),
            last_day=self.last_day(month),
            male_min=setting.male_min,
            male_max=setting.male_max,
            female_min=setting.female_min,
            female_max=setting.female_max,
            stint_days=setting.stint_days,
            home_days=setting.home_days,
        )


CALENDAR_MONTHS = Calendar()
FROM_THE_21ST = Calendar((Setting(Month(2000, 1), start_day=21),))


@dataclass
class World:
    """Histories, the calendar of their county, and the month to be counted."""

    histories: list[History]
    rules_of: Calendar
    month: Month


@st.composite
def calendars(draw, month: Month) -> Calendar:
    """Either kind of report month, a change from one to the other up to the month, and other limits."""
    start_days = draw(st.sampled_from([(1,), (21,), (1, 21), (21, 1), (21, 1, 21)]))
    number = len(start_days) - 1
    changes = draw(st.lists(st.integers(-14, 0), min_size=number, max_size=number, unique=True))
    since = [Month(2000, 1), *(month.plus(n) for n in sorted(changes))]
    return Calendar(tuple(draw(_setting(*row)) for row in zip(since, start_days, strict=True)))


def _setting(since: Month, start_day: int):
    usual = st.just(Setting(since, start_day))
    other = st.builds(
        Setting,
        since=st.just(since),
        start_day=st.just(start_day),
        male_min=st.sampled_from([16, 18]),
        male_max=st.sampled_from([59, 60, 62]),
        female_min=st.sampled_from([16, 18]),
        female_max=st.sampled_from([50, 55, 60]),
        stint_days=st.sampled_from([1, 30, 90, 180]),
        home_days=st.sampled_from([1, 31, 183]),
    )
    return st.one_of(usual, usual, other)


def crowded_days(rules_of: Calendar, month: Month) -> list[date]:
    """Days on which a figure of this month changes: its edges, the year's, and the limits back from them."""
    rules = rules_of(month)
    new_year = rules_of(month.january).first_day
    edges = [rules_of(month.plus(n)).first_day for n in range(-14, 3)]
    edges += [new_year] * 3 + [rules.first_day] * 4 + [rules.last_day] * 4
    for limit in (rules.stint_days, rules.home_days):
        edges += [rules.last_day - timedelta(days=limit), rules.first_day - timedelta(days=limit)]
        edges += [new_year - timedelta(days=limit)]
    return sorted(edges)


def some_days(rules_of: Calendar, month: Month):
    """Mostly in the month, or on an edge or next to it; sometimes anywhere in two and a half years."""
    rules = rules_of(month)
    in_month = st.dates(rules.first_day - timedelta(days=1), rules.last_day + timedelta(days=1))
    near = st.builds(
        lambda edge, more: edge + timedelta(days=more),
        st.sampled_from(crowded_days(rules_of, month)),
        st.sampled_from([0, 1, -1, 2, -2]),
    )
    anywhere = st.dates(rules.last_day - timedelta(days=880), rules.last_day + timedelta(days=40))
    return st.one_of(near, near, near, in_month, in_month, anywhere)


@st.composite
def stays(draw, days, most_cuts: int = 3) -> list[Stay]:
    """Always in one village, or moves, arrivals, gaps and ends at the cuts."""
    number = draw(st.sampled_from([0, 0, *range(1, most_cuts + 1)]))
    cuts = sorted(draw(st.lists(days, min_size=number, max_size=number, unique=True)))
    edges = [None, *cuts, None]
    places = [draw(st.sampled_from([*VILLAGES, *VILLAGES, None])) for _ in edges[1:]]
    found: list[Stay] = []
    for place, from_on, to_on in zip(places, edges, edges[1:], strict=False):
        if place is None:
            continue
        if found and found[-1].village == place and found[-1].to_on == from_on:
            found[-1].to_on = to_on
        else:
            found.append(Stay(place, from_on, to_on))
    return found or [Stay(VILLAGES[0], None, None)]


@st.composite
def spell_dates(draw, days, limits: Iterable[int], most: int = 6) -> list[tuple[date, date | None]]:
    """Sorted and never overlapping; neighbors often touch, and lengths crowd around the limits."""
    cuts = sorted(draw(st.lists(days, min_size=draw(st.integers(1, most)), max_size=most, unique=True)))
    lengths = [1, 2, 29, *(limit + more for limit in limits for more in (-1, 0, 1))]
    for cut in draw(st.lists(st.sampled_from(cuts), max_size=3)):
        cuts.append(cut + timedelta(days=draw(st.sampled_from([n for n in lengths if n > 0]))))
    cuts = sorted(set(cuts))
    periods = zip(cuts, [*cuts[1:], None], strict=True)
    return [period for period in periods if draw(st.sampled_from([True, True, True, False]))]


@st.composite
def spells(draw, transfer: int, dates: list[tuple[date, date | None]]) -> list[Spell]:
    return [
        Spell(
            transfer=transfer + n,
            started_on=started_on,
            ended_on=ended_on,
            destination=draw(st.sampled_from(DESTINATIONS)),
            channel=draw(st.sampled_from(CHANNELS)),
            form=draw(st.sampled_from(FORMS)),
            section=draw(st.sampled_from(SECTIONS)),
            pay=draw(st.sampled_from(PAY)),
            reason=draw(st.sampled_from(REASONS)) if ended_on else "",
            plan=draw(st.sampled_from(PLANS)) if ended_on else "",
        )
        for n, (started_on, ended_on) in enumerate(dates)
    ]


@st.composite
def birthdays(draw, rules: Rules) -> date | None:
    """Crowded where an age band or a working age begins or ends on the last day of the month."""
    if draw(st.sampled_from([True, False, False, False, False])):
        return None
    limits = (rules.male_min, rules.male_max + 1, rules.female_max + 1)
    age = draw(st.sampled_from([*limits, 26, 41, 51, 61, 30]))
    last = rules.last_day
    birthday = date(last.year - age, last.month, min(last.day, 28))
    near = [birthday + timedelta(days=n) for n in (-1, 0, 1, 2, 3)]
    return draw(st.sampled_from([*near, date(1984, 2, 29)]))


@st.composite
def periods(draw, days) -> list[tuple[date | None, date | None]]:
    """Of a household's flag: never, always, or some half-open time."""
    start, end = sorted(draw(st.lists(days, min_size=2, max_size=2, unique=True)))
    some = [[(None, start)], [(start, None)], [(start, end)], [(None, start), (end, None)]]
    return draw(st.sampled_from([[], [(None, None)], *some]))


@st.composite
def households_before(draw, days, households) -> list[tuple[date, int | None]]:
    """Mostly none; else the ends, in order, of belonging to another household or to none."""
    number = draw(st.sampled_from([0, 0, 1, 2]))
    ends = sorted(draw(st.lists(days, min_size=number, max_size=number, unique=True)))
    return [(end, draw(st.sampled_from([None, *households]))) for end in ends]


@st.composite
def people(draw, number: int, days, rules: Rules, flags: dict) -> History:
    limits = (rules.stint_days, rules.home_days)
    dates = draw(st.one_of(st.just([]), *[spell_dates(days, limits)] * 5))
    household = draw(st.sampled_from([None, *flags]))
    relieved, monitored = flags.get(household, ([], []))
    return History(
        key=("worker", number),
        persons=1,
        is_group=False,
        sex=draw(st.sampled_from(SEXES)),
        born_on=draw(birthdays(rules)),
        age_band="",
        household=household,
        households_before=draw(households_before(days, flags)),
        ability=draw(st.sampled_from(ABILITIES[:3] * 3 + ABILITIES[3:])),
        is_student=draw(st.sampled_from([None, False, False, True])),
        wants_to_go=draw(st.sampled_from([None, False, True, True])),
        relieved=list(relieved),
        monitored=list(monitored),
        stays=draw(stays(days)),
        spells=draw(spells(number * 100, dates)),
    )


@st.composite
def groups(draw, number: int, days) -> History:
    """n persons with one first day and a destination; the rest may be unknown."""
    started_on, ended_on = sorted(draw(st.lists(days, min_size=2, max_size=2, unique=True)))
    dates = [(started_on, draw(st.sampled_from([None, ended_on])))]
    return History(
        key=("group", number),
        persons=draw(st.sampled_from([0, 1, 2, 7, 40])),
        is_group=True,
        sex=draw(st.sampled_from(SEXES)),
        born_on=None,
        age_band=draw(st.sampled_from(AGE_BANDS)),
        household=None,
        ability="",
        is_student=None,
        wants_to_go=None,
        relieved=draw(st.sampled_from([[], [(None, None)]])),
        monitored=[],
        stays=draw(stays(days, most_cuts=1)),
        spells=draw(spells(900_000 + number, dates)),
    )


@st.composite
def worlds(draw, most: int = 8) -> World:
    """Two townships with two villages each, one to eight histories, a calendar and a month."""
    month = draw(st.sampled_from(LAST_MONTH.since(FIRST_MONTH)))
    rules_of = draw(calendars(month))
    days, rules = some_days(rules_of, month), rules_of(month)
    flags = {household: (draw(periods(days)), draw(periods(days))) for household in (1, 2)}
    named = draw(st.integers(0, most - 1))
    unnamed = draw(st.integers(0 if named else 1, min(2, most - named)))
    histories = [draw(people(n, days, rules, flags)) for n in range(1, named + 1)]
    histories += [draw(groups(n, days)) for n in range(1, unnamed + 1)]
    return World(histories, rules_of, month)


@st.composite
def before_correction(draw, history: History) -> History | None:
    """What was known earlier: nobody, fewer transfers, one still open, nobody dead yet, a larger group."""
    if draw(st.integers(0, 7)) == 0:
        return None
    known = []
    for spell in history.spells:
        fate = draw(st.sampled_from(["known", "known", "missing", "open", "other pay", "other place"]))
        if fate == "missing":
            continue
        if fate == "open":
            known.append(replace(spell, ended_on=None, reason="", plan=""))
            break
        if fate == "other pay":
            spell = replace(spell, pay=draw(st.sampled_from(PAY)))
        if fate == "other place":
            spell = replace(spell, destination=draw(st.sampled_from(DESTINATIONS)))
        known.append(spell)
    lived = [replace(stay) for stay in history.stays]
    if draw(st.integers(0, 3)) == 0:
        lived[-1].to_on = None
    more = draw(st.sampled_from([0, 0, 1, 3])) if history.is_group else 0
    return replace(history, spells=known, stays=lived, persons=history.persons + more)


@st.composite
def late_entries(draw, most: int = 8) -> tuple[World, World]:
    """The same village as it was known earlier, when the months before were filed, and as it is known now."""
    now = draw(worlds(most))
    before = [known for history in now.histories if (known := draw(before_correction(history))) is not None]
    return World(before, now.rules_of, now.month), now
