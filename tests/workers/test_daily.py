"""Away on any day, counted in the database: the same as the ledger says on the last day of each month."""

from datetime import date, timedelta

from laborreg.months import Month
from reports import filing
from tests.cast import COUNTY, FAR, HOME, NEXT_DOOR, transfer, worker
from tests.reports.pages import busy_village
from tests.reports.test_actions import MonthCase
from workers.daily import Days
from workers.models import Registration, Transfer, UnnamedGroup


class Daily(MonthCase):
    def build(self):
        super().build()
        busy_village(HOME)
        self.moved = worker("搬家", NEXT_DOOR)
        Registration.objects.filter(worker=self.moved).update(to_on=date(2026, 7, 10), left_how="moved")
        Registration.objects.create(
            county=self.county, worker=self.moved, village_id=FAR, from_on=date(2026, 7, 10), how="moved"
        )
        # In the township that the move leads to: away before it, near home after.
        transfer(self.moved, date(2026, 6, 1), destination=FAR[:9])
        gone = worker("去世", FAR)
        transfer(gone, date(2026, 5, 1))
        Registration.objects.filter(worker=gone).update(to_on=date(2026, 8, 5), left_how="died")
        wrong = transfer(worker("写错", FAR), date(2026, 5, 1))
        Transfer.objects.filter(pk=wrong.pk).update(voided_at="2026-08-01T00:00Z", void_reason="错")

    def test_it_is_what_the_ledger_counts_on_every_last_day(self):
        villages = [HOME, NEXT_DOOR, FAR]
        days = {code: Days(code) for code in [COUNTY, *villages]}
        for month in Month(2026, 10).since(Month(2026, 3)):
            counts = filing.count_villages(self.county, month, villages)
            for code in villages:
                self.assertEqual(days[code].on(month.last_day()), counts[code].figures["away"], (code, month))
            whole = sum(count.figures["away"] for count in counts.values())
            self.assertEqual(days[COUNTY].on(month.last_day()), whole)

    def test_from_the_first_day_to_the_day_before_the_end(self):
        self.assertEqual([Days(NEXT_DOOR).on(date(2026, m, d)) for m, d in ((5, 31), (6, 1), (7, 9), (7, 10))], [0, 1, 1, 0])

    def test_a_group_counts_those_that_nobody_named(self):
        day = date(2026, 9, 1)
        before = Days(HOME).on(day)
        group = UnnamedGroup.objects.get()
        transfer(worker("有名"), group.started_on, destination=group.destination, group=group)
        self.assertEqual(Days(HOME).on(day), before)
        self.assertEqual(Days(HOME).on(group.started_on - timedelta(days=1)), before - group.persons - self.later())

    def later(self):
        """Who left between the group and the day that is asked for."""
        return Days(HOME).on(date(2026, 9, 1)) - Days(HOME).on(date(2026, 8, 17))
