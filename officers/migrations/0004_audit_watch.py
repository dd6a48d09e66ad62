import django.db.models.deletion
import laborreg.clock
import laborreg.codes
from django.conf import settings
from django.db import migrations, models

from officers import kept


class Migration(migrations.Migration):

    dependencies = [
        ('officers', '0003_message_at'),
    ]

    operations = [
        migrations.AddField(
            model_name='auditevent',
            name='address',
            field=models.CharField(blank=True, db_default='', default='', max_length=45),
        ),
        migrations.CreateModel(
            name='Unusual',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county_code', laborreg.codes.CodeField(max_length=6)),
                ('pattern', models.CharField(max_length=30)),
                ('day', models.DateField()),
                ('key', models.CharField(blank=True, max_length=64)),
                ('numbers', models.JSONField(default=list)),
                ('counted', models.PositiveIntegerField()),
                ('found_at', models.DateTimeField(default=laborreg.clock.now)),
                ('looked_at', models.DateTimeField(null=True)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('looked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('officer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-day', 'pattern', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('county_code', 'pattern', 'day', 'key'), name='unusual_once'), models.CheckConstraint(condition=models.Q(models.Q(('looked_at__isnull', True), ('looked_by__isnull', True)), models.Q(('looked_at__isnull', False), ('looked_by__isnull', False)), _connector='OR'), name='unusual_looked_at_by_somebody')],
            },
        ),
        migrations.RunPython(
            lambda apps, editor: kept.refuse_changes(editor.connection),
            lambda apps, editor: kept.allow_changes(editor.connection),
        ),
    ]
