"""The county's settings as a page: what holds, a change looked at before it is made, plans, history."""

from datetime import date
from threading import Thread

from django.db import OperationalError, connection, transaction
from django.test import TransactionTestCase, skipUnlessDBFeature

from laborreg import clock
from laborreg.months import Month
from laborreg.refusals import Refusal
from reports import actions
from reports.deadlines import first_month_to_change, first_month_to_change_held
from reports.models import MonthlyReturn
from tests.cast import HOME, cast, county
from tests.reports.month_pages import PageCase
from tests.reports.test_actions import OCTOBER, SEPTEMBER
from villages import actions as places
from villages.models import FROM_THE_START, County, CountySettings

DECEMBER = Month(2026, 12)


class SettingsPage(PageCase):
    def change(self, by=None, **typed):
        return self.post(by or self.zhao, "settings", **({"from_month": "2026-12"} | typed))

    def rules(self, month=DECEMBER):
        return County.objects.get().rules_from(month)

    def test_the_first_month_that_may_change(self):
        self.assertEqual(first_month_to_change(self.county), FROM_THE_START)
        self.submit(SEPTEMBER)
        self.assertEqual(first_month_to_change(self.county), OCTOBER)
        actions.send_back(self.ret(), by=self.wang, reason="again")
        self.assertEqual(first_month_to_change(self.county), FROM_THE_START)

    def test_each_setting_stands_with_what_it_does(self):
        page = self.get(self.zhao, "settings")
        self.assertContains(page, "A return that comes later counts as late.")
        self.assertEqual(len(page.context["rows"]), 18)
        self.assertEqual(page.context["form"].fields["from_month"].choices[0][1], "the county's first month")

    def test_a_change_is_looked_at_first(self):
        page = self.change(due_days="2")
        self.assertContains(page, "3 → 2")
        self.assertEqual(self.rules().due_days, 3)
        page = self.change(due_days="2", confirmed="1")
        self.assertContains(page, "valid from December 2026")
        self.assertContains(page, "From December 2026 on")
        self.assertContains(page, "changed, valid from December 2026")
        self.assertEqual(self.rules().due_days, 2)

    def test_a_new_first_day_tells_the_days_of_its_month(self):
        self.assertContains(self.change(start_day="21"), "will run from 2026-12-01 to 2026-12-20")

    def test_a_refusal_stays_on_the_form(self):
        self.submit(SEPTEMBER)
        for typed, words in (
            ({"due_days": "9"}, "must follow each other"), ({"due_days": "99"}, "31"), ({}, "Nothing is different"),
            ({"due_days": "3"}, "Nothing is different"), ({"from_month": "2026-09", "due_days": "2"}, "not one of"),
            ({"due_days": "9", "confirmed": "1"}, "must follow each other"),
        ):
            page = self.change(**typed)
            self.assertContains(page, words)
        self.assertEqual(CountySettings.objects.count(), 1)

    def test_a_plan_is_withdrawn(self):
        self.change(due_days="2", confirmed="1")
        page = self.post(self.zhao, "settings_withdraw", month="2026-12")
        self.assertContains(page, "is withdrawn")
        self.assertContains(page, "withdrew the change of December 2026")
        self.assertEqual(self.rules().due_days, 3)
        self.assertEqual(self.post(self.zhao, "settings_withdraw", month="x").status_code, 404)

    def test_what_came_in_since_the_page_was_made_holds_the_change_back(self):
        def comes_in_meanwhile(county):
            self.submit(SEPTEMBER)
            return first_month_to_change(county)

        with self.assertRaisesMessage(Refusal, "from October 2026 on"):
            places.change_settings(
                self.county, by=self.zhao, from_month=SEPTEMBER, not_before=comes_in_meanwhile, due_days=2
            )

    def test_who_may(self):
        for officer in (self.li, self.wang, self.leader):
            self.assertEqual(self.get(officer, "settings").status_code, 404)
        self.change(by=self.admin, due_days="2", confirmed="1")
        self.assertEqual(self.rules().due_days, 2)

    def test_queries(self):
        few = self.queries(self.zhao, "settings")
        for days in ("2", "1"):
            self.change(due_days=days, confirmed="1")
        self.assertEqual(self.queries(self.zhao, "settings"), few)


@skipUnlessDBFeature("has_select_for_update_nowait")
class AtOnce(TransactionTestCase):
    """Where rows are held one by one; SQLite lets one write at a time anyway."""

    def setUp(self):
        clock.pin(date(2026, 11, 2))
        self.addCleanup(clock.pin, None)
        self.county, self.zhao = county(), cast()["zhao"]

    def refused_elsewhere(self, rows) -> bool:
        """Whether another connection finds the rows held."""
        found = []

        def look():
            try:
                with transaction.atomic():
                    list(rows.select_for_update(nowait=True, no_key=True))
            except OperationalError:
                found.append(True)
            finally:
                connection.close()

        thread = Thread(target=look)
        thread.start()
        thread.join()
        return bool(found)

    def test_no_return_comes_in_while_settings_change(self):
        actions.open_month(self.county, OCTOBER)
        returns = MonthlyReturn.objects.filter(village=HOME)
        held = []

        def first_month(county):
            found = first_month_to_change_held(county)
            held.append(self.refused_elsewhere(returns))
            return found

        places.change_settings(self.county, by=self.zhao, from_month=OCTOBER, not_before=first_month, due_days=2)
        self.assertEqual(held, [True])

    def test_no_month_is_opened_while_settings_change(self):
        county_row = County.objects.filter(pk=self.county.pk)
        with transaction.atomic():
            actions.open_month(self.county, OCTOBER, by=self.zhao)
            self.assertTrue(self.refused_elsewhere(county_row))
        self.assertFalse(self.refused_elsewhere(county_row))
