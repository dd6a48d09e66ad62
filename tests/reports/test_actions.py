"""The steps of the month: who may, when, and what is refused."""

from datetime import date

from laborreg import clock
from laborreg.months import Month
from laborreg.refusals import Refusal
from officers import audit
from officers.models import AuditEvent, Message
from reports import actions
from reports.models import CellMessage, FiledEvent, FiledLine, MonthlyReturn, ReturnVersion, Seal
from tests.built import Built
from tests.cast import COUNTY, FAR, HOME, NEXT_DOOR, cast, county, officer, transfer, worker
from workers.ledger import KEYS

SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)


class MonthCase(Built):
    """A county of three villages on 2 November 2026, its first month September; the cast is posted."""

    def setUp(self):
        clock.pin(date(2026, 11, 2))
        self.addCleanup(clock.pin, None)

    def build(self):
        clock.pin(date(2026, 11, 2))
        self.addCleanup(clock.pin, None)
        self.county = county()
        for name, who in cast().items():
            setattr(self, name, who)
        self.second = officer("second", "village", NEXT_DOOR)
        self.wang2 = officer("wang2", "township", "630121101")
        actions.open_month(self.county, SEPTEMBER)
        actions.open_month(self.county, OCTOBER)

    def ret(self, month=SEPTEMBER, village=HOME):
        return MonthlyReturn.objects.select_related("county", "village", "newest").get(village=village, month=month)

    def submit(self, month=SEPTEMBER, village=HOME, by=None, **more):
        """September is closed by now, so the clock goes back for it."""
        clock.pin(month.next.last_day().replace(day=2))
        actions.submit([self.ret(month, village)], by=by or self.li, explanations=actions.AS_IN_THE_LEDGER, **more)
        clock.pin(date(2026, 11, 2))

    def file_all(self, month):
        """Every village submitted and approved."""
        for village, author in ((HOME, self.li), (NEXT_DOOR, self.second), (FAR, self.sun)):
            self.submit(month, village, author)
        actions.approve([self.ret(month, HOME), self.ret(month, NEXT_DOOR)], by=self.wang)
        actions.approve([self.ret(month, FAR)], by=self.wang2)


class Opening(MonthCase):
    def test_a_month_is_not_opened_before_its_first_day(self):
        actions.open_month(self.county, Month(2026, 11), by=self.zhao)
        with self.assertRaisesMessage(Refusal, "in the future"):
            actions.open_month(self.county, Month(2026, 12), by=self.zhao)


class Submitting(MonthCase):
    def test_what_the_ledger_says_is_frozen_with_the_names_behind_it(self):
        away = worker("马成龙", sex="male")
        transfer(away, date(2026, 9, 5), pay=4500, channel="own", industry="E")
        worker("祁海英")
        self.submit()
        version = self.ret().newest
        self.assertEqual((version.away, version.left, version.opening), (1, 1, 0))
        self.assertEqual(version.income_month, (2 * 4500 * 26 + 30) // 60)
        lines = FiledLine.objects.filter(version=version)
        self.assertEqual([line.name for line in lines if line.shares.get("away")], ["马成龙"])
        self.assertEqual(FiledEvent.objects.get(version=version).kind, "left")
        for key in KEYS:
            rows = [*lines, *FiledEvent.objects.filter(version=version)]
            if key != "opening":
                self.assertEqual(sum(row.shares.get(key, 0) for row in rows), version.figures[key], key)

    def test_a_nil_return_is_said_to_be_one(self):
        with self.assertRaisesMessage(actions.NotSubmitted, "nothing to report"):
            self.submit(is_nil=False)
        self.submit(is_nil=True)
        self.assertTrue(self.ret().newest.is_nil)

    def test_a_month_is_not_submitted_before_it_is_over_nor_after_it_closed(self):
        november = Month(2026, 11)
        actions.open_month(self.county, november)
        with self.assertRaisesMessage(Refusal, "can be submitted from"):
            actions.submit([self.ret(november)], by=self.li)
        with self.assertRaisesMessage(Refusal, "only the station"):
            actions.submit([self.ret(SEPTEMBER)], by=self.li)

    def test_the_station_files_after_the_closing_day_with_a_reason(self):
        with self.assertRaisesMessage(Refusal, "Say why"):
            actions.submit([self.ret()], by=self.wang)
        actions.submit([self.ret()], by=self.wang, filed_for_reason="Li was ill")
        self.assertEqual(self.ret().newest.filed_for_reason, "Li was ill")
        with self.assertRaisesMessage(Refusal, "has an officer"):
            actions.submit([self.ret(OCTOBER)], by=self.wang, filed_for_reason="Li was ill")

    def test_october_waits_for_september(self):
        with self.assertRaisesMessage(actions.NotSubmitted, "Submit it first"):
            self.submit(OCTOBER)
        self.submit(SEPTEMBER)
        self.submit(OCTOBER)

    def test_two_clicks_make_one_version(self):
        stale = self.ret()
        self.submit()
        clock.pin(date(2026, 10, 2))
        with self.assertRaisesMessage(Refusal, "changed meanwhile"):
            actions.submit([stale], by=self.li)
        self.assertEqual(ReturnVersion.objects.count(), 1)

    def test_another_village_and_other_roles_may_not(self):
        for stranger in (self.sun, self.zhao, self.leader, self.admin):
            with self.assertRaises(Refusal):
                self.submit(by=stranger)

    def test_a_warning_asks_for_a_line(self):
        away = worker("马成龙")
        transfer(away, date(2026, 9, 5))
        clock.pin(date(2026, 10, 2))
        with self.assertRaisesMessage(actions.NotSubmitted, "no income is known"):
            actions.submit([self.ret()], by=self.li)
        actions.submit([self.ret()], by=self.li, explanations={"nobody_away_earns": "asked again next month"})
        self.assertEqual(self.ret().newest.explanations, {"nobody_away_earns": "asked again next month"})


class Approving(MonthCase):
    def test_nobody_approves_what_she_submitted_in_any_version(self):
        actions.submit([self.ret()], by=self.wang, filed_for_reason="closed")
        with self.assertRaisesMessage(Refusal, "somebody else"):
            actions.approve([self.ret()], by=self.wang)
        actions.approve([self.ret()], by=self.zhao)
        self.assertEqual(self.ret().newest.approved_by, self.zhao)

    def test_the_county_leaves_a_villages_own_return_to_the_station(self):
        self.submit()
        with self.assertRaisesMessage(Refusal, "The station approves"):
            actions.approve([self.ret()], by=self.zhao)
        with self.assertRaises(Refusal):
            actions.approve([self.ret()], by=self.wang2)
        with self.assertRaises(Refusal):
            actions.approve([self.ret()], by=self.li)

    def test_the_county_leaves_what_the_village_filed_after_the_station_to_the_station(self):
        actions.submit([self.ret()], by=self.wang, filed_for_reason="closed")
        actions.send_back(self.ret(), by=self.zhao, reason="wrong")
        self.submit()
        self.assertIn("The station approves", actions.held_back([self.ret()], by=self.zhao)[self.ret().pk])
        with self.assertRaisesMessage(Refusal, "The station approves"):
            actions.approve([self.ret()], by=self.zhao)

    def test_a_draft_cannot_be_approved_nor_one_be_approved_twice(self):
        with self.assertRaisesMessage(Refusal, "changed meanwhile"):
            actions.approve([self.ret()], by=self.wang)
        self.submit()
        actions.approve([self.ret()], by=self.wang)
        with self.assertRaisesMessage(Refusal, "changed meanwhile"):
            actions.approve([self.ret()], by=self.wang)

    def test_a_version_that_came_in_meanwhile_is_not_approved(self):
        self.submit()
        looked_at = self.ret()
        actions.send_back(self.ret(), by=self.wang, reason="wrong")
        self.submit()
        with self.assertRaisesMessage(Refusal, "changed meanwhile"):
            actions.approve([looked_at], by=self.wang)
        with self.assertRaisesMessage(Refusal, "changed meanwhile"):
            actions.send_back(looked_at, by=self.wang, reason="wrong")

    def test_october_is_not_approved_before_september(self):
        self.submit(SEPTEMBER)
        self.submit(OCTOBER)
        with self.assertRaisesMessage(Refusal, "first"):
            actions.approve([self.ret(OCTOBER)], by=self.wang)


class SendingBack(MonthCase):
    def test_reason_questions_answers_and_a_second_version(self):
        self.submit()
        actions.send_back(self.ret(), by=self.wang, reason="Two people lack a place", cells={"away": "Is Ma away?"})
        ret = self.ret()
        self.assertEqual((ret.state, ret.counted), ("sent_back", None))
        self.assertIn("Two people lack a place", str(Message.objects.get(officer=self.li)))
        with self.assertRaisesMessage(actions.NotSubmitted, "Is Ma away?"):
            self.submit()
        actions.answer(CellMessage.objects.get(), by=self.li, text="Yes, since May")
        self.submit()
        self.assertEqual(self.ret().newest.number, 2)
        self.assertEqual(ReturnVersion.objects.get(number=1).send_back_reason, "Two people lack a place")

    def test_without_a_reason_it_stays_where_it_is(self):
        self.submit()
        with self.assertRaisesMessage(Refusal, "Say why"):
            actions.send_back(self.ret(), by=self.wang, reason=" ")

    def test_what_is_approved_goes_back_by_the_county_only(self):
        self.submit()
        actions.approve([self.ret()], by=self.wang)
        with self.assertRaisesMessage(Refusal, "only the county"):
            actions.send_back(self.ret(), by=self.wang, reason="wrong")
        actions.send_back(self.ret(), by=self.zhao, reason="wrong")
        self.assertEqual(self.ret().state, "sent_back")

    def test_a_station_that_looked_before_it_was_approved_does_not_send_it_back(self):
        self.submit()
        looked_at = self.ret()
        actions.approve([self.ret()], by=self.wang)
        with self.assertRaisesMessage(Refusal, "only the county"):
            actions.send_back(looked_at, by=self.wang, reason="wrong")
        self.assertEqual(self.ret().state, "approved")

    def test_nobodys_number_goes_into_the_trail_with_the_reason(self):
        self.submit()
        with self.assertRaisesMessage(Refusal, "Do not write ID numbers"):
            actions.send_back(self.ret(), by=self.wang, reason="Ask 13800000001")

    def test_the_station_answers_only_where_it_submits(self):
        self.submit(SEPTEMBER)
        self.submit(OCTOBER)
        for month in (SEPTEMBER, OCTOBER):
            actions.send_back(self.ret(month), by=self.wang, reason="look", cells={"away": "Is Ma away?"})
        actions.answer(CellMessage.objects.get(ret=self.ret(SEPTEMBER)), by=self.wang, text="Yes")
        with self.assertRaisesMessage(Refusal, "has an officer"):
            actions.answer(CellMessage.objects.get(ret=self.ret(OCTOBER)), by=self.wang, text="Yes")

    def test_a_changed_month_sets_the_next_one_back_to_draft(self):
        self.submit(SEPTEMBER)
        self.submit(OCTOBER)
        actions.send_back(self.ret(SEPTEMBER), by=self.wang, reason="wrong")
        transfer(worker(), date(2026, 9, 5), pay=3000)
        self.submit(SEPTEMBER)
        self.assertEqual(self.ret(OCTOBER).state, "draft")
        self.submit(OCTOBER)
        october = self.ret(OCTOBER).newest
        self.assertEqual((october.opening, october.late, october.opening_version.number), (1, 0, 2))


    def test_an_earlier_month_that_comes_in_first_now_sets_the_next_one_back_too(self):
        MonthlyReturn.objects.filter(village=HOME, month=SEPTEMBER).delete()
        transfer(worker(), date(2026, 9, 5), pay=3000)
        self.submit(OCTOBER)
        actions.open_month(self.county, SEPTEMBER)
        self.submit(SEPTEMBER)
        self.assertEqual(self.ret(OCTOBER).state, "draft")
        self.assertEqual(str(Message.objects.get(officer=self.li).values["month"]), "2026-10")
        self.assertIsNone(audit.first_fault(COUNTY))


class Locking(MonthCase):
    def test_a_complete_month_is_sealed(self):
        self.file_all(SEPTEMBER)
        seal = actions.lock(self.county, SEPTEMBER, by=self.zhao)
        self.assertEqual(seal.missing, {})
        self.assertEqual({t.area_code: (t.expected, t.received) for t in seal.totals.all()},
                         {COUNTY: (3, 3), "630121100": (2, 2), "630121101": (1, 1)})
        self.assertEqual(self.ret().state, "locked")
        with self.assertRaisesMessage(Refusal, "locked already"):
            actions.lock(self.county, SEPTEMBER, by=self.zhao)

    def test_who_is_missing_is_named_with_a_reason(self):
        self.submit()
        actions.approve([self.ret()], by=self.wang)
        self.assertIsNone(actions.lock(self.county, SEPTEMBER, by=self.zhao))
        with self.assertRaisesMessage(Refusal, "Give a reason"):
            actions.lock(self.county, SEPTEMBER, by=self.zhao, missing={NEXT_DOOR: "flood"})
        seal = actions.lock(self.county, SEPTEMBER, by=self.zhao, missing={NEXT_DOOR: "flood", FAR: "no officer"})
        self.assertEqual(seal.missing, {NEXT_DOOR: "flood", FAR: "no officer"})
        self.submit(OCTOBER, NEXT_DOOR, self.second)
        self.assertEqual(self.ret(OCTOBER, NEXT_DOOR).state, "submitted")

    def test_what_is_locked_is_the_version_that_was_looked_at(self):
        self.file_all(SEPTEMBER)
        looked_at = [self.ret(SEPTEMBER, village) for village in (HOME, NEXT_DOOR, FAR)]
        actions.send_back(self.ret(), by=self.zhao, reason="wrong")
        self.submit()
        actions.approve([self.ret()], by=self.wang)
        with self.assertRaisesMessage(Refusal, "changed meanwhile"):
            actions.lock(self.county, SEPTEMBER, by=self.zhao, returns=looked_at)
        self.assertFalse(ReturnVersion.objects.filter(locked_at__isnull=False).exists())

    def test_a_return_of_another_month_is_not_locked_along(self):
        self.file_all(SEPTEMBER)
        self.file_all(OCTOBER)
        with self.assertRaisesMessage(Refusal, "changed meanwhile"):
            actions.lock(self.county, SEPTEMBER, by=self.zhao, returns=[self.ret(OCTOBER)])

    def test_nobodys_number_goes_into_the_seal(self):
        with self.assertRaisesMessage(Refusal, "Do not write ID numbers"):
            actions.lock(self.county, SEPTEMBER, by=self.zhao, missing={HOME: "call 13800000001"})

    def test_months_are_locked_in_their_order_and_by_the_county_only(self):
        self.file_all(SEPTEMBER)
        self.file_all(OCTOBER)
        with self.assertRaisesMessage(Refusal, "first"):
            actions.lock(self.county, OCTOBER, by=self.zhao)
        for stranger in (self.li, self.wang, self.leader, self.admin):
            with self.assertRaises(Refusal):
                actions.lock(self.county, SEPTEMBER, by=stranger)
        self.assertEqual(Seal.objects.count(), 0)

    def test_what_is_recorded_later_leaves_the_locked_month_and_comes_late(self):
        self.file_all(SEPTEMBER)
        actions.lock(self.county, SEPTEMBER, by=self.zhao)
        transfer(worker(), date(2026, 9, 10), pay=3000)
        self.assertEqual(self.ret(SEPTEMBER).newest.away, 0)
        self.submit(OCTOBER)
        october = self.ret(OCTOBER).newest
        self.assertEqual((october.opening, october.late, october.late_left, october.away), (0, 1, 1, 1))
        self.assertEqual(october.late_income, (2 * 3000 * 21 + 30) // 60)


class Trail(MonthCase):
    def test_every_step_leaves_an_event_and_the_chain_holds(self):
        self.file_all(SEPTEMBER)
        actions.lock(self.county, SEPTEMBER, by=self.zhao)
        verbs = [event.verb for event in audit.trail(self.ret())]
        self.assertEqual(verbs, ["submitted", "approved", "locked"])
        self.assertEqual(AuditEvent.objects.filter(verb="sealed").count(), 1)
        self.assertIsNone(audit.first_fault(COUNTY))


class Names(MonthCase):
    def test_names_are_kept_for_the_newest_version_and_figures_for_all(self):
        transfer(worker(), date(2026, 9, 5), pay=3000)
        self.submit()
        actions.send_back(self.ret(), by=self.wang, reason="wrong")
        self.assertTrue(FiledLine.objects.filter(version__number=1).exists())
        self.submit()
        self.assertFalse(FiledLine.objects.filter(version__number=1).exists())
        self.assertTrue(FiledLine.objects.filter(version__number=2).exists())
        self.assertEqual(ReturnVersion.objects.get(number=1).away, 1)

    def test_what_a_later_month_opens_from_keeps_its_names(self):
        transfer(worker(), date(2026, 9, 5), pay=3000)
        self.submit(SEPTEMBER)
        self.submit(OCTOBER)
        actions.send_back(self.ret(SEPTEMBER), by=self.wang, reason="wrong")
        self.submit(SEPTEMBER)
        first = ReturnVersion.objects.get(month=SEPTEMBER, number=1)
        self.assertTrue(first.filedlines.exists())
        self.submit(OCTOBER)
        self.assertFalse(first.filedlines.exists())
