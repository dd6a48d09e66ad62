"""More time for a month: who gets it, what it moves, who is told."""

from datetime import date

from django.db import IntegrityError, transaction

from laborreg import clock
from laborreg.refusals import Refusal
from officers.models import AuditEvent, Message
from officers.roles import NotYours
from reports import actions, extending, progress
from reports.deadlines import deadlines
from reports.models import Extension, MonthlyReturn
from reports.punctuality import calendar
from tests.cast import COUNTY, FAR, HOME, NEXT_DOOR
from tests.reports.month_pages import PageCase
from tests.reports.test_actions import OCTOBER, SEPTEMBER
from villages.models import County

STATION = HOME[:9]


class ExtendingCase(PageCase):
    def extend(self, area=COUNTY, due=6, closes=12, reason="Heavy snow", month=OCTOBER, by=None):
        return extending.extend(
            County.objects.get(), month, by=by or self.zhao, area_code=area, due_on=date(2026, 11, due),
            closes_on=date(2026, 11, closes), reason=reason,
        )

    def days(self, code="", month=OCTOBER):
        return deadlines(County.objects.get(), month, code)


class Extending(ExtendingCase):
    def test_the_days_of_who_got_more_time_and_of_nobody_else(self):
        self.extend(HOME)
        self.assertEqual((self.days(HOME).due_on, self.days(HOME).closes_on), (date(2026, 11, 6), date(2026, 11, 12)))
        self.assertEqual(self.days(HOME).county_due_on, date(2026, 11, 12))
        for code in ("", COUNTY, STATION, NEXT_DOOR, FAR):
            self.assertEqual(self.days(code).closes_on, date(2026, 11, 5))
        self.assertEqual(self.days(HOME, SEPTEMBER).closes_on, date(2026, 10, 5))

    def test_the_message_to_copy_says_who_got_more_time(self):
        self.submit(SEPTEMBER)
        self.extend(HOME)
        actions.open_month(self.county, OCTOBER)
        said = progress.message_to(progress.missing(MonthlyReturn.objects.filter(month=OCTOBER)), OCTOBER, self.days())
        self.assertEqual(said.count("(until Nov. 12, 2026)"), 1)
        self.assertIn("Villages can submit until Nov. 5, 2026", said)

    def test_of_several_the_latest_days_hold(self):
        self.extend(COUNTY, 5, 8)
        self.extend(STATION, 6, 12)
        self.assertEqual([self.days(code).closes_on.day for code in (COUNTY, FAR, STATION, HOME)], [8, 8, 12, 12])

    def test_the_village_submits_until_its_new_closing_day(self):
        self.submit(SEPTEMBER)
        self.extend(HOME)
        clock.pin(date(2026, 11, 11))
        with self.assertRaisesMessage(Refusal, "has an officer"):
            actions.submit([self.ret(OCTOBER)], by=self.wang, filed_for_reason="Li was ill")
        actions.submit([self.ret(OCTOBER)], by=self.li, explanations="x")
        self.assertEqual(self.ret(OCTOBER).state, "submitted")

    def test_the_others_are_closed_meanwhile(self):
        self.submit(SEPTEMBER, NEXT_DOOR, self.second)
        self.extend(HOME)
        clock.pin(date(2026, 11, 11))
        with self.assertRaisesMessage(Refusal, "only the station"):
            actions.submit([self.ret(OCTOBER, NEXT_DOOR)], by=self.second, explanations="x")

    def test_on_time_until_the_new_due_day(self):
        self.file_all(SEPTEMBER)
        self.extend(HOME)
        clock.pin(date(2026, 11, 5))
        for village, by in ((HOME, self.li), (NEXT_DOOR, self.second)):
            actions.submit([self.ret(OCTOBER, village)], by=by, explanations="x")
        actions.approve([self.ret(OCTOBER, HOME), self.ret(OCTOBER, NEXT_DOOR)], by=self.wang)
        rows = dict(calendar(County.objects.get(), OCTOBER, [SEPTEMBER, OCTOBER]))
        near = next(months for township, months in rows.items() if township.code == STATION)
        self.assertEqual((near[1].tone, near[1].sign), ("late", "1"))

    def test_those_concerned_are_told_and_nobody_else(self):
        self.submit(SEPTEMBER)
        clock.pin(date(2026, 11, 2))
        actions.submit([self.ret(OCTOBER)], by=self.li, explanations="x")
        Message.objects.all().delete()
        self.extend(STATION)
        told = set(Message.objects.values_list("officer__username", flat=True))
        self.assertEqual(told, {"wang", "second"})
        self.assertIn("More time for October 2026", str(Message.objects.first()))

    def test_what_is_refused(self):
        for words, more in (
            ("later days", {"due": 3, "closes": 5}), ("later days", {"due": 2, "closes": 12}),
            ("cannot lie before", {"due": 12, "closes": 10}), ("Say why", {"reason": " "}),
            ("Choose who", {"area": "630123"}), ("Choose who", {"area": "630121199"}),
            ("ID numbers or phones", {"reason": "13800000001"}),
        ):
            with self.assertRaisesMessage(Refusal, words):
                self.extend(**more)
        with self.assertRaisesMessage(Refusal, "Choose a closing day"):
            extending.extend(self.county, OCTOBER, by=self.zhao, area_code=HOME, due_on=date(2026, 11, 6),
                             closes_on=date(2027, 11, 12), reason="snow")
        with self.assertRaisesMessage(Refusal, "is not opened"):
            self.extend(month=OCTOBER.next)
        self.assertFalse(Extension.objects.exists())

    def test_a_sealed_month_is_over(self):
        self.file_all(SEPTEMBER)
        actions.lock(self.county, SEPTEMBER, by=self.zhao)
        with self.assertRaisesMessage(Refusal, "locked already"):
            self.extend(month=SEPTEMBER)

    def test_withdrawn_it_is_as_if_it_had_not_been(self):
        extension = self.extend(HOME)
        extending.withdraw(extension, by=self.zhao)
        self.assertEqual(self.days(HOME).closes_on, date(2026, 11, 5))
        with self.assertRaisesMessage(Refusal, "withdrawn already"):
            extending.withdraw(extension, by=self.zhao)
        self.assertEqual(list(AuditEvent.objects.filter(subject_kind="extension").values_list("verb", flat=True)),
                         ["extended a month", "withdrew an extension"])

    def test_only_the_county_gives_time(self):
        for officer in (self.li, self.wang, self.leader, self.admin):
            with self.assertRaises(NotYours):
                self.extend(by=officer)

    def test_the_database_keeps_the_order_of_the_days(self):
        with self.assertRaises(IntegrityError), transaction.atomic():
            Extension.objects.create(county=self.county, month=OCTOBER, area_code=HOME, due_on=date(2026, 11, 9),
                                     closes_on=date(2026, 11, 8), reason="x", by=self.zhao, at=clock.now())


class Pages(ExtendingCase):
    def test_the_county_types_it_and_everybody_sees_it(self):
        page = self.post(self.zhao, "extend", OCTOBER, area_code=STATION, due_on="2026-11-06", closes_on="2026-11-12",
                         reason="Heavy snow")
        self.assertContains(page, "There is more time now")
        self.assertContains(page, "Heavy snow")
        self.assertContains(self.get(self.wang, "queue", OCTOBER), "Heavy snow")
        self.assertNotContains(self.get(self.wang2, "queue", OCTOBER), "Heavy snow")
        self.assertEqual(self.get(self.wang, "queue", OCTOBER).context["days"].due_on, date(2026, 11, 6))
        self.sign_in(self.li)
        clock.pin(date(2026, 11, 2))
        MonthlyReturn.objects.filter(month=SEPTEMBER).delete()
        self.assertContains(self.client.get("/"), "put off: Heavy snow")

    def test_a_refusal_keeps_what_was_typed(self):
        page = self.post(self.zhao, "extend", OCTOBER, area_code=HOME, due_on="2026-11-01", closes_on="2026-11-12",
                         reason="Heavy snow")
        self.assertContains(page, "choose later days")
        self.assertContains(page, "Heavy snow")

    def test_a_due_day_on_a_holiday_is_told_and_moves_only_when_the_county_says_so(self):
        clock.pin(date(2026, 10, 2))
        page = self.get(self.zhao, "board", SEPTEMBER)
        self.assertContains(page, "National Day")
        self.assertContains(page, "due 10-08, open until 10-08")
        self.assertEqual(self.days(month=SEPTEMBER).due_on, date(2026, 10, 3))
        page = self.get(self.zhao, "extend", SEPTEMBER, workday=1)
        said = {name: page.context["form"][name].value() for name in ("area_code", "due_on", "closes_on", "reason")}
        self.post(self.zhao, "extend", SEPTEMBER, **said | {"area_code": COUNTY})
        self.assertEqual(self.days(month=SEPTEMBER).closes_on, date(2026, 10, 8))
        self.assertNotContains(self.get(self.zhao, "board", SEPTEMBER), "National Day")

    def test_a_year_whose_holidays_are_not_known_is_named(self):
        page = self.get(self.zhao, "extend", OCTOBER)
        self.assertNotContains(page, "not known to this registry")
        clock.pin(date(2027, 1, 2))
        for month in (OCTOBER.next, OCTOBER.next.next):
            actions.open_month(County.objects.get(), month)
        self.assertContains(self.get(self.zhao, "board", OCTOBER.next.next), "holidays of 2027 are not known")

    def test_withdrawing(self):
        extension = self.extend(HOME)
        page = self.post(self.zhao, "extension_withdraw", extension.pk)
        self.assertContains(page, "withdrawn by Zhao")
        self.assertEqual(self.post(self.wang, "extension_withdraw", extension.pk).status_code, 404)

    def test_queries_do_not_grow_with_extensions(self):
        self.extend(HOME)
        self.extend(STATION)
        few = [self.queries(self.zhao, name, OCTOBER) for name in ("board", "extend")]
        self.extend(FAR)
        self.extend(NEXT_DOOR, 7, 14)
        self.assertEqual([self.queries(self.zhao, name, OCTOBER) for name in ("board", "extend")], few)
