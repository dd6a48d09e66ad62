"""Days on which nobody works, and the years of which nobody knows yet."""

from datetime import date

from django.test import SimpleTestCase

from laborreg.workdays import day_off, is_announced, next_workday


class Workdays(SimpleTestCase):
    def test_holidays_weekends_and_days_worked_in_their_stead(self):
        self.assertEqual(day_off(date(2026, 10, 5)), "National Day")
        self.assertEqual(day_off(date(2026, 11, 8)), "Sunday")
        self.assertEqual(day_off(date(2026, 2, 14)), "")
        self.assertEqual(day_off(date(2026, 11, 4)), "")

    def test_the_next_working_day(self):
        self.assertEqual(next_workday(date(2026, 10, 1)), date(2026, 10, 8))
        self.assertEqual(next_workday(date(2026, 11, 4)), date(2026, 11, 4))

    def test_of_a_year_that_is_not_announced_only_weekends_are_known(self):
        self.assertTrue(is_announced(date(2026, 12, 31)))
        self.assertFalse(is_announced(date(2031, 1, 1)))
        self.assertEqual((day_off(date(2031, 1, 1)), day_off(date(2031, 1, 4))), ("", "Saturday"))
