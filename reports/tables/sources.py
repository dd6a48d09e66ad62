"""The two places that are counted: what a month's counted versions froze, and the ledger as it is today.

Each gives the same columns, a row a person or unnamed group; only the columns that a question needs are read.
"""

from django.db import connection

from laborreg.clock import today
from laborreg.codes import after
from laborreg.months import Month
from workers.regions import ABROAD

MONTH, TODAY = "month", "today"

# Of the frozen lines `l` of the counted version of a return `r`.
LINES = {
    **{
        name: f"l.{name}" for name in (
            "persons", "state", "region", "destination", "sex", "age", "age_band", "education", "skill", "section", "job",
            "form", "channel", "bearer", "pay", "started_on", "relieved", "monitored", "income_month", "shares",
        )
    },
    "village": "r.village_id",
    "is_group": "(l.group_number IS NOT NULL)", "line": "l.id", "part_key": "part.key", "part_atom": "part.atom",
}
# A line holds several of these; a table by them looks at it once for each.
TRIPS_BY = {"organized": "trips.organized", "self": "trips.self", "unknown": "trips.channel_unknown"}
_CODES = " ".join(f"WHEN '{key}' THEN '{code}'" for code, key in TRIPS_BY.items())
LINES["part"] = f"CASE part.key {_CODES} END"
_LINES_OF = "FROM reports_monthlyreturn r JOIN reports_filedline l ON l.version_id = r.counted_id"
_IN_AREA = (
    "WHERE r.month = %(month)s AND r.village_id >= %(first)s AND r.village_id < %(after)s"
)
_KEYS = [f"'{key}'" for key in TRIPS_BY.values()]
FROM_LINES = f"{_LINES_OF} {_IN_AREA}"
# SQLite reads the shares of a line once for all parts, PostgreSQL finds one share quicker than it lists them.
FROM_PARTS = {
    "sqlite": f"{_LINES_OF} JOIN json_each(l.shares) part {_IN_AREA} AND part.key IN ({', '.join(_KEYS)})",
    "postgresql": (
        f"{_LINES_OF} CROSS JOIN (VALUES ({'), ('.join(_KEYS)})) part (key) {_IN_AREA} AND (l.shares -> part.key) IS NOT NULL"
    ),
}

_ABROAD = ", ".join(f"'{code}'" for code in ABROAD)


def _state(covers: str, of: str) -> str:
    return (
        f"CASE WHEN NOT ({covers}) THEN 'home' WHEN SUBSTR({of}.destination, 1, 9) = SUBSTR(r.village_id, 1, 9) "
        "THEN 'local' ELSE 'away' END"
    )


def _region(covers: str, of: str) -> str:
    """As workers.regions.region_of."""
    here = "".join(
        f"WHEN SUBSTR({of}.destination, 1, {n}) = SUBSTR(r.village_id, 1, {n}) THEN '{region}' "
        for n, region in ((9, "township"), (6, "county"), (4, "prefecture"), (2, "province"))
    )
    return (
        f"CASE WHEN NOT ({covers}) THEN '' WHEN SUBSTR({of}.destination, 1, 1) NOT BETWEEN '0' AND '9' "
        f"OR SUBSTR({of}.destination, 1, 2) IN ({_ABROAD}) THEN 'abroad' {here}ELSE 'other_province' END"
    )


def _flag(*kinds: str) -> str:
    """Whether the worker's household holds one of the flags today."""
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    return (
        "EXISTS (SELECT 1 FROM workers_householdstatus s WHERE s.household_id = w.household_id "
        f"AND s.kind IN ({listed}) AND (s.from_on IS NULL OR s.from_on <= %(day)s) "
        "AND (s.to_on IS NULL OR s.to_on > %(day)s))"
    )


# Full years, with no function that only one database has. Who is born on 29 February turns on 1 March.
_AGE = (
    "(%(year)s - CAST(SUBSTR(CAST(w.birth_date AS varchar(10)), 1, 4) AS integer) "
    "- CASE WHEN SUBSTR(CAST(w.birth_date AS varchar(10)), 6, 5) > %(month_day)s THEN 1 ELSE 0 END)"
)
_MONITORED = ("monitored_unstable", "monitored_marginal", "monitored_hardship")
_T = "t.id IS NOT NULL"
_G = "g.started_on <= %(day)s AND (g.ended_on IS NULL OR g.ended_on > %(day)s)"


def _if(covers: str, column: str, nothing: str = "''") -> str:
    return f"CASE WHEN {covers} THEN {column} ELSE {nothing} END"


WORKERS = {
    "village": "r.village_id", "persons": "1", "state": _state(_T, "t"), "region": _region(_T, "t"),
    "sex": "w.sex", "age": _AGE, "age_band": "''", "education": "w.education", "skill": "w.skill_grade",
    **{
        name: f"COALESCE(t.{column}, '')" for name, column in (
            ("destination", "destination"), ("section", "industry"), ("job", "job"), ("form", "form"), ("channel", "channel"),
        )
    },
    "bearer": "CASE WHEN t.broker_id IS NOT NULL OR t.point_id IS NOT NULL OR t.agency <> '' THEN 'named' ELSE '' END",
    "pay": "t.pay", "started_on": "t.started_on", "relieved": _flag("relieved"), "monitored": _flag(*_MONITORED),
    "is_group": "(w.id IS NULL)", "worker": "w.id", "group": "CAST(NULL AS bigint)",
}
GROUPS = {
    "village": "r.village_id", "persons": "(g.persons - {named})", "state": _state(_G, "g"), "region": _region(_G, "g"),
    "sex": "g.sex", "age": "CAST(NULL AS integer)", "age_band": "g.age_band", "education": "''", "skill": "''",
    "destination": _if(_G, "g.destination"), "section": _if(_G, "g.industry"), "job": "''", "form": _if(_G, "g.form"),
    "channel": _if(_G, "g.channel"), "bearer": "''", "pay": _if(_G, "g.pay", "NULL"),
    "started_on": _if(_G, "g.started_on", "NULL"), "relieved": "(g.status = 'relieved')",
    "monitored": f"(g.status IN {_MONITORED})", "is_group": "(g.id IS NOT NULL)",
    "worker": "CAST(NULL AS bigint)", "group": "g.id",
}
_NAMED = "(SELECT COUNT(*) FROM workers_transfer n WHERE n.group_id = g.id AND n.voided_at IS NULL)"
GROUPS["persons"] = GROUPS["persons"].format(named=_NAMED)
_REGISTERED = (
    "r.village_id >= %(first)s AND r.village_id < %(after)s AND (r.from_on IS NULL OR r.from_on <= %(day)s) "
    "AND (r.to_on IS NULL OR r.to_on > %(day)s)"
)
FROM_WORKERS = (
    "FROM workers_registration r JOIN workers_worker w ON w.id = r.worker_id LEFT JOIN workers_transfer t "
    "ON t.worker_id = w.id AND t.voided_at IS NULL AND t.started_on <= %(day)s "
    "AND (t.ended_on IS NULL OR t.ended_on > %(day)s) "
    f"WHERE w.voided_at IS NULL AND w.merged_into_id IS NULL AND {_REGISTERED}"
)
FROM_GROUPS = (
    "FROM workers_registration r JOIN workers_unnamedgroup g ON g.id = r.group_id "
    f"WHERE g.voided_at IS NULL AND g.persons > {_NAMED} AND {_REGISTERED}"
)
# Of the ledger's rows `p`; what only a filed line knows is not among them.
LEDGER = {name: f'p."{name}"' for name in WORKERS}


def columns_of(source: str) -> dict[str, str]:
    return LINES if source == MONTH else LEDGER


def rows(source: str, needed: set[str]) -> tuple[str, bool]:
    """What stands from FROM on, and whether a WHERE is in it already."""
    if source == MONTH:
        return FROM_PARTS[connection.vendor] if needed & {"part", "part_key", "part_atom"} else FROM_LINES, True
    needed = sorted(needed) or ["village"]
    people, groups = (
        ", ".join(f'{columns[name]} AS "{name}"' for name in needed) for columns in (WORKERS, GROUPS)
    )
    return f"FROM (SELECT {people} {FROM_WORKERS} UNION ALL SELECT {groups} {FROM_GROUPS}) p", False


def parameters(source: str, area: str, month: Month | None, last_day) -> dict:
    """Values of the named parameters; `last_day`: of the month, or today."""
    found = {"first": area, "after": after(area)}
    if source == MONTH:
        found["month"] = str(month)
    else:
        found |= {"day": last_day, "year": last_day.year, "month_day": f"{last_day:%m-%d}"}
    return found | {f"months_{n}": _months_before(last_day, n) for n in (1, 3, 6, 12, 24)}


def _months_before(day, months: int):
    """The same day so many months earlier, or the last of that month: who began later has not worked so long."""
    index = day.year * 12 + day.month - 1 - months
    first = day.replace(year=index // 12, month=index % 12 + 1, day=1)
    return first.replace(day=min(day.day, Month.of(first).last_day().day))


def day_of(source: str, county, month: Month | None):
    """The day as on which the source is read."""
    return county.last_day(month) if source == MONTH else today()
