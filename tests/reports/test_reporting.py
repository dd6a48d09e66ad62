"""Wang reports her township up under its head's name; what changes afterwards is seen."""

from laborreg.refusals import Refusal
from officers.models import AuditEvent, Message
from officers.roles import NotYours
from reports import actions, reporting
from reports.models import TownshipReport
from tests.cast import FAR, HOME, NEXT_DOOR
from tests.reports.month_pages import PageCase
from tests.reports.test_actions import OCTOBER, SEPTEMBER
from villages.models import Township

STATION = HOME[:9]
FLOOD = {NEXT_DOOR: "Flood"}


class ReportingCase(PageCase):
    def build(self):
        super().build()
        self.station = Township.objects.get(pk=STATION)

    def only_home_is_approved(self):
        self.submit(SEPTEMBER, HOME, self.li)
        actions.approve([self.ret()], by=self.wang)

    def report(self, month=SEPTEMBER, by=None, head="王站长", missing=None, seen=None):
        seen = reporting.fingerprint(self.station, month) if seen is None else seen
        return reporting.report_up(
            self.station, month, by=by or self.wang, head_name=head, missing=missing or {}, seen=seen,
        )

    def standing(self):
        return reporting.standing(self.station, SEPTEMBER)


class Reporting(ReportingCase):
    def test_complete_it_is_reported_under_the_head_s_name(self):
        self.file_all(SEPTEMBER)
        self.report()
        self.assertTrue(self.standing().is_valid)
        self.assertEqual((self.standing().report.head_name, self.standing().report.by), ("王站长", self.wang))
        self.assertEqual(AuditEvent.objects.filter(verb="reported up").count(), 1)
        message = Message.objects.get(officer=self.zhao, text__contains="reports")
        self.assertEqual(str(message), "桥头镇 reports September 2026, signed 王站长.")
        self.assertEqual(message.url, "/board/2026-09/")

    def test_the_missing_are_named_with_a_reason(self):
        self.only_home_is_approved()
        with self.assertRaisesMessage(Refusal, "Give a reason for each village"):
            self.report()
        self.assertEqual(self.report(missing=FLOOD).missing, FLOOD)
        with self.assertRaisesMessage(Refusal, "changed meanwhile"):
            self.report(missing=FLOOD | {HOME: "Flood"})

    def test_what_waits_is_approved_first(self):
        self.submit(SEPTEMBER, HOME, self.li)
        with self.assertRaisesMessage(Refusal, "1 return is not approved yet."):
            self.report(missing=FLOOD)

    def test_a_return_that_is_sent_back_or_comes_in_takes_it_back(self):
        self.only_home_is_approved()
        self.report(missing=FLOOD)
        self.submit(SEPTEMBER, NEXT_DOOR, self.second)
        self.assertFalse(self.standing().is_valid)
        actions.approve([self.ret(village=NEXT_DOOR)], by=self.wang)
        self.report()
        self.assertEqual((self.standing().is_valid, self.standing().report.number), (True, 2))
        actions.send_back(self.ret(village=NEXT_DOOR), by=self.zhao, reason="again")
        self.assertFalse(self.standing().is_valid)
        self.assertEqual(TownshipReport.objects.count(), 2)

    def test_locking_changes_nothing_of_it(self):
        self.file_all(SEPTEMBER)
        self.report()
        actions.lock(self.county, SEPTEMBER, by=self.zhao)
        self.assertTrue(self.standing().is_valid)
        with self.assertRaisesMessage(Refusal, "locked already"):
            self.report()

    def test_twice_is_once(self):
        self.file_all(SEPTEMBER)
        self.report()
        with self.assertRaisesMessage(Refusal, "is reported already"):
            self.report()

    def test_it_is_reported_as_it_was_looked_at(self):
        self.only_home_is_approved()
        seen = reporting.fingerprint(self.station, SEPTEMBER)
        self.submit(SEPTEMBER, NEXT_DOOR, self.second)
        actions.approve([self.ret(village=NEXT_DOOR)], by=self.wang)
        with self.assertRaisesMessage(Refusal, "changed meanwhile"):
            self.report(seen=seen)

    def test_a_head_and_an_end(self):
        self.file_all(SEPTEMBER)
        with self.assertRaises(Refusal):
            self.report(head="")
        actions.open_month(self.county, OCTOBER.next)
        with self.assertRaisesMessage(Refusal, "is not over yet"):
            self.report(month=OCTOBER.next)

    def test_only_the_own_station(self):
        self.file_all(SEPTEMBER)
        for officer in (self.li, self.wang2, self.zhao, self.leader):
            with self.assertRaises(NotYours):
                self.report(by=officer)


class Pages(ReportingCase):
    def test_from_the_queue_to_the_board(self):
        self.file_all(SEPTEMBER)
        Township.objects.filter(pk=STATION).update(head_name="王站长")
        self.assertContains(self.get(self.wang, "queue", SEPTEMBER), "Report to the county")
        page = self.get(self.wang, "report_up", SEPTEMBER, STATION)
        self.assertContains(page, 'value="王站长"')
        page = self.post(self.wang, "report_up", SEPTEMBER, STATION, head_name="王站长", seen=page.context["seen"])
        self.assertContains(page, "under the name of 王站长")
        self.assertContains(self.get(self.zhao, "board", SEPTEMBER), "王站长")
        actions.send_back(self.ret(), by=self.zhao, reason="again")
        self.assertContains(self.get(self.zhao, "board", SEPTEMBER), "changed since")
        self.assertContains(self.get(self.wang, "queue", SEPTEMBER), "report again")

    def test_a_refusal_keeps_what_was_typed(self):
        self.submit(SEPTEMBER, HOME, self.li)
        page = self.post(self.wang, "report_up", SEPTEMBER, STATION, head_name="王站长", seen="x",
                         **{f"why_{NEXT_DOOR}": "Flood"})
        self.assertContains(page, "not approved yet")
        self.assertContains(page, 'value="Flood"')

    def test_the_county_locks_with_the_reasons_that_were_reported(self):
        self.only_home_is_approved()
        self.report(missing=FLOOD)
        self.assertContains(self.get(self.zhao, "lock", SEPTEMBER), 'value="Flood"')

    def test_another_township_is_not_there(self):
        self.assertEqual(self.get(self.wang, "report_up", SEPTEMBER, FAR[:9]).status_code, 404)
        self.assertEqual(self.get(self.zhao, "report_up", SEPTEMBER, STATION).status_code, 404)

    def test_queries_of_the_board_are_the_same_with_reports(self):
        self.file_all(SEPTEMBER)
        self.report()
        few = self.queries(self.zhao, "board", SEPTEMBER)
        far = Township.objects.get(pk=FAR[:9])
        reporting.report_up(far, SEPTEMBER, by=self.wang2, head_name="马站长", missing={},
                            seen=reporting.fingerprint(far, SEPTEMBER))
        self.assertEqual(self.queries(self.zhao, "board", SEPTEMBER), few)
