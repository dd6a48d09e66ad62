"""Spot checks of the demo: one of the county and one of a village, both finished, and one that is still open.

Drawn and entered through the actions, a week after the month was locked; a chance of its own.
"""

import random
from datetime import timedelta

from reports import checking
from reports.models import MonthlyReturn
from reports.models.spot_checks import AS_FILED, AT_HOME, ELSEWHERE, NOT_KNOWN, NOT_REACHED
from reports.seed.months import on_day

DAY = timedelta(days=1)
FOUND = ([AS_FILED] * 80 + [ELSEWHERE] * 7 + [AT_HOME] * 5 + [NOT_KNOWN] * 1 + [NOT_REACHED] * 7)
ANSWERED = ["self", "self", "family", "family", "other"]


class SpotChecks:
    def __init__(self, seed: int, county, office, story, today):
        self.rng, self.county, self.office, self.story, self.today = random.Random(seed), county, office, story, today

    def make(self):
        bureau, month = self.office.officers["zhao"], self.story.last.previous
        self._finished(bureau, month, self.county.code, wanted=60, spread=9, note="年度抽查")
        if village := self._a_village(month):
            self._finished(bureau, month, village, wanted=12, note="人数变化大")
        with on_day(self.today - DAY):
            if township := self._filed_township():
                self._draw(self.office.of(township), self.story.last, township, wanted=20, spread=12)

    def _finished(self, by, month, area, **more):
        day = month.last_day() + timedelta(days=15)
        with on_day(day):
            check = self._draw(by, month, area, **more)
            results = {person.number: self._found(day) for person in check.people.all()} if check else {}
        if results:
            with on_day(day + 3 * DAY):
                checking.enter(check, results, by=by)
                checking.finish(check, by=by)

    def _draw(self, by, month, area, **more):
        """None in a demo so small that nobody is away there."""
        seed = f"{self.rng.getrandbits(64):016x}"
        filed = MonthlyReturn.objects.under(area).filter(month=month, counted__away__gt=0)
        return checking.draw(self.county, month, by=by, area_code=area, figure="away", seed=seed, **more) if filed else None

    def _found(self, day) -> dict:
        outcome = self.rng.choice(FOUND)
        return {
            "outcome": outcome, "answered_by": "" if outcome == NOT_REACHED else self.rng.choice(ANSWERED),
            "asked_on": day + self.rng.randint(1, 3) * DAY, "note": "",
        }

    def _a_village(self, month) -> str | None:
        """Not the story's; of the others the one with the most people away."""
        rows = MonthlyReturn.objects.filter(county=self.county, month=month, counted__away__gt=0)
        rows = rows.exclude(village_id=self.story.village).order_by("-counted__away", "village_id")
        return rows.values_list("village_id", flat=True).first()

    def _filed_township(self) -> str | None:
        rows = MonthlyReturn.objects.under(self.story.township).filter(month=self.story.last, counted__away__gt=0)
        return self.story.township if rows.exclude(village_id=self.story.village).exists() else None
