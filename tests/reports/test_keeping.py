"""Totals are drawn once and kept until something happens in the county."""

from datetime import date
from unittest import mock

from django.core.cache import cache
from django.test import override_settings

from reports import actions
from reports.models import MonthlyReturn
from tests.cast import COUNTY, HOME, transfer, worker
from tests.reports.month_pages import PageCase
from tests.reports.test_actions import SEPTEMBER

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
