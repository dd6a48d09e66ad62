from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("workers", "0014_fewer_indexes")]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="marked_as",
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AlterField(
            model_name="batch",
            name="state",
            field=models.CharField(choices=[
                ("uploaded", "Uploaded"), ("staging", "Being read"), ("staged", "Ready to look at"),
                ("mending", "Rows being judged again"), ("committing", "Being written"), ("committed", "In the ledger"),
                ("undoing", "Being undone"), ("failed", "Failed"), ("canceled", "Canceled"), ("undone", "Undone"),
            ], default="uploaded", max_length=10),
        ),
    ]
