"""A table of the ledger as a sheet fills it: rows are dicts by column, written by the page, each with its version."""

from operator import itemgetter

from django.db import connection
from django.utils import timezone

from laborreg import bulk

INSERTED, CHANGED, DELETED = "+", "~", "-"


class Table:
    """Rows wait until `flush`. `moment` is the office's, as a column takes it; versions tell the real one, as a save's do."""

    def __init__(self, model, by, moment):
        fields = model._meta.concrete_fields
        self.model, self.fields = model, fields
        self.names, self.columns = [field.name for field in fields], [field.attname for field in fields]
        self.blank = {field.attname: field.get_default() for field in fields}
        self.numbers = bulk.numbers(model)
        self.moment = connection.ops.adapt_datetimefield_value(moment)
        self.stamp = connection.ops.adapt_datetimefield_value(timezone.now()), by.pk
        self.added: list[dict] = []
        # By number: rows as they will be, and the version that they had.
        self.changed: dict[int, tuple[dict, int]] = {}
        self.held: dict[int, dict] = {}

    def add(self, **values) -> int:
        number = next(self.numbers)
        row = self.blank.copy()
        row["id"] = number
        row.update(values)
        self.added.append(row)
        return number

    def hold(self, numbers) -> dict[int, dict]:
        """Rows as the database has them now, locked until the transaction ends; forgets those of the page before."""
        self.held = {}
        if numbers:
            locked = self.model.objects.select_for_update(no_key=True).filter(pk__in=numbers).order_by("pk")
            rows = [self._readable(row) for row in locked.values_list(*self.columns)]
            for row in bulk.encoded(self.fields, rows):
                self.held[row[0]] = dict(zip(self.columns, row, strict=True))
        return self.held

    def _readable(self, row):
        """PostgreSQL gives bytes as a view of its memory."""
        return [bytes(value) if type(value) is memoryview else value for value in row]

    def change(self, number, values: dict) -> dict:
        """Put values into a held row, under its next version; gives those of before, and the version after."""
        row = self.held[number]
        before = {name: row[name] for name in values}
        if number not in self.changed:
            self.changed[number] = row, row["version"]
            row["version"] += 1
        row.update(values)
        return before | {"version": row["version"]}

    def flush(self):
        if self.changed:
            self._write_changes()
        if self.added:
            bulk.insert(self.model, self.names, [tuple(row.values()) for row in self.added], is_encoded=True)
            self._keep_versions(self.added, INSERTED)
        self.added, self.changed = [], {}

    def _write_changes(self):
        names = [name for name in self.names if name not in ("id", "county", "created_at", "created_by")]
        said = itemgetter(*[self.model._meta.get_field(name).attname for name in names])
        rows = [(*said(row), row["id"], version) for row, version in self.changed.values()]
        bulk.update(self.model, names, ["id", "version"], rows)
        self._keep_versions([row for row, _version in self.changed.values()], CHANGED)

    def _keep_versions(self, rows, kind):
        """The row versions that a save would leave."""
        manager = getattr(self.model, "history", None)
        if manager is None:
            return
        fields = manager.model.tracked_fields
        facts = itemgetter(*[field.attname for field in fields])
        names = [*[field.name for field in fields], "history_date", "history_type", "history_user"]
        moment, officer = self.stamp
        bulk.insert(manager.model, names, [(*facts(row), moment, kind, officer) for row in rows], is_encoded=True)

    def delete(self, numbers):
        """Rows that were never more than what a sheet began."""
        rows = list(self.hold(numbers).values())
        self.model.objects.filter(pk__in=numbers).delete()
        self._keep_versions(rows, DELETED)
