"""Where a known number or phone must never be found: the page behind Back, a log, an address, the database file, a backup."""

import logging
import shutil
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from officers.models import Message
from tests import cast
from tests.matrix.addresses import ADDRESSES
from tests.matrix.walker import Walk
from tests.workers.desk import id_number


class Nowhere(Walk):
    def test_no_log_message_or_address_names_a_number(self):
        """Every page of every role, every form with a number where it does not belong, and answers that fail."""
        home = self.world.home
        secrets = [*home.id_numbers, *home.phones]
        with self.assertLogs(level="DEBUG") as logged:
            logging.getLogger("django").info("so that something is logged")
            for name, address in ADDRESSES.items():
                wrong = {"name": secrets[0], "reason": secrets[-1], "q": secrets[0], "number": "1", "id_number": secrets[1]}
                with self.undone(address.by):
                    answers = [self.ask(address.by, self.url(name, by=address.by))]
                    answers += self.sent(name, wrong) if address.post else []
                for answer in answers:
                    self.assertEqual(self.found(secrets, answer.headers.get("Location", "")), [], name)
        told = "\n".join(line for line in logged.output if "django.db" not in line)
        self.assertEqual([s for s in secrets if s in told], [])
        kept = str(list(Message.objects.values_list("text", "values", "url")))
        self.assertEqual([s for s in secrets if s in kept], [])


@pytest.fixture
def numbers():
    """ID numbers of ten people who were registered just now, each named 马兰 with the phone 13812345678."""
    from workers import actions

    cast.county()
    li = cast.officer("li", "village", cast.HOME)
    numbers = [id_number(order=f"{n:03}") for n in range(100, 110)]
    for number in numbers:
        actions.register(by=li, village=cast.HOME, name="马兰", id_number=number, phone="13812345678", consent="in_person")
    return numbers


def bytes_of_the_database() -> bytes:
    """Everything that lies in the file of SQLite; on PostgreSQL every value of every row."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        return connection.connection.serialize()
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += [bytes(value) if isinstance(value, memoryview) else str(value).encode()
                      for row in cursor.fetchall() for value in row]
    return b"\n".join(found)


@pytest.mark.django_db(transaction=True)
def test_an_id_number_is_in_no_byte_of_the_database(numbers):
    """Names and phones lie plain, as docs/decisions/0020 says: the disk is encrypted for them."""
    content = bytes_of_the_database()
    assert [number for number in numbers if number.encode() in content] == []
    assert b"13812345678" in content


@pytest.mark.django_db(transaction=True)
def test_a_backup_tells_nothing_to_who_has_no_keys(numbers, tmp_path):
    if connection.vendor == "postgresql" and not shutil.which("pg_dump"):
        pytest.skip("pg_dump is not installed")
    call_command("backup", str(tmp_path), stdout=StringIO())
    [file] = tmp_path.iterdir()
    content = file.read_bytes()
    assert len(content) > 10_000
    assert [secret for secret in [*numbers, "13812345678", "马兰", "officers_officer"] if secret.encode() in content] == []
