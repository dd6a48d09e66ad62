"""A working life as a chain of trips: when somebody left and came home, and when the office came to know of it."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from laborreg.lunar import spring_festival
from laborreg.months import Month
from reports.seed import trades
from reports.seed.people import Person
from reports.seed.trades import TRADES, Trade
from workers.columns import band_of
from workers.regions import region_of

DAY = timedelta(days=1)
LATE_SHARE = 0.03
SOURCES = {"in_person": 24, "family": 22, "visit": 14, "phone": 20, "wechat": 17, "list": 3}
BREAKS = [
    ("family", "not_seeking", 24), ("laid_off", "seeking", 14), ("illness", "not_seeking", 14),
    ("contract_over", "seeking", 14), ("low_or_unpaid", "seeking", 12), ("season_over", "farming", 12),
    ("own_business", "own_business", 5), ("other", "training", 5),
]


@dataclass(frozen=True)
class Habits:
    """How often people go, change and come home."""

    # Of men and of women in their best years, who goes out at all; of those over sixty, how many still do.
    going: tuple[float, float] = (0.91, 0.73)
    going_over_60: float = 0.3
    # Who goes out for the first time within the demo's months.
    newcomers: float = 0.10
    # How many live of two short seasons, such as digging fungus and picking, against the demo's.
    short_seasons: float = 1
    # Of those who are out over the Spring Festival, whose homecoming the office hears of: for a round of work.
    goes_home: dict = field(default_factory=lambda: {"festival": 0.82, "staying": 0.32})
    # Of long stays: cut by another job without coming home; cut by either.
    changes_job: float = 0.09
    is_cut: float = 0.2
    pay_growth: float = 1.06


@dataclass(eq=False)
class Trip:
    """One stay at work; `facts` are the columns of its transfer. No `ended_on`: still away."""

    started_on: date
    ended_on: date | None = None
    reason: str = ""
    plan: str = ""
    facts: dict = field(default_factory=dict)
    start_known: Month | None = None
    end_known: Month | None = None
    # The columns of its transfer, once recorded.
    transfer: dict | None = None

    def covers(self, day) -> bool:
        return self.started_on <= day and (self.ended_on is None or self.ended_on > day)

    def end(self, day, reason="", plan=""):
        self.ended_on, self.reason, self.plan, self.end_known = day, reason, plan, Month.of(day)

    def reopen(self):
        self.ended_on, self.reason, self.plan, self.end_known = None, "", "", None


class Traveler:
    """Gives people their trips, out of one source of chance."""

    def __init__(self, rng, first: Month, last: Month, brokers, points, habits: Habits):
        self.rng, self.first, self.last, self.habits = rng, first, last, habits
        self.begins, self.ends = first.year - 1, last.year
        self.brokers, self.points = brokers, points

    def send(self, person: Person):
        """A trade, or staying at home; then the trips of a career in it, as far as the last month goes."""
        person.trade = self._trade(person)
        if person.trade:
            self.give_trips(person, self._career(person))

    def give_trips(self, person: Person, career):
        trips = [trip for trade in self._rounds(person) for trip in self._trips(person, trade, career)]
        person.trips = self._apart(trips)
        for trip, before in zip(person.trips, [None, *person.trips], strict=False):
            self._blur(trip, before.ended_on if before else date.min)
        self.learn(person, LATE_SHARE)

    def new_trip(self, person: Person, day) -> Trip:
        """A trip from a day on that still goes on; away from the township."""
        person.trade = person.trade or self._any_trade(person.worker)
        if trades.OWN_TOWNSHIP in TRADES[person.trade].places:
            person.trade = "city"
        trade, trip = TRADES[person.trade], Trip(day)
        base, place = self.rng.uniform(*trade.pay), _draw(self.rng, trade.places)
        trip.facts = self._facts(person, trade, trip, base, place, _draw(self.rng, trade.channels))
        return trip

    def _trade(self, person) -> str:
        """Few go out beyond sixty, and nobody who cannot work; who is not of working age may still run a shop."""
        worker, rng = person.worker, self.rng
        age = worker.age_on(self.last.last_day())
        if worker.is_student or worker.ability in ("weak", "lost") or age > 66:
            return ""
        if rng.random() > self._share_going(worker, age):
            return ""
        return self._any_trade(worker)

    def _any_trade(self, worker) -> str:
        sex = "men" if worker.sex == "male" else "women"
        is_hui = worker.ethnic_group == "03"
        weights = [
            getattr(trade, sex) * (trade.hui if is_hui else 1) * (self.habits.short_seasons if name in trades.SECOND else 1)
            for name, trade in TRADES.items()
        ]
        return self.rng.choices(list(TRADES), weights)[0]

    def _share_going(self, worker, age) -> float:
        share = self.habits.going[worker.sex != "male"]
        if age > 60:
            return share * self.habits.going_over_60
        return share * 0.75 if age > 52 or age < 19 else share

    def _career(self, person) -> tuple[date, date]:
        """From when and until when somebody goes out at all: more begin each year than stop."""
        rng, grown = self.rng, _birthday(person.worker.birth_date, 17)
        begins = date(self.begins - 1, 1, 1)
        if rng.random() < self.habits.newcomers:
            begins = _day(rng, date(self.first.year, 3, 1), self.last.last_day())
        ends = date.max
        if rng.random() < 0.06:
            ends = _day(rng, date(self.first.year, 3, 1), self.last.last_day())
        if person.known > self.first:
            begins = max(begins, person.known.previous.last_day() + DAY)
        return max(begins, grown), ends

    def _rounds(self, person) -> list[Trade]:
        rounds = [TRADES[person.trade]]
        if (second := trades.SECOND.get(person.trade)) and self.rng.random() < 0.45:
            rounds.append(TRADES[second])
        return rounds

    def _trips(self, person, trade: Trade, career):
        begins, ends = career
        base = self.rng.uniform(*trade.pay)
        place, channel = _draw(self.rng, trade.places), _draw(self.rng, trade.channels)
        for trip in self._interrupted(self._years(trade, person)):
            if trip.ended_on and trip.ended_on > ends:
                trip.ended_on, trip.reason, trip.plan = ends, "family", "not_seeking"
            if trip.started_on < begins:
                trip.started_on = begins + self.rng.randint(0, 20) * DAY
            if trip.ended_on and trip.ended_on <= trip.started_on + 20 * DAY:
                continue
            if trip.started_on >= min(ends, self.last.last_day() + DAY):
                continue
            if self.rng.random() < 0.2:
                place, channel = _draw(self.rng, trade.places), _draw(self.rng, trade.channels)
            trip.facts = self._facts(person, trade, trip, base, place, channel)
            self._leave_open(trip)
            yield trip

    def _years(self, trade, person) -> list[Trip]:
        years = range(self.begins, self.ends + 1)
        if trade.round in self.habits.goes_home:
            return list(self._by_festival(self.habits.goes_home[trade.round]))
        return [trip for year in years for trip in self._by_season(trade.round, year)]

    def _by_festival(self, goes_home: float):
        """Out after the festival, home before the next one; some stay over it, or over several."""
        rng = self.rng
        start = spring_festival(self.begins) + rng.randint(6, 40) * DAY
        for year in range(self.begins + 1, self.ends + 2):
            festival = spring_festival(year)
            if rng.random() < goes_home:
                plan = rng.choices(["", "seeking", "farming", "not_seeking"], [40, 25, 15, 20])[0]
                yield Trip(start, festival - rng.randint(2, 26) * DAY, "festival", plan)
                start = festival + rng.randint(6, 40) * DAY
        yield Trip(start)

    def _by_season(self, round_, year):
        rng = self.rng
        plan = rng.choices(["farming", "not_seeking", "seeking", "local_work", ""], [40, 20, 20, 8, 12])[0]
        if round_ == trades.SEASON:
            start = date(year, 3, 12) + rng.randint(0, 50) * DAY
            if rng.random() < 0.9:
                yield Trip(start, date(year, 9, 28) + rng.randint(0, 62) * DAY, "season_over", plan)
        elif round_ == trades.MAY_AND_JUNE:
            start = date(year, 5, 3) + rng.randint(0, 15) * DAY
            yield Trip(start, start + rng.randint(34, 52) * DAY, "season_over", plan)
        else:
            start = date(year, 7, 12) + rng.randint(0, 40) * DAY
            yield Trip(start, start + rng.randint(52, 105) * DAY, "season_over", plan)

    def _interrupted(self, trips):
        """Long stays are cut now and then: home for some weeks, or another job without coming home."""
        for trip in trips:
            long_enough = (trip.ended_on or self.last.last_day()) - trip.started_on > 150 * DAY
            chance = self.rng.random() if long_enough else 1
            if chance > self.habits.is_cut:
                yield trip
                continue
            cut = trip.started_on + self.rng.randint(45, 140) * DAY
            if chance < self.habits.changes_job:
                yield Trip(trip.started_on, cut, "", "")
                yield Trip(cut, trip.ended_on, trip.reason, trip.plan)
                continue
            reason, plan = _draw(self.rng, {(reason, plan): weight for reason, plan, weight in BREAKS})
            yield Trip(trip.started_on, cut, reason, plan)
            again = cut + self.rng.randint(20, 130) * DAY
            if self.rng.random() < 0.75 and (trip.ended_on is None or again + 30 * DAY < trip.ended_on):
                yield Trip(again, trip.ended_on, trip.reason, trip.plan)

    def _leave_open(self, trip):
        """What ends after the last month has not happened yet; it may be planned."""
        if trip.ended_on and trip.ended_on > self.last.last_day():
            if self.rng.random() < 0.5:
                trip.facts["planned_home"] = Month.of(trip.ended_on)
            trip.ended_on, trip.reason, trip.plan = None, "", ""

    def _facts(self, person, trade, trip, base, place, channel) -> dict:
        rng, village = self.rng, person.worker.village_id
        destination = self._destination(village, place)
        channel = self._organized_more(channel, trip.started_on.year)
        facts = {
            "destination": destination, "channel": channel, "form": trade.form,
            "industry": _draw(rng, trade.sections) if rng.random() < 0.98 else "",
            "job": _draw(rng, trade.jobs), "employer": rng.choice(trade.employers) if trade.employers else "",
            "source": _draw(rng, SOURCES),
        }
        facts |= self._bearer(village, channel, destination) | self._pay(base, trip.started_on.year)
        facts |= self._contract(trade, trip, region_of(village, destination))
        return facts

    def _destination(self, village, place) -> str:
        if place == trades.OWN_TOWNSHIP:
            return village[:9]
        if place == trades.COUNTY_SEATS:
            return _draw(self.rng, {code: weight for code, weight in trades.SEATS.items() if code != village[:9]})
        return place

    def _organized_more(self, channel, year) -> str:
        """Each year a few more of those who found their work alone go through the bureau."""
        if channel == "own" and self.rng.random() < 0.05 * (year - self.begins):
            return "government"
        return channel

    def _bearer(self, village, channel, destination) -> dict:
        if channel == "broker" and self.rng.random() < 0.9:
            return {"broker": self.rng.choice(self.brokers[village[:9]]).somebody()}
        if channel == "agency":
            return {"agency": self.rng.choice(trades.AGENCIES)}
        if channel != "point":
            return {}
        near = [point for point in self.points if point.destination[:2] == destination[:2]]
        return {"point": self.rng.choice(near)} if near else {"channel": "government"}

    def _pay(self, base, year) -> dict:
        pay = round(base * self.habits.pay_growth ** (year - 2024) * self.rng.uniform(0.95, 1.06) / 100) * 100
        if self.rng.random() < 0.05:
            return {"pay_band": band_of(pay)} if self.rng.random() < 0.5 else {}
        return {"pay": pay}

    def _contract(self, trade, trip, region) -> dict:
        if region == "township" or self.rng.random() > 0.85:
            return {}
        if self.rng.random() > trade.contracts:
            return {"contract": "no", "insurance": self.rng.choice(["no", ""])}
        years = self.rng.choice([1, 1, 2, 3])
        until = date(trip.started_on.year + years, trip.started_on.month, min(trip.started_on.day, 28))
        return {"contract": "yes", "contract_until": until, "insurance": self.rng.choice(["yes", "yes", "no"])}

    def _apart(self, trips) -> list[Trip]:
        """In order, and none over another: of two rounds of a year the later one waits, or gives way."""
        kept = []
        for trip in sorted(trips, key=lambda trip: trip.started_on):
            if kept and (kept[-1].ended_on is None or trip.started_on < kept[-1].ended_on):
                continue
            if kept and trip.started_on == kept[-1].ended_on and kept[-1].reason:
                trip.started_on += DAY
                if trip.ended_on == trip.started_on:
                    continue
            kept.append(trip)
        return kept

    def learn(self, person: Person, late_share: float):
        """When the office hears of it: in the month, sometimes a month late; never of a start after its end."""
        known = person.known
        for trip in person.trips:
            known = trip.start_known = max(known, self._heard(trip.started_on, late_share))
            if trip.ended_on:
                known = trip.end_known = max(known, self._heard(trip.ended_on, late_share))
        for trip, following in zip(person.trips, person.trips[1:], strict=False):
            trip.end_known = min(trip.end_known, following.start_known)

    def _heard(self, day, late_share) -> Month:
        month = Month.of(day)
        return max(month.next if self.rng.random() < late_share else month, self.first)

    def _blur(self, trip, free_from):
        """Of some only the month is known; the ledger then has its first day, where nothing stands in the way."""
        first_day = trip.started_on.replace(day=1)
        if self.rng.random() < 0.04 and first_day > free_from:
            trip.started_on, trip.facts["month_only"] = first_day, True


def _birthday(born_on: date, age: int) -> date:
    return date(born_on.year + age, born_on.month, min(born_on.day, 28))


def _day(rng, first: date, last: date) -> date:
    return first + rng.randrange((last - first).days + 1) * DAY


def _draw(rng, weights: dict):
    return rng.choices(list(weights), weights.values())[0]
