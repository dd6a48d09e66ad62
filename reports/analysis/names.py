"""The lines behind a number of the analysis: names as filed, so that they sum to it."""

from dataclasses import dataclass

from django.db import connection

from laborreg.months import Month
from officers.models import Officer
from reports.analysis.homecomings import homecomings_in
from reports.behind import Behind
from reports.models import FiledLine
from reports.tables import dimensions, measures, parts
from reports.tables.counting import columns_in, limited
from reports.tables.sources import LINES, MONTH, day_of, parameters, rows
from villages.models import County
from workers.ledger import YUAN

OF = [name for name, measure in measures.BY_NAME.items() if not measure.is_mean and measure.unit != YUAN]


@dataclass(frozen=True)
class Chosen:
    """Which lines: of what figure, by which codes, and of those who came home in a month only them."""

    of: str
    codes: tuple[tuple[str, str], ...]
    home: Month | None = None

    def words(self, area: str) -> list[tuple[str, str]]:
        """(dimension, code) in words."""
        named = [(dimensions.BY_NAME[name], code) for name, code in self.codes]
        return [(str(dimension.label), dimension.labels(area, [code])[code]) for dimension, code in named]


def chosen_of(get, area: str) -> Chosen | None:
    """From the address; None where it asks what no list knows."""
    of = get.get("of", "away")
    codes = tuple((name, get[name]) for name in dimensions.BY_NAME if get.get(name))
    try:
        home = Month.parse(get["home"]) if get.get("home") else None
    except ValueError:
        return None
    if of not in OF or any(code not in dict(dimensions.BY_NAME[name].codes(area)) for name, code in codes):
        return None
    return Chosen(of, codes, home)


class Names:
    """The lines of an area's month that are in the number, by village."""

    def __init__(self, officer: Officer, area: str, month: Month, chosen: Chosen):
        self.officer, self.area, self.month, self.chosen = officer, area, month, chosen
        self.measure = measures.BY_NAME[chosen.of]

    def counts(self) -> tuple[int, int]:
        """How many lines, and their sum."""
        [(lines, sum_)] = self._ask("COUNT(*), COALESCE(SUM({value}), 0)")
        return lines, int(sum_)

    def page(self, offset: int, most: int) -> list[tuple[FiledLine, Behind]]:
        found = self._ask("l.id, {value}", f"ORDER BY r.village_id, l.name, l.id LIMIT {int(most)} OFFSET {int(offset)}")
        lines = FiledLine.objects.visible_to(self.officer).select_related("village").in_bulk([pk for pk, _n in found])
        return [
            (line, Behind(line.key, line.name, int(n), line.persons, line)) for pk, n in found if (line := lines.get(pk))
        ]

    def _ask(self, select: str, order: str = ""):
        """One statement over the lines; every expression is one of the allow-lists."""
        value = parts.value_of(self.measure, dict(self.chosen.codes), connection.vendor)
        wheres, values = self._wheres(value)
        county = County.objects.get(pk=self.area[:6])
        values |= parameters(MONTH, self.area, self.month, day_of(MONTH, county, self.month)) | self.measure.parameters
        select = select.replace("{value}", value)
        where = " AND ".join(f"({each})" for each in wheres)
        needed = columns_in(" ".join([select, where]))
        sql = f"SELECT {select.format(**LINES)} {rows(MONTH, needed)[0]} AND {where.format(**LINES)} {order}"
        with limited(), connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()

    def _wheres(self, value: str) -> tuple[list[str], dict]:
        wheres, values = [f"({value}) <> 0"], {}
        if where := self.measure.where_sql(connection.vendor):
            wheres.append(where)
        for n, (name, code) in enumerate(self.chosen.codes):
            wheres.append(f"{parts.sql_of(name, self.measure, connection.vendor)} = %(code_{n})s")
            values[f"code_{n}"] = code
        if self.chosen.home:
            numbers = set(homecomings_in(self.area, [self.chosen.home]).values_list("worker_number", flat=True))
            wheres.append(f"l.worker_number IN ({','.join(map(str, sorted(numbers))) or 'NULL'})")
        return wheres, values


