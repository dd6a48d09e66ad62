"""A file of places into the registry: every line is checked first, and a bad file loads nothing."""

import csv
import io
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from laborreg.identity import plain
from laborreg.refusals import Refusal
from officers import audit
from villages.models import FROM_THE_START, County, CountySettings, Division, Township, Village

COLUMNS = ["code", "name", "level", "kind", "parent", "name_latin"]
DIGITS = {"province": 2, "prefecture": 4, "county": 6, "township": 9, "village": 12}
ABOVE = {"prefecture": 2, "county": 4, "township": 6, "village": 9}
# What is neither a villagers' nor a herders' committee files like a community: once the county says so.
KINDS = {Village.VILLAGE: Village.VILLAGE, Village.HERDING: Village.HERDING, Village.COMMUNITY: Village.COMMUNITY,
         "other": Village.COMMUNITY}
SHOWN_FAULTS = 20


class BadFile(Refusal):
    """A file of places with faults; `faults` holds (line number as an editor shows it, sentence)."""

    def __init__(self, faults):
        self.faults = faults
        sentence = _("line %(number)s: %(fault)s")
        lines = [sentence % {"number": number, "fault": fault} for number, fault in faults[:SHOWN_FAULTS]]
        if len(faults) > SHOWN_FAULTS:
            lines.append(_("and %(count)s more") % {"count": len(faults) - SHOWN_FAULTS})
        super().__init__("\n".join(lines))


@dataclass
class Place:
    """One line of the file."""

    line: int
    code: str
    name: str
    level: str
    kind: str
    parent: str
    name_latin: str


@dataclass
class Loaded:
    """What a file brought: how many of each level it names, and what that changed."""

    levels: dict[str, int]
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: int = 0

    def __str__(self):
        counts = self.levels | {"new": len(self.new), "changed": len(self.changed), "same": self.same}
        return _(
            "Counties %(county)s, townships %(township)s, villages and communities %(village)s: "
            "%(new)s new, %(changed)s changed, %(same)s as before."
        ) % counts


def load(path) -> Loaded:
    """Put the places of a file into the registry; the same file again changes nothing."""
    content = Path(path).read_bytes()
    places = read(content)
    with transaction.atomic():
        _check_parents(places)
        loaded = Loaded({level: sum(place.level == level for place in places) for level in DIGITS})
        _add_divisions(places)
        _put(County, places, "county", loaded, lambda place: {})
        _put(Township, places, "township", loaded, lambda place: {"county_id": place.parent})
        _put(Village, places, "village", loaded, _of_a_village, ["kind"])
        _add_settings(loaded)
        _leave_a_trail(loaded, sha256(content).hexdigest())
    return loaded


# Reading: text in, places or faults out; the database is not asked.


def read(content: bytes) -> list[Place]:
    """The places of a file whose every line is sound by itself; else BadFile with all of its faults."""
    faults, places, first_seen = [], [], {}
    for number, cells in _rows(_text(content)):
        fault = _fault_of_row(cells) or _fault_of_place(place := Place(number, *cells))
        if not fault and place.code in first_seen:
            fault = _("%(code)s stands on line %(number)s already.")
            fault %= {"code": place.code, "number": first_seen[place.code]}
        if fault:
            faults.append((number, fault))
            continue
        first_seen[place.code] = number
        places.append(place)
    if faults:
        raise BadFile(faults)
    return places


def _text(content) -> str:
    """UTF-8, with or without a mark at its start, or the GBK of Chinese spreadsheets."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadFile([(1, _("The file is neither UTF-8 nor GBK text; save it as CSV."))])


def _rows(text):
    """(number of the line a row begins on, its cells in the order of COLUMNS); empty lines are passed over."""
    reader = csv.reader(io.StringIO(text, newline=""))
    order, begins = None, 1
    try:
        for cells in reader:
            cells = [plain(cell) for cell in cells]
            if any(cells) and order is None:
                order = _order(cells, begins)
            elif any(cells):
                yield begins, [cells[n] for n in order] if len(cells) == len(order) else cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise BadFile([(reader.line_num, str(error))]) from error
    if order is None:
        raise BadFile([(1, _("The file is empty."))])


def _order(headings, number) -> list[int]:
    headings = [heading.lower() for heading in headings]
    if sorted(headings) != sorted(COLUMNS):
        sentence = _("The columns must be %(columns)s; here they are %(found)s.")
        raise BadFile([(number, sentence % {"columns": ", ".join(COLUMNS), "found": ", ".join(headings)[:200]})])
    return [headings.index(column) for column in COLUMNS]


def _fault_of_row(cells) -> str | None:
    if len(cells) == len(COLUMNS):
        return None
    sentence = _("This line has %(found)s cells; %(count)s are expected.")
    return sentence % {"found": len(cells), "count": len(COLUMNS)}


def _fault_of_place(place) -> str | None:
    checks = [_fault_of_level, _fault_of_code, _fault_of_name, _fault_of_kind, _fault_of_parent]
    return next((fault for check in checks if (fault := check(place))), None)


def _fault_of_level(place):
    if place.level not in DIGITS:
        sentence = _("“%(level)s” is not a level; the levels are %(levels)s.")
        return sentence % {"level": place.level, "levels": ", ".join(DIGITS)}


def _fault_of_code(place):
    digits = DIGITS[place.level]
    if len(place.code) != digits or not (place.code.isascii() and place.code.isdigit()):
        sentence = _("“%(code)s” is not a code of this level (%(level)s): it must have %(digits)s digits.")
        return sentence % {"code": place.code, "level": place.level, "digits": digits}


def _fault_of_name(place):
    if not place.name:
        return _("The name is missing.")
    if not (place.name + place.name_latin).isprintable():
        return _("The name holds a character that cannot be seen.")
    if len(place.name) > 60 or len(place.name_latin) > 80:
        return _("The name is too long: at most 60 characters, in pinyin 80.")


def _fault_of_kind(place):
    allowed = list(KINDS) if place.level == "village" else [""]
    if place.kind not in allowed:
        sentence = _("“%(kind)s” is not a kind of this level (%(level)s).")
        if place.level == "village":
            sentence = _("“%(kind)s” is not a kind of village; the kinds are %(kinds)s.")
        return sentence % {"kind": place.kind, "level": place.level, "kinds": ", ".join(KINDS)}


def _fault_of_parent(place):
    above = place.code[: ABOVE.get(place.level, 0)]
    if place.parent != above:
        sentence = _("The parent of %(code)s must be “%(above)s”, not “%(parent)s”.")
        return sentence % {"code": place.code, "above": above, "parent": place.parent}


# Writing


def _check_parents(places):
    """Every parent stands in the file or in the registry already."""
    wanted = {place.parent for place in places if place.parent} - {place.code for place in places}
    known = set()
    for model in (Division, County, Township):
        known |= set(model.objects.in_bulk(wanted))
    sentence = _("%(parent)s, the parent of %(code)s, stands neither in the file nor in the registry.")
    faults = [
        (place.line, sentence % {"parent": place.parent, "code": place.code})
        for place in places if place.parent in wanted - known
    ]
    if faults:
        raise BadFile(faults)


def _add_divisions(places):
    """Provinces, prefectures and counties that the national list does not know."""
    rows = [
        Division(code=place.code, name=place.name, name_latin=place.name_latin)
        for place in places if DIGITS[place.level] <= 6
    ]
    Division.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


def _put(model, places, level, loaded, more, also_changes=()):
    """Create what is new of one level, and change what is named otherwise now."""
    columns = ["name", "name_latin", *also_changes]
    wanted = {
        place.code: model(code=place.code, name=place.name, name_latin=place.name_latin, **more(place))
        for place in places if place.level == level
    }
    present = model.objects.in_bulk(list(wanted))
    new = [row for code, row in wanted.items() if code not in present]
    changed = []
    for code, row in present.items():
        if any(getattr(row, column) != getattr(wanted[code], column) for column in columns):
            for column in columns:
                setattr(row, column, getattr(wanted[code], column))
            changed.append(row)
    model.objects.bulk_create(new, batch_size=500)
    model.objects.bulk_update(changed, columns, batch_size=200)
    loaded.new += [row.code for row in new]
    loaded.changed += [row.code for row in changed]
    loaded.same += len(present) - len(changed)


def _of_a_village(place):
    kind = KINDS[place.kind]
    files_from = None if kind == Village.COMMUNITY else FROM_THE_START
    return {"township_id": place.parent, "kind": kind, "files_from": files_from}


def _add_settings(loaded):
    rows = [CountySettings(county_id=code) for code in loaded.new if len(code) == DIGITS["county"]]
    CountySettings.objects.bulk_create(rows)


def _leave_a_trail(loaded, checksum):
    """One event for each county that the file changed."""
    for county in sorted({code[:6] for code in loaded.new + loaded.changed}):
        counts = {
            "new": sum(code.startswith(county) for code in loaded.new),
            "changed": sum(code.startswith(county) for code in loaded.changed),
        }
        audit.record("loaded places", by=None, place=county, detail=counts | {"sha256": checksum})
