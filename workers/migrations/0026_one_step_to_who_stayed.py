from django.db import migrations
from django.db.models import OuterRef, Subquery

HEAD = ("head_id_index", "head_id_cipher", "head_id_key")


def lead_to_who_stayed(apps, schema_editor):
    """Who was merged into an entry that was merged itself belongs to the one that stayed."""
    workers = apps.get_model("workers", "Worker").objects
    further = workers.filter(pk=OuterRef("merged_into")).values("merged_into")
    while workers.filter(merged_into__merged_into__isnull=False).update(merged_into=Subquery(further)):
        pass


def forget_heads(apps, schema_editor):
    """As workers.sheets.storing.throw_away leaves sheets whose file is gone."""
    Batch, StagedRow = apps.get_model("workers", "Batch"), apps.get_model("workers", "StagedRow")
    Batch.objects.filter(stored_as="").exclude(failure="").update(failure="")
    rows = StagedRow.objects.filter(batch__stored_as="", values__has_key=HEAD[0])
    for row in rows.only("pk", "values").iterator():
        StagedRow.objects.filter(pk=row.pk).update(values={name: value for name, value in row.values.items() if name not in HEAD})


class Migration(migrations.Migration):
    dependencies = [("workers", "0025_export_kinds")]

    operations = [
        migrations.RunPython(lead_to_who_stayed, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(forget_heads, migrations.RunPython.noop, elidable=True),
    ]
