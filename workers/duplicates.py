"""Entries that may be one person (疑似重复): found in the database in one statement, within what an officer may see.

A pair belongs to who is posted over both: the village where both are in it, the station where they are in two of its
villages, the county where they are in two townships. Two ID numbers tell two people apart, unless all else agrees; then
one of the numbers may be mistyped. Whoever was told apart is not shown again while names and birth dates stay.
"""

from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from laborreg.codes import after
from officers.state import state_of
from workers.models import DistinctPair, Phone, Worker

# More are not worked off from a list, which begins with the surest.
MOST = 500
MINUTE = 60
# In the audit trail: what is said of a pair.
DECISIONS = ["told two entries apart", "put two entries in question again", "merged workers", "voided worker"]
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
# As one number the reasons of a pair; the lowest bit is the surest.
_BITS = {reason: 1 << rank for rank, reason in enumerate(REASONS)}


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


def pairs(officer, *, all_below: bool = False, area: str = "") -> list[Pair]:
    """The officer's pairs, the surest first; `all_below`: also those that a level below settles. One query.

    `area`: only within it, one of the officer's. No more than one above MOST.
    """
    level = None if all_below else _level(officer)
    found = _asked(f"SELECT one, other, SUM(bit) {{}} ORDER BY MIN(bit), COUNT(*) DESC, one, other LIMIT {MOST + 1}",
                   [area] if area else officer.posts, level)
    return [Pair(one, other, [reason for reason, bit in _BITS.items() if mask & bit]) for one, other, mask in found]


def waiting(officer, area: str = "", *, all_below: bool = False) -> int:
    """How many pairs `pairs` would find.

    Of more than a village it is counted once a minute, as that takes the database half a second in a county of 250,000
    people; whatever is decided of a pair counts at once.
    """
    level, posts = None if all_below else _level(officer), [area] if area else officer.posts
    if not posts or all(len(post) == VILLAGE for post in posts):
        return _counted(posts, level)
    state = state_of(posts[0][:COUNTY], "pairs", passes=~Q(verb__in=DECISIONS))
    key = ":".join(["pairs", str(state), str(level), *posts])
    return cache.get_or_set(key, lambda: _counted(posts, level), MINUTE)


def _counted(posts, level) -> int:
    found = _asked(f"SELECT COUNT(*) FROM (SELECT one {{}} LIMIT {MOST + 1}) pairs", posts, level)
    return found[0][0] if found else 0


def told(n: int) -> str:
    """A number of pairs, which is not counted on above MOST."""
    return gettext("more than %(n)d") % {"n": MOST} if n > MOST else str(n)


def told_of(n: int) -> str:
    """The same as a sentence."""
    text = ngettext("%(n)s pair of entries may be one person", "%(n)s pairs of entries may be one person", n)
    return text % {"n": told(n)}


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


def _asked(question: str, posts, level: int | None) -> list[tuple]:
    """`question` with the found pairs in its {}; `level` keeps those whose smallest common area has a code so long."""
    if not posts:
        return []
    parameters = {f"first{n}": post for n, post in enumerate(posts)} | {f"end{n}": after(post) for n, post in enumerate(posts)}
    parameters |= {f"county{n}": post[:COUNTY] for n, post in enumerate(posts)}
    ways = [_by_name(posts), _by_phone(posts)]
    # Two numbers and one birth date are looked at within a township only.
    if level != COUNTY:
        ways.append(_by_birth(posts))
    found = (
        f"FROM (SELECT DISTINCT one, other, {_bit()} AS bit FROM ({' UNION ALL '.join(ways)}) found"
        f" JOIN {PEOPLE} a ON a.id = one JOIN {PEOPLE} b ON b.id = other"
        f" WHERE reason IS NOT NULL AND {_NOT_TOLD_APART} {_APART[level]}) pairs GROUP BY one, other"
    )
    with connection.cursor() as cursor:
        cursor.execute(question.format(found), parameters)
        return cursor.fetchall()


PEOPLE, PHONES = Worker._meta.db_table, Phone._meta.db_table
VILLAGE, TOWNSHIP, COUNTY = 12, 9, 6
_OTHER_SEX = "(a.sex <> '' AND b.sex <> '' AND a.sex <> b.sex)"
_TWO_NUMBERS = "(a.id_index IS NOT NULL AND b.id_index IS NOT NULL)"
_ONE_TOWNSHIP = "SUBSTR(a.village_id, 1, 9) = SUBSTR(b.village_id, 1, 9)"
_APART = {
    None: "", VILLAGE: "AND a.village_id = b.village_id", TOWNSHIP: f"AND a.village_id <> b.village_id AND {_ONE_TOWNSHIP}",
    COUNTY: f"AND NOT {_ONE_TOWNSHIP}",
}
_NOT_TOLD_APART = (
    f"NOT EXISTS (SELECT 1 FROM {DistinctPair._meta.db_table} d WHERE d.one_id = a.id AND d.other_id = b.id"
    " AND d.taken_back_at IS NULL AND d.one_name = a.name AND d.other_name = b.name"
    " AND COALESCE(d.one_birth, '1800-01-01') = COALESCE(a.birth_date, '1800-01-01')"
    " AND COALESCE(d.other_birth, '1800-01-01') = COALESCE(b.birth_date, '1800-01-01'))"
)


def _bit() -> str:
    cases = [f"WHEN '{reason}' THEN {bit}" for reason, bit in _BITS.items()]
    return f"CASE reason {' '.join(cases)} END"


def _inside(who: str, posts) -> str:
    """A valid entry of the posts that still tells who it is, as all who were erased have one name.

    The county is told too: without it SQLite does not take the index of names.
    """
    areas = " OR ".join(f"({who}.village_id >= %(first{n})s AND {who}.village_id < %(end{n})s)" for n in range(len(posts)))
    counties = ", ".join(f"%(county{n})s" for n in range(len(posts)))
    valid = " AND ".join(f"{who}.{column} IS NULL" for column in ("voided_at", "merged_into_id", "erased_at"))
    return f"{who}.county_id IN ({counties}) AND ({areas}) AND {valid}"


def _by_name(posts) -> str:
    """Of one name, `a` being one of the few without a number: born on one day, or of one township and about one age."""
    return (
        "SELECT CASE WHEN a.id < b.id THEN a.id ELSE b.id END AS one, CASE WHEN a.id < b.id THEN b.id ELSE a.id END AS other,"
        f" CASE WHEN {_OTHER_SEX} THEN NULL WHEN a.birth_date = b.birth_date THEN 'birth' WHEN NOT {_ONE_TOWNSHIP} THEN NULL"
        f" WHEN {_days_apart()} <= {YEAR} THEN 'age' WHEN a.birth_date IS NULL OR b.birth_date IS NULL THEN 'unknown'"
        f" END AS reason FROM {PEOPLE} a JOIN {PEOPLE} b ON b.county_id = a.county_id AND b.name = a.name AND b.id <> a.id"
        f" WHERE a.id_index IS NULL AND {_inside('a', posts)} AND {_inside('b', posts)}"
    )


def _by_birth(posts) -> str:
    """Of one name, birth date and township, with two numbers; first the few names and dates that stand there twice."""
    twice = (
        f"SELECT c.county_id, c.name, c.birth_date FROM {PEOPLE} c WHERE c.birth_date IS NOT NULL AND {_inside('c', posts)}"
        " GROUP BY c.county_id, c.name, c.birth_date HAVING COUNT(*) > 1"
    )
    same = "{0}.county_id = c.county_id AND {0}.name = c.name AND {0}.birth_date = c.birth_date"
    return (
        f"SELECT a.id, b.id, CASE WHEN {_OTHER_SEX} THEN NULL ELSE 'mistyped' END FROM ({twice}) c"
        f" JOIN {PEOPLE} a ON {same.format('a')} JOIN {PEOPLE} b ON {same.format('b')} AND b.id > a.id AND {_ONE_TOWNSHIP}"
        f" WHERE {_TWO_NUMBERS} AND {_inside('a', posts)} AND {_inside('b', posts)}"
    )


def _by_phone(posts) -> str:
    """Of two who share a phone: families do, so the names have to be alike, and two ID numbers speak against it.

    SQLite keeps the order of cross joins; else it begins with all people.
    """
    alike = "(a.name_pinyin <> '' AND a.name_pinyin = b.name_pinyin)"
    initials = "(a.name_initials <> '' AND a.name_initials = b.name_initials)"
    return (
        f"SELECT a.id, b.id, CASE WHEN {_OTHER_SEX} THEN NULL WHEN a.name = b.name THEN 'phone' WHEN {_TWO_NUMBERS} THEN NULL"
        f" WHEN {alike} OR ({initials} AND {_days_apart()} <= {YEAR}) THEN 'alike' END FROM ({_shared()}) s"
        f" CROSS JOIN {PHONES} f CROSS JOIN {PEOPLE} a CROSS JOIN {PHONES} g CROSS JOIN {PEOPLE} b"
        " WHERE f.last4 = s.last4 AND f.number = s.number AND a.id = f.worker_id AND g.last4 = s.last4 AND g.number = s.number"
        " AND g.worker_id > f.worker_id AND b.id = g.worker_id AND b.county_id = a.county_id"
        f" AND {_inside('a', posts)} AND {_inside('b', posts)}"
    )


def _shared() -> str:
    """The numbers of more than one, whoever has them: read once through the index of all phones."""
    return f"SELECT h.last4, h.number FROM {PHONES} h GROUP BY h.last4, h.number HAVING MIN(h.worker_id) < MAX(h.worker_id)"


def _days_apart() -> str:
    """Between the birth dates, as each database counts days."""
    if _is_postgres():
        return "ABS(a.birth_date - b.birth_date)"
    return "ABS(JULIANDAY(a.birth_date) - JULIANDAY(b.birth_date))"


def _is_postgres() -> bool:
    return connection.vendor == "postgresql"
