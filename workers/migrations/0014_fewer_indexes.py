"""Columns that lead another index, or that nobody searches by, lose the index of their own.

The tables themselves do not change: dropping the indexes by name spares remaking the whole ledger on SQLite.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

DROPPED = {
    "workers_household": ["county_id", "village_id"],
    "workers_worker": ["county_id", "created_by_id", "village_id"],
    "workers_registration": ["county_id", "group_id", "village_id"],
    "workers_transfer": ["broker_id", "county_id", "created_by_id", "group_id", "point_id", "village_id", "worker_id"],
    "workers_historicalhousehold": ["county_id", "history_date", "village_id"],
    "workers_historicalregistration": ["county_id", "group_id", "history_date", "village_id", "worker_id"],
    "workers_historicaltransfer": [
        "broker_id", "county_id", "created_by_id", "group_id", "history_date", "point_id", "village_id",
    ],
    "workers_historicalunnamedgroup": ["county_id", "created_by_id", "history_date", "split_from_id", "village_id"],
    "workers_historicalworker": [
        "county_id", "created_by_id", "history_date", "household_id", "merged_into_id", "village_id",
    ],
}


def drop(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        found = {table: connection.introspection.get_constraints(cursor, table) for table in DROPPED}
    for table, columns in DROPPED.items():
        for name, index in found[table].items():
            if _is_plain(index) and index["columns"][0] in columns:
                schema_editor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")


def _is_plain(index) -> bool:
    """An index of one column that promises nothing."""
    promises = any(index[what] for what in ("unique", "primary_key", "check", "foreign_key"))
    return bool(index["index"]) and not promises and len(index["columns"]) == 1


class Migration(migrations.Migration):

    dependencies = [
        ('brokers', '0002_fewer_indexes'),
        ('jobs', '0001_initial'),
        ('villages', '0006_fewer_indexes'),
        ('workers', '0013_staged_rows_unchecked'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='worker',
            name='workers_wor_househo_9bbbf1_idx',
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(drop, migrations.RunPython.noop)],
            state_operations=[
                migrations.AlterField(
                    model_name='historicalhousehold',
                    name='county',
                    field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='villages.county'),
                ),
                migrations.AlterField(
                    model_name='historicalhousehold',
                    name='history_date',
                    field=models.DateTimeField(),
                ),
                migrations.AlterField(
                    model_name='historicalhousehold',
                    name='village',
                    field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='villages.village', verbose_name='village'),
                ),
                migrations.AlterField(
                    model_name='historicalregistration',
                    name='county',
                    field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='villages.county'),
                ),
                migrations.AlterField(
                    model_name='historicalregistration',
                    name='group',
                    field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='workers.unnamedgroup'),
                ),
                migrations.AlterField(
                    model_name='historicalregistration',
                    name='history_date',
                    field=models.DateTimeField(),
                ),
                migrations.AlterField(
                    model_name='historicalregistration',
                    name='village',
                    field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='villages.village'),
                ),
                migrations.AlterField(
                    model_name='historicalregistration',
                    name='worker',
                    field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='workers.worker'),
                ),
                migrations.AlterField(
                    model_name='historicaltransfer',
                    name='broker',
                    field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='brokers.broker', verbose_name='labor broker'),
                ),
                migrations.AlterField(
                    model_name='historicaltransfer',
                    name='county',
                    field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='villages.county'),
                ),
                migrations.AlterField(
                    model_name='historicaltransfer',
                    name='created_by',
                    field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
                ),
                migrations.AlterField(
                    model_name='historicaltransfer',
                    name='group',
                    field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='workers.unnamedgroup'),
                ),
                migrations.AlterField(
                    model_name='historicaltransfer',
                    name='history_date',
                    field=models.DateTimeField(),
                ),
                migrations.AlterField(
                    model_name='historicaltransfer',
                    name='point',
                    field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='jobs.cooperationpoint', verbose_name='cooperation point'),
                ),
                migrations.AlterField(
                    model_name='historicaltransfer',
                    name='village',
                    field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='villages.village'),
                ),
                migrations.AlterField(
                    model_name='historicalunnamedgroup',
                    name='county',
                    field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='villages.county'),
                ),
                migrations.AlterField(
                    model_name='historicalunnamedgroup',
                    name='created_by',
                    field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
                ),
                migrations.AlterField(
                    model_name='historicalunnamedgroup',
                    name='history_date',
                    field=models.DateTimeField(),
                ),
                migrations.AlterField(
                    model_name='historicalunnamedgroup',
                    name='split_from',
                    field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='workers.unnamedgroup'),
                ),
                migrations.AlterField(
                    model_name='historicalunnamedgroup',
                    name='village',
                    field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='villages.village'),
                ),
                migrations.AlterField(
                    model_name='historicalworker',
                    name='county',
                    field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='villages.county'),
                ),
                migrations.AlterField(
                    model_name='historicalworker',
                    name='created_by',
                    field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
                ),
                migrations.AlterField(
                    model_name='historicalworker',
                    name='history_date',
                    field=models.DateTimeField(),
                ),
                migrations.AlterField(
                    model_name='historicalworker',
                    name='household',
                    field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='workers.household', verbose_name='household'),
                ),
                migrations.AlterField(
                    model_name='historicalworker',
                    name='merged_into',
                    field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='workers.worker'),
                ),
                migrations.AlterField(
                    model_name='historicalworker',
                    name='village',
                    field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='villages.village', verbose_name='village'),
                ),
                migrations.AlterField(
                    model_name='household',
                    name='county',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='villages.county'),
                ),
                migrations.AlterField(
                    model_name='household',
                    name='village',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='households', to='villages.village', verbose_name='village'),
                ),
                migrations.AlterField(
                    model_name='registration',
                    name='county',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='villages.county'),
                ),
                migrations.AlterField(
                    model_name='registration',
                    name='group',
                    field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='registrations', to='workers.unnamedgroup'),
                ),
                migrations.AlterField(
                    model_name='registration',
                    name='village',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='registrations', to='villages.village'),
                ),
                migrations.AlterField(
                    model_name='transfer',
                    name='broker',
                    field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='brokers.broker', verbose_name='labor broker'),
                ),
                migrations.AlterField(
                    model_name='transfer',
                    name='county',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='villages.county'),
                ),
                migrations.AlterField(
                    model_name='transfer',
                    name='created_by',
                    field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
                ),
                migrations.AlterField(
                    model_name='transfer',
                    name='group',
                    field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='workers.unnamedgroup'),
                ),
                migrations.AlterField(
                    model_name='transfer',
                    name='point',
                    field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='jobs.cooperationpoint', verbose_name='cooperation point'),
                ),
                migrations.AlterField(
                    model_name='transfer',
                    name='village',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='villages.village'),
                ),
                migrations.AlterField(
                    model_name='transfer',
                    name='worker',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='workers.worker'),
                ),
                migrations.AlterField(
                    model_name='worker',
                    name='county',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='villages.county'),
                ),
                migrations.AlterField(
                    model_name='worker',
                    name='created_by',
                    field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
                ),
                migrations.AlterField(
                    model_name='worker',
                    name='village',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='workers', to='villages.village', verbose_name='village'),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name='registration',
            index=models.Index(condition=models.Q(('group__isnull', False)), fields=['group'], name='registration_of_group'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(condition=models.Q(('broker__isnull', False)), fields=['broker'], name='transfer_by_broker'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(condition=models.Q(('point__isnull', False)), fields=['point'], name='transfer_by_point'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(condition=models.Q(('group__isnull', False)), fields=['group'], name='transfer_by_group'),
        ),
    ]
