"""No poverty flag of a household stands twice on a day, and the monitored kinds exclude one another."""

from django.db import migrations

KIND = "CASE WHEN {row}kind LIKE 'monitored%%' THEN 'monitored' ELSE {row}kind END"

EXCLUSION = f"""
ALTER TABLE workers_householdstatus ADD CONSTRAINT workers_householdstatus_no_overlap EXCLUDE USING gist (
    household_id WITH =, ({KIND.format(row="")}) WITH =, daterange(from_on, to_on, '[)') WITH &&
)
"""

TRIGGER = f"""
CREATE TRIGGER workers_householdstatus_no_overlap_{{event}} BEFORE {{event}} ON workers_householdstatus
WHEN EXISTS (
    SELECT 1 FROM workers_householdstatus AS other
    WHERE other.household_id = NEW.household_id AND other.id IS NOT NEW.id
      AND {KIND.format(row="other.")} = {KIND.format(row="NEW.")}
      AND COALESCE(other.from_on, '0001-01-01') < COALESCE(NEW.to_on, '9999-12-31')
      AND COALESCE(NEW.from_on, '0001-01-01') < COALESCE(other.to_on, '9999-12-31')
)
BEGIN SELECT RAISE(ABORT, 'workers_householdstatus_no_overlap'); END
"""


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return schema_editor.execute(EXCLUSION)
    for event in ("insert", "update"):
        schema_editor.execute(TRIGGER.format(event=event))


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        schema_editor.execute("ALTER TABLE workers_householdstatus DROP CONSTRAINT workers_householdstatus_no_overlap")
        return
    for event in ("insert", "update"):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS workers_householdstatus_no_overlap_{event}")


class Migration(migrations.Migration):
    dependencies = [("workers", "0005_moverequest")]
    operations = [migrations.RunPython(forwards, backwards)]
