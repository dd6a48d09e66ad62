"""The columns of a roster: what of the ledger each shows, and how its cells are typed and masked.

They bear the names and headings of workers.sheets.columns, so that a roster in full can be read in again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from laborreg import crypto
from laborreg.identity import mask_id, mask_phone
from villages import destinations, divisions
from villages.models import County, Township
from workers import codes, standing
from workers.regions import TOWNSHIP, region_of
from workers.sheets.columns import BY_NAME, LEDGER, TRANSFERS, WORKERS, YES_NO
from workers.sheets.places import broker_in_words

TEXT, NUMBER, DAY = "text", "number", "day"


class Reader:
    """For whom a roster is written: the day, what may be shown in full, which places; names of places met."""

    def __init__(self, officer, day, *, is_full):
        self.day, self.is_full, self.posts = day, is_full, tuple(officer.posts)
        self.county = officer.county_code
        self._destinations: dict[str, str] = {}

    def sees(self, village) -> bool:
        return bool(village) and village.startswith(self.posts)

    def destination(self, code) -> str:
        """The full address, as a sheet that comes in may name it."""
        if code not in self._destinations:
            self._destinations[code] = self.townships.get(code) or "".join(division(code)) or destinations.label(code)
        return self._destinations[code]

    @cached_property
    def townships(self) -> dict[str, str]:
        county = County.objects.filter(pk=self.county).values_list("name", flat=True).first() or ""
        names = Township.objects.filter(county_id=self.county).values_list("code", "name")
        return {code: county + name for code, name in names}


_PLACEHOLDERS = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}


def division(code) -> tuple[str, str, str]:
    """Province, city and county of a destination by their full names; a country stands alone."""
    if code[:1].isalpha():
        return divisions.division_name(code), "", ""
    names = [divisions.division_name(code[:n]) if len(code) >= n else "" for n in (2, 4, 6)]
    return tuple("" if name in _PLACEHOLDERS else name for name in names)


@dataclass(frozen=True)
class RosterColumn:
    """`fields` are read from the database; `cell(at, reader)` gives the function from a row of them to the cell.

    `at` is the place of the first field in the row.
    """

    name: str
    fields: tuple[str, ...]
    cell: Callable
    kind: str = TEXT
    width: int = 12
    heading: object = ""

    @property
    def words(self) -> str:
        return str(self.heading or BY_NAME[LEDGER][self.name].heading)


# How cells are made. An empty text is an empty cell.


def as_it_is(at, reader):
    return lambda row: row[at] or None


def _number(at, reader):
    return lambda row: row[at]


def coded(choices, empty=None):
    def make(at, reader):
        words = {code: str(label) for code, label in choices if code not in ("", None)}
        return lambda row: words.get(row[at], empty)

    return make


_yes_no = coded([(True, dict(YES_NO)["yes"]), (False, dict(YES_NO)["no"])])


def _of_household(shown):
    """What is told of a household only where the officer sees its village; that stands in the first field."""

    def make(at, reader):
        inner = shown(at + 1, reader)
        return lambda row: inner(row) if reader.sees(row[at]) else None

    return make


def _id_number(at, reader):
    shown = str if reader.is_full else mask_id

    def cell(row):
        return shown(crypto.decipher(row[at], row[at + 1])) if row[at] else None

    return cell


def _phone(at, reader):
    if reader.is_full:
        return as_it_is(at, reader)
    return lambda row: mask_phone(row[at]) if row[at] else None


def _birth_date(at, reader):
    """Beside a masked number no birth date ever stands: the age takes its place."""
    return _number(at, reader) if reader.is_full else _age(at, reader)


def _age(at, reader):
    day, today = reader.day, (reader.day.month, reader.day.day)

    def cell(row):
        born: date | None = row[at]
        return day.year - born.year - (today < (born.month, born.day)) if born else None

    return cell


def _started_on(at, reader):
    """A day; where only the month is known, the month as text."""
    return lambda row: f"{row[at]:%Y-%m}" if row[at + 1] else row[at]


def _month(at, reader):
    return lambda row: str(row[at]) if row[at] else None


def _destination(at, reader):
    return lambda row: reader.destination(row[at]) if row[at] else None


def _part(number):
    def make(at, reader):
        known = {}

        def cell(row):
            code = row[at]
            if code and code not in known:
                known[code] = division(code)[number] or None
            return known[code] if code else None

        return cell

    return make


def _state(at, reader):
    """Away, at work near home, at home or gone, of the newest departure until the day."""
    words = {state: str(label) for state, (label, _tone, _icon) in standing.TAGS.items()}

    def cell(row):
        registered, village, started_on, ended_on, destination = row[at:at + 5]
        if not registered:
            return words[standing.GONE]
        if not started_on or (ended_on and ended_on <= reader.day):
            return words[standing.HOME]
        return words[standing.LOCAL if region_of(village, destination) == TOWNSHIP else standing.AWAY]

    return cell


def _broker(at, reader):
    return lambda row: broker_in_words(row[at], row[at + 1]) if row[at] else None


def _column(name, source, cell=as_it_is, kind=TEXT, width=12, heading=""):
    return RosterColumn(name, (source,) if isinstance(source, str) else source, cell, kind, width, heading)


def _household(name, source, cell=as_it_is, **more):
    fields = (source,) if isinstance(source, str) else source
    return RosterColumn(name, ("household__village_id", *fields), _of_household(cell), **more)


WHO = [
    _column("township", "village__township__name"),
    _column("village", "village__name", width=16),
    _column("name", "name"),
    _column("id_number", ("id_cipher", "id_key_version"), _id_number, width=21),
]
PERSON = [
    _column("age", "birth_date", _age, NUMBER, 7, _("Age")),
    _household("household_number", "household__number"),
    _household("head_id", ("head__id_cipher", "head__id_key_version"), _id_number, width=21),
    _column("relation", "relation", coded(codes.RELATIONS)),
    _column("group_name", "group_name"),
    _column("no_id_reason", "no_id_reason", coded(codes.NO_ID_REASONS), width=16),
    _column("sex", "sex", coded(codes.SEXES), width=7),
    _column("birth_date", "birth_date", _birth_date, DAY),
    _column("ethnic_group", "ethnic_group", coded(codes.ETHNIC_GROUPS), width=9),
    _column("education", "education", coded(codes.EDUCATION), width=16),
    _column("ability", "ability", coded(codes.ABILITIES)),
    _column("is_student", "is_student", _yes_no, width=8),
    _column("wants_to_go", "wants_to_go", _yes_no, width=10),
    _column("skills", "skills", width=18),
    _column("skill_grade", "skill_grade", coded(codes.SKILL_GRADES)),
    _column("phone", "tel__number", _phone, width=15),
    _column("phone_whose", "tel__whose", coded(codes.PHONE_OWNERS)),
    _household("status", "flag__kind", coded(codes.STATUS_KINDS), width=18),
    _household("status_from", "flag__from_on", _number, kind=DAY),
    _column("note", "note", width=24),
]
TRIP = [
    _column("state", ("is_registered", "village_id", "trip__started_on", "trip__ended_on", "trip__destination"), _state,
            heading=_("State")),
    _column("started_on", ("trip__started_on", "trip__month_only"), _started_on, DAY),
    _column("ended_on", "trip__ended_on", _number, DAY),
    _column("destination", "trip__destination", _destination, width=24),
    _column("province", "trip__destination", _part(0)),
    _column("city", "trip__destination", _part(1)),
    _column("district", "trip__destination", _part(2)),
    _column("channel", "trip__channel", coded(codes.CHANNELS), width=18),
    _column("broker", ("trip__broker__name", "trip__broker__village__name"), _broker, width=20),
    _column("point", "trip__point__name", width=18),
    _column("agency", "trip__agency", width=18),
    _column("form", "trip__form", coded(codes.FORMS)),
    _column("employer", "trip__employer", width=22),
    _column("industry", "trip__industry", coded(codes.SECTIONS), width=22),
    _column("job", "trip__job", coded(codes.JOBS)),
    _column("pay", "trip__pay", _number, NUMBER, 10),
    _column("pay_band", "trip__pay_band", coded(codes.PAY_BANDS)),
    _column("contract", "trip__contract", coded(YES_NO), width=8),
    _column("contract_until", "trip__contract_until", _number, DAY),
    _column("insurance", "trip__insurance", coded(YES_NO), width=8),
    _column("planned_home", "trip__planned_home", _month),
    _column("reason", "trip__reason", coded(codes.REASONS), width=18),
    _column("plan", "trip__plan", coded(codes.PLANS), width=18),
    _column("source", "trip__source", coded(codes.SOURCES)),
    _column("work_note", "trip__note", width=24),
]
_OF_TRANSFERS = [column for column in PERSON if column.name in ("age", "sex", "birth_date", "phone")]
COLUMNS = {
    WORKERS: [*WHO, *PERSON],
    TRANSFERS: [*WHO, *_OF_TRANSFERS, *TRIP],
    LEDGER: [*WHO, *PERSON, *TRIP],
}
BY_KIND = {kind: {column.name: column for column in columns} for kind, columns in COLUMNS.items()}

# Of the sheets that come in, these say once more what others say.
_SAID_OTHERWISE = {"province", "city", "district", "yearly_pay"}
USUAL = {
    WORKERS: ["village", "name", "id_number", "sex", "age", "education", "phone", "household_number", "relation", "status"],
    TRANSFERS: ["village", "name", "id_number", "phone", "started_on", "ended_on", "destination", "industry", "employer", "pay"],
    LEDGER: ["village", "name", "sex", "age", "id_number", "phone", "destination", "industry", "started_on", "pay", "state"],
}
# As the national system takes them in; it knows the name by the ID number.
NATIONAL = ["id_number", "started_on", "ended_on", "province", "city", "district", "pay", "phone"]


def presets(kind) -> dict[str, tuple[str, list[str]]]:
    """Ready lists of columns: name in the address → words, columns."""
    found = {"usual": (_now("Restore the standard columns"), USUAL[kind])}
    if kind != WORKERS:
        found["national"] = _now("Order of the national system"), NATIONAL
    return found | {"template": (_now("As the import template"), template(kind))}


def template(kind) -> list[str]:
    """The columns of the sheets that come in, in their order."""
    known = BY_KIND[kind]
    return [name for name in BY_NAME[kind] if name in known and name not in _SAID_OTHERWISE]
