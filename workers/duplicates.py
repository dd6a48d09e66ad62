"""Entries that may be one person (疑似重复): found in the database in one statement, within what an officer may see.

A pair belongs to who is posted over both: the village where both are in it, the station where they are in two of its
villages, the county where they are in two townships. Two ID numbers tell two people apart, unless all else agrees; then
one of the numbers may be mistyped. Whoever was told apart is not shown again while names and birth dates stay.
"""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from laborreg.codes import after
from workers.models import DistinctPair, Phone, Worker

# More are not worked off from a list, which begins with the surest.
MOST = 2_000
YEAR = 366

# Why two entries may be one person, the surest first.
REASONS = {
    "phone": _("same name, same phone"),
    "birth": _("same name, same birth date"),
    "mistyped": _("same name, same birth date, two ID numbers: one may be mistyped"),
    "alike": _("similar name, same phone"),
    "age": _("same name, about the same age, no ID number"),
    "unknown": _("same name in the township, one without ID number and birth date"),
}
_RANK = {reason: rank for rank, reason in enumerate(REASONS)}


@dataclass
class Pair:
    """Two entries and why they may be one; the workers are loaded for a page only."""

    one_id: int
    other_id: int
    reasons: list[str]
    one: Any = None
    other: Any = None

    @property
    def words(self) -> list:
        return [REASONS[reason] for reason in self.reasons]

    @property
    def both(self) -> tuple:
        return self.one, self.other

    @property
    def is_two_numbers(self) -> bool:
        """Such a pair cannot be merged before one of the numbers is put right."""
        return bool(self.one.id_index and self.other.id_index)


def pairs(officer, *, all_below: bool = False) -> list[Pair]:
    """The officer's pairs, the surest first; `all_below`: also those that a level below settles. One query."""
    rows = _rows(officer.posts, level=None if all_below else _level(officer))
    found = [
        Pair(one, other, sorted({reason for _one, _other, reason in each}, key=_RANK.get))
        for (one, other), each in groupby(sorted(rows), key=lambda row: row[:2])
    ]
    found.sort(key=lambda pair: (_RANK[pair.reasons[0]], -len(pair.reasons), pair.one_id, pair.other_id))
    return found


def waiting(officer, post: str = "") -> int:
    """How many pairs the officer has to settle, at all posts or at one. One query."""
    return len({row[:2] for row in _rows([post] if post else officer.posts, level=_level(officer))})


def load(found: list[Pair], officer) -> list[Pair]:
    """With their workers, as far as the officer sees them."""
    numbers = {number for pair in found for number in (pair.one_id, pair.other_id)}
    people = Worker.objects.valid().visible_to(officer).select_related("village__township").in_bulk(numbers)
    phones: dict[int, list] = {}
    for phone in Phone.objects.filter(worker__in=people):
        phones.setdefault(phone.worker_id, []).append(phone)
    for person in people.values():
        person.known_phones = phones.get(person.pk, [])
    for pair in found:
        pair.one, pair.other = people.get(pair.one_id), people.get(pair.other_id)
    return [pair for pair in found if pair.one and pair.other]


def area_of(one: Worker, other: Worker) -> str:
    """The smallest area that holds both."""
    same = [length for length in (12, 9, 6) if one.village_id[:length] == other.village_id[:length]]
    return one.village_id[: same[0]] if same else ""


def _level(officer) -> int:
    """How long the code of the smallest area is whose pairs are the officer's own."""
    return len(officer.posts[0]) if officer.posts else 12


def _rows(posts, *, level: int | None) -> list[tuple[int, int, str]]:
    """(one, other, reason); `level` keeps pairs whose smallest common area has a code so long."""
    if not posts:
        return []
    sql, parameters = _statement(posts, level)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def _statement(posts, level) -> tuple[str, list]:
    """Three joins of the people of the area with themselves, each by what few share: two with numbers and different
    birth dates are never held against each other, however many have the name."""
    inside = " OR ".join(["(village_id >= %s AND village_id < %s)"] * len(posts))
    bounds = [bound for post in posts for bound in (post, after(post))]
    people = (
        "SELECT id, county_id, village_id, SUBSTR(village_id, 1, 9) AS township, name, name_pinyin, name_initials, sex,"
        f" birth_date, id_index FROM {Worker._meta.db_table}"
        f" WHERE ({inside}) AND voided_at IS NULL AND merged_into_id IS NULL"
    )
    sql = (
        f"WITH p AS ({people}) SELECT DISTINCT one, other, reason FROM ({_by_birth()} UNION ALL {_by_age()} UNION ALL"
        f" {_by_phone()}) found JOIN {Worker._meta.db_table} a ON a.id = one JOIN {Worker._meta.db_table} b ON b.id = other"
        f" WHERE reason IS NOT NULL AND {_NOT_TOLD_APART} {_APART[level]}"
    )
    return sql, bounds


_OTHER_SEX = "(a.sex <> '' AND b.sex <> '' AND a.sex <> b.sex)"
_TWO_NUMBERS = "(a.id_index IS NOT NULL AND b.id_index IS NOT NULL)"
_APART = {
    None: "", 12: "AND a.village_id = b.village_id",
    9: "AND a.village_id <> b.village_id AND SUBSTR(a.village_id, 1, 9) = SUBSTR(b.village_id, 1, 9)",
    6: "AND SUBSTR(a.village_id, 1, 9) <> SUBSTR(b.village_id, 1, 9)",
}
_NOT_TOLD_APART = (
    f"NOT EXISTS (SELECT 1 FROM {DistinctPair._meta.db_table} d WHERE d.one_id = a.id AND d.other_id = b.id"
    " AND d.taken_back_at IS NULL AND d.one_name = a.name AND d.other_name = b.name"
    " AND COALESCE(d.one_birth, '1800-01-01') = COALESCE(a.birth_date, '1800-01-01')"
    " AND COALESCE(d.other_birth, '1800-01-01') = COALESCE(b.birth_date, '1800-01-01'))"
)


def _by_birth() -> str:
    """Of one name and birth date."""
    return (
        f"SELECT a.id AS one, b.id AS other, CASE WHEN {_OTHER_SEX} THEN NULL WHEN NOT {_TWO_NUMBERS} THEN 'birth'"
        " WHEN a.township = b.township THEN 'mistyped' END AS reason"
        " FROM p a JOIN p b ON b.name = a.name AND b.birth_date = a.birth_date AND b.county_id = a.county_id AND b.id > a.id"
    )


def _by_age() -> str:
    """One without a number, beside those of the name in the township; `a` is the one without."""
    return (
        "SELECT CASE WHEN a.id < b.id THEN a.id ELSE b.id END, CASE WHEN a.id < b.id THEN b.id ELSE a.id END,"
        f" CASE WHEN {_OTHER_SEX} OR a.birth_date = b.birth_date THEN NULL WHEN {_days_apart()} <= {YEAR} THEN 'age'"
        " WHEN a.birth_date IS NULL OR b.birth_date IS NULL THEN 'unknown' END"
        " FROM p a JOIN p b ON b.name = a.name AND b.township = a.township AND b.id <> a.id WHERE a.id_index IS NULL"
    )


def _by_phone() -> str:
    """Of two who share a phone: families do, so the names have to be alike, and two ID numbers speak against it."""
    phones = Phone._meta.db_table
    alike = "(a.name_pinyin <> '' AND a.name_pinyin = b.name_pinyin)"
    initials = "(a.name_initials <> '' AND a.name_initials = b.name_initials)"
    return (
        f"SELECT a.id, b.id, CASE WHEN {_OTHER_SEX} THEN NULL WHEN a.name = b.name THEN 'phone' WHEN {_TWO_NUMBERS} THEN NULL"
        f" WHEN {alike} OR ({initials} AND {_days_apart()} <= {YEAR}) THEN 'alike' END"
        f" FROM p a JOIN {phones} f ON f.worker_id = a.id"
        f" JOIN {phones} g ON g.last4 = f.last4 AND g.number = f.number AND g.worker_id > f.worker_id"
        " JOIN p b ON b.id = g.worker_id AND b.county_id = a.county_id"
    )


def _days_apart() -> str:
    """Between the birth dates, as each database counts days."""
    if connection.vendor == "postgresql":
        return "ABS(a.birth_date - b.birth_date)"
    return "ABS(JULIANDAY(a.birth_date) - JULIANDAY(b.birth_date))"
