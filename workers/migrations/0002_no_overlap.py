"""One person's transfers, and registrations, never overlap: refused by the database itself.

PostgreSQL has exclusion constraints for it, SQLite gets triggers. A later migration that remakes one of these tables on
SQLite must call `add_triggers` again; tests/workers/test_constraints.py notices if it does not.
"""

from django.db import migrations

TABLES = {
    "workers_transfer": ("worker_id", "started_on", "ended_on", "voided_at IS NULL"),
    "workers_registration": ("worker_id", "from_on", "to_on", "worker_id IS NOT NULL"),
}

EXCLUSION = """
ALTER TABLE {table} ADD CONSTRAINT {table}_no_overlap EXCLUDE USING gist (
    {owner} WITH =, daterange({start}, {stop}, '[)') WITH &&
) WHERE ({when})
"""

TRIGGER = """
CREATE TRIGGER {table}_no_overlap_{event} BEFORE {event} ON {table}
WHEN {new_when} AND EXISTS (
    SELECT 1 FROM {table} AS other
    WHERE other.{owner} = NEW.{owner} AND other.id IS NOT NEW.id AND {other_when}
      AND COALESCE(other.{start}, '0001-01-01') < COALESCE(NEW.{stop}, '9999-12-31')
      AND COALESCE(NEW.{start}, '0001-01-01') < COALESCE(other.{stop}, '9999-12-31')
)
BEGIN SELECT RAISE(ABORT, '{table}_no_overlap'); END
"""


def add_triggers(schema_editor):
    for table, (owner, start, stop, when) in TABLES.items():
        for event in ("insert", "update"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_overlap_{event}")
            schema_editor.execute(TRIGGER.format(
                table=table, owner=owner, start=start, stop=stop, event=event,
                new_when=f"NEW.{when}", other_when=f"other.{when}",
            ))


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        return add_triggers(schema_editor)
    schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    for table, (owner, start, stop, when) in TABLES.items():
        schema_editor.execute(EXCLUSION.format(table=table, owner=owner, start=start, stop=stop, when=when))


def backwards(apps, schema_editor):
    for table in TABLES:
        if schema_editor.connection.vendor == "sqlite":
            for event in ("insert", "update"):
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_overlap_{event}")
        else:
            schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {table}_no_overlap")


class Migration(migrations.Migration):
    dependencies = [("workers", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
