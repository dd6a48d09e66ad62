"""The first page: what Li has to do, where the others go, and the doors for who is not signed in."""

from datetime import date

from django.urls import reverse

from laborreg import clock
from officers import demo
from officers.models import Demo
from reports import actions
from tests.cast import FAR, HOME, NEXT_DOOR, officer, transfer, worker
from tests.reports.pages import Pages, busy_village, unnamed
from tests.reports.test_actions import OCTOBER, SEPTEMBER
from villages.models import Posting


class Home(Pages):
    def build(self):
        super().build()
        self.submit(SEPTEMBER)

    def setUp(self):
        super().setUp()
        self.sign_in(self.li)

    def home(self, **more):
        return self.client.get("/", **more)

    def tasks(self):
        return [(task.count, task.title) for task in self.home().context["tasks"]]

    def with_id(self, who):
        who.no_id_reason = "declined"
        who.save()
        return who

    def test_the_month_stands_on_top_with_its_day(self):
        self.assertContains(self.home(), "Return for October 2026")
        self.assertContains(self.home(), "1 day left")
        clock.pin(date(2026, 11, 3))
        self.assertContains(self.home(), "Due today")
        clock.pin(date(2026, 11, 5))
        self.assertContains(self.home(), "2 days overdue")
        clock.pin(date(2026, 11, 6))
        self.assertContains(self.home(), "Now only the station can submit it")

    def test_the_oldest_month_comes_first(self):
        clock.pin(date(2026, 12, 2))
        actions.open_month(self.county, OCTOBER.next)
        self.assertContains(self.home(), "Return for October 2026")
        self.assertEqual(len(self.tasks()), 2)

    def test_the_figures_of_the_strip_are_those_of_the_ledger(self):
        busy_village()
        strip = self.home().context["strip"]
        self.assertEqual([term["value"] for term in strip], ["10", "9", "1", "3"])
        for term in strip:
            self.assertContains(self.client.get(term["url"]), f'figure-head">{term["value"]}<')

    def test_a_departure_of_today_is_away_now(self):
        transfer(self.with_id(worker()), date(2026, 11, 1), pay=4000)
        self.assertEqual([term["value"] for term in self.home().context["strip"]], ["1", "1", "0", "0"])

    def test_exactly_what_waits_is_listed(self):
        self.assertEqual(self.tasks(), [(1, "Submit the return for October 2026")])
        worker("马无证")
        ending = self.with_id(worker("合同期"))
        transfer(ending, date(2026, 5, 1), contract_until=date(2026, 11, 20), pay=3000)
        unnamed(HOME)
        self.assertEqual(self.tasks(), [
            (1, "Submit the return for October 2026"), (1, "1 person without an ID number"),
            (1, "1 person not asked for 90 days"), (1, "1 contract ends within 30 days"), (3, "1 group without names"),
        ])
        self.assertContains(self.home(), "马无证")
        self.assertContains(self.client.get("/people/?view=contract"), "合同期")

    def test_a_return_that_was_sent_back_says_why(self):
        self.submit(OCTOBER)
        ret = self.ret(OCTOBER)
        actions.send_back(ret, by=self.wang, reason="请核对", cells={"away": "a?", "left": "b?"})
        self.assertEqual(self.tasks(), [(2, "October 2026 was sent back, please correct it")])
        self.assertContains(self.home(), "请核对 · 2 questions to answer")

    def test_a_return_that_was_reopened_waits_with_the_reason_until_it_is_in_again(self):
        for village, author in ((NEXT_DOOR, self.second), (FAR, self.sun)):
            self.submit(SEPTEMBER, village, author)
        actions.approve([self.ret(), self.ret(village=NEXT_DOOR)], by=self.wang)
        actions.approve([self.ret(village=FAR)], by=self.wang2)
        actions.lock(self.county, SEPTEMBER, by=self.zhao)
        self.submit(OCTOBER)
        self.assertEqual(self.tasks(), [])
        actions.reopen([self.ret()], by=self.zhao, reason="少报两人")
        self.assertEqual(self.tasks(), [(1, "September 2026 was reopened, please correct it")])
        page = self.home()
        for words in ("少报两人", "Return for September 2026", "The locked version counts until", "Continue"):
            self.assertContains(page, words)
        worker()
        actions.submit([self.ret()], by=self.li, explanations=actions.AS_IN_THE_LEDGER)
        self.assertEqual([title for _n, title in self.tasks() if "September" in title], [])
        actions.send_back(self.ret(), by=self.wang, reason="请核对")
        self.assertIn((1, "September 2026 was sent back, please correct it"), self.tasks())
        self.assertContains(self.home(), "请核对")

    def test_when_nothing_waits_it_says_so_and_until_when(self):
        self.submit(OCTOBER)
        self.assertContains(self.home(), "All done")
        self.assertContains(self.home(), "The return for November 2026 can be submitted from 2026-12-01 on.")

    def test_neither_another_village_nor_a_closed_one_is_shown(self):
        worker("别村人", FAR)
        self.assertNotContains(self.home(), "别村人")
        self.assertContains(self.client.get(f"/?village={FAR}"), "大煤洞村")

    def test_an_officer_of_two_villages_chooses(self):
        Posting.objects.create(officer=self.li, place_code=FAR, county=self.county, from_on=date(2020, 1, 1))
        worker("别村人", FAR)
        self.assertNotContains(self.home(), "别村人")
        self.assertContains(self.client.get(f"/?village={FAR}"), "别村人")

    def test_an_officer_without_a_post_is_told_whom_to_ask(self):
        self.sign_in(officer("new", "village"))
        self.assertContains(self.home(), "You are not posted to a village")

    def test_before_the_county_opens_a_month_the_page_says_so(self):
        self.county.months.all().delete()
        self.ret(SEPTEMBER).__class__.objects.filter(month=OCTOBER).delete()
        self.assertContains(self.home(), "No month is open")

    def test_the_others_go_to_their_own_first_page(self):
        for who, where in ((self.wang, "queue_home"), (self.zhao, "totals_home"), (self.leader, "totals_home"),
                           (self.admin, "accounts")):
            self.sign_in(who)
            self.assertRedirects(self.home(), reverse(where), fetch_redirect_response=False)

    def test_a_visitor_signs_in_or_in_a_demo_stands_before_the_doors(self):
        self.client.logout()
        self.assertRedirects(self.home(), "/sign-in/", fetch_redirect_response=False)
        Demo.objects.create(today=date(2026, 11, 4))
        demo.begin()
        self.addCleanup(demo._known.clear)
        here = {"HTTP_HOST": "127.0.0.1:8000", "REMOTE_ADDR": "127.0.0.1"}
        self.assertTemplateUsed(self.home(**here), "officers/door.html")

    def test_the_queries_are_as_many_for_two_people_as_for_fifty(self):
        self.many(2)
        few = self.queries("/")
        self.many(50)
        self.assertEqual(self.queries("/"), few)
        self.assertLessEqual(few, 36)

    def many(self, people):
        for number in range(people):
            transfer(worker(f"多{number}"), date(2026, 10, 1), pay=3000, contract_until=date(2026, 11, 9))
