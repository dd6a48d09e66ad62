"""The months of a village that was merged, recoded or split: nothing filed changes, and series are read both ways."""

from datetime import date

from django.db import transaction
from django.urls import reverse

from laborreg import clock
from laborreg.months import Month
from laborreg.refusals import Refusal
from officers.models import AuditEvent, Officer
from reports import actions, totals
from reports.models import MonthlyReturn, ReturnVersion
from reports.proof import Proof
from tests.cast import COUNTY, FAR, HOME, NEXT_DOOR, transfer, worker
from tests.reports.month_pages import PageCase
from tests.reports.test_actions import OCTOBER, SEPTEMBER
from villages.models import Lineage, Village
from workers import actions as ledger
from workers.drafts import answers_of, start
from workers.ledger import KEYS

NEW, NEAR = "630121100300", "630121100"
NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)


class Changed(PageCase):
    """September and October are filed; three people of the village are away, one came home in October."""

    def build(self):
        super().build()
        self.home, self.next_door = Village.objects.get(pk=HOME), Village.objects.get(pk=NEXT_DOOR)
        self.people = [worker(f"马{name}", group_name="一社", ability="ordinary") for name in "甲乙丙丁"]
        for who, ended_on in zip(self.people, (None, None, None, date(2026, 10, 8)), strict=True):
            transfer(who, date(2026, 3, 1), ended_on, pay=4000)
        transfer(worker("马邻", NEXT_DOOR), date(2026, 5, 1), pay=3000)
        for month in (SEPTEMBER, OCTOBER):
            self.file_all(month)
        actions.open_month(self.county, NOVEMBER)
        # What was read before the change stays in the objects of the test.
        self.zhao, self.admin = (Officer.objects.get(pk=each.pk) for each in (self.zhao, self.admin))

    def change(self, kind="recode", village=None, **facts):
        of = {
            "recode": {"code": NEW, "name": "新煤洞村委会"}, "merge": {"into": self.next_door},
            "split": {"code": NEW, "name": "上煤洞村委会", "groups": ["一社"]}, "rename": {"name": "新名村委会"},
        }
        facts = {"by": self.zhao, "from_month": NOVEMBER, "reason": "区划调整"} | of[kind] | facts
        return actions.change_village(kind, village or self.home, **facts)

    def refuses(self, words, *args, **facts):
        with self.assertRaises(Refusal) as caught, transaction.atomic():
            self.change(*args, **facts)
        self.assertIn(words, str(caught.exception.message))

    def returns(self, month=NOVEMBER):
        rows = MonthlyReturn.objects.filter(month=month).order_by("village_id")
        return dict(rows.values_list("village_id", "state"))

    def file(self, *codes, month=NOVEMBER):
        clock.pin(month.next.last_day().replace(day=2))
        for code in codes:
            author = Officer.objects.get(pk=next(o.pk for o in self.authors(code)))
            actions.submit([self.ret(month, code)], by=author, explanations=actions.AS_IN_THE_LEDGER)
            ret, station = self.ret(month, code), {NEAR: self.wang, FAR[:9]: self.wang2}[code[:9]]
            actions.approve([ret], by=station)

    def authors(self, code):
        return Officer.objects.filter(role="village", postings__place_code=code).order_by("username")


class Months(Changed):
    def test_old_months_keep_the_old_code_and_drafts_follow_the_new(self):
        self.change()
        self.assertEqual(self.returns(), {NEXT_DOOR: "draft", NEW: "draft", FAR: "draft"})
        self.assertEqual(self.returns(OCTOBER), {HOME: "approved", NEXT_DOOR: "approved", FAR: "approved"})
        self.assertEqual(ReturnVersion.objects.get(village=HOME, month=OCTOBER).away, 3)
        self.assertEqual(totals.expected_by(COUNTY, NOVEMBER, 12).keys(), {NEXT_DOOR, NEW, FAR})

    def test_a_merge_and_a_split(self):
        with transaction.atomic():
            self.change("split")
            self.assertEqual(self.returns(), {HOME: "draft", NEXT_DOOR: "draft", NEW: "draft", FAR: "draft"})
            transaction.set_rollback(True)
        self.change("merge")
        self.assertEqual(self.returns(), {NEXT_DOOR: "draft", FAR: "draft"})

    def test_the_next_months_go_on_from_there_and_every_proof_holds(self):
        self.change()
        self.file(NEW, NEXT_DOOR, FAR)
        filed = ReturnVersion.objects.get(village=NEW, month=NOVEMBER)
        self.assertEqual((filed.opening, filed.left, filed.came_home, filed.moved, filed.late, filed.away),
                         (0, 0, 0, 3, 0, 3))
        self.assertEqual((filed.transferred, filed.trips, filed.late_income, filed.late_left), (4, 4, 0, 0))
        self.assertEqual(filed.income, filed.income_month)
        clock.pin(date(2026, 12, 2))
        actions.open_month(self.county, DECEMBER)
        self.file(NEW, NEXT_DOOR, FAR, month=DECEMBER)
        after = ReturnVersion.objects.get(village=NEW, month=DECEMBER)
        self.assertEqual((after.opening, after.moved, after.late, after.away), (3, 0, 0, 3))
        for month in (SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER):
            self.assertEqual([c.failures for c in Proof(COUNTY, month).checks.values() if c.failed], [], month)

    def test_a_merged_village_opens_with_its_own(self):
        self.change("merge")
        self.file(NEXT_DOOR)
        filed = ReturnVersion.objects.get(village=NEXT_DOOR, month=NOVEMBER)
        self.assertEqual((filed.opening, filed.moved, filed.away, filed.transferred), (1, 3, 4, 5))

    def test_the_county_s_stock_is_whole(self):
        before = totals.series(COUNTY, OCTOBER, OCTOBER)[OCTOBER]
        self.change()
        self.file(NEW, NEXT_DOOR, FAR)
        after = totals.series(COUNTY, NOVEMBER, NOVEMBER)[NOVEMBER]
        for key in ("away", "households", "labor_force", "away.other_province", "transferred", "trips"):
            self.assertEqual(after[key], before[key], key)

    def test_october_can_be_filed_by_the_old_officer_after_the_change(self):
        actions.send_back(self.ret(OCTOBER), by=self.zhao, reason="再看")
        self.change()
        li = Officer.objects.get(username="li")
        actions.submit([self.ret(OCTOBER)], by=li, explanations=actions.AS_IN_THE_LEDGER)
        self.assertEqual(ReturnVersion.objects.filter(village=HOME, month=OCTOBER).count(), 2)
        self.assertEqual(self.ret(OCTOBER).newest.away, 3)


class Stopped(Changed):
    def test_a_month_that_was_filed(self):
        for month in (SEPTEMBER, OCTOBER):
            self.refuses("has filed October 2026", from_month=month)

    def test_a_month_that_the_other_village_filed(self):
        clock.pin(date(2026, 12, 2))
        second = Officer.objects.get(username="second")
        actions.submit([self.ret(NOVEMBER, NEXT_DOOR)], by=second, explanations=actions.AS_IN_THE_LEDGER)
        self.refuses("元树尔村 has filed November", "merge")

    def test_one_that_was_sent_back_was_filed_too(self):
        actions.send_back(self.ret(OCTOBER), by=self.zhao, reason="再看")
        self.refuses("has filed October 2026", from_month=OCTOBER)

    def test_a_sealed_month(self):
        for month in (SEPTEMBER, OCTOBER):
            actions.lock(self.county, month, by=self.zhao)
        self.refuses("October 2026 is sealed", from_month=OCTOBER)

    def test_nothing_is_half_done(self):
        self.refuses("12 digits", code="1")
        self.refuses("has not begun", from_month=DECEMBER)
        self.assertFalse(Lineage.objects.exists())
        self.assertIn(HOME, self.returns())
        with self.assertRaises(Refusal):
            self.change(by=self.wang)


class Series(Changed):
    def build(self):
        super().build()
        self.change("merge")
        self.file(NEXT_DOOR, FAR)

    def away(self, code, **how):
        return {str(m): f["away"] for m, f in totals.series(code, SEPTEMBER, NOVEMBER, **how).items()}

    def test_on_old_and_on_new_boundaries(self):
        self.assertEqual(self.away(NEXT_DOOR), {"2026-09": 1, "2026-10": 1, "2026-11": 4})
        self.assertEqual(self.away(NEXT_DOOR, boundaries=totals.NOW), {"2026-09": 5, "2026-10": 4, "2026-11": 4})
        self.assertEqual(self.away(HOME), {"2026-09": 4, "2026-10": 3})
        self.assertEqual(self.away(COUNTY, boundaries=totals.NOW), self.away(COUNTY))
        rows = totals.series(NEXT_DOOR, OCTOBER, OCTOBER, boundaries=totals.NOW)[OCTOBER]
        both = totals.add([totals.series(code, OCTOBER, OCTOBER)[OCTOBER] for code in (HOME, NEXT_DOOR)])
        self.assertEqual([rows[key] for key in KEYS], [both[key] for key in KEYS])

    def test_the_page_reads_both_ways_and_names_the_day(self):
        page = self.get(self.zhao, "totals", NEXT_DOOR, NOVEMBER)
        self.assertContains(page, "2026-11-01")
        self.assertContains(page, "became part of")
        self.assertContains(page, "boundaries=now")
        by_month = {str(row["month"]): row["now"] for row in page.context["trend_table"]}
        self.assertEqual((by_month["2026-10"], by_month["2026-11"]), (1, 4))
        page = self.get(self.zhao, "totals", NEXT_DOOR, NOVEMBER, boundaries="now")
        by_month = {str(row["month"]): row["now"] for row in page.context["trend_table"]}
        self.assertEqual((by_month["2026-09"], by_month["2026-10"], by_month["2026-11"]), (5, 4, 4))
        self.assertContains(page, f"/totals/{NEXT_DOOR}/2026-10/?boundaries=now")
        self.assertContains(page, "merged")

    def test_an_earlier_month_of_both(self):
        page = self.get(self.zhao, "totals", NEXT_DOOR, OCTOBER, boundaries="now")
        self.assertEqual(page.context["tiles"][0].value, 4)

    def test_a_month_in_which_one_of_them_is_not_in_is_left_out(self):
        MonthlyReturn.objects.filter(village=HOME, month=OCTOBER).update(state="sent_back", counted=None)
        self.assertEqual(self.away(NEXT_DOOR, boundaries=totals.NOW), {"2026-09": 5, "2026-11": 4})
        page = self.get(self.zhao, "totals", NEXT_DOOR, OCTOBER, boundaries="now")
        self.assertIsNone(page.context["tiles"][0].value)

    def test_other_villages_have_one_reading(self):
        page = self.get(self.zhao, "totals", FAR, OCTOBER, boundaries="now")
        self.assertNotContains(page, "On the boundaries of now")

    def test_no_query_more_for_each_village_that_became_part(self):
        before = self.queries(self.zhao, "totals", NEXT_DOOR, NOVEMBER, boundaries="now")
        for number in range(301, 306):
            old = Village.objects.create(code=f"{NEAR}{number}", township_id=NEAR, name=f"旧{number}村委会")
            Lineage.objects.create(old=old, new=self.next_door, kind="merge", from_on=date(2026, 11, 1))
        self.assertEqual(self.queries(self.zhao, "totals", NEXT_DOOR, NOVEMBER, boundaries="now"), before)


class SeriesOfOthers(Changed):
    def test_a_new_code_continues_the_old(self):
        self.change()
        self.file(NEW)
        found = totals.series(NEW, SEPTEMBER, NOVEMBER, boundaries=totals.NOW)
        self.assertEqual([found[month]["away"] for month in (SEPTEMBER, OCTOBER, NOVEMBER)], [4, 3, 3])
        page = self.get(self.zhao, "totals", NEW, OCTOBER, boundaries="now")
        self.assertNotContains(page, "Not submitted")
        self.assertEqual(page.context["tiles"][0].value, 3)
        self.assertContains(self.get(self.zhao, "totals", HOME, OCTOBER), "got a new code")

    def test_a_split_cannot_be_told_apart_before(self):
        self.change("split")
        self.file(NEW)
        found = totals.series(NEW, SEPTEMBER, NOVEMBER, boundaries=totals.NOW)
        self.assertEqual(list(found), [NOVEMBER])
        page = self.get(self.zhao, "totals", NEW, NOVEMBER, boundaries="now")
        self.assertContains(page, "cannot be told apart")
        self.assertNotContains(page, "On the boundaries of now")


class Pages(Changed):
    def typed(self, **facts):
        return {"code": NEW, "name": "新煤洞村委会", "from_month": str(NOVEMBER), "reason": "区划调整"} | facts

    def send(self, kind, facts, officer=None):
        self.sign_in(officer or self.zhao)
        return self.client.post(reverse("village_change", args=[HOME, kind]), facts, follow=True)

    def test_what_changes_is_looked_at_first(self):
        page = self.send("recode", self.typed())
        self.assertTemplateUsed(page, "reports/village_change_check.html")
        self.assertEqual(page.context["change"].counts["people"], 4)
        self.assertContains(page, "October 2026 is the last month that is filed under the old code")
        self.assertContains(page, "2026-11-01")
        self.assertFalse(Lineage.objects.exists())
        self.assertFalse(Village.objects.filter(pk=NEW).exists())
        self.assertFalse(AuditEvent.objects.filter(verb="recoded village").exists())
        page = self.send("recode", self.typed(confirmed="1"))
        self.assertRedirects(page, reverse("place_village", args=[NEW]))
        self.assertContains(page, "Before and after")
        self.assertContains(page, f"({HOME}) got a new code")
        self.assertContains(self.get(self.zhao, "place_village", HOME), "Its earlier months stay under this code")
        self.assertEqual(self.get(self.zhao, "village_change", HOME, "recode").status_code, 404)

    def test_every_kind_asks_and_does(self):
        for kind, facts in (
            ("split", self.typed(groups="一社")), ("rename", self.typed()), ("merge", self.typed(into=NEXT_DOOR)),
        ):
            self.assertContains(self.get(self.zhao, "village_change", HOME, kind), "From which month on")
            page = self.send(kind, facts)
            self.assertTemplateUsed(page, "reports/village_change_check.html")
            page = self.send(kind, facts | {"confirmed": "1"})
            self.assertContains(page, "Done. It holds from 2026-11-01 on.")
        kinds = Lineage.objects.order_by("pk").values_list("kind", flat=True)
        self.assertEqual(list(kinds), ["split", "rename", "merge"])

    def test_a_refusal_stands_on_the_form_with_what_was_typed(self):
        for how in ({}, {"confirmed": "1"}):
            page = self.send("recode", self.typed(code="630123100200", **how))
            self.assertContains(page, "has no township 630123100")
            self.assertContains(page, "区划调整")
        page = self.send("recode", self.typed(from_month=str(OCTOBER)))
        self.assertContains(page, "has filed October 2026")

    def test_the_officer_s_home_shows_the_old_village_while_a_return_of_it_is_open(self):
        self.change()
        page = self.get(self.li, "home")
        self.assertEqual([village.code for village in page.context["villages"]], [NEW])
        actions.send_back(self.ret(OCTOBER), by=self.zhao, reason="再看")
        page = self.get(self.li, "home")
        self.assertEqual([village.code for village in page.context["villages"]], [HOME, NEW])

    def test_who_may(self):
        for officer in (self.li, self.wang, self.leader):
            self.assertEqual(self.get(officer, "village_change", HOME, "recode").status_code, 404)
        self.assertEqual(self.get(self.admin, "village_change", HOME, "recode").status_code, 200)
        self.assertEqual(self.get(self.zhao, "village_change", HOME, "other").status_code, 404)

    def test_no_query_more_for_each_person(self):
        self.get(self.zhao, "village_change", HOME, "recode")
        few = self.queries(self.zhao, "village_change", HOME, "split")
        for number in range(20):
            worker(f"马{'甲乙丙丁戊'[number % 5]}", group_name=f"{number}社")
        self.assertEqual(self.queries(self.zhao, "village_change", HOME, "split"), few)

    def test_a_departure_that_was_begun_before_goes_on(self):
        answers = {
            "village": HOME, "worker": None, "group": None, "place": {}, "work": {},
            "person": {"name": "马新", "no_id_reason": "lost", "sex": "male", "birth_date": "1990-01-01"},
        }
        draft = start(self.li, "departure", answers)
        self.change()
        clock.pin(date(2026, 11, 10))
        self.assertEqual(self.li.postings.filter(to_on=date(2026, 11, 9)).count(), 1)
        page = self.get(self.li, "departure_step", draft.pk, 1)
        self.assertEqual(page.status_code, 200)
        self.assertContains(page, "马新")
        self.assertEqual(answers_of(draft)["village"], HOME)

    def test_the_old_village_s_return_shows_its_people_as_filed(self):
        self.change()
        for name, *args in (("return", HOME, OCTOBER), ("cell", HOME, OCTOBER, "away"), ("return", NEW, NOVEMBER),
                            ("cell", NEW, NOVEMBER, "moved")):
            self.assertContains(self.get(Officer.objects.get(username="li"), name, *args), "煤洞")

    def test_a_homecoming_of_the_old_days_that_is_recorded_late(self):
        """October stays as filed, and the new code's November is right."""
        self.change()
        ledger.record_homecoming(self.people[0], by=self.zhao, ended_on=date(2026, 10, 20))
        self.file(NEW)
        filed = ReturnVersion.objects.get(village=NEW, month=NOVEMBER)
        self.assertEqual((filed.opening, filed.moved, filed.away), (0, 2, 2))
        self.assertEqual(ReturnVersion.objects.get(village=HOME, month=OCTOBER).away, 3)
