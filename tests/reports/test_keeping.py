"""Totals are drawn once and kept until something happens in the county."""

from datetime import date
from unittest import mock

from django.core.cache import cache
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from officers import audit
from reports import actions
from reports.models import MonthlyReturn
from tests.cast import COUNTY, HOME, transfer, worker
from tests.reports.month_pages import PageCase
from tests.reports.test_actions import OCTOBER, SEPTEMBER
from workers.models import UnnamedGroup

KEEPING = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


@override_settings(CACHES=KEEPING)
class Kept(PageCase):
    def build(self):
        super().build()
        transfer(worker("马成龙", sex="male"), date(2026, 9, 5), pay=4500, industry="E", channel="own")
        self.file_all(SEPTEMBER)

    def setUp(self):
        super().setUp()
        self.addCleanup(cache.clear)

    def drawn(self, officer=None) -> bool:
        """Whether the page was drawn anew for this look at it."""
        with mock.patch("reports.views.totals.Overview", side_effect=AssertionError):
            try:
                self.get(officer or self.zhao, "totals", COUNTY, SEPTEMBER)
            except AssertionError:
                return True
        return False

    def test_a_second_look_draws_nothing(self):
        first = self.get(self.zhao, "totals", COUNTY, SEPTEMBER)
        self.assertFalse(self.drawn())
        again = self.get(self.zhao, "totals", COUNTY, SEPTEMBER)
        self.assertEqual(again.context["drawn"], first.context["drawn"])
        self.assertContains(again, 'data-figure="away"')

    def test_whatever_happens_in_the_county_draws_it_anew(self):
        self.get(self.zhao, "totals", COUNTY, SEPTEMBER)
        actions.send_back(MonthlyReturn.objects.get(village=HOME, month=SEPTEMBER), by=self.zhao, reason="请核对")
        self.assertTrue(self.drawn())

    def test_nobody_sees_what_was_drawn_for_another_role_or_place(self):
        self.get(self.zhao, "totals", COUNTY, SEPTEMBER)
        self.assertTrue(self.drawn(self.leader))
        self.assertEqual(self.get(self.wang, "totals", COUNTY, SEPTEMBER).status_code, 404)

    def test_another_language_or_question_is_another_page(self):
        self.get(self.zhao, "totals", COUNTY, SEPTEMBER)
        with mock.patch("reports.views.keeping.get_language", return_value="zh-hans"):
            self.assertTrue(self.drawn())
        self.client.cookies["django_language"] = "en"
        self.assertFalse(self.drawn())

    def test_what_is_recorded_in_the_ledger_draws_nothing_anew(self):
        self.get(self.zhao, "totals", COUNTY, SEPTEMBER)
        audit.record("recorded group", UnnamedGroup(pk=1), by=self.li, place=HOME)
        audit.record("signed in", self.li, by=self.li, place=HOME)
        self.assertFalse(self.drawn())
        audit.record("submitted", MonthlyReturn.objects.first(), by=self.li, place=HOME)
        self.assertTrue(self.drawn())

    def test_a_village_says_what_the_ledger_knows_now(self):
        self.get(self.li, "totals", HOME, OCTOBER)
        audit.record("recorded group", UnnamedGroup(pk=1), by=self.li, place=HOME)
        with mock.patch("reports.views.totals.Overview", side_effect=AssertionError), self.assertRaises(AssertionError):
            self.get(self.li, "totals", HOME, OCTOBER)

    def test_a_new_pair_draws_the_countys_page_anew(self):
        self.get(self.zhao, "totals", COUNTY, SEPTEMBER)
        with mock.patch("reports.watching.pairs_of", return_value=3):
            self.assertTrue(self.drawn())


class Read(PageCase):
    """What is kept until returns change is made of nothing that the ledger could change."""

    def test_pages_above_a_village_read_no_row_of_the_ledger(self):
        transfer(worker("马成龙", sex="male"), date(2026, 9, 5), pay=4500, industry="E", channel="own")
        self.file_all(SEPTEMBER)
        pages = [("totals", ""), ("figures", ""), ("drill", "away"), ("wall", "")]
        for officer, area in ((self.zhao, COUNTY), (self.leader, COUNTY), (self.zhao, HOME[:9]), (self.wang, HOME[:9])):
            for month in (SEPTEMBER, OCTOBER):
                for name, key in pages:
                    self.sign_in(officer)
                    url = reverse(name, args=[area, month, key][: 3 if key else 2] if name != "wall" else [])
                    with self.subTest(url=url, officer=officer.username), CaptureQueriesContext(connection) as asked, \
                            mock.patch("reports.watching.pairs_of", return_value=3):
                        answer = self.client.get(url)
                    self.assertEqual(answer.status_code, 404 if name == "wall" and officer == self.wang else 200)
                    self.assertEqual([query["sql"] for query in asked if '"workers_' in query["sql"]], [])
