"""The whole demo in order: places, office, people, journeys, then month after month what was recorded and filed."""

import gc
import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction

from laborreg import lunar
from laborreg.months import Month
from laborreg.refusals import Refusal
from officers import demo
from officers.models import Demo, Officer
from reports import filing
from reports.seed import blanks, briefs
from reports.seed import office as office_of
from reports.seed import story as stories
from reports.seed.brokers import Brokerage
from reports.seed.checks import Checks
from reports.seed.claims import Claims
from reports.seed.desk import Desk
from reports.seed.doubts import Doubts
from reports.seed.journeys import Habits, Traveler
from reports.seed.landing import Landing, land
from reports.seed.months import NOW, Filing, on_day
from reports.seed.people import Home, Person, Settler
from reports.seed.recording import Recorder
from reports.seed.tables import save_tables
from reports.seed.targets import Goals
from reports.seed.visits import Visits
from support.models import Claim
from villages import loading
from villages.divisions import DATONG
from villages.models import County, Township, Village
from workers.models import UnnamedGroup, Worker

COUNTY = "630121"
SEED = 630121
DEATHS, LEAVINGS, MOVES = 14, 8, 12
GROUPS = [("632801", "E", 4), ("632822", "A", 5), ("652901", "A", 3), ("632621", "A", 6), ("441900", "C", 2)]


@dataclass(frozen=True)
class Size:
    """How much is invented. `villages`: how many of them file, the story's two among them; all when None.

    With a `landing`, all but those two have filed the newest month, and it says what the landing tells.
    """

    workers: int = 6_000
    brokers: int = 120
    oldest: int = 75
    habits: Habits = field(default_factory=Habits)
    landing: Landing | None = None
    months: int = 25
    until: Month = stories.LAST
    villages: int | None = None
    story: stories.Story = field(default_factory=stories.Story)

    @property
    def first(self) -> Month:
        return self.until.plus(1 - self.months)


# The county of the five articles at its full size. Most stay over the Spring Festival, or their visits are no
# homecomings to the office: it counts 1.12 person-times a person.
FULL = {
    "workers": 246_000, "oldest": 62, "brokers": 1_714, "landing": Landing(),
    "habits": Habits(
        going=(0.82, 0.665), going_over_60=0.05, newcomers=0.15, short_seasons=0.3,
        goes_home={"festival": 0.15, "staying": 0.04}, changes_job=0.62, is_cut=0.65, pay_growth=1.005,
    ),
}


def seed_county(size: Size, say: Callable[[str], None] = lambda line: None, counted=filing.counted):
    """Fill an empty database with the demo; refuses any other. `counted`: how its villages are counted."""
    refuse_unless_empty()
    if size.until.year >= lunar.LAST:
        raise Refusal(f"The lunar calendar is known up to {lunar.LAST}: the demo ends before.")
    os.environ.pop("LABORREG_TODAY", None)
    gc.disable()  # hundreds of thousands of rows and no rings among them: looking for some costs an eighth of the time
    try:
        Demonstration(size, say, counted).make()
    finally:
        gc.enable()
    demo.begin()


def refuse_unless_empty():
    """A demo is never made over an office's own records."""
    if Worker.objects.exists() or Officer.objects.exists():
        raise Refusal("This database holds workers or officers and no demo that was finished; it stays as it is.")


class Demonstration:
    """One making of the demo: everything drawn from one source of chance, in a fixed order."""

    def __init__(self, size: Size, say, counted):
        self.size, self.say, self.story, self.counted = size, say, size.story, counted
        self.rng = random.Random(SEED)
        self.settler = Settler(self.rng, COUNTY, size.first, size.until, size.oldest)
        self.numbers = self.settler.numbers

    def make(self):
        with on_day(self.size.first.last_day().replace(day=1)):
            self._places()
            self._office()
        self._people()
        for month in self.size.until.since(self.size.first):
            self._month(month)
        self.recorder.number_on()
        today = self.size.until.last_day() + timedelta(days=NOW)
        with on_day(today):
            asked = Visits(SEED, self.office.of, today, self.story).record()
            doubts = Doubts(SEED, self.office.of, today, self.story).settle()
            Desk(SEED, self.county, self.office, self.story, today).lay()
            blanks.upload(self.county, by=self.office.officers["zhao"])
        Checks(SEED, self.county, self.office, self.story, today).make()
        Claims(self.county, self.office, self.story, self.size.until.year - 1).settle()
        courses = Goals(SEED, self.county, self.office, self.story, self.size.until, today).lay()
        self.say(f"{courses} courses for workers, targets of two years")
        with on_day(today):
            save_tables(self.county)
        briefs.write(self.county, self.size.until, by=self.office.officers["zhao"], today=today)
        self.say(f"{asked} visits, {doubts} doubts, {Claim.objects.count()} claims of brokers")
        Demo.objects.create(today=today)

    def _places(self):
        self.say("places of Datong")
        loading.load(DATONG)
        self.county = County.objects.get(pk=COUNTY)
        self.townships = list(Township.objects.filter(county=self.county))
        self.villages = list(Village.objects.under(COUNTY).filter(files_from__isnull=False))
        if self.size.villages:
            self._file_only_some()

    def _file_only_some(self):
        told = {self.story.village, self.story.deserted}
        others = [village for village in self.villages if village.code not in told]
        step = len(others) // (self.size.villages - 2)
        kept = told | {village.code for village in others[::step][: self.size.villages - 2]}
        self.villages = [village for village in self.villages if village.code in kept]
        Village.objects.under(COUNTY).exclude(code__in=kept).update(files_from=None)

    @transaction.atomic
    def _office(self):
        self.office = office_of.Office(self.rng, self.numbers, self.story)
        self.office.open(self.county, self.townships, self.villages)
        brokerage = Brokerage(
            SEED, self.office, self.villages, self.story, until=self.size.until, many=self.size.brokers
        )
        self.brokers = brokerage.hire(self.rng, self.numbers)
        brokerage.associate()
        self.points = office_of.sign_points(self.rng, self.numbers, COUNTY)
        self.say(f"{len(self.office.officers)} officers, {len(self.points)} cooperation points, {self.size.brokers} brokers")

    def _people(self):
        traveler = Traveler(self.rng, self.size.first, self.size.until, self.brokers, self.points, self.size.habits)
        self.recorder = Recorder(self.rng, COUNTY, self.size.first, self.office.of)
        homes = self._homes()
        people = [person for home in homes for person in home.persons]
        for person in people:
            traveler.send(person)
        told = [person for person in people if person.worker.village_id == self.story.village]
        self.recorder.plan_group(stories.arrange(self.story, told, traveler, self.numbers))
        self._endings([person for person in people if person.worker.village_id != self.story.village])
        self._unnamed_groups()
        if self.size.landing:
            absent = {self.story.village, self.story.deserted}
            land(self.size.landing, [p for p in people if p.last_village not in absent], self.size.until, self.rng)
        self.recorder.plan(homes)
        self.say(f"{len(people)} people in {len(homes)} households")

    def _homes(self) -> list[Home]:
        others = [village for village in self.villages if village.code != self.story.village]
        weights = [self.rng.lognormvariate(0, 0.45) for _village in others]
        share = (self.size.workers - self.story.workers) / sum(weights)
        homes = self.settler.settle(self.story.village, self.story.workers)
        for village, weight in zip(others, weights, strict=True):
            homes += self.settler.settle(village.code, max(4, round(weight * share)))
        return homes

    def _endings(self, people: list[Person]):
        """Some die, some leave the county, some move to another village."""
        known = [person for person in people if person.known == self.size.first]
        old = [person for person in known if person.age_on(self.size.until.last_day()) > 55]
        kinds = [("died", old, DEATHS), ("left_county", known, LEAVINGS), ("moved", known, MOVES)]
        for how, among, count in kinds:
            count = min(count * self.size.workers // 6_000, len(among) // 4)
            for person in self.rng.sample([p for p in among if p.ending is None], count):
                self._end(person, how)

    def _end(self, person, how):
        month = self.size.first.plus(self.rng.randrange(self.size.months))
        day = month.last_day().replace(day=self.rng.randint(3, 27))
        village = None
        if how == "moved":
            apart = (self.story.village, person.worker.village_id)
            village = self.rng.choice([v.code for v in self.villages if v.code not in apart])
        else:
            person.trips = [trip for trip in person.trips if trip.started_on < day]
            if person.trips and (last := person.trips[-1]).ended_on and last.ended_on >= day:
                last.reopen()
        person.ending, person.ending_known = (how, day, village), month

    def _unnamed_groups(self):
        villages = [v for v in self.villages if v.code not in (self.story.village, self.story.deserted)]
        for destination, section, persons in GROUPS if len(villages) > len(GROUPS) else []:
            started_on = self.size.until.plus(-self.rng.randint(1, 6)).last_day() - timedelta(days=9)
            village = self.rng.choice(villages)
            self.recorder.plan_group(UnnamedGroup(
                county_id=COUNTY, village_id=village.code, persons=persons, started_on=started_on,
                destination=destination, industry=section, channel="broker", pay=5500 if section == "E" else None,
            ))

    def _month(self, month):
        with on_day(self.county.last_day(month)):
            done = self.recorder.record(month)
        steps = Filing(self.county, self.office, self.story, self.counted)
        if month < self.size.until:
            steps.whole(month)
        else:
            steps.half(month, sends_back=self.size.landing is None)
        number = month.index - self.size.first.index + 1
        recorded = f"{done['departures']} departures, {done['ended']} ends recorded"
        self.say(f"month {number} of {self.size.months}, {month}: {recorded}, returns filed")

