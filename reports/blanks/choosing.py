"""What the pages of the blanks offer: the keys in groups, searched and with their figures; rows of the list."""

from dataclasses import dataclass

from laborreg.months import Month
from laborreg.rounding import percent, rounded
from reports import comparing, totals
from reports.blanks import keys
from reports.blanks.bindings import why_not
from reports.blanks.keys import DERIVED, DERIVED_BY_NAME, FIGURE, GROUPS, Key
from reports.comparing import Figured
from reports.models import Binding, Blank, BlankVersion, FilledBlank
from reports.tables.dimensions import DIMENSIONS
from villages.areas import MODELS

__all__ = ["figures", "groups", "listed", "narrowing", "why_not", "with_areas", "written"]


@dataclass(frozen=True)
class Offered:
    """A key with its words, and what it comes to in the month that stands beside."""

    key: Key
    label: str
    value: object = None

    @property
    def whens(self) -> list[str]:
        return self.key.whens


def groups(words: str = "", values: dict | None = None) -> list[tuple[str, list[Offered]]]:
    """(title, keys) of those whose label or name holds every word."""
    wanted = words.casefold().split()
    found: dict[str, list[Offered]] = {}
    for key in keys.keys().values():
        label = keys.label_of(key)
        if all(word in f"{label} {key.name}".casefold() for word in wanted):
            found.setdefault(key.group, []).append(Offered(key, label, (values or {}).get(key.name)))
    return [(str(GROUPS[group]), found[group]) for group in GROUPS if group in found]


def figures(county, month: Month | None, officer) -> dict[str, object]:
    """Key → what it comes to in the county, as the officer may see it; nothing where nobody filed."""
    if month is None:
        return {}
    total = totals.totals(county.code, month)
    if not total.received:
        return {}
    figured = Figured({(month, county.code): total.figures}, comparing.hidden_from(officer, county.code, month))
    found: dict[str, object] = {}
    for key in keys.keys().values():
        if key.group == FIGURE:
            found[key.name] = figured.value(month, county.code, key.name)
        elif key.group == DERIVED:
            share = figured.derived(DERIVED_BY_NAME[key.name][0], month, county.code)
            found[key.name] = None if share is None else percent(share) if key.is_share else f"{rounded(share, 2):,}"
    return found


def narrowing() -> list[tuple[str, object, list]]:
    """(name, label, its codes with labels) of what a count may be narrowed by."""
    known = keys.narrowing()
    return [(each.name, each.label, list(known[each.name].items())) for each in DIMENSIONS if each.name in known]


def written(sent) -> str:
    """The key that a form says: the figure that was clicked, or one that was written, with time and number from beside."""
    key = (sent.get("written") or "").strip() if sent.get("key", "") == "" else sent["key"]
    if not key or "@" in key or "|" in key:
        return key
    when, divisor, decimals = (sent.get(name, "").strip() for name in ("when", "divisor", "decimals"))
    key += f"@{when}" if when else ""
    return key + (f"|{divisor or 1}" if divisor or decimals else "") + (f"|{decimals}" if decimals else "")


@dataclass(frozen=True)
class Listed:
    """A blank with its newest version, how many of its cells are bound, and when it was filled last."""

    blank: Blank
    version: BlankVersion
    bound: int
    filled: FilledBlank | None


def listed(blanks) -> list[Listed]:
    """Four queries, whatever the number of blanks."""
    blanks = list(blanks)
    ids = [blank.pk for blank in blanks]
    versions = {each.blank_id: each for each in BlankVersion.objects.filter(blank__in=ids).defer("content").order_by("number")}
    clicked: dict[int, int] = {}
    for pk in Binding.objects.filter(version__in=[each.pk for each in versions.values()]).values_list("version_id", flat=True):
        clicked[pk] = clicked.get(pk, 0) + 1
    filled = {}
    rows = FilledBlank.objects.filter(version__blank__in=ids).select_related("version", "by").defer("version__content")
    for each in rows.order_by("at", "pk"):
        filled[each.version.blank_id] = each
    return [
        Listed(blank, version := versions[blank.pk], clicked.get(version.pk, 0) + len(version.written), filled.get(blank.pk))
        for blank in blanks
    ]


def with_areas(filled) -> list[tuple[FilledBlank, object]]:
    """Each with its area; one query a level."""
    rows = list(filled)
    codes = {row.area_code for row in rows}
    areas = {}
    for length, model in MODELS.items():
        if wanted := [code for code in codes if len(code) == length]:
            areas |= model.objects.in_bulk(wanted)
    return [(row, areas.get(row.area_code)) for row in rows]
