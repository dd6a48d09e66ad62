"""The end of a month in Asia/Shanghai, two seconds before midnight and two after, whatever day it is in Greenwich."""

from datetime import datetime, timedelta
from unittest import mock
from zoneinfo import ZoneInfo

from laborreg import clock
from laborreg.months import Month
from laborreg.refusals import Refusal
from reports import actions
from reports.models import MonthlyReturn
from tests.built import Built
from tests.cast import HOME, cast, county, transfer, worker

SHANGHAI = ZoneInfo("Asia/Shanghai")

def at(moment):
    """The server's clock, which counts in UTC."""
    return mock.patch("django.utils.timezone.now", return_value=moment.astimezone(ZoneInfo("UTC")))


class Midnight(Built):
    def build(self):
        self.county, self.who = county(), cast()

    def setUp(self):
        clock.pin(None)

    def submit(self, month):
        ret = MonthlyReturn.objects.get(village=HOME, month=month)
        actions.submit([ret], by=self.who["li"], explanations=actions.AS_IN_THE_LEDGER)
        return MonthlyReturn.objects.get(pk=ret.pk).newest

    def ends(self, *last_day):
        """Before midnight the month runs, after it the month is filed with who left on its last day."""
        before = datetime(*last_day, 23, 59, 58, tzinfo=SHANGHAI)
        after, month = before + timedelta(seconds=4), Month.of(before.date())
        transfer(worker(), before.date())
        with at(before):
            self.assertEqual(clock.today(), before.date())
            actions.open_month(self.county, month)
            with self.assertRaisesMessage(Refusal, "in the future"):
                actions.open_month(self.county, month.next, by=self.who["zhao"])
            with self.assertRaisesMessage(Refusal, "can be submitted from"):
                self.submit(month)
        with at(after):
            self.assertEqual(clock.today(), before.date() + timedelta(days=1))
            version = self.submit(month)
            self.assertEqual((version.ret.month, version.left, version.submitted_at), (month, 1, after))
            actions.open_month(self.county, month.next, by=self.who["zhao"])

    def test_the_end_of_a_year(self):
        self.ends(2026, 12, 31)

    def test_the_end_of_february(self):
        self.ends(2027, 2, 28)

    def test_the_end_of_february_in_a_leap_year(self):
        self.ends(2028, 2, 29)

    def test_28_february_does_not_end_a_leap_year_s_february(self):
        with at(datetime(2028, 2, 28, 23, 59, 58, tzinfo=SHANGHAI)):
            actions.open_month(self.county, Month(2028, 2))
        with at(datetime(2028, 2, 29, 0, 0, 2, tzinfo=SHANGHAI)), self.assertRaisesMessage(Refusal, "can be submitted from"):
            self.submit(Month(2028, 2))

    def test_a_departure_after_midnight_is_of_the_next_month(self):
        """In Greenwich it is still the 31st."""
        with at(datetime(2027, 1, 1, 0, 0, 2, tzinfo=SHANGHAI)):
            transfer(worker("祁一月"), clock.today())
            actions.open_month(self.county, Month(2026, 12))
            self.assertEqual(self.submit(Month(2026, 12)).left, 0)
