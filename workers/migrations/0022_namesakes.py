"""Who shares a name or a phone is read from an index alone."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('villages', '0008_drop_alarm'),
        ('workers', '0021_distinct_pairs'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='phone',
            name='workers_pho_last4_8ff8be_idx',
        ),
        migrations.AddIndex(
            model_name='phone',
            index=models.Index(fields=['last4', 'number', 'worker'], name='phone_by_number'),
        ),
        migrations.AddIndex(
            model_name='worker',
            index=models.Index(condition=models.Q(('merged_into__isnull', True), ('voided_at__isnull', True)), fields=['county', 'name', 'birth_date', 'village'], name='worker_by_name'),
        ),
    ]
