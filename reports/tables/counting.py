"""A question, and the one statement that answers it: how many, by what, of whom."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from string import Formatter
from time import monotonic

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from laborreg.months import Month
from laborreg.refusals import Refusal
from reports.tables import dimensions, measures, parts, sources
from reports.tables.dimensions import Dimension
from reports.tables.measures import Measure
from villages.models import County

MOST_CELLS, MOST_SECONDS = 5_000, 20
# PostgreSQL's code for a statement that was stopped.
CANCELED = "57014"
# Between codes that are one text; no code holds it. Few rows at a time stay in the processor's cache.
MARK, PAGE = "\x1f", 300
Codes = tuple[str, ...]
Filters = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Question:
    """What is asked; `month` is None for today. Every name is one of the allow-lists (reports.tables.asking sees to it)."""

    source: str
    area: str
    month: Month | None
    rows: tuple[str, ...]
    columns: tuple[str, ...] = ()
    filters: Filters = ()
    measure: str = "away"

    @property
    def grouped(self) -> list[Dimension]:
        return [dimensions.BY_NAME[name] for name in (*self.rows, *self.columns)]

    @property
    def counts(self) -> Measure:
        return measures.BY_NAME[self.measure]

    @property
    def named(self) -> set[str]:
        """The dimensions of the rows, the columns and the filters."""
        return {*self.rows, *self.columns, *(name for name, _codes in self.filters)}

    def sql_of(self, name: str) -> str:
        return parts.sql_of(name, self.counts, connection.vendor)

    @property
    def value_sql(self) -> str:
        """What one row adds."""
        return parts.value_of(self.counts, self.named, connection.vendor)


@dataclass(frozen=True)
class Cell:
    """The sum of a cell; and the persons behind it, where that is asked."""

    sum: int
    persons: int | None = None


class TooMuch(Refusal):
    """The answer is larger, or takes longer, than a page may."""


def counted(question: Question) -> dict[Codes, int]:
    """{codes of the rows, then of the columns: number}; a cell that nobody is in is not there. A mean is rounded."""
    if question.counts.is_mean:
        return {codes: mean(cell) for codes, cell in cells(question, behind=True).items()}
    return {codes: cell.sum for codes, cell in cells(question).items()}


def counted_each(question: Question, asked: Sequence[tuple[str, ...]]) -> list[dict[Codes, int]]:
    """For each of `asked` what `counted` answers with these rows and no columns: all of them in one walk.

    Of sums, not of means. They are no table of a page, and may have more cells than one.
    """
    value = f"COALESCE({question.value_sql}, 0) AS value"
    packs = [f"{_packed(question, names)} AS pack_{n}" for n, names in enumerate(asked)]
    sql, values = selection(question, [value, *packs], "")
    walk = _on_the_server if connection.vendor == "postgresql" else _row_by_row
    with limited():
        found = walk(sql, values, len(asked))
    return [{tuple(pack.split(MARK)): int(n) for pack, n in cells.items() if n} for cells in found]


def _packed(question: Question, names: tuple[str, ...]) -> str:
    """A line's codes as one text, which is quicker to compare and to fetch than several."""
    return f" || '{MARK}' || ".join(f"({question.sql_of(name)})" for name in names)


def _on_the_server(sql, values, width) -> list[dict[str, int]]:
    """For each pack {text: sum}, grouped by PostgreSQL, which hashes."""
    groups = " UNION ALL ".join(f"SELECT {n}, pack_{n}, SUM(value) FROM lines GROUP BY 2" for n in range(width))
    found: list[dict[str, int]] = [{} for _n in range(width)]
    with connection.cursor() as cursor:
        cursor.execute(f"WITH lines AS MATERIALIZED ({sql}) {groups}", values)
        for n, pack, sum_ in cursor.fetchall():
            found[n][pack] = sum_
    return found


def _row_by_row(sql, values, width) -> list[Counter[str]]:
    """The same here: SQLite sorts all lines for each GROUP BY, which costs half as much again.

    Almost every line is one person, and those are counted without a step of Python's for each.
    """
    found: list[Counter[str]] = [Counter() for _n in range(width)]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        while rows := cursor.fetchmany(PAGE):
            columns = list(zip(*[row for row in rows if row[0] == 1], strict=True))
            for sums, packs in zip(found, columns[1:], strict=False):
                sums.update(packs)
            for value, *packs in [row for row in rows if row[0] != 1]:
                for sums, pack in zip(found, packs, strict=True):
                    sums[pack] += value
    return found


def mean(cell: Cell) -> int:
    """Half is rounded up, as in the income of a month."""
    return (2 * cell.sum + cell.persons) // (2 * cell.persons)


def cells(question: Question, *, behind: bool = False) -> dict[Codes, Cell]:
    """As `counted`, with sums in the place of means; `behind`: with the persons behind each. One statement."""
    sql, values = statement(question, behind=behind)
    found = {}
    with limited(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        width = len(question.grouped)
        for row in cursor.fetchall():
            found[tuple(row[:width])] = Cell(*map(int, row[width:]))
    if len(found) > MOST_CELLS:
        raise TooMuch(_(
            "This table would have more than %(most)s cells. Choose a smaller area, leave one of the rows or columns out, "
            "or count only some of them."
        ) % {"most": f"{MOST_CELLS:,}"})
    return found


def statement(question: Question, *, behind: bool = False) -> tuple[str, dict]:
    """The SQL, made of expressions of the allow-lists alone, and the values of its parameters."""
    measure = question.counts
    value = question.value_sql
    sums = [f"SUM({value})"]
    if behind:
        sums.append(f"SUM({measure.behind})" if measure.is_mean else f"SUM(CASE WHEN ({value}) <> 0 THEN {measure.behind} END)")
    groups = [question.sql_of(dimension.name) for dimension in question.grouped]
    # By their place: a parameter written twice is two expressions to PostgreSQL.
    by = ", ".join(str(n + 1) for n in range(len(groups)))
    return selection(
        question, [*groups, *sums], f"GROUP BY {by} HAVING SUM({value}) <> 0 LIMIT {MOST_CELLS + 1}"
    )


def selection(question: Question, expressions: list[str], tail: str, *, wheres: tuple[str, ...] = ()) -> tuple[str, dict]:
    """SELECT the expressions of the rows that the question counts; and the values of the parameters."""
    filters, values = _conditions(question)
    wheres = [where for where in (question.counts.where_sql(connection.vendor), *filters, *wheres) if where]
    select = f"SELECT {', '.join(expressions)}"
    rows, has_where = sources.rows(question.source, columns_in(" ".join([select, *wheres, tail])))
    joined = " AND ".join(f"({where})" for where in wheres)
    joined = (" AND " if has_where else " WHERE ") + joined if joined else ""
    columns = sources.columns_of(question.source)
    sql = f"{select.format(**columns)} {rows}{joined.format(**columns)} {tail.format(**columns)}"
    return sql, _parameters(question) | values | question.counts.parameters


def columns_in(template: str) -> set[str]:
    return {name for _text, name, _format, _conversion in Formatter().parse(template) if name}


def _conditions(question: Question) -> tuple[list[str], dict]:
    """A condition for each filter, and its codes as parameters."""
    conditions, values = [], {}
    for n, (name, codes) in enumerate(question.filters):
        named = {f"filter_{n}_{place}": code for place, code in enumerate(codes)}
        listed = ", ".join(f"%({key})s" for key in named)
        conditions.append(f"{question.sql_of(name)} IN ({listed})")
        values |= named
    return conditions, values


def _parameters(question: Question) -> dict:
    county = County.objects.get(pk=question.area[:6])
    day = sources.day_of(question.source, county, question.month)
    return sources.parameters(question.source, question.area, question.month, day)


@contextmanager
def limited(seconds: int = MOST_SECONDS) -> Iterator[None]:
    """Whoever asks for too much is told so; the database goes on with the work of the others."""
    limit = _on_postgresql if connection.vendor == "postgresql" else _on_sqlite
    try:
        with limit(seconds):
            yield
    except OperationalError as stopped:
        if not _was_stopped(stopped):
            raise
        raise TooMuch(_(
            "This table takes longer than %(seconds)s seconds. Choose a smaller area, or leave one of the rows or columns out."
        ) % {"seconds": seconds}) from stopped


@contextmanager
def _on_postgresql(seconds):
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = %s", [seconds * 1000])
        yield


@contextmanager
def _on_sqlite(seconds):
    connection.ensure_connection()
    until = monotonic() + seconds
    connection.connection.set_progress_handler(lambda: monotonic() > until, 100_000)
    try:
        yield
    finally:
        connection.connection.set_progress_handler(None, 0)


def _was_stopped(error: OperationalError) -> bool:
    return "interrupted" in str(error) or getattr(error.__cause__, "pgcode", "") == CANCELED
