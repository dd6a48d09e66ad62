"""Two who click at the same moment: the second is told, and nothing is there twice."""

from datetime import date
from threading import Barrier, Thread
from unittest import skipIf

from django.db import connection
from django.test import TransactionTestCase

from laborreg import clock
from laborreg.refusals import Refusal
from reports import actions, checking, following
from reports.models import DropCase, SpotCheck
from tests import cast
from tests.cast import COUNTY, HOME, transfer, worker
from tests.reports.test_actions import OCTOBER, SEPTEMBER
from villages.models import CountySettings


@skipIf(connection.vendor == "sqlite", "SQLite lets one writer in at a time")
class AtOnce(TransactionTestCase):
    """In September three are away from the village, in October one; both months are filed."""

    def setUp(self):
        clock.pin(date(2026, 10, 2))
        self.addCleanup(clock.pin, None)
        self.county, self.who = cast.county(), cast.cast()
        CountySettings.objects.create(county=self.county, from_month=SEPTEMBER, drop_persons=1)
        for number in range(3):
            transfer(worker(f"在外{number}"), date(2026, 5, 3), date(2026, 10, 9) if number else None)
        for month in (SEPTEMBER, OCTOBER):
            actions.open_month(self.county, month)
            clock.pin(month.next.last_day().replace(day=2))
            for code in (HOME,):
                returns = list(actions.opening.MonthlyReturn.objects.filter(month=month, village=code))
                actions.submit(returns, by=self.who["li"], explanations=actions.AS_IN_THE_LEDGER)

    def both(self, work) -> list[str]:
        """What each says when two begin at once: "done", or why not."""
        barrier, outcomes = Barrier(2), []

        def run():
            barrier.wait()
            try:
                work()
                outcomes.append("done")
            except Refusal as refusal:
                outcomes.append(str(refusal))
            finally:
                connection.close()

        threads = [Thread(target=run) for _nth in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sorted(outcomes)

    def once(self, work):
        outcomes = self.both(work)
        self.assertEqual(len(outcomes), 2, "neither ends with an error")
        self.assertEqual(outcomes.count("done"), 1)

    def test_a_fall_is_taken_up_once(self):
        self.once(lambda: following.follow(
            self.county, OCTOBER, by=self.who["wang"], area_code=HOME, cause="工厂停工", doing="另找岗位", who="王站长",
            until_on=date(2026, 11, 20),
        ))
        self.assertEqual(DropCase.objects.get().version, 1)

    def draw(self):
        return checking.draw(self.county, OCTOBER, by=self.who["zhao"], area_code=COUNTY, figure="away", wanted=1)

    def test_a_check_is_drawn_once(self):
        self.once(self.draw)
        self.assertEqual(SpotCheck.objects.count(), 1)

    def test_of_two_finished_checks_of_one_place_one_is_taken_up(self):
        checks = []
        for _nth in range(2):
            checks.append(self.draw())
            SpotCheck.objects.filter(pk=checks[-1].pk).update(finished_by=self.who["zhao"], finished_at=clock.now())
        waiting = list(checks)
        self.once(lambda: checking.take_up(waiting.pop(), by=self.who["zhao"], reason="写错"))
        self.assertEqual(SpotCheck.objects.filter(finished_at=None).count(), 1)
