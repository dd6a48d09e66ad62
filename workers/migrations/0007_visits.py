from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workers', '0006_status_no_overlap'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='verification',
            name='needs',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='verification',
            name='next_call_on',
            field=models.DateField(blank=True, null=True, verbose_name='call again on'),
        ),
        migrations.AddField(
            model_name='verification',
            name='voided_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='phone',
            name='whose',
            field=models.CharField(choices=[('self', 'The worker'), ('family', 'Family'), ('employer', 'Employer'), ('other', 'Somebody else')], default='self', max_length=10, verbose_name='whose phone'),
        ),
        migrations.AlterField(
            model_name='verification',
            name='answered_by',
            field=models.CharField(choices=[('self', 'The worker'), ('family', 'Family'), ('employer', 'Employer'), ('other', 'Somebody else')], default='self', max_length=10, verbose_name='who answered'),
        ),
        migrations.AlterField(
            model_name='verification',
            name='how',
            field=models.CharField(choices=[('in_person', 'Told in person'), ('family', 'Told by the family'), ('visit', 'Home visit'), ('phone', 'Phone call'), ('wechat', 'WeChat'), ('list', 'From a list')], max_length=10, verbose_name='how'),
        ),
        migrations.AlterField(
            model_name='verification',
            name='outcome',
            field=models.CharField(choices=[('no_change', 'No change'), ('new_place', 'New place'), ('came_home', 'Came home'), ('no_answer', 'No answer'), ('wrong_number', 'Wrong number'), ('at_home', 'Asked at home')], max_length=15, verbose_name='what came of it'),
        ),
        migrations.AddConstraint(
            model_name='verification',
            constraint=models.CheckConstraint(condition=models.Q(('next_call_on__isnull', True), ('next_call_on__gt', models.F('on')), _connector='OR'), name='verification_calls_again_later'),
        ),
    ]
