"""The chain of events: what is changed, moved, removed or cut behind its back is found."""

import json
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import TestCase

from officers import audit, kept
from officers.models import AuditEvent, AuditHead
from tests import cast
from tests.tampering import lifted


class Chain(TestCase):
    @classmethod
    def setUpTestData(cls):
        cast.county()
        cls.wang = cast.officer("wang", "township", "630121100")
        for n in range(10):
            audit.record("signed in", cls.wang, by=cls.wang, detail={"n": n, "where": "桥头镇"})
        # Whoever tampers has taken away what the database holds against it.
        kept.allow_changes()

    def sql(self, statement, *values):
        with connection.cursor() as cursor:
            cursor.execute(statement, values)

    def fault(self):
        return audit.first_fault(cast.COUNTY)

    def verify(self):
        out = StringIO()
        call_command("verify_audit", stdout=out)
        return out.getvalue()

    def test_a_whole_chain_holds(self):
        kept.refuse_changes()
        self.assertIsNone(self.fault())
        self.assertIn("630121: 10 events hold", self.verify())

    def test_every_column_is_sealed(self):
        changes = {
            "at": "2020-01-01 00:00:00+00:00", "by_id": None, "verb": "approved", "subject_kind": "worker",
            "subject_id": "9", "place_code": cast.FAR, "detail": '{"n": 4}', "before": "0" * 64, "hash": "0" * 64,
        }
        for column, value in changes.items():
            with self.subTest(column):
                old = AuditEvent.objects.filter(number=5).values(column).get()
                self.sql(f"UPDATE officers_auditevent SET {column} = %s WHERE number = 5", value)
                self.assertRegex(self.fault(), "event 5 .* was changed")
                AuditEvent.objects.filter(number=5).update(**old)
        self.assertIsNone(self.fault())

    def test_each_removed_event_is_named(self):
        for number in range(1, 11):
            with self.subTest(number):
                event = AuditEvent.objects.get(number=number)
                self.sql("DELETE FROM officers_auditevent WHERE number = %s", number)
                self.assertIn(f"event {number} is missing", self.fault())
                AuditEvent.objects.bulk_create([event])
        self.assertIsNone(self.fault())

    def test_two_that_changed_places(self):
        self.sql("UPDATE officers_auditevent SET number = 99 WHERE number = 3")
        self.sql("UPDATE officers_auditevent SET number = 3 WHERE number = 4")
        self.sql("UPDATE officers_auditevent SET number = 4 WHERE number = 99")
        self.assertIn("event 3 ", self.fault())

    def test_a_cut_tail(self):
        self.sql("DELETE FROM officers_auditevent WHERE number > 7")
        self.assertIn("event 8 is missing", self.fault())

    def test_a_cut_tail_with_a_head_to_match(self):
        last = AuditEvent.objects.get(number=7)
        self.sql("DELETE FROM officers_auditevent WHERE number > 7")
        self.sql("UPDATE officers_audithead SET number = 7, hash = %s", last.hash)
        self.assertIn("the head of the chain was changed at event 7", self.fault())

    def test_a_whole_forged_chain(self):
        """Whoever knows the digest can write every hash anew, but not the seal of the head."""
        AuditEvent.objects.filter(number=10).update(verb="approved")
        forged = AuditEvent.objects.get(number=10)
        AuditEvent.objects.filter(number=10).update(hash=audit.digest(forged))
        AuditHead.objects.update(hash=audit.digest(forged))
        self.assertIn("head of the chain was changed", self.fault())

    def test_a_head_that_is_gone(self):
        self.sql("DELETE FROM officers_audithead")
        self.assertIn("the head of the chain is missing", self.fault())

    def test_events_that_are_all_gone(self):
        self.sql("DELETE FROM officers_auditevent")
        self.assertIn("event 1 is missing", self.fault())

    def put_behind(self, number):
        extra = AuditEvent.objects.get(number=number)
        extra.pk, extra.number, extra.before = None, number + 1, extra.hash
        extra.hash = audit.digest(extra)
        extra.save()

    def test_an_event_behind_the_head(self):
        self.put_behind(10)
        self.assertIn("event 11 stands behind the head", self.fault())

    def fault_while(self, work):
        """What is found when this happens after the fifth event was read."""
        with patch.object(audit, "TOLD_EVERY", 5):
            return audit.first_fault(cast.COUNTY, tell=lambda number: work() if number == 5 else None)

    def test_what_the_office_does_during_the_walk_is_no_fault(self):
        self.assertIsNone(self.fault_while(lambda: audit.record("signed in", self.wang, by=self.wang)))
        self.assertEqual(AuditHead.objects.get().number, 11)

    def test_an_event_behind_a_head_that_went_on_during_the_walk(self):
        def work():
            audit.record("signed in", self.wang, by=self.wang)
            self.put_behind(11)

        self.assertIn("event 12 stands behind the head", self.fault_while(work))

    def test_an_event_that_the_head_does_not_seal(self):
        forged = AuditEvent.objects.get(number=10)
        forged.verb = "approved"
        AuditEvent.objects.filter(number=10).update(verb="approved", hash=audit.digest(forged))
        self.assertIn("event 10 is not the one that the head of the chain seals", self.fault())

    def test_the_command_names_the_first_bad_event_and_fails(self):
        audit.record("signed in", by=None, place="630122")
        self.sql("UPDATE officers_auditevent SET verb = 'x' WHERE number = 4")
        out = StringIO()
        with self.assertRaisesMessage(CommandError, "630121: event 4 (x) was changed"):
            call_command("verify_audit", stdout=out)
        self.assertIn("630122: 1 events hold", out.getvalue())

    def test_each_county_has_a_chain_of_its_own(self):
        audit.record("signed in", by=None, place="630122100")
        self.assertEqual(AuditEvent.objects.get(county_code="630122").number, 1)

    def test_the_address_is_sealed_and_one_put_in_later_is_found(self):
        token = audit.address.set("10.0.0.7")
        audit.record("signed in", self.wang, by=self.wang)
        audit.address.reset(token)
        self.assertIsNone(self.fault())
        for number, put in ((11, ""), (11, "10.0.0.8"), (3, "10.0.0.8")):
            with self.subTest(number=number, put=put), transaction.atomic():
                self.sql("UPDATE officers_auditevent SET address = %s WHERE number = %s", put, number)
                self.assertIn(f"event {number} ", self.fault())
                transaction.set_rollback(True)

    def test_the_database_refuses_by_itself(self):
        kept.refuse_changes()
        for statement in ("UPDATE officers_auditevent SET verb = 'x'", "DELETE FROM officers_auditevent WHERE number = 10"):
            with self.subTest(statement), self.assertRaisesMessage(IntegrityError, "append-only"), transaction.atomic():
                self.sql(statement)
        self.assertEqual(kept.missing(), [])

    def test_triggers_that_are_gone_are_told(self):
        with self.assertRaisesMessage(CommandError, "no longer refuses UPDATE, DELETE"):
            self.verify()

    def kept_head(self):
        kept.refuse_changes()
        file = Path(self.enterContext(TemporaryDirectory())) / "heads.json"
        call_command("verify_audit", head=file, stdout=StringIO())
        return file

    def against(self, file):
        call_command("verify_audit", against=file, stdout=StringIO())

    def test_a_kept_head_finds_a_cut_that_took_an_older_head_along(self):
        """Whoever restores an old state has its own sealed head with it; only what lies elsewhere tells."""
        old = AuditHead.objects.values().get()
        audit.record("signed in", self.wang, by=self.wang)
        file = self.kept_head()
        self.assertEqual(json.loads(file.read_text())[0].keys(), {"county", "number", "hash", "seal", "at"})
        self.against(file)
        audit.record("signed in", self.wang, by=self.wang)
        self.against(file)
        with lifted():
            self.sql("DELETE FROM officers_auditevent WHERE number > 10")
        AuditHead.objects.update(**old)
        self.assertIsNone(self.fault())
        with self.assertRaisesMessage(CommandError, "630121: event 11 is missing; the kept head of"):
            self.against(file)

    def test_a_kept_head_that_was_changed_or_is_of_elsewhere(self):
        file = self.kept_head()
        [head] = json.loads(file.read_text())
        file.write_text(json.dumps([head | {"number": 9}]))
        with self.assertRaisesMessage(CommandError, "is not one of this registry, or was changed"):
            self.against(file)
        for wrong in ("{", '[{"a": 1}]', "[1]"):
            file.write_text(wrong)
            with self.assertRaisesMessage(CommandError, "holds no heads of a trail"):
                self.against(file)

    def test_no_head_is_kept_of_a_trail_that_does_not_hold(self):
        self.sql("UPDATE officers_auditevent SET verb = 'x' WHERE number = 4")
        kept.refuse_changes()
        file = Path(self.enterContext(TemporaryDirectory())) / "heads.json"
        with self.assertRaises(CommandError):
            call_command("verify_audit", head=file, stdout=StringIO())
        self.assertFalse(file.exists())
