"""Sex and birth date of brokers who gave their ID number before these were kept."""

from django.db import migrations

from laborreg import crypto
from laborreg.identity import id_facts


def read_numbers(apps, schema_editor):
    broker = apps.get_model("brokers", "Broker")
    for each in broker.objects.filter(id_cipher__isnull=False, birth_date__isnull=True).iterator():
        each.sex, each.birth_date = id_facts(crypto.decipher(each.id_cipher, each.id_key_version))
        each.save(update_fields=["sex", "birth_date"])


class Migration(migrations.Migration):
    dependencies = [("brokers", "0003_brokers_filed_and_paid")]
    operations = [migrations.RunPython(read_numbers, migrations.RunPython.noop, elidable=True)]
