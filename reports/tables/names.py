"""The people behind a number of a table."""

from collections import Counter
from dataclasses import replace
from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from laborreg.clock import today
from reports.behind import Behind
from reports.models import FiledLine
from reports.tables.counting import Question, TooMuch, limited, selection
from reports.tables.hiding import ALL
from reports.tables.sources import MONTH
from workers.ledger import Line
from workers.models import Transfer, UnnamedGroup, Worker

MOST_NAMES = 2_000
FACTS = (
    "village", "persons", "state", "region", "destination", "sex", "age", "age_band", "section", "job", "form", "channel",
    "pay", "started_on",
)


def behind(question: Question, codes: tuple) -> list[Behind]:
    """The lines of a month, or today's people and groups, that a cell counts; `codes` has ALL where it is a total.

    Each carries its share: they add up to the number, of a mean to how many it is the mean of.
    """
    narrowed = of_cell(question, codes)
    measure = question.counts
    share = measure.behind if measure.is_mean else narrowed.value_sql
    is_month = question.source == MONTH
    facts = ["{line}"] if is_month else ["{worker}", "{group}", *(f"{{{name}}}" for name in FACTS)]
    sql, values = selection(narrowed, [share, *facts], f"LIMIT {MOST_NAMES + 1}", wheres=(f"({share}) <> 0",))
    with limited(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    if len(rows) > MOST_NAMES:
        raise TooMuch(_(
            "More than %(most)s people stand behind this number. Open a smaller one: of a township, a village, or a part."
        ) % {"most": f"{MOST_NAMES:,}"})
    return _of_lines(rows) if is_month else _of_ledger(rows)


def of_cell(question: Question, codes: tuple) -> Question:
    """The question narrowed to one of its cells."""
    named = [dimension.name for dimension in question.grouped]
    chosen = {name: (code,) for name, code in zip(named, codes, strict=True) if code is not ALL}
    filters = tuple((name, only) for name, only in question.filters if name not in chosen)
    return replace(question, filters=(*filters, *chosen.items()))


def _of_lines(rows) -> list[Behind]:
    shares: Counter[int] = Counter()
    for share, pk in rows:
        shares[pk] += int(share)
    lines = FiledLine.objects.filter(pk__in=shares)
    return [Behind(line.key, line.name, shares[line.pk], line.persons, line) for line in lines]


def _of_ledger(rows) -> list[Behind]:
    names = dict(Worker.objects.filter(pk__in=[row[1] for row in rows if row[1]]).values_list("pk", "name"))
    notes = dict(UnnamedGroup.objects.filter(pk__in=[row[2] for row in rows if row[2]]).values_list("pk", "note"))
    bearers = _bearers(names)
    found = []
    for share, worker, group, *facts in rows:
        key = ("worker", worker) if worker else ("group", group)
        said = dict(zip(FACTS, facts, strict=True))
        said["started_on"] = _day(said["started_on"])
        line = Line(key, name=names.get(worker) or notes.get(group, ""), is_group=bool(group),
                    bearer=bearers.get(worker, ""), **said)
        found.append(Behind(key, line.name, int(share), line.persons, line))
    return found


def _bearers(workers) -> dict[int, str]:
    rows = Transfer.objects.covering(today()).filter(worker__in=list(workers)).select_related("broker", "point")
    return {row.worker_id: row.bearer_name for row in rows}


def _day(value):
    return date.fromisoformat(value) if isinstance(value, str) else value
