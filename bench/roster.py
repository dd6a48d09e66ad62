"""A roster held against django-import-export's own export: .venv/bin/python -m bench.roster [ROWS]

On the database that is configured, for the officer of a county and at most ROWS people (all without it): the same
twenty columns into .xlsx both ways, each in a process of its own that is started twice, once for nothing but one row.
CPU seconds are of this process and of the PostgreSQL server's process that works for it; memory is what the process
held at most, beyond what it held for the one row. Nothing is written to the database.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "laborreg.settings")

import django

django.setup()

from django.db import connection
from import_export import fields, resources
from import_export.formats.base_formats import XLSX

from bench.figures import most_held, now, passes
from laborreg import clock
from officers import demo
from officers.models import Officer
from workers import codes, places
from workers.listing import Query
from workers.models import Worker
from workers.sheets import rosters
from workers.sheets.columns import LEDGER

MOST_SHARE, MOST_MB = 1 / 14, 64
COLUMNS = [
    "township", "village", "name", "id_number", "household_number", "relation", "group_name", "sex", "age", "ethnic_group",
    "education", "ability", "phone", "destination", "started_on", "industry", "job", "employer", "pay", "channel",
]
OF_WORKER = {"name", "group_name", "age", "relation", "sex", "ethnic_group", "education", "ability"}
OF_TRANSFER = {"started_on", "industry", "job", "employer", "pay", "channel"}
# The words of a code are looked up once for all, as a careful author would: Django's own way costs as much as all else.
WORDS = {
    "relation": codes.RELATIONS, "sex": codes.SEXES, "ethnic_group": codes.ETHNIC_GROUPS, "education": codes.EDUCATION,
    "ability": codes.ABILITIES, "industry": codes.SECTIONS, "job": codes.JOBS, "channel": codes.CHANNELS,
}


class WorkerResource(resources.ModelResource):
    """As one writes it with the library: a field a column, relations fetched beforehand."""

    class Meta:
        model = Worker
        fields = COLUMNS
        export_order = COLUMNS


def _dehydrate(name):
    words = {code: str(label) for code, label in WORDS.get(name, ())}

    def value(_self, worker):
        row = worker if name in OF_WORKER else next(iter(worker.transfers.all()), None)
        if row is None:
            return ""
        found = getattr(row, name)
        return words.get(found, "") if words else found

    return value


def _destination(_self, worker):
    transfer = next(iter(worker.transfers.all()), None)
    return places.label(transfer.destination) if transfer else ""


SPECIAL = {
    "township": lambda _self, worker: worker.village.township.name,
    "village": lambda _self, worker: worker.village.name,
    "id_number": lambda _self, worker: worker.masked_id,
    "household_number": lambda _self, worker: worker.household.number if worker.household else "",
    "phone": lambda _self, worker: next((phone.masked for phone in worker.phones.all()), ""),
    "destination": _destination,
}
for each in COLUMNS:
    WorkerResource.fields[each] = fields.Field(column_name=each)
    setattr(WorkerResource, f"dehydrate_{each}", SPECIAL.get(each) or _dehydrate(each))


def stock(query, most, path):
    rows = query.rows().select_related("village__township", "household").prefetch_related("phones", "transfers")[:most]
    path.write_bytes(XLSX().export_data(WorkerResource().export(rows)))


def product(query, most, path):
    rosters.write(path, rosters.Wanted(LEDGER, Few(query, most), COLUMNS))


class Few:
    """A query's first rows only, so that less than the whole county can be measured."""

    def __init__(self, query, most):
        self._query, self._most = query, most

    def __getattr__(self, name):
        return getattr(self._query, name)

    def rows(self):
        return self._query.rows()[: self._most]


WAYS = {"product": product, "stock": stock}


def measure(way, most):
    """Print CPU seconds and the most MB held, for whoever started this process."""
    demo.begin()
    officer = Officer.objects.filter(role="county", is_active=True).first()
    query = Query(officer, {}, clock.today())
    with tempfile.TemporaryDirectory() as folder:
        begun = now()
        WAYS[way](query, most, Path(folder) / "roster.xlsx")
        print(now() - begun, most_held())


def measured(way, most) -> tuple[float, int]:
    command = [sys.executable, "-m", "bench.roster", way, str(most or "")]
    seconds, held = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.split()
    return float(seconds), int(held)


def main(*args):
    if args and args[0] in WAYS:
        return measure(args[0], int(args[1]) if args[1] else None)
    most = int(args[0]) if args else None
    people = Worker.objects.valid().count()
    print(f"{connection.vendor}: {min(most or people, people)} rows of {len(COLUMNS)} columns")
    found = {way: (*measured(way, most), measured(way, 1)[1]) for way in WAYS}
    for way, (seconds, held, at_rest) in found.items():
        print(f"{way}: {seconds:.2f} s CPU, {held - at_rest} MB beyond one row, {held} MB in all")
    seconds, held, at_rest = found["product"]
    share = seconds / found["stock"][0]
    print(f"product / stock: 1/{1 / share:.1f} (at most 1/{1 / MOST_SHARE:.0f}: {passes(share <= MOST_SHARE)})")
    print(f"held by the product: {held - at_rest} MB (at most {MOST_MB}: {passes(held - at_rest <= MOST_MB)})")


if __name__ == "__main__":
    main(*sys.argv[1:])
