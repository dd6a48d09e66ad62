"""Where those away are, by province and line of work, summed from what was filed."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Case, F, Sum, When
from django.db.models.functions import Substr
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from laborreg import charts
from laborreg.charts.provinces import PROVINCES
from laborreg.months import Month
from reports import comparing, suppression
from reports.models import APPROVED, SUBMITTED, FiledFlow, MonthlyReturn
from villages.divisions import names_of
from villages.models import Division
from workers.codes import SECTIONS
from workers.regions import ABROAD

STANDING = Case(When(state__in=[SUBMITTED, APPROVED], then=F("newest")), default=F("counted"))
MOST = {"part": 8, "place": 7, "section": 6}
Way = tuple[str, str, str]


def ways(area: str, month: Month, *, at: int, as_they_stand: bool = False) -> dict[Way, int]:
    """{(code of the part, province or country, section): persons away} of the versions that count.

    `as_they_stand`: of the versions that `reports.totals.standing_sums` adds up.
    """
    counted = MonthlyReturn.objects.under(area).filter(month=month, counted__isnull=False)
    counted = counted.values(version=STANDING if as_they_stand else F("counted"))
    rows = FiledFlow.objects.filter(version__in=counted).values_list(
        Substr("version__village_id", 1, at), "destination", "section"
    )
    return {way: persons for *way_, persons in rows.annotate(n=Sum("persons")).order_by() for way in [tuple(way_)]}


def by_place(found: dict[Way, int]) -> dict[str, int]:
    """{province or country: persons}, the most first."""
    places: Counter[str] = Counter()
    for (_part, place, _section), persons in found.items():
        places[place] += persons
    return dict(places.most_common())


def place_name(code: str) -> str:
    name, latin = names_of(code) or (code, "")
    return Division(code=code, name=name, name_latin=latin, is_country=not code[:1].isdigit()).label


def short_name(code: str) -> str:
    """As a drawing has room for: 广东, not 广东省."""
    if code not in PROVINCES:
        return place_name(code)
    *_place, chinese, _letters, english = PROVINCES[code]
    return chinese if (get_language() or "en").startswith("zh") else english


def first_words(label: str) -> str:
    """Household services, of "Household services, repair and other services"."""
    first = label.split(",")[0].split("、")[0]
    return first if len(first) > 2 else label


@dataclass(frozen=True)
class Place:
    """A province or country of destination."""

    code: str
    name: str
    persons: int | str
    share: float | None
    bar: str
    url: str = ""


def places(seen: dict[str, int | str], away: int | str) -> list[Place]:
    """`seen` in its order; the share is one of all who are `away`, of whom nothing is told where that is hidden."""
    largest = max((n for n in seen.values() if isinstance(n, int)), default=0)
    return [Place(code, place_name(code), n, *_shown(n, away, largest)) for code, n in seen.items()]


def _shown(persons: int | str, away: int | str, largest: int) -> tuple[float | None, str]:
    """Share and bar; of a hidden number neither."""
    if isinstance(persons, str):
        return None, ""
    return persons / away if isinstance(away, int) and away else None, charts.bar(persons, largest)


WHOLES = ("away.other_province", "away.abroad", "")


def hide(found: dict[str, int], figures: dict[str, int], home: str, is_hidden) -> dict[str, int | str]:
    """With small numbers hidden, for who may not see people; those last.

    The page tells the sum of the other provinces, of the places abroad and of the own province as figures; where such
    a sum is hidden (`is_hidden(key)`), so is each of its places.
    """
    seen = dict(found)
    for whole in WHOLES:
        parts = [place for place in found if whole_of(place, home) == whole]
        told = [whole] if whole else ["away.county", "away.prefecture", "away.province"]
        if any(is_hidden(key) for key in told):
            seen |= dict.fromkeys(parts, suppression.ALSO)
        elif whole:
            values = {("", place): found[place] for place in parts} | {("", whole): figures[whole]}
            line = [(1, ("", whole)), *((-1, ("", place)) for place in parts)]
            seen |= {place: mark for (_code, place), mark in suppression.hide_cells(values, [line]).items()}
    seen.pop("away.other_province", None)
    seen.pop("away.abroad", None)
    return {place: seen[place] for place in comparing.largest_first(seen)}


def whole_of(place: str, home: str) -> str:
    """The figure of which a province or country is a part; "" for the own province."""
    if place == home:
        return ""
    return "away.abroad" if is_abroad(place) else "away.other_province"


def is_abroad(place: str) -> bool:
    return place in ABROAD or not place[:1].isdigit()


@dataclass(frozen=True)
class Ribbons:
    """Rows for the flow chart in short words, and by column the code behind each word; "others" has none."""

    rows: list[tuple[Way, int]]
    codes: list[dict[str, str]]


def ribbons(found: dict[Way, int], names: dict[str, str]) -> Ribbons:
    """What is small goes into "others", so that a column can be read."""
    sections = {code: first_words(str(label)) for code, label in SECTIONS}
    columns = list(zip(*found, strict=True))
    words_of = [(MOST["part"], names), (MOST["place"], short_name), (MOST["section"], sections)]
    folded = [_folded(column, found.values(), *how) for column, how in zip(columns, words_of, strict=True)]
    drawn: Counter[Way] = Counter()
    for *way, persons in zip(*folded, found.values(), strict=True):
        drawn[tuple(way)] += persons
    return Ribbons(list(drawn.items()), [_codes(*pair) for pair in zip(columns, folded, strict=True)])


def _codes(codes: list[str], words: list[str]) -> dict[str, str]:
    without = {_("Others"), _("Not known")}
    return {word: code for code, word in set(zip(codes, words, strict=True)) if word not in without}


def _folded(codes, persons, most, names) -> list[str]:
    sums: Counter[str] = Counter()
    for code, n in zip(codes, persons, strict=True):
        sums[code] += n
    kept = {code for code, _n in sums.most_common(most if len(sums) > most + 1 else most + 1)}
    others = _("Others")
    words = {code: _word(code, names) if code in kept else others for code in sums}
    return [words[code] for code in codes]


def _word(code, names):
    if not code:
        return _("Not known")
    return names(code) if callable(names) else names.get(code, code)
