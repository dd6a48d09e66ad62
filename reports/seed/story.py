"""The village of the first five minutes: its last month reads as the guide tells, and leaves Li three tasks."""

from dataclasses import dataclass
from datetime import date, timedelta

from laborreg.months import Month
from reports.seed.journeys import DAY, Traveler
from reports.seed.people import Person, fit_labor_force, give_number, take_number
from workers.models import UnnamedGroup
from workers.regions import TOWNSHIP, region_of

LEFT_ON = [2, 6, 7, 9, 11, 14, 18, 21, 26]
HOMECOMINGS = [
    (5, "season_over", "farming"), (13, "family", "not_seeking"), (20, "season_over", "seeking"),
    (27, "contract_over", "seeking"),
]
ABLE_AGES = range(19, 59)
LAST = Month(2026, 10)


@dataclass(frozen=True)
class Story:
    """Which village is Li's, which one of the same township lost its officer, and the figures that Li finds."""

    village: str = "630121100205"  # 向阳堡村, Xiangyangbao
    deserted: str = "630121100221"  # 窑庄村, Yaozhuang
    last: Month = LAST
    workers: int = 615
    away: int = 231
    labor_force: int = 486
    unnamed: int = 3

    @property
    def township(self) -> str:
        return self.village[:9]

    @property
    def deserted_on(self) -> date:
        """The deserted village's officer went in the middle of the last month."""
        return self.last.last_day() - 15 * DAY

    @property
    def opening(self) -> int:
        return self.away - len(LEFT_ON) + len(HOMECOMINGS)


def arrange(story: Story, people: list[Person], traveler: Traveler, numbers) -> UnnamedGroup:
    """Bend the village's journeys until the last month says what the story tells."""
    scene = Scene(story, people, traveler)
    scene.end_seasons_in_november()
    scene.know_in_time()
    scene.still_the_month()
    scene.reach_the_opening()
    scene.move_a_few()
    scene.renew_contracts()
    scene.fit_the_labor_force()
    scene.leave_one_without_id(numbers)
    return scene.unnamed_group()


class Scene:
    def __init__(self, story: Story, people: list[Person], traveler: Traveler):
        self.story, self.people, self.traveler = story, people, traveler
        self.rng = traveler.rng
        self.first_day = story.last.last_day().replace(day=1)
        self.eve = self.first_day - DAY

    def end_seasons_in_november(self):
        """As the last October is still, so were those before it: a year is compared with the next."""
        for person in self.people:
            for trip in person.trips:
                if trip.ended_on and trip.reason == "season_over" and trip.ended_on.month == 10:
                    trip.ended_on += 31 * DAY

    def know_in_time(self):
        for person in self.people:
            self.traveler.learn(person, late_share=0)

    def still_the_month(self):
        """Nothing happens in the last month but what the story puts there."""
        for person in self.people:
            person.trips = [trip for trip in person.trips if trip.started_on < self.first_day]
            if person.trips and (last := person.trips[-1]).ended_on and last.ended_on >= self.first_day:
                last.reopen()

    def reach_the_opening(self):
        """As many away on the eve of the month as the story opens with, besides the unnamed group."""
        wanted = self.story.opening - self.story.unnamed
        away = self._away_on_the_eve()
        for person in self.rng.sample(away, max(0, len(away) - wanted)):
            person.trips = []  # never went, so that earlier months shrink alike
        for person in self.rng.sample(self._free(), max(0, wanted - len(away))):
            self._leave(person, self.eve - self.rng.randint(20, 190) * DAY)

    def move_a_few(self):
        leaving = self.rng.sample(self._free(), len(LEFT_ON))
        coming = self.rng.sample(self._stoppable(self._away_on_the_eve()), len(HOMECOMINGS))
        for person, day in zip(leaving, LEFT_ON, strict=True):
            self._leave(person, self.first_day.replace(day=day))
        for person, (day, reason, plan) in zip(coming, HOMECOMINGS, strict=True):
            self._come_home(person.trips[-1], self.first_day.replace(day=day), reason, plan)

    def renew_contracts(self):
        """No contract of somebody still away is about to end: that would be a fourth task."""
        soon = self.eve + 240 * DAY
        for person in self.people:
            for trip in person.trips:
                until = trip.facts.get("contract_until")
                if trip.ended_on is None and until and until < soon:
                    trip.facts["contract_until"] = soon + self.rng.randint(1, 300) * DAY

    def fit_the_labor_force(self):
        fit_labor_force(self.people, self.story.labor_force, self.story.last.last_day(), self.rng)

    def leave_one_without_id(self, numbers):
        without = self.rng.choice(self._away_on_the_eve())
        for person in self.people:
            if person is without:
                take_number(person.worker, "not_at_hand")
            elif person.worker.no_id_reason:
                give_number(person.worker, numbers)

    def unnamed_group(self) -> UnnamedGroup:
        return UnnamedGroup(
            county_id=self.story.village[:6], village_id=self.story.village, persons=self.story.unnamed,
            started_on=(self.eve - 75 * DAY), destination="632801", industry="E", channel="broker", form="employed",
            sex="male", pay=5800, note="随顺发建筑队去格尔木,姓名待补",
        )

    def _away_on_the_eve(self) -> list[Person]:
        return [person for person in self.people if self._trip_away(person)]

    def _trip_away(self, person):
        """The trip that keeps a person out of the township on the eve of the month."""
        if not person.trips or not person.trips[-1].covers(self.eve):
            return None
        trip = person.trips[-1]
        return trip if region_of(person.worker.village_id, trip.facts["destination"]) != TOWNSHIP else None

    def _stoppable(self, people) -> list[Person]:
        return [
            person for person in people
            if person.trips[-1].ended_on is None and person.trips[-1].started_on < self.eve - timedelta(days=70)
        ]

    def _free(self) -> list[Person]:
        """At home since long enough, in the ledger, and able to go."""
        return [
            person for person in self.people
            if not person.worker.is_student and person.worker.ability in ("ordinary", "skilled")
            and person.age_on(self.eve) in ABLE_AGES and person.known == self.traveler.first
            and (not person.trips or (person.trips[-1].ended_on and person.trips[-1].ended_on < self.eve - 195 * DAY))
        ]

    def _leave(self, person, day):
        person.trips.append(self.traveler.new_trip(person, day))
        self.traveler.learn(person, late_share=0)

    def _come_home(self, trip, day, reason, plan):
        trip.end(day, reason, plan)
