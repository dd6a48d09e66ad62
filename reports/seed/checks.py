"""What the demo's figures are trusted by: two finished spot checks and an open one, pairs of entries, a fall that is followed.

All of it through the actions, and away from the story's village; a chance of its own.
"""

import random
from datetime import timedelta

from reports import alarms, checking, following
from reports.models import MonthlyReturn
from reports.models.spot_checks import AS_FILED, AT_HOME, ELSEWHERE, NOT_KNOWN, NOT_REACHED
from reports.seed.months import on_day
from workers import actions as workers
from workers.models import Worker

DAY = timedelta(days=1)
FOUND = ([AS_FILED] * 80 + [ELSEWHERE] * 7 + [AT_HOME] * 5 + [NOT_KNOWN] * 1 + [NOT_REACHED] * 7)
TWICE = 6
ANSWERED = ["self", "self", "family", "family", "other"]


class Checks:
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
        with on_day(self.today):
            self._enter_twice()
            self._follow_a_fall(bureau)

    def _enter_twice(self):
        """A few were entered again without a number, in their village or in the next one of the township."""
        told = {self.story.village, self.story.deserted}
        rows = Worker.objects.valid().under(self.story.township).exclude(village_id__in=told).exclude(id_index=None)
        people = list(rows.exclude(birth_date=None).order_by("pk"))
        villages = sorted({person.village_id for person in people})
        for number, person in enumerate(self.rng.sample(people, min(TWICE, len(people)))):
            village = person.village_id if number % 2 else self.rng.choice(villages)
            workers.register(
                by=self.office.of(village), village=village, name=person.name, sex=person.sex, no_id_reason="not_at_hand",
                birth_date=person.birth_date, consent="by_family",
            )

    def _follow_a_fall(self, by):
        """The first alarm of the newest months that has one, outside the story's township."""
        for month in (self.story.last, self.story.last.previous):
            found = alarms.alarms(self.county, [self.county.code], month)
            if found := [each for each in found if not each.area.code.startswith(self.story.township)]:
                following.follow(
                    self.county, month, by=by, area_code=found[0].area.code, cause="部分工地提前停工，人员陆续返乡。",
                    doing="逐户核实返乡人员，联系协作点安排岗位。", who=self.office.of(found[0].area.code[:9]).name,
                    until_on=self.today + 16 * DAY,
                )
                return

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
