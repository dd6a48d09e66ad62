"""Keys are changed while the office works: no number is lost, a broken run goes on, old keys go when nothing needs them."""

import json
import shutil
from base64 import b32decode
from io import StringIO
from pathlib import Path
from unittest import mock

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.db.models import BinaryField

from brokers.models import Broker
from laborreg import crypto, keys, rotating
from officers.models import AuditEvent, Authenticator
from tests import cast
from tests.workers.desk import Desk, id_number
from workers import actions, drafts
from workers.models import Batch, Draft, StagedRow, Worker
from workers.sheets.rows import opened, sealed

ACCOUNT = "622848012345678"


class Rotating(Desk):
    def setUp(self):
        super().setUp()
        self.file = Path(settings.KEYS_FILE).with_name("rotated.json")
        shutil.copy(settings.KEYS_FILE, self.file)
        self.enterContext(self.settings(KEYS_FILE=self.file))
        self.enterContext(mock.patch.object(crypto, "_ring", crypto.Ring()))
        self.addCleanup(self.file.unlink)
        self.numbers = [id_number(order=f"{n:03}") for n in range(100, 107)]
        self.people = [
            actions.register(by=self.li, village=cast.HOME, name="马兰", id_number=number, consent="in_person")
            for number in self.numbers
        ]

    def rotate(self, *options) -> str:
        said = StringIO()
        call_command("rotate_keys", *options, stdout=said)
        return said.getvalue()

    def versions(self):
        return sorted(json.loads(self.file.read_text())["cipher"])

    def reads_all(self):
        found = Worker.objects.filter(pk__in=[person.pk for person in self.people]).order_by("pk")
        self.assertEqual([person.id_number for person in found], self.numbers)

    def test_everything_that_is_enciphered_lies_under_the_new_key(self):
        draft = drafts.start(self.li, "departure", {"id_number": self.numbers[0]})
        cipher, version = crypto.encipher(ACCOUNT)
        broker = Broker.objects.create(
            county=self.county, village_id=cast.HOME, name="韩中介", registered_on="2026-01-01",
            account_cipher=cipher, account_key_version=version, account_index=crypto.index(ACCOUNT, purpose="account"),
        )
        staged = self.staged()
        Authenticator.of(self.li, "JBSWY3DPEHPK3PXP").save()
        said = self.rotate()
        self.assertIn("11 rows were enciphered anew under version 2", said)
        self.assertEqual(rotating.versions_in_use(), {2: 12})
        self.assertEqual(Authenticator.objects.get().bin_key, b32decode("JBSWY3DPEHPK3PXP"))
        self.reads_all()
        self.assertEqual(drafts.answers_of(Draft.objects.get(pk=draft.pk)), {"id_number": self.numbers[0]})
        broker.refresh_from_db()
        self.assertEqual(crypto.decipher(broker.account_cipher, broker.account_key_version), ACCOUNT)
        values = StagedRow.objects.get(pk=staged.pk).values
        self.assertEqual(opened(values["id_cipher"], values["id_key"]), self.numbers[1])
        self.assertEqual(opened(values["account_cipher"], values["account_key"]), ACCOUNT)
        self.assertEqual(values["name"], "马兰")

    def staged(self):
        batch = Batch.objects.create(
            county=self.county, place_code=cast.HOME, kind="brokers", file_name="a.xlsx", file_size=1, sha256="0" * 64,
            uploaded_at="2026-11-04T08:00+08:00", uploaded_by=self.li, state="staged",
        )
        values = {"name": "马兰"}
        for prefix, text in (("id", self.numbers[1]), ("account", ACCOUNT)):
            values[f"{prefix}_cipher"], values[f"{prefix}_key"] = sealed(text)
        return StagedRow.objects.create(batch=batch, number=2, values=values, verdict="new")

    def test_no_column_with_cipher_text_is_forgotten(self):
        """A new one is found by its name; whatever else is binary is a file that the county itself put there."""
        known = {(column.model.__name__, column.names[0]) for column in rotating.enciphered()}
        binary = {
            (model.__name__, field.name) for model in apps.get_models() for field in model._meta.concrete_fields
            if isinstance(field, BinaryField)
        }
        self.assertEqual(binary - known, {("BlankVersion", "content"), ("Scan", "content")})
        self.assertIn(("StagedRow", "values"), known)

    def test_a_run_that_was_killed_goes_on(self):
        again, batches = rotating._batch, []

        def killed_in_the_second(*args):
            batches.append(args)
            if len(batches) == 2:
                raise KeyboardInterrupt
            return again(*args)

        with mock.patch.object(rotating, "BATCH", 3):
            with mock.patch.object(rotating, "_batch", killed_in_the_second), self.assertRaises(KeyboardInterrupt):
                self.rotate()
            self.assertEqual(rotating.versions_in_use(), {2: 3, 1: 4})
            self.reads_all()
            said = self.rotate()
        self.assertIn("Going on with version 2: 4 numbers are left", said)
        self.assertIn("4 rows were enciphered anew", said)
        self.assertEqual((rotating.versions_in_use(), self.versions()), ({2: 7}, ["1", "2"]))
        self.reads_all()

    def test_old_keys_are_dropped_only_when_nothing_lies_under_them(self):
        with mock.patch.object(rotating, "_batch", side_effect=KeyboardInterrupt), self.assertRaises(KeyboardInterrupt):
            self.rotate()
        with self.assertRaisesMessage(CommandError, "keys are in use (version 1: 7 numbers)"):
            self.rotate("--drop-old")
        self.assertEqual(self.versions(), ["1", "2"])
        self.rotate()
        self.assertIn("Dropped 1", self.rotate("--drop-old"))
        self.assertEqual(self.versions(), ["2"])
        self.assertIn("no old key", self.rotate("--drop-old"))
        self.reads_all()
        self.assertEqual(
            list(AuditEvent.objects.filter(county_code="630121", by=None).values_list("verb", flat=True)),
            ["changed keys", "dropped keys"],
        )

    def test_a_process_that_runs_reads_and_writes_with_the_new_key(self):
        """Each process has a ring of its own, read before the keys were changed."""
        elsewhere = crypto.Ring()
        self.assertEqual(elsewhere.newest()[1], 1)
        self.rotate()
        found = Worker.objects.get(pk=self.people[0].pk)
        read = elsewhere.of(found.id_key_version).decrypt(bytes(found.id_cipher), None).decode()
        self.assertEqual((read, elsewhere.newest()[1]), (self.numbers[0], 2))

    def test_the_file_stays_with_its_owner_alone(self):
        self.rotate()
        self.assertEqual(self.file.stat().st_mode & 0o777, 0o600)
        self.assertEqual([path.name for path in self.file.parent.glob("rotated*")], ["rotated.json"])
        told = json.loads(self.file.read_text())
        self.assertEqual((told["index"], told["cipher"]["1"]), (settings.KEYS["index"], settings.KEYS["cipher"]["1"]))

    def test_what_cannot_be_written_is_told_in_words(self):
        denied = mock.patch.object(keys, "_part", side_effect=PermissionError(13, "Permission denied"))
        with denied, self.assertRaisesMessage(CommandError, "Run this as the user that the file belongs to"):
            self.rotate()
        self.assertEqual(self.versions(), ["1"])
        readonly = OperationalError("attempt to write a readonly database")
        told = self.assertRaisesMessage(CommandError, "The database cannot be written: attempt to write")
        with mock.patch("laborreg.bulk.update", side_effect=readonly), told:
            self.rotate()
        self.reads_all()

    def test_a_key_that_is_lost_is_named(self):
        self.rotate()
        self.rotate("--drop-old")
        with pytest.raises(crypto.UnknownKey, match="version 1"):
            crypto.Ring().of(1)
