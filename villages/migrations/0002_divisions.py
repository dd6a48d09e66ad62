"""Every database, those of the tests too, knows the divisions of the country and the countries of the world."""

from django.db import migrations

from villages import divisions


def fill(apps, schema_editor):
    divisions.fill(apps.get_model("villages", "Division"))


def empty(apps, schema_editor):
    apps.get_model("villages", "Division").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("villages", "0001_initial")]
    operations = [migrations.RunPython(fill, empty)]
