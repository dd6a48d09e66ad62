"""What may be written in a cell: `{{away}}`, `{{away@last_month}}`, `{{income|10000|2}}`, words, and the mark of a repeated row.

A key is a name; `dimension=codes` behind it count some only; `@` and a time compare it; `|` and a number divide it, a
second one rounds it. Nothing here asks the database.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from laborreg.refusals import Refusal
from reports import derived
from reports.models import Target
from reports.tables.dimensions import DIMENSIONS
from reports.tables.measures import BY_NAME as MEASURES_BY_NAME
from reports.tables.measures import MEASURES
from reports.targets import KINDS
from workers.ledger import BY_KEY, FIGURES, YEAR

FIGURE, DERIVED, COUNT, WORD, ROW, TARGET = "figure", "derived", "count", "word", "row", "target"
GROUPS = {
    FIGURE: _("Figures of the ledger"), DERIVED: _("Worked out from figures"), COUNT: _("Counts that are no figures"),
    TARGET: _("Targets of the year"), WORD: _("Place, time and completeness"), ROW: _("Of a repeated row"),
}
LAST_MONTH, A_YEAR_BEFORE, THIS_YEAR = "last_month", "a_year_before", "this_year"
CHANGE, CHANGE_ON_YEAR, GROWTH, GROWTH_ON_YEAR = "change", "change_on_year", "growth", "growth_on_year"
WHENS = {
    LAST_MONTH: _("last month"),
    A_YEAR_BEFORE: _("same month last year"),
    CHANGE: _("change on last month"),
    CHANGE_ON_YEAR: _("change on the same month last year"),
    GROWTH: _("change on last month as a share of it"),
    GROWTH_ON_YEAR: _("change on the same month last year as a share of it"),
    THIS_YEAR: _("this year up to the month"),
}
SHARES = {GROWTH, GROWTH_ON_YEAR}
MARKS = {"each township": "township", "每个乡镇": "township", "each village": "village", "每个村": "village"}

_BRACES = re.compile(r"[{｛]{2}(.*?)[}｝]{2}", re.DOTALL)
_OPEN = re.compile(r"[{｛]{2}|[}｝]{2}")
_KEY = re.compile(r"([^@|]+)(?:@([^@|]*))?(?:\|([^@|]*))?(?:\|([^@|]*))?")
_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,4})?")
LONGEST = 120


@dataclass(frozen=True)
class Key:
    """`is_share`: a part of one, 0.123 for 12.3 %."""

    name: str
    label: Any
    group: str
    is_share: bool = False

    @property
    def whens(self) -> list[str]:
        if self.group in (DERIVED, COUNT):
            return [LAST_MONTH, A_YEAR_BEFORE]
        if self.group != FIGURE:
            return []
        figure = BY_KEY[self.name]
        adds = figure.kind == YEAR or figure.adds_over_months
        return [when for when in WHENS if when != THIS_YEAR or adds]


@dataclass(frozen=True)
class Ask:
    """A key as a cell asks for it."""

    key: Key
    # Only those of them: ((dimension, codes), …) of the tables.
    where: tuple = ()
    when: str = ""
    divisor: float = 1
    decimals: int | None = None

    @property
    def written(self) -> str:
        found = " ".join([self.key.name, *(f"{name}={','.join(codes)}" for name, codes in self.where)])
        found += f"@{self.when}" if self.when else ""
        found += f"|{self.divisor:g}" if self.divisor != 1 or self.decimals is not None else ""
        return found + (f"|{self.decimals}" if self.decimals is not None else "")

    @property
    def label(self) -> str:
        found = label_of(self.key)
        for name, codes in self.where:
            known = narrowing()[name]
            found = _now("%(figure)s, %(when)s") % {
                "figure": found, "when": _now(", ").join(str(known[code]) for code in codes)
            }
        return _now("%(figure)s, %(when)s") % {"figure": found, "when": WHENS[self.when]} if self.when else found

    @property
    def is_share(self) -> bool:
        return self.key.is_share or self.when in SHARES


@dataclass(frozen=True)
class Said:
    """What a cell says: texts and keys in their order, and what its row is repeated for."""

    pieces: tuple
    repeats: str = ""

    @property
    def asks(self) -> list[Ask]:
        return [piece for piece in self.pieces if isinstance(piece, Ask)]

    @property
    def alone(self) -> Ask | None:
        """The one key, where the cell holds nothing else: its value may be a number."""
        pieces = [piece for piece in self.pieces if isinstance(piece, Ask) or piece.strip()]
        return pieces[0] if len(pieces) == 1 and isinstance(pieces[0], Ask) else None


class Unread(Refusal):
    """What stands in the braces is no key."""


DERIVED_BY_NAME = {
    "share_transferred": (derived.share_transferred, _("Share of the labor force transferred"), True),
    "degree_of_organization": (derived.degree_of_organization, _("Degree of organization"), True),
    "income_per_person": (derived.income_per_person, _("Income of this year per transferred person, yuan"), False),
    "income_per_trip": (derived.income_per_trip, _("Income of this year per person-time, yuan"), False),
    "names_behind": (derived.names_behind, _("Share of those away who are named"), True),
}
WORDS = {
    "area": _("Name of the area"), "county": _("Name of the county"), "code": _("Code of the area"),
    "year": _("Year, as a number"), "month": _("Month, as a number: 10; in a title rather {{period}}"),
    "period": _("Report month, such as 2026年10月"),
    "first_day": _("First day of the report month"), "last_day": _("Last day of the report month"),
    "filled_by": _("Name of the officer who fills it"), "date": _("Day on which it is filled"),
    "status": _("Whether the figures are provisional or sealed"),
    "villages_in": _("Villages that are in"), "villages_expected": _("Villages expected"),
}
OF_A_TARGET = {"target": _("target of the year"), "done": _("done up to the month"), "rate": _("share done")}
ROWS = {"row": _("Number of the row, from 1"), "part.name": _("Name of the township or village"), "part.code": _("Its code")}


@cache
def keys() -> dict[str, Key]:
    """Every key by its name, in the order of the list."""
    found = [Key(figure.key, figure.label, FIGURE) for figure in FIGURES]
    found += [Key(name, label, DERIVED, share) for name, (_work_out, label, share) in DERIVED_BY_NAME.items()]
    found += [Key(each.name, each.label, COUNT) for each in MEASURES if each.name not in BY_KEY and not each.is_mean]
    found += [Key(f"{what}.{kind}", label, TARGET, what == "rate") for kind in KINDS for what, label in OF_A_TARGET.items()]
    found += [Key(name, label, WORD) for name, label in WORDS.items()]
    found += [Key(name, label, ROW) for name, label in ROWS.items()]
    return {key.name: key for key in found}


def narrowing() -> dict[str, dict[str, Any]]:
    """{dimension: {code: label}} of what a count may be narrowed by; places below the county are rows of their own."""
    return {each.name: dict(each.codes("")) for each in DIMENSIONS if each.name not in ("township", "village")}


@cache
def _codes() -> dict[str, dict[str, str]]:
    """The same codes, whatever their letters' case."""
    return {name: {code.casefold(): code for code in codes} for name, codes in narrowing().items()}


def label_of(key: Key) -> str:
    """A part's label says of what it is a part, a target's which."""
    if key.group == TARGET:
        kind = dict(Target.KINDS)[key.name.partition(".")[2]]
        return _now("%(whole)s: %(part)s") % {"whole": kind, "part": key.label}
    figure = BY_KEY.get(key.name)
    whole = BY_KEY.get((figure.part_of or figure.below or "") if figure else "")
    return _now("%(whole)s: %(part)s") % {"whole": whole.label, "part": figure.label} if whole else str(key.label)


def read(text: str) -> Said:
    """What a cell says; raises Unread for what is no key."""
    pieces, repeats, at = [], "", 0
    for found in _BRACES.finditer(text):
        pieces.append(text[at : found.start()])
        at, inside = found.end(), _plain(found[1])
        if inside in MARKS:
            repeats = _once(repeats, MARKS[inside])
        else:
            pieces.append(ask(inside))
    pieces.append(text[at:])
    if any(isinstance(piece, str) and _OPEN.search(piece) for piece in pieces):
        raise Unread(_now("The braces of a key are not closed: write {{away}}."))
    said = Said(tuple(piece for piece in pieces if piece), repeats)
    if len({each.written for each in said.asks}) < len(said.asks):
        raise Unread(_now("The same figure stands twice in this cell."))
    return said


def _once(before, repeats):
    if before:
        raise Unread(_now("The mark of a repeated row stands twice in this cell."))
    return repeats


def _plain(text) -> str:
    """Full-width signs and capitals are as good as the others."""
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


def holds_key(text: str) -> bool:
    return bool(_OPEN.search(text))


def ask(text: str) -> Ask:
    """`away@last_month|10000|2` as an Ask."""
    found = _KEY.fullmatch(_plain(text)) if len(text) <= LONGEST else None
    if not found:
        raise Unread(_now("“%(key)s” is no key.") % {"key": text[:40]})
    name, when, divisor, decimals = (part.strip() if part is not None else None for part in found.groups())
    name, *wheres = name.split()
    key = keys().get(name)
    if key is None:
        raise Unread(_unknown(name, keys()))
    where = _where(key, wheres)
    _check_when(key, when, [LAST_MONTH, A_YEAR_BEFORE] if where else key.whens)
    return Ask(key, where, when or "", _divisor(key, divisor), _decimals(decimals))


def _where(key, wheres) -> tuple:
    """`form=public_post,flexible` as (dimension, codes)."""
    if wheres and (key.name not in MEASURES_BY_NAME or MEASURES_BY_NAME[key.name].is_mean):
        raise Unread(_now("“%(key)s” cannot be counted of some people only.") % {"key": key.name})
    found = {}
    for each in wheres:
        name, _sign, codes = each.partition("=")
        known = _codes().get(name)
        if known is None:
            raise Unread(_unknown(name, _codes(), as_key=False))
        for code in codes.split(","):
            if code not in known:
                raise Unread(_unknown(f"{name}={code}", [f"{name}={one}" for one in known], as_key=False))
        found[name] = tuple(dict.fromkeys(known[code] for code in codes.split(",")))
    return tuple(found.items())


def _unknown(name: str, known: Iterable[str], *, as_key: bool = True) -> str:
    near = _nearest(name, known)
    if not near:
        return _now("There is no key “%(key)s”.") % {"key": name[:40]}
    return _now("There is no key “%(key)s”. Did you mean %(near)s?") % {
        "key": name[:40], "near": _now(" or ").join(f"{{{{{each}}}}}" if as_key else each for each in near)
    }


def _nearest(name: str, known: Iterable[str]) -> list[str]:
    """Keys that are or end with the word as it is written come before those whose letters are alike."""
    known = list(known)
    same = [each for each in known if name and name in each.split(".")]
    near = [each for each in get_close_matches(name, known, n=3, cutoff=0.4) if each not in same]
    return [*same, *near][:3]


def _check_when(key, when, known):
    if when is None or when in known:
        return
    if when in WHENS:
        raise Unread(_now("“%(key)s” has no “@%(when)s”.") % {"key": key.name, "when": when})
    raise Unread(_unknown(f"{key.name}@{when}", [f"{key.name}@{each}" for each in known]))


def _divisor(key, text) -> float:
    if text is None:
        return 1
    if key.group in (WORD, ROW) or not _NUMBER.fullmatch(text) or not float(text):
        raise Unread(_now("Behind “|” stands the number to divide by: {{income|10000}}."))
    return float(text) if "." in text else int(text)


def _decimals(text) -> int | None:
    if text is None:
        return None
    if not re.fullmatch("[0-6]", text):
        raise Unread(_now("Behind the second “|” stands the number of decimals, 0 to 6: {{income|10000|2}}."))
    return int(text)
