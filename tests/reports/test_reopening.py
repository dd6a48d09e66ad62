"""Reopening a locked month: what counts meanwhile, who is told, what is sealed again."""

from datetime import date

from laborreg import clock
from laborreg.months import Month
from laborreg.refusals import Refusal
from officers.models import AuditEvent, Message
from reports import actions, filing, totals
from reports.models import FiledLine, ReturnVersion, Seal, SealTotal
from reports.proof import Proof
from tests.cast import COUNTY, FAR, HOME, NEXT_DOOR, transfer, worker
from tests.reports.test_actions import OCTOBER, SEPTEMBER, MonthCase


class Reopening(MonthCase):
    def build(self):
        super().build()
        self.mover = worker("马成龙", sex="male")
        transfer(self.mover, date(2026, 9, 5), pay=4500)
        self.file_all(SEPTEMBER)
        actions.lock(self.county, SEPTEMBER, by=self.zhao)

    def reopen(self, village=HOME, month=SEPTEMBER, by=None):
        actions.reopen([self.ret(month, village)], by=by or self.zhao, reason="有人漏报")

    def record_one_more(self):
        transfer(worker("祁海英", sex="female"), date(2026, 9, 8), pay=3000)

    def correct(self, village=HOME, by=None):
        """Submitted again by the village long after the closing day, as it was reopened."""
        actions.submit([self.ret(SEPTEMBER, village)], by=by or self.li, explanations=actions.AS_IN_THE_LEDGER)

    def total(self, area=COUNTY):
        return totals.totals(area, SEPTEMBER)

    def test_the_locked_version_counts_until_the_new_one_is_locked(self):
        self.reopen()
        self.record_one_more()
        before = self.total(HOME)
        self.assertEqual((before.figures["away"], before.locked, before.received), (1, 1, 1))
        self.correct()
        self.assertTrue(self.ret().is_reopened)
        for area in (HOME, HOME[:9], COUNTY):
            self.assertEqual((self.total(area).figures["away"], self.total(area).source), (1, "seal"), area)
        self.assertEqual(self.total().locked, 3)
        actions.approve([self.ret()], by=self.wang)
        self.assertEqual(self.total().figures["away"], 1)
        seal = actions.lock(self.county, SEPTEMBER, by=self.zhao)
        self.assertEqual(seal.number, 2)
        for area in (HOME, HOME[:9], COUNTY):
            self.assertEqual(self.total(area).figures["away"], 2, area)
        self.assertFalse(self.ret().is_reopened)

    def test_the_earlier_seal_and_version_stay_as_they_were(self):
        self.reopen()
        self.record_one_more()
        self.correct()
        actions.approve([self.ret()], by=self.wang)
        actions.lock(self.county, SEPTEMBER, by=self.zhao)
        first = SealTotal.objects.get(seal__number=1, area_code=COUNTY)
        self.assertEqual(first.away, 1)
        versions = ReturnVersion.objects.filter(ret=self.ret()).order_by("number")
        self.assertEqual([version.away for version in versions], [1, 2])
        self.assertTrue(all(FiledLine.objects.filter(version=version).exists() for version in versions))
        self.assertTrue(all(filing.digest(version) == version.hash for version in versions))

    def test_only_the_county_reopens_and_says_why(self):
        for stranger in (self.li, self.wang, self.leader, self.admin):
            with self.assertRaises(Refusal):
                self.reopen(by=stranger)
        with self.assertRaisesMessage(Refusal, "Say why"):
            actions.reopen([self.ret()], by=self.zhao, reason=" ")
        self.reopen()
        self.assertEqual(AuditEvent.objects.filter(verb="reopened").get().detail["reason"], "有人漏报")
        with self.assertRaisesMessage(Refusal, "changed meanwhile"):
            self.reopen()

    def test_village_and_station_are_told(self):
        self.reopen()
        told = Message.objects.filter(text__contains="reopened")
        self.assertEqual({message.officer_id for message in told}, {self.li.pk, self.wang.pk})

    def test_only_the_newest_locked_month_is_reopened(self):
        self.file_all(OCTOBER)
        actions.lock(self.county, OCTOBER, by=self.zhao)
        with self.assertRaisesMessage(Refusal, "Only the newest locked month can be reopened: October 2026"):
            self.reopen()
        self.reopen(month=OCTOBER)

    def test_a_later_month_that_is_not_locked_is_submitted_again_and_its_opening_follows(self):
        self.file_all(OCTOBER)
        self.reopen()
        self.assertEqual(self.ret(OCTOBER).state, "approved")
        self.record_one_more()
        self.correct()
        october = self.ret(OCTOBER)
        self.assertEqual((october.state, october.counted_id), ("draft", None))
        self.assertTrue(Message.objects.filter(officer=self.li, text__contains="opens from other numbers").exists())
        self.submit(OCTOBER)
        self.assertEqual(self.ret(OCTOBER).newest.opening, 2)
        self.assertEqual(self.ret(OCTOBER).newest.late, 0)

    def test_a_correction_that_is_sent_back_is_open_again_and_still_counts_as_locked(self):
        self.reopen()
        self.record_one_more()
        self.correct()
        actions.send_back(self.ret(), by=self.wang, reason="请核对")
        ret = self.ret()
        self.assertEqual((ret.state, ret.is_in, self.total(HOME).figures["away"]), ("reopened", True, 1))
        self.correct()
        self.assertEqual(self.ret().newest.number, 3)

    def test_closed_unchanged_nothing_is_sealed_again(self):
        self.reopen()
        actions.close_unchanged([self.ret()], by=self.zhao)
        self.assertEqual((self.ret().state, Seal.objects.count()), ("locked", 1))

    def test_closing_drops_a_correction_and_what_opened_from_it(self):
        self.file_all(OCTOBER)
        self.reopen()
        self.record_one_more()
        self.correct()
        self.submit(OCTOBER)
        actions.send_back(self.ret(), by=self.wang, reason="请核对")
        actions.close_unchanged([self.ret()], by=self.zhao)
        self.assertEqual(self.ret().newest.number, 1)
        self.assertEqual(self.ret(OCTOBER).state, "draft")
        self.submit(OCTOBER)
        self.assertEqual((self.ret(OCTOBER).newest.opening, self.ret(OCTOBER).newest.late), (1, 1))

    def test_the_month_is_sealed_again_with_each_that_is_locked_again(self):
        """So that the totals are those of the villages, and the proof holds, while another is still open."""
        self.reopen(HOME)
        self.reopen(FAR)
        self.record_one_more()
        self.correct()
        actions.approve([self.ret()], by=self.wang)
        self.assertEqual(actions.lock(self.county, SEPTEMBER, by=self.zhao).number, 2)
        for area in (HOME, HOME[:9], COUNTY):
            self.assertEqual(self.total(area).figures["away"], 2, area)
        self.assertEqual(Proof(COUNTY, SEPTEMBER).failed, 0)
        actions.close_unchanged([self.ret(village=FAR)], by=self.zhao)
        self.assertEqual(Seal.objects.count(), 2)

    def test_no_later_month_is_locked_while_one_before_it_is_open_again(self):
        self.file_all(OCTOBER)
        self.reopen()
        with self.assertRaisesMessage(Refusal, "September 2026 is reopened: lock it again first"):
            actions.lock(self.county, OCTOBER, by=self.zhao)
        actions.close_unchanged([self.ret()], by=self.zhao)
        actions.lock(self.county, OCTOBER, by=self.zhao)

    def test_a_month_with_a_locked_version_is_the_newest_locked_one_whatever_came_in_since(self):
        self.file_all(OCTOBER)
        actions.lock(self.county, OCTOBER, by=self.zhao, returns=[self.ret(OCTOBER)])
        self.reopen(month=OCTOBER)
        self.submit(OCTOBER)
        self.assertEqual(actions.newest_locked_month(self.county), OCTOBER)
        with self.assertRaisesMessage(Refusal, "Only the newest locked month"):
            self.reopen()

    def test_a_question_on_a_dropped_version_does_not_block_the_next_correction(self):
        self.reopen()
        self.record_one_more()
        self.correct()
        actions.send_back(self.ret(), by=self.wang, reason="请核对", cells={"away": "还有谁"})
        actions.close_unchanged([self.ret()], by=self.zhao)
        self.assertTrue(Message.objects.filter(officer=self.li, text__contains="the correction does not count").exists())
        self.reopen()
        self.correct()
        self.assertEqual(self.ret().state, "submitted")

    def test_of_two_who_lock_the_second_is_told(self):
        self.reopen()
        self.record_one_more()
        self.correct()
        actions.approve([self.ret()], by=self.wang)
        actions.lock(self.county, SEPTEMBER, by=self.zhao)
        with self.assertRaisesMessage(Refusal, "locked already"):
            actions.lock(self.county, SEPTEMBER, by=self.zhao)
        self.assertEqual(Seal.objects.count(), 2)


class MissingBefore(MonthCase):
    def test_a_village_that_the_seal_left_out_stays_left_out(self):
        for village, author in ((HOME, self.li), (NEXT_DOOR, self.second)):
            self.submit(SEPTEMBER, village, author)
        actions.approve([self.ret(SEPTEMBER, HOME), self.ret(SEPTEMBER, NEXT_DOOR)], by=self.wang)
        actions.lock(self.county, SEPTEMBER, by=self.zhao, missing={FAR: "无人"})
        actions.reopen([self.ret()], by=self.zhao, reason="有人漏报")
        transfer(worker("祁海英"), date(2026, 9, 8))
        clock.pin(date(2026, 11, 2))
        actions.submit([self.ret()], by=self.li, explanations=actions.AS_IN_THE_LEDGER)
        actions.approve([self.ret()], by=self.wang)
        seal = actions.lock(self.county, SEPTEMBER, by=self.zhao)
        self.assertEqual((seal.number, seal.missing), (2, {FAR: "无人"}))
        self.assertEqual(Month(2026, 9), seal.month)
