"""The demo's training of workers over two years, and the targets of county, townships and the story's villages.

It draws from a source of chance of its own, so that the rest of the demo stays as it is.
"""

import random
from datetime import date, timedelta

from laborreg.codes import under_any
from laborreg.months import Month
from reports import targets as reaching
from reports.actions.targets import newest, set_targets
from reports.models import INCOME, START_UPS, TRAINING, TRANSFERS
from reports.seed.months import on_day
from support.actions import training as actions
from support.actions.training import Outcome
from support.codes import ABSENT, FAILED, PASSED, SKILLS, START_UP
from villages.models import Township
from workers import standing
from workers.models import Worker

# (kind, subject, organizer, hours, first month, days, persons); the odd ones are held by stations.
COURSES = [
    (SKILLS, "拉面制作", "县职业技术学校", 120, 2, 20, 24), (SKILLS, "挖掘机操作", "西宁市建设技工学校", 160, 3, 30, 16),
    (START_UP, "拉面店创业（SYB）", "县就业服务局", 80, 4, 10, 20), (SKILLS, "家政服务", "县职业技术学校", 80, 5, 14, 20),
    (SKILLS, "电焊工", "西宁市建设技工学校", 160, 6, 30, 18), (SKILLS, "中式烹调", "县职业技术学校", 120, 8, 20, 22),
    (START_UP, "电商创业", "县就业服务局", 80, 10, 8, 18),
]
LETTERS = "宁就发〔{year}〕{number}号（演示）"
# Of what was reached in the end: so much was asked for.
ASKED = {TRANSFERS: (0.93, 1.06), INCOME: (0.95, 1.12), START_UPS: (0.9, 1.4)}
TRAINED_A_TOWNSHIP = 8


class Goals:
    """Two years up to the newest month."""

    def __init__(self, seed, county, office, story, until: Month, today: date):
        self.rng, self.county, self.office, self.story = random.Random(seed), county, office, story
        self.until, self.today, self.bureau = until, today, office.officers["zhao"]
        self.townships = list(Township.objects.filter(county=county).order_by("code"))

    def lay(self) -> int:
        """How many courses were held."""
        held = 0
        for year in (self.until.year - 1, self.until.year):
            held += sum(self._hold(year, number, *course) for number, course in enumerate(COURSES))
            self._set(year)
        return held

    def _hold(self, year, number, kind, subject, organizer, hours, month, days, persons) -> bool:
        begins_on = date(year, month, 6 + number)
        ends_on = begins_on + timedelta(days)
        place = self.townships[number % len(self.townships)].code if number % 2 else self.county.code
        if number == 3:
            place = self.story.township
        by = self.office.of(place) if len(place) == 9 else self.bureau
        people = self._people(self._from(place, number), persons) if by and begins_on <= self.today else []
        if not people:
            return False
        with on_day(begins_on - timedelta(5)):
            course = actions.start_training(
                by=by, place_code=place, kind=kind, subject=subject, organizer=organizer, venue="", hours=str(hours),
                begins_on=begins_on, ends_on=ends_on,
            )
        with on_day(min(begins_on, self.today)):
            rows = actions.add_to_training(course, people, by=by)
        if ends_on <= self.today:
            with on_day(ends_on):
                actions.record_training(course, self._outcomes(year, number, rows), by=by, version=course.version)
        return True

    def _from(self, place, number) -> list[str]:
        """A county's course takes people from a few townships, as their stations send them."""
        return [place] if len(place) == 9 else [each.code for each in self.townships[number::5]]

    def _people(self, places, persons) -> list[Worker]:
        """Registered there, of an age to learn a trade."""
        born = {"birth_date__gte": date(self.until.year - 50, 1, 1), "birth_date__lt": date(self.until.year - 20, 1, 1)}
        found = standing.registered(Worker.objects.valid().filter(under_any("village_id", places), **born), self.today)
        numbers = list(found.order_by("pk").values_list("pk", flat=True))
        chosen = self.rng.sample(numbers, min(persons, len(numbers)))
        return list(Worker.objects.filter(pk__in=chosen))

    def _outcomes(self, year, number, rows) -> dict[int, Outcome]:
        found = {}
        for place, row in enumerate(rows, 1):
            chance = self.rng.random()
            result = PASSED if chance < 0.88 else FAILED if chance < 0.94 else ABSENT
            found[row.pk] = Outcome(result, f"{year}{number + 1:02}{place:03}" if result == PASSED else "")
        return found

    def _set(self, year):
        """In January, by hindsight: what the year came to, a little more or less; of this year up to the last whole month."""
        month = min(Month(year, 12), self.until.previous)
        of_townships = self._asked(month, at=9)
        whole = self._asked(month, at=6).get(self.county.code, {})
        # The parts of all but one kind add up, so that the demo shows the warning once.
        for kind in set(whole) - {START_UPS}:
            whole[kind] = sum(row.get(kind, 0) for row in of_townships.values()) or whole[kind]
        with on_day(date(year, 1, 15)):
            self._write(self.county, year, {self.county.code: whole} | of_townships, self.bureau, 8)
            self._write_villages(year, month, of_townships.get(self.story.township, {}))

    def _write_villages(self, year, month, goals):
        """The story's station divides its own among the villages by what each reached."""
        station = next(each for each in self.townships if each.code == self.story.township)
        done = reaching.done_by(station.code, month, at=12)
        of_villages: dict[str, dict[str, int]] = {}
        for kind, step in ((TRANSFERS, 1), (INCOME, reaching.YUAN_IN_WAN)):
            weights = {code: row[kind] for code, row in sorted(done.items()) if row[kind]}
            for code, amount in reaching.divided(goals.get(kind, 0), weights, step).items():
                if amount:
                    of_villages.setdefault(code, {})[kind] = amount
        self._write(station, year, of_villages, self.office.of(station.code), 2)

    def _write(self, area, year, goals, by, number):
        amounts = {(code, kind): amount for code, row in goals.items() for kind, amount in row.items()}
        if amounts:
            letter = LETTERS.format(year=year, number=number)
            set_targets(area, year, amounts, by=by, seen=newest(area, year), letter=letter)

    def _asked(self, month, *, at) -> dict[str, dict[str, int]]:
        done = reaching.done_by(self.county.code, month, at=at)
        return {code: row for code, figures in sorted(done.items()) if (row := self._row(code, figures))}

    def _row(self, code, figures) -> dict[str, int]:
        found = {}
        for kind, (least, most) in ASKED.items():
            step = reaching.YUAN_IN_WAN if kind == INCOME else 1
            amount = round((figures[kind] or 0) * self.rng.uniform(least, most) / step) * step
            if amount:
                found[kind] = amount
        found[TRAINING] = TRAINED_A_TOWNSHIP * (len(self.townships) if len(code) == 6 else 1)
        return found
