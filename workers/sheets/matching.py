"""Which column of a file is which of ours: as the office matched it before, by heading, by synonym, by what stands below."""

import re
from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation

from laborreg import clock
from laborreg.identity import plain
from laborreg.sheets import header
from workers.models import Matching
from workers.sheets import columns
from workers.sheets.cleaning import folded

SAVED, HEADING, CONTENT = 100, 90, 60
SAMPLES = 3
# Less than this of the samples, and what stands below tells nothing.
MOST = 0.7


class Match(NamedTuple):
    """One column of the file: its place from 0, what stands there, and our column ("" for none), with how sure that is."""

    place: int
    heading: str
    samples: list[str]
    name: str
    confidence: int


def propose(headings, sample_rows, kind, saved=None) -> list[Match]:
    """A match for every column of the file; none of ours stands twice. `saved` is a Matching of the same shape."""
    if saved is not None:
        return _as_saved(headings, sample_rows, kind, saved)
    scores = _scores(headings, sample_rows, kind)
    taken = {}
    for score, place, name in sorted(scores, key=lambda each: (-each[0], each[1])):
        if place not in taken and name not in {name for name, _score in taken.values()}:
            taken[place] = name, score
    return [_match(place, heading, sample_rows, *taken.get(place, ("", 0))) for place, heading in enumerate(headings)]


def saved_for(headings, kind, place_code) -> Matching | None:
    """What this office, or one above it, kept of a header of this shape; its own comes first."""
    known = Matching.objects.filter(kind=kind, shape=header.shape(headings), place_code__in=_upwards(place_code))
    return known.order_by("-place_code").first()


def save(batch, headings, matched: dict[int, str], *, by, name="") -> Matching:
    """Keep how the office matched this shape; the newest stands."""
    facts = {
        "name": name or batch.file_name[:60], "columns": {str(place): ours for place, ours in matched.items()},
        "saved_at": clock.now(), "saved_by": by,
    }
    return Matching.objects.update_or_create(
        place_code=batch.place_code, kind=batch.kind, shape=header.shape(headings), defaults=facts
    )[0]


def as_columns(matches) -> dict[str, str]:
    """As Batch.columns keeps it: place in the sheet → name of ours."""
    return {str(match.place): match.name for match in matches if match.name}


def missing(matches, kind, place_code) -> list[str]:
    """Headings of the columns that must be matched before anything can be read."""
    return columns.missing(kind, [match.name for match in matches], one_village=len(place_code) == 12)


def _upwards(place_code) -> list[str]:
    return [place_code[:length] for length in (6, 9, 12) if length <= len(place_code)]


def _as_saved(headings, rows, kind, saved):
    known = columns.BY_NAME[kind]
    found = {int(place): name for place, name in saved.columns.items() if name in known}
    return [
        _match(place, heading, rows, found.get(place, ""), SAVED if place in found else 0)
        for place, heading in enumerate(headings)
    ]


def _match(place, heading, rows, name, confidence) -> Match:
    return Match(place, heading, _samples(place, rows), name, confidence)


def _samples(place, rows) -> list[str]:
    """Three different cells; ID numbers masked, whatever the column turns out to be."""
    found = dict.fromkeys(masked(cell) for cell in _cells(place, rows))
    return list(found)[:SAMPLES]


_LONG = re.compile(r"[0-9](?:[ .]?[0-9]){14,}[Xx]?(?:[Ee]\+?[0-9]+)?")


def masked(text) -> str:
    """With the birth date of an ID number hidden, also of one that was spaced, cut, or taken for a number."""
    return _LONG.sub(_hidden, plain(text))


def _hidden(found) -> str:
    digits = re.sub(r"[ .]", "", found[0])
    return f"{digits[:6]}********{digits[14:]}" if len(digits) == 18 else f"{digits[:6]}********"


def _cells(place, rows) -> list[str]:
    return [text for row in rows if place < len(row) and (text := str(row[place] if row[place] is not None else "").strip())]


# How sure.


def _scores(headings, rows, kind) -> list[tuple[int, int, str]]:
    names = _names(kind)
    found = []
    for place, heading in enumerate(headings):
        for text, worth in _readings(heading):
            if text in names:
                found.append((worth, place, names[text]))
            elif text in _DAY_OR_MONTHS and _share(_is_day, place, rows, kind) >= MOST:
                found.append((worth, place, "started_on"))
        found += [(worth, place, name) for name, worth in _by_content(place, rows, kind)]
    return found


def _readings(heading):
    """The heading as it stands; without what is in brackets; the last part of one that was stacked: 务工信息 务工地点."""
    text = plain(heading)
    yield folded(text), HEADING + 5
    bare = re.sub(r"[（(【\[].*?[)）】\]]|[*＊※]", "", text)
    yield folded(bare), HEADING
    parts = re.split(r"[\s/／>]+", bare.strip())
    for above, part in enumerate(reversed(parts)):
        yield folded(part), HEADING - 10 - above


def _names(kind) -> dict[str, str]:
    """Every way to head a column of ours; headings of the template first, in both languages."""
    found: dict[str, str] = {}
    for column in columns.COLUMNS[kind]:
        for heading in [*both_languages(column.heading), *column.synonyms]:
            found.setdefault(folded(heading), column.name)
    return found


def both_languages(heading) -> list[str]:
    found = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.append(str(heading))
    return found


# Since when somebody works, or for how many months: the cells tell.
_DAY_OR_MONTHS = {"务工时间", "就业时间", "工作时间", "打工时间"}
# Refused for want of its year, but no number of months.
_DAY_OF_A_YEAR = re.compile("[0-9]{1,2}月[0-9]{1,2}[日号]?")
_ID = re.compile(r"'?[0-9]{17}[0-9Xx]")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_VILLAGE = re.compile(r"[0-9]{12}|.*(村|村委会|社区|居委会)([0-9一二三四五六七八九十]+(社|组|队))?")
_DATE = re.compile(r"(19|20)[0-9]{2}[-/.年][0-9]{1,2}([-/.月][0-9]{1,2}日?)?(?:[ T].*)?月?")


def _in(name) -> Callable:
    def fits(text, kind):
        column = columns.BY_NAME[kind].get(name)
        try:
            return column is not None and column.clean(text) is not None
        except ValidationError:
            return False

    return fits


def _is_day(text, kind) -> bool:
    return _in("started_on")(text, kind) or bool(_DAY_OF_A_YEAR.fullmatch(plain(text)))


CONTENT_TELLS = [
    ("id_number", lambda text, kind: bool(_ID.fullmatch(re.sub(r"\s", "", plain(text))))),
    ("phone", lambda text, kind: bool(_MOBILE.fullmatch(re.sub(r"[\s-]", "", plain(text))))),
    ("village", lambda text, kind: bool(_VILLAGE.fullmatch(plain(text)))),
    ("sex", lambda text, kind: plain(text) in {"男", "女"}),
    ("ethnic_group", lambda text, kind: plain(text).endswith("族") and len(plain(text)) < 6),
    ("relation", lambda text, kind: plain(text) in {"户主", "本人或户主"} or plain(text).startswith(("之", "配偶"))),
    ("education", _in("education")),
    ("destination", lambda text, kind: bool(re.match(r".{2,8}(省|自治区|市)", plain(text)))),
    ("started_on", lambda text, kind: bool(_DATE.fullmatch(plain(text)))),
]


def _by_content(place, rows, kind) -> list[tuple[str, int]]:
    found = []
    for name, fits in CONTENT_TELLS:
        share = _share(fits, place, rows, kind)
        if share >= MOST and name in columns.BY_NAME[kind]:
            found.append((name, round(CONTENT * share)))
    return found


def _share(fits, place, rows, kind) -> float:
    """Of the cells that are filled."""
    cells = _cells(place, rows)
    return sum(fits(cell, kind) for cell in cells) / len(cells) if cells else 0
