"""The county's month: who is missing, what locking freezes, and the seal."""

from datetime import date

from laborreg import clock
from laborreg.months import Month
from laborreg.refusals import Refusal
from reports import actions, totals
from reports.models import LOCKED, MonthlyReturn, Seal
from tests.cast import COUNTY, FAR, HOME, NEXT_DOOR, transfer, worker
from tests.reports.month_pages import PageCase
from tests.reports.test_actions import OCTOBER, SEPTEMBER


class BoardCase(PageCase):
    def page(self, name, *args, by=None, **query):
        return self.get(by or self.zhao, name, *args, **query)

    def lock(self, month=SEPTEMBER, **data):
        return self.post(self.zhao, "lock", month, **data)

    def only_home_is_approved(self):
        self.submit(SEPTEMBER, HOME, self.li)
        actions.approve([self.ret(SEPTEMBER, HOME)], by=self.wang)


class Seeing(BoardCase):
    def test_townships_by_state_sum_to_the_county(self):
        self.only_home_is_approved()
        self.submit(SEPTEMBER, FAR, self.sun)
        page = self.page("board", SEPTEMBER)
        total, rows = page.context["total"], page.context["rows"]
        self.assertEqual((total.expected, total.received, total.approved, total.missing), (3, 2, 1, 1))
        for name in ("expected", "received", "approved", "waiting", "drafts", "sent_back", "locked"):
            self.assertEqual(sum(getattr(row.progress, name) for row in rows), getattr(total, name), name)

    def test_who_is_missing_is_named_with_phones_to_call(self):
        self.second.phone = "13800000002"
        self.second.save()
        self.only_home_is_approved()
        page = self.page("board", SEPTEMBER)
        self.assertContains(page, 'href="tel:13800000002"')
        missing = [row.village.code for rows in page.context["stations"].values() for row in rows]
        self.assertEqual(missing, [NEXT_DOOR, FAR])

    def test_only_the_county_has_a_board(self):
        for stranger in (self.li, self.wang, self.leader, self.admin):
            self.assertEqual(self.page("board", SEPTEMBER, by=stranger).status_code, 404)
            self.assertEqual(self.page("lock", SEPTEMBER, by=stranger).status_code, 404)

    def test_a_month_that_is_not_open_has_no_board(self):
        self.assertEqual(self.page("board", Month(2020, 1)).status_code, 404)

    def test_the_number_of_queries_does_not_grow_with_the_villages(self):
        self.only_home_is_approved()
        self.assertEqual(self.queries(self.zhao, "board", SEPTEMBER), 26)
        self.submit(SEPTEMBER, FAR, self.sun)
        self.assertEqual(self.queries(self.zhao, "board", SEPTEMBER), 26)


class Calendar(BoardCase):
    def months(self, month=OCTOBER):
        rows = self.page("board", month).context["calendar"]
        return {(township.code, each.month): (each.tone, each.sign) for township, months in rows for each in months}

    def test_on_time_late_in_review_missing_and_not_due(self):
        self.submit(SEPTEMBER, HOME, self.li)
        self.submit(SEPTEMBER, NEXT_DOOR, self.second)
        actions.submit([self.ret(SEPTEMBER, FAR)], by=self.wang2, filed_for_reason="closed", explanations="late")
        seen = self.months()
        self.assertEqual(seen["630121100", SEPTEMBER], ("warn", "…"))
        self.assertEqual(seen["630121100", OCTOBER], ("", "·"))
        actions.approve([self.ret(SEPTEMBER, HOME), self.ret(SEPTEMBER, NEXT_DOOR)], by=self.wang)
        actions.approve([self.ret(SEPTEMBER, FAR)], by=self.zhao)
        seen = self.months()
        self.assertEqual(seen["630121100", SEPTEMBER], ("ok", "✓"))
        self.assertEqual(seen["630121101", SEPTEMBER], ("late", "1"))
        clock.pin(date(2026, 11, 9))
        self.assertEqual(self.months()["630121100", OCTOBER], ("bad", "2"))


class Opening(BoardCase):
    def test_the_next_month_is_opened_from_the_board(self):
        november = Month(2026, 11)
        self.assertEqual(self.page("board", OCTOBER).context["to_open"], november)
        page = self.post(self.zhao, "open_month", month="2026-11")
        self.assertContains(page, "November 2026 is open: 3 villages can file.")
        self.assertEqual(MonthlyReturn.objects.filter(month=november).count(), 3)
        self.assertIsNone(self.page("board", november).context["to_open"])

    def test_a_village_that_files_since_the_month_was_opened_gets_its_draft(self):
        self.assertNotContains(self.page("board", OCTOBER), "has no return of it yet")
        MonthlyReturn.objects.filter(month=OCTOBER, village=FAR).delete()
        self.assertContains(self.page("board", OCTOBER), "1 village files in October 2026 and has no return of it yet.")
        page = self.post(self.zhao, "open_month", month=str(OCTOBER))
        self.assertContains(page, "October 2026 is open: 1 village can file.")
        self.assertNotContains(page, "has no return of it yet")
        self.assertEqual(self.ret(OCTOBER, FAR).state, "draft")

    def test_no_month_is_skipped(self):
        page = self.post(self.zhao, "open_month", month="2027-01", came_from="/board/2026-10/")
        self.assertContains(page, "Open December 2026 first.")

    def test_nonsense_is_no_month(self):
        self.assertEqual(self.post(self.zhao, "open_month", month="soon").status_code, 404)


class Locking(BoardCase):
    def test_the_page_says_what_becomes_frozen_and_who_is_missing(self):
        transfer(worker(), date(2026, 9, 3), pay=4000)
        self.only_home_is_approved()
        page = self.page("lock", SEPTEMBER)
        self.assertContains(page, "1 approved return becomes frozen, 1 persons away")
        self.assertEqual([row.village.code for row, _reason in page.context["rows"]], [NEXT_DOOR, FAR])
        self.assertFalse(Seal.objects.exists())

    def test_locked_with_a_reason_for_each_that_is_missing_the_month_is_sealed(self):
        self.only_home_is_approved()
        page = self.lock(**{f"why_{NEXT_DOOR}": "Nobody is posted there", f"why_{FAR}": "Flood"})
        seal = Seal.objects.get()
        self.assertEqual(seal.missing, {NEXT_DOOR: "Nobody is posted there", FAR: "Flood"})
        self.assertContains(page, seal.hash)
        self.assertContains(page, "Nobody is posted there")
        self.assertContains(page, self.zhao.name)
        self.assertEqual(page.context["seal"], seal)

    def test_what_was_typed_stays_when_one_reason_is_forgotten(self):
        self.only_home_is_approved()
        page = self.lock(**{f"why_{NEXT_DOOR}": "Nobody is posted there"})
        self.assertContains(page, "Give a reason for each village that is missing")
        self.assertContains(page, 'value="Nobody is posted there"')
        self.assertEqual(self.ret().state, "approved")

    def test_without_reasons_the_approved_are_locked_and_the_seal_waits(self):
        self.only_home_is_approved()
        self.assertContains(self.lock(), "1 return is locked.")
        self.assertEqual(self.ret().state, LOCKED)
        self.assertFalse(Seal.objects.exists())

    def test_township_by_township(self):
        self.file_all(SEPTEMBER)
        page = self.page("lock", SEPTEMBER, township="630121101")
        self.assertEqual([ret.village_id for ret in page.context["plan"].returns], [FAR])
        self.assertFalse(page.context["plan"].seals)
        self.lock(township="630121101")
        self.assertEqual(MonthlyReturn.objects.filter(state=LOCKED).count(), 1)
        self.lock(township="630121100")
        self.assertEqual(Seal.objects.get().missing, {})

    def test_what_came_in_since_is_looked_at_before_it_is_locked(self):
        self.only_home_is_approved()
        seen = self.page("lock", SEPTEMBER).context["plan"].fingerprint
        self.submit(SEPTEMBER, FAR, self.sun)
        actions.approve([self.ret(SEPTEMBER, FAR)], by=self.wang2)
        self.assertContains(self.lock(seen=seen), "changed meanwhile; look again")
        self.assertEqual(self.ret().state, "approved")

    def test_nothing_to_lock_is_said(self):
        self.assertContains(self.lock(), "is waiting to be locked")

    def test_a_village_that_is_in_is_not_left_out(self):
        """Its figures would stand in the seal without anybody having approved them."""
        self.only_home_is_approved()
        self.submit(SEPTEMBER, FAR, self.sun)
        with self.assertRaisesMessage(Refusal, "Approve and lock them, or send them back"):
            actions.lock(self.county, SEPTEMBER, by=self.zhao, missing={NEXT_DOOR: "Flood", FAR: "Not approved"})
        self.assertFalse(Seal.objects.exists())

    def test_nothing_comes_into_a_sealed_month(self):
        self.only_home_is_approved()
        actions.lock(self.county, SEPTEMBER, by=self.zhao, missing={NEXT_DOOR: "Flood", FAR: "Flood"})
        transfer(worker(village=FAR), date(2026, 9, 4), pay=3000)
        with self.assertRaisesMessage(Refusal, "is sealed"):
            actions.submit([self.ret(SEPTEMBER, FAR)], by=self.wang2, filed_for_reason="late", explanations="late")
        self.assertEqual(totals.totals(COUNTY, SEPTEMBER).figures["away"], 0)
