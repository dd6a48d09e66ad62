"""The nightly look: found once, told to who watches, closed by somebody else with a note."""

from datetime import date, datetime
from io import StringIO
from unittest import mock
from zoneinfo import ZoneInfo

from django.core.management import CommandError, call_command
from django.test import TestCase

from laborreg import clock
from laborreg.refusals import Refusal
from officers import audit, watch
from officers.models import AuditEvent, Message, Unusual
from tests import cast

NIGHT = datetime(2026, 11, 3, 23, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


class Watch(TestCase):
    @classmethod
    def setUpTestData(cls):
        cast.county()
        cls.officers = cast.cast()
        cls.li, cls.zhao, cls.admin = (cls.officers[name] for name in ("li", "zhao", "admin"))
        clock.pin(date(2026, 11, 4))
        cls.addClassCleanup(clock.pin, None)
        cls.at(NIGHT, "revealed", by=cls.li, place=cast.HOME)

    @staticmethod
    def at(moment, verb, **more):
        with mock.patch("laborreg.clock.now", return_value=moment):
            return audit.record(verb, **more)

    def look(self):
        with mock.patch("laborreg.clock.now", return_value=NIGHT.replace(day=4, hour=7)):
            return watch.look()

    def test_it_is_found_once_and_told_once_to_who_watches(self):
        [found] = self.look()
        self.assertEqual((found.pattern, found.officer, found.numbers, found.day), ("night", self.li, [1], date(2026, 11, 3)))
        self.assertEqual(self.look(), [])
        told = Message.objects.all()
        self.assertEqual({message.officer.username for message in told}, {"zhao", "admin"})
        self.assertEqual({str(message) for message in told},
                         {"The audit trail of the last days has something unusual: 1 to look at."})

    def test_a_day_that_is_not_over_waits(self):
        with mock.patch("laborreg.clock.now", return_value=NIGHT.replace(day=4, hour=5)):
            self.assertEqual(watch.look(), [])

    def test_attempts_on_accounts_that_do_not_exist_count_but_open_to_the_countys_own(self):
        for n in range(5):
            account = {"account": f"d{n}", "address": "10.9.9.9"}
            self.at(NIGHT, "refused a sign-in", by=None, place=cast.HOME if n == 0 else "", detail=account)
        found = next(each for each in self.look() if each.pattern == "many_accounts_tried")
        self.assertEqual((found.counted, found.numbers), (5, [2]))

    def test_a_look_is_noted_in_the_trail(self):
        [found] = self.look()
        watch.look_at(found, " Called her: a due day. ", by=self.zhao)
        self.assertEqual((found.looked_by, found.note), (self.zhao, "Called her: a due day."))
        self.assertEqual(AuditEvent.objects.latest("number").verb, "looked at something unusual")
        with self.assertRaisesMessage(Refusal, "Somebody has looked at this already."):
            watch.look_at(found, "again", by=self.admin)

    def test_nobody_closes_what_the_own_account_did(self):
        for by, verb, about in ((self.admin, "reset a password", self.zhao), (self.zhao, "approved an export", None)):
            self.at(NIGHT.replace(hour=14), verb, subject=about, by=by, place=cast.HOME, detail={"address": "10.0.0.7"})
        found = next(each for each in self.look() if each.pattern == "two_accounts_one_hand")
        self.assertEqual((found.officer, found.counted), (self.admin, 1))
        for officer in (self.admin, self.zhao):
            with self.assertRaisesMessage(Refusal, "your own account"):
                watch.look_at(found, "fine", by=officer)

    def test_a_number_in_a_note_gets_into_no_trail(self):
        [found] = self.look()
        with self.assertRaisesMessage(Refusal, "Do not write ID numbers or phones here."):
            watch.look_at(found, "called 13910110000", by=self.zhao)
        self.assertFalse(AuditEvent.objects.filter(verb="looked at something unusual").exists())

    def test_nobody_closes_their_own_or_without_a_note_or_without_the_power(self):
        self.at(NIGHT, "revealed", by=self.zhao, place=cast.HOME)
        own = next(each for each in self.look() if each.officer == self.zhao)
        with self.assertRaisesMessage(Refusal, "your own account"):
            watch.look_at(own, "fine", by=self.zhao)
        for officer, note in ((self.admin, "  "), (self.li, "fine")):
            with self.assertRaises(Refusal):
                watch.look_at(own, note, by=officer)
        self.assertIsNone(Unusual.objects.get(pk=own.pk).looked_by)

    def test_the_command(self):
        out = StringIO()
        call_command("watch_audit", day="2026-11-03", stdout=out)
        self.assertIn("1 newly found", out.getvalue())
        self.assertIn("630121/2026-11-03 night: 1 entries", out.getvalue())
        with self.assertRaisesMessage(CommandError, "yesterday is no day"):
            call_command("watch_audit", day="yesterday")
