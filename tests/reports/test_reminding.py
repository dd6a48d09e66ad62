"""Deadline day: who is missing is named, called and reminded, once a day."""

from datetime import date
from io import StringIO

from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from laborreg import clock
from laborreg.refusals import Refusal
from officers.models import AuditEvent, Message
from officers.roles import NotYours
from reports import actions, reminding
from reports.models import Reminder
from tests.cast import COUNTY, FAR, HOME, NEXT_DOOR
from tests.reports.month_pages import PageCase
from tests.reports.test_actions import OCTOBER, SEPTEMBER

STATION = HOME[:9]


class Reminding(PageCase):
    def build(self):
        super().build()
        self.submit(SEPTEMBER)
        Message.objects.all().delete()

    def remind(self, by=None, areas=(COUNTY,), month=SEPTEMBER):
        return reminding.remind(self.county, month, by=by, areas=areas)

    def told(self) -> dict[str, str]:
        return {message.officer.username: str(message) for message in Message.objects.select_related("officer")}

    def test_the_officers_of_those_that_are_missing_have_a_message(self):
        clock.pin(date(2026, 10, 3))
        done = self.remind(by=self.wang, areas=[STATION])
        self.assertEqual((done.villages, done.officers), ([NEXT_DOOR], 1))
        self.assertEqual(self.told(), {
            "second": "September 2026 of 元树尔村 is not in yet: due on 2026-10-03, open until 2026-10-05.",
        })
        message = Message.objects.get()
        self.assertEqual(message.url, f"/returns/{NEXT_DOOR}/2026-09/")

    def test_from_the_county_the_stations_have_the_list_of_theirs(self):
        done = self.remind(by=self.zhao)
        self.assertEqual(done.villages, [NEXT_DOOR, FAR])
        told = self.told()
        self.assertEqual(told.keys(), {"second", "sun", "wang", "wang2"})
        self.assertEqual(told["wang"], "Not in yet for September 2026: 元树尔村.")
        self.assertIn("call the station", told["second"])

    def test_all_messages_are_written_at_once(self):
        with CaptureQueriesContext(connection) as asked:
            self.remind(by=self.zhao)
        self.assertEqual(len([query for query in asked if 'INSERT INTO "officers_message"' in query["sql"]]), 1)
        self.assertEqual(Message.objects.count(), 4)

    def test_nobody_twice_a_day(self):
        self.remind(by=self.wang, areas=[STATION])
        done = self.remind(by=self.zhao)
        self.assertEqual((done.villages, done.already), ([FAR], 1))
        self.assertEqual(done.text, "1 village is reminded, 1 was reminded today already.")
        clock.pin(date(2026, 11, 3))
        self.assertEqual(len(self.remind(by=self.zhao).villages), 2)

    def test_what_was_sent_back_is_missing_too_and_says_so(self):
        clock.pin(date(2026, 10, 2))
        actions.send_back(self.ret(), by=self.wang, reason="again")
        Message.objects.all().delete()
        self.remind(by=self.wang, areas=[STATION])
        self.assertIn("was sent back and is not in again", self.told()["li"])

    def test_a_village_without_an_officer_is_counted(self):
        self.second.postings.update(to_on=date(2026, 1, 1))
        done = self.remind(by=self.wang, areas=[STATION])
        self.assertEqual(done.text, "0 villages are reminded, 1 has nobody to remind.")
        self.assertFalse(Reminder.objects.exists())

    def test_a_month_that_runs_or_is_sealed_reminds_nobody(self):
        actions.open_month(self.county, OCTOBER.next)
        with self.assertRaisesMessage(Refusal, "can be submitted from"):
            self.remind(by=self.zhao, month=OCTOBER.next)
        with self.assertRaisesMessage(Refusal, "is not opened"):
            self.remind(by=self.zhao, month=SEPTEMBER.previous)
        actions.approve([self.ret()], by=self.wang)
        actions.lock(self.county, SEPTEMBER, by=self.zhao, missing={NEXT_DOOR: "Flood", FAR: "Flood"})
        with self.assertRaisesMessage(Refusal, "locked already"):
            self.remind(by=self.zhao)

    def test_who_may(self):
        for officer, area in ((self.li, HOME), (self.wang, COUNTY), (self.wang, FAR), (self.leader, COUNTY)):
            with self.assertRaises(NotYours):
                self.remind(by=officer, areas=[area])

    def test_it_is_in_the_trail(self):
        self.remind(by=self.zhao)
        event = AuditEvent.objects.get(verb="reminded")
        self.assertEqual((event.by, event.detail["villages"]), (self.zhao, [NEXT_DOOR, FAR]))


class Command(PageCase):
    def remind(self, *args) -> str:
        said = StringIO()
        call_command("remind", *args, stdout=said)
        return said.getvalue()

    def test_every_county_s_newest_month_that_is_over(self):
        self.assertIn("October 2026: 3 villages are reminded.", self.remind())
        self.assertIsNone(Reminder.objects.first().by)
        self.assertIn("3 were reminded today already", self.remind(COUNTY))

    def test_a_county_and_a_month(self):
        self.assertIn("September 2026: 3 villages", self.remind(COUNTY, "2026-09"))
        for wrong in (["630199"], [COUNTY, "2026-13"], [COUNTY, "2020-01"]):
            with self.assertRaises(CommandError):
                self.remind(*wrong)


class Pages(PageCase):
    def missing(self, by, **query):
        return self.get(by, "queue", SEPTEMBER, tab="missing", **query)

    def test_each_of_the_missing_says_its_state(self):
        self.submit(SEPTEMBER)
        actions.send_back(self.ret(), by=self.wang, reason="again")
        page = self.missing(self.wang)
        self.assertContains(page, "Not in (with sent back) <small>2</small>")
        tags = {row.village.code: row.tag["label"] for rows in page.context["stations"].values() for row in rows}
        self.assertEqual({code: str(label) for code, label in tags.items()}, {HOME: "Sent back", NEXT_DOOR: "Not filed"})

    def test_a_village_that_files_no_more_is_not_missing(self):
        village = self.ret(OCTOBER, NEXT_DOOR).village
        village.files_to = SEPTEMBER
        village.save()
        page = self.get(self.wang, "queue", OCTOBER, tab="missing")
        self.assertNotIn("元树尔村", page.context["message"])

    def test_the_station_s_button_and_its_history(self):
        page = self.post(self.wang, "remind", SEPTEMBER)
        self.assertContains(page, "2 villages are reminded.")
        self.assertContains(page, "reminded 2 villages")
        self.assertNotContains(self.missing(self.wang2), "reminded 2 villages")

    def test_the_county_s_button(self):
        page = self.post(self.zhao, "remind", SEPTEMBER, township=FAR[:9])
        self.assertContains(page, "1 village is reminded.")
        page = self.post(self.zhao, "remind", SEPTEMBER, board="1")
        self.assertContains(page, "2 villages are reminded, 1 was reminded today already.")
        self.assertEqual(page.request["PATH_INFO"], "/board/2026-09/")

    def test_another_township_s_villages_are_not_the_station_s(self):
        self.assertEqual(self.post(self.wang, "remind", SEPTEMBER, township=FAR[:9]).status_code, 404)
        self.assertEqual(self.post(self.li, "remind", SEPTEMBER).status_code, 404)
        self.assertFalse(Reminder.objects.exists())
