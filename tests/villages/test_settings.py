"""Zhao changes how the county counts, from a month on that nobody filed yet."""

from datetime import date

from django.db import IntegrityError, transaction

from laborreg import clock
from laborreg.months import Month
from officers.models import AuditEvent, Message, Officer
from officers.roles import NotYours
from tests.villages.test_places import Desk
from villages import actions, county_settings
from villages.models import FROM_THE_START, County, CountySettings, Posting

NOVEMBER, DECEMBER, MARCH = Month(2026, 11), Month(2026, 12), Month(2027, 3)


class Settings(Desk):
    def setUp(self):
        super().setUp()
        self.zhao = self.people["zhao"]

    @property
    def county(self):
        """Fresh each time: a county object asks for its settings once."""
        return County.objects.get(pk="630121")

    def change(self, month=DECEMBER, by=None, not_before=NOVEMBER, **values):
        return actions.change_settings(
            self.county, by=by or self.zhao, from_month=month, not_before=lambda county: not_before, **values
        )

    def withdraw(self, month, opened_until=NOVEMBER, by=None):
        actions.withdraw_settings(
            self.county, by=by or self.zhao, from_month=month, opened_until=lambda county: opened_until
        )

    def rules(self, month):
        return self.county.rules_from(month)

    def test_a_change_holds_from_its_month_on_and_says_who_made_it(self):
        self.change(due_days=2, stint_days=60)
        self.assertEqual((self.rules(NOVEMBER).due_days, self.rules(DECEMBER).due_days), (3, 2))
        row = self.rules(MARCH)
        self.assertEqual((row.stint_days, row.closing_days, row.changed_by), (60, 5, self.zhao))
        event = AuditEvent.objects.get()
        self.assertEqual((event.verb, event.place_code), ("changed settings", "630121"))
        self.assertEqual(event.detail, {"month": "2026-12", "due_days": "3 → 2", "stint_days": "90 → 60"})

    def test_what_protects_people_less_is_announced_and_can_be_withdrawn(self):
        qian = Officer.objects.create(username="qian", name="Qian", role="county")
        Posting.objects.create(officer=qian, place_code="630121", county_id="630121", from_on=date(2026, 1, 1))
        for values in ({"export_limit": 501}, {"keep_years": 4}):
            with self.subTest(values):
                self.refuses("It can hold from Nov. 11, 2026 on", self.change, NOVEMBER, **values)
        self.change(NOVEMBER, export_limit=400, keep_years=6)
        self.assertFalse(Message.objects.exists())
        self.refuses("Rows of a list that leave without a second person, 400 → 500: what this lets out", self.change, NOVEMBER,
                     export_limit=500)
        self.change(DECEMBER, export_limit=500)
        [told] = Message.objects.all()
        self.assertEqual(told.officer, qian)
        self.assertIn("from December 2026 on longer lists leave", str(told))
        self.withdraw(DECEMBER, by=qian)
        self.assertEqual(self.rules(DECEMBER).export_limit, 400)

    def test_no_way_around_the_notice(self):
        self.change(DECEMBER, export_limit=600)
        clock.pin(date(2026, 11, 20))
        with self.subTest("December begins earlier"):
            self.refuses("500 → 600: what this lets out", self.change, NOVEMBER, start_day=21)
        self.withdraw(DECEMBER)
        self.change(NOVEMBER, export_limit=100)
        with self.subTest("a limit that holds already is withdrawn"):
            self.refuses("100 → 500: what this lets out", self.withdraw, NOVEMBER, opened_until=None)
        self.assertEqual(self.rules(NOVEMBER).export_limit, 100)

    def test_a_month_that_was_filed_keeps_its_rules(self):
        self.refuses("Choose a month from November 2026 on", self.change, Month(2026, 10), due_days=2)
        self.refuses("next twelve", self.change, Month(2028, 1), due_days=2)
        self.change(NOVEMBER, due_days=2)

    def test_before_anything_was_filed_it_changes_from_the_start(self):
        self.change(FROM_THE_START, not_before=FROM_THE_START, start_day=21)
        self.assertEqual(self.county.first_day(NOVEMBER), date(2026, 10, 21))
        self.assertEqual(CountySettings.objects.count(), 1)

    def test_a_new_first_day_loses_no_day_and_counts_none_twice(self):
        self.change(start_day=21)
        county = self.county
        self.assertEqual((county.first_day(DECEMBER), county.last_day(DECEMBER)), (date(2026, 12, 1), date(2026, 12, 20)))
        self.change(MARCH, start_day=1)
        county = self.county
        self.assertEqual((county.first_day(MARCH), county.last_day(MARCH)), (date(2027, 2, 21), date(2027, 3, 31)))
        for month in Month(2027, 6).since(Month(2026, 10)):
            self.assertEqual((county.first_day(month.next) - county.last_day(month)).days, 1)

    def test_the_days_of_the_month_in_which_it_changes_are_told_before(self):
        rules = county_settings.changed_from(self.county, DECEMBER, {"start_day": 21})
        days = county_settings.days_with(self.county, rules, DECEMBER)
        self.assertEqual(days, (date(2026, 12, 1), date(2026, 12, 20)))

    def test_what_contradicts_itself_is_refused(self):
        self.refuses("must follow each other", self.change, due_days=6)
        self.refuses("choose a number from 16 to 30", self.change, male_min=15)
        self.refuses("choose a number from 1 to 366", self.change, stint_days=0)
        self.refuses("choose one of: 1st, 21st of the month before", self.change, start_day=5)
        self.refuses("hold already", self.change, due_days=3)
        self.assertFalse(AuditEvent.objects.exists())

    def test_the_database_keeps_the_order_too(self):
        for wrong in ({"due_days": 6}, {"county_days": 4}, {"male_max": 15}, {"changed_by": self.zhao}):
            with self.assertRaises(IntegrityError), transaction.atomic():
                CountySettings.objects.create(county=self.county, from_month=DECEMBER, **wrong)

    def test_a_later_plan_goes_on_with_what_it_did_not_change(self):
        self.change(MARCH, stint_days=60)
        self.change(DECEMBER, due_days=2)
        self.assertEqual((self.rules(MARCH).due_days, self.rules(MARCH).stint_days), (2, 60))
        self.change(DECEMBER, stint_days=30)
        self.assertEqual(self.rules(MARCH).stint_days, 60)

    def test_a_later_plan_whose_days_would_not_follow_each_other_holds_a_change_back(self):
        self.change(MARCH, closing_days=4)
        self.refuses("planned from March 2027 on", self.change, Month(2027, 1), due_days=5, closing_days=6)
        self.assertEqual((self.rules(Month(2027, 1)).due_days, self.rules(MARCH).due_days), (3, 3))

    def test_nor_is_a_plan_withdrawn_on_which_a_later_one_rests(self):
        self.change(DECEMBER, due_days=2, closing_days=3)
        self.change(MARCH, closing_days=2)
        self.refuses("planned from March 2027 on", self.withdraw, DECEMBER)
        self.assertEqual(self.rules(DECEMBER).due_days, 2)

    def test_a_plan_is_withdrawn_while_its_month_is_not_opened(self):
        self.change(DECEMBER, due_days=2)
        self.change(MARCH, stint_days=60)
        self.refuses("is opened", self.withdraw, DECEMBER, DECEMBER)
        self.withdraw(DECEMBER)
        self.assertEqual((self.rules(DECEMBER).due_days, self.rules(MARCH).due_days), (3, 3))
        self.assertEqual(self.rules(MARCH).stint_days, 60)
        self.refuses("withdrawn already", self.withdraw, DECEMBER)
        self.assertEqual(AuditEvent.objects.filter(verb="withdrew settings").count(), 1)

    def test_what_came_with_the_places_is_never_withdrawn(self):
        self.refuses("withdrawn already", self.withdraw, FROM_THE_START, None)

    def test_plans_are_those_behind_the_newest_opened_month(self):
        self.change(NOVEMBER, due_days=2)
        self.change(MARCH, due_days=4)
        [(row, [difference])] = county_settings.planned(self.county, NOVEMBER)
        self.assertEqual((row.from_month, difference.text), (MARCH, "2 → 4"))

    def test_who_may(self):
        for name in ("li", "wang", "leader", "stranger"):
            self.refuses("may not", self.change, by=self.people[name], due_days=2, refusal=NotYours)
            self.refuses("may not", self.withdraw, DECEMBER, by=self.people[name], refusal=NotYours)
        self.change(by=self.people["admin"], due_days=2)
