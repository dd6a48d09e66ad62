"""A county whose report months begin on the 21st: October runs from 21 September to 20 October, wherever it is counted."""

from datetime import date
from unittest.mock import patch

from laborreg import charts, clock
from laborreg.months import Month
from reports import actions, alarms, targets, totals
from reports.analysis.homecomings import Homecomings
from reports.briefs.facts import gather
from reports.briefs.showing import Sheet
from reports.models import TRAINING, TRANSFERS
from reports.overview import Overview
from reports.tables.counting import Question, counted
from reports.tables.sources import MONTH
from support.actions import training
from tests.cast import COUNTY, HOME, transfer, worker
from tests.reports.month_pages import PageCase
from tests.reports.test_actions import OCTOBER, SEPTEMBER
from villages.models import CountySettings
from workers.models import Worker


class FromThe21st(PageCase):
    """Six are away since May. Two come home on 25 September, two on 25 October; one goes on 20, one on 21 October."""

    def build(self):
        super().build()
        CountySettings.objects.update(start_day=21, drop_persons=1, drop_percent=10)
        self.county = type(self.county).objects.get(pk=self.county.pk)
        ends = (None, date(2026, 9, 25), date(2026, 10, 25))
        for number, ended_on in enumerate([*ends, *ends]):
            transfer(worker(f"在外{number}"), date(2026, 5, 3), ended_on)
        for day in (20, 21):
            transfer(worker(f"新去{day}"), date(2026, 10, day))
        self.file_all(SEPTEMBER)
        self.file_all(OCTOBER)
        self.figures = totals.totals(COUNTY, OCTOBER).figures

    def submit(self, month=SEPTEMBER, village=HOME, by=None, **more):
        """Two days after the 20th, as the month is open then."""
        clock.pin(date(month.year, month.number, 22))
        actions.submit([self.ret(month, village)], by=by or self.li, explanations=actions.AS_IN_THE_LEDGER, **more)
        clock.pin(date(2026, 11, 2))

    def test_the_month_ends_on_the_20th(self):
        found = [self.figures[key] for key in ("opening", "left", "came_home", "away")]
        self.assertEqual(found, [6, 1, 2, 5])

    def test_alarms(self):
        found = [(fall.than, fall.before, fall.now) for fall in alarms.fallen(self.county, HOME, OCTOBER)]
        self.assertEqual(found, [("last", 6, 5)])

    def test_targets(self):
        done = targets.completion(COUNTY, OCTOBER)[TRANSFERS].done
        self.assertEqual((done, done), (self.figures["transferred"], 6))
        course = training.start_training(
            by=self.zhao, place_code=COUNTY, kind="skills", subject="拉面", hours="8", begins_on="2026-10-19",
            ends_on="2026-10-21",
        )
        training.add_to_training(course, list(Worker.objects.all()[:2]), by=self.zhao)
        passed = {row.pk: training.Outcome("passed") for row in course.trained.all()}
        training.record_training(course, passed, by=self.zhao, version=1)
        self.assertEqual([targets.completion(COUNTY, month)[TRAINING].done for month in (OCTOBER, OCTOBER.next)], [0, 2])

    def test_analysis_and_tables(self):
        question = Question(MONTH, COUNTY, OCTOBER, ("since",), (), (), "away")
        self.assertEqual(sum(counted(question).values()), 5)
        # Since 20 October, of which that day is the last.
        self.assertEqual(counted(question)["under_1",], 1)
        answer = self.get(self.zhao, "flows", COUNTY, OCTOBER)
        self.assertContains(answer, "5")
        self.assertEqual(Homecomings(totals.totals(COUNTY, OCTOBER), self.zhao, begun=SEPTEMBER).total.figures["came_home"], 2)

    def test_brief(self):
        figures = gather(self.county, OCTOBER)["figures"]
        self.assertEqual([figures[key][0] for key in ("opening", "left", "came_home", "away")], [6, "<3", "<3", 5])

    def test_the_festival_stands_in_the_month_that_holds_its_day(self):
        """29 January 2025 is a day of the report month 2025-02."""
        self.assertEqual(str(self.county.month_of(date(2025, 1, 29))), "2025-02")
        year = Month(2025, 6).since(Month(2024, 7))
        facts = gather(self.county, OCTOBER) | {"month": "2025-06", "trend": [[str(month), None, None] for month in year]}
        for shown in (Overview(self.county, Month(2025, 6), self.zhao), Sheet(facts, [])):
            with patch.object(charts, "trend") as drawn:
                shown.trend()
            self.assertEqual([month for month, _words in drawn.call_args.kwargs["marks"]], [Month(2025, 2)])
