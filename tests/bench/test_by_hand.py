"""The statement written by hand and the product's counting find the same figures, in a small county of everything."""

from datetime import date, timedelta
from random import Random

from bench import by_hand
from laborreg import clock
from laborreg.months import Month
from reports import filing
from reports.models import MonthlyReturn
from tests import cast
from tests.workers.desk import Desk
from tests.workers.histories import (
    ABILITIES,
    AGE_BANDS,
    CHANNELS,
    DESTINATIONS,
    FORMS,
    PAY,
    PLANS,
    REASONS,
    SECTIONS,
    SEXES,
)
from villages.models import CountySettings, Village
from workers.ledger import KEYS
from workers.models import FormerMembership, Household, HouseholdStatus, Registration, Transfer, UnnamedGroup, Worker

VILLAGES = [cast.HOME, cast.NEXT_DOOR, cast.FAR]
FIRST, LAST = Month(2025, 12), Month(2026, 3)
LEAP_DAY = date(1984, 2, 29)


class ByHand(Desk):
    def setUp(self):
        super().setUp()
        self.random = Random(103)
        self.county.months.create(month=FIRST, opened_at=clock.now())
        CountySettings.objects.create(
            county=self.county, from_month="2026-02", start_day=21, female_max=50, stint_days=60, home_days=100
        )
        self.households = [self.household() for _n in range(12)]
        for _n in range(50):
            self.person()
        for _n in range(10):
            self.group()

    def some(self, *choices):
        return self.random.choice(choices)

    def day(self, since=date(2025, 2, 1), until=date(2026, 5, 10)):
        return since + timedelta(days=self.random.randrange((until - since).days))

    def period(self):
        start, stop = sorted(self.random.sample([None, *(self.day() for _n in range(4))], 2), key=lambda d: d or date.min)
        return start, self.some(stop, None)

    def household(self):
        found = Household.objects.create(county=self.county, village_id=self.some(*VILLAGES))
        for kind in self.some([], ["relieved"], ["relieved", "monitored_marginal"], ["monitored_hardship"]):
            start, stop = self.period()
            HouseholdStatus.objects.create(household=found, kind=kind, from_on=start, to_on=stop)
        return found

    def person(self):
        now, years = clock.now(), self.some(15, 16, 25, 26, 40, 41, 50, 51, 60, 61)
        born = date(2026 - years, self.some(1, 2, 3, 4), self.some(1, 20, 21, 28))
        fate = self.some(*["counts"] * 12, "voided", "merged")
        who = Worker.objects.create(
            county=self.county, village_id=cast.HOME, name="某人", no_id_reason="not_at_hand", created_at=now,
            sex=self.some(*SEXES), birth_date=self.some(born, born, born, LEAP_DAY, None),
            household=self.some(None, *self.households), ability=self.some("", "ordinary", *ABILITIES),
            is_student=self.some(None, False, False, True), wants_to_go=self.some(None, False, True),
            voided_at=now if fate == "voided" else None, void_reason="entered twice" if fate == "voided" else "",
            merged_into=Worker.objects.first() if fate == "merged" else None,
        )
        for household in self.some([], [], [None], self.random.sample(self.households, 2)):
            FormerMembership.objects.get_or_create(worker=who, to_on=self.day(), defaults={"household": household})
        self.stays(worker=who)
        self.transfers(who)

    def stays(self, **owner):
        """Moves, and gaps between them; the last may be over."""
        cuts = [None, *sorted({self.day() for _n in range(self.some(0, 0, 0, 1, 2))})]
        ends = [cut if cut == cuts[-1] else self.some(cut, cut - timedelta(days=3)) for cut in cuts[1:]]
        for from_on, to_on in zip(cuts, [*ends, self.some(None, None, None, date(2026, 5, 11))], strict=True):
            if from_on is None or to_on is None or from_on < to_on:
                Registration.objects.create(
                    county=self.county, village_id=self.some(*VILLAGES), from_on=from_on, to_on=to_on,
                    left_how="moved" if to_on else "", **owner,
                )

    def transfers(self, who):
        """One after the other; many touch, some are taken out again."""
        cuts = sorted({self.day() for _n in range(self.some(0, 1, 2, 3, 4))})
        for start, following in zip(cuts, [*cuts[1:], None], strict=False):
            stop = following
            if following is None or self.some(True, False):
                stop = self.some(following, min(start + timedelta(days=self.some(1, 30, 59, 60, 89, 90)), following or date.max))
            self.transfer(who, start, stop)

    def transfer(self, who, start, stop, group=None):
        is_void = self.some(*[False] * 8, True)
        Transfer.objects.create(
            county=self.county, worker=who, village_id=cast.HOME, started_on=start, ended_on=stop, group=group,
            voided_at=clock.now() if is_void else None, void_reason="entered twice" if is_void else "",
            created_at=clock.now(), plan=self.some(*PLANS) if stop else "", **self.work(stop),
        )

    def work(self, stop):
        return {"destination": self.some(*DESTINATIONS), "channel": self.some(*CHANNELS), "form": self.some(*FORMS),
                "industry": self.some("A", *SECTIONS), "pay": self.some(*PAY), "reason": self.some(*REASONS) if stop else ""}

    def group(self):
        start, stop = sorted({self.day(), self.day(until=date(2026, 5, 9)) + timedelta(days=1)})[-2:]
        stop = self.some(stop, None) if start < stop else None
        group = UnnamedGroup.objects.create(
            county=self.county, village_id=cast.HOME, persons=self.some(1, 2, 7), started_on=start, ended_on=stop,
            sex=self.some(*SEXES), age_band=self.some(*AGE_BANDS), created_at=clock.now(),
            status=self.some("", "relieved", "monitored_marginal"), **self.work(stop),
        )
        self.stays(group=group)
        for who in Worker.objects.filter(transfers=None)[: self.some(0, 1, 2)]:
            self.transfer(who, start, stop, group)

    def agree(self, month):
        villages = Village.objects.under(cast.COUNTY).filing_in(month)
        counts = filing.count_villages(self.county, month, [village.code for village in villages])
        found = by_hand.figures(self.county, month, FIRST)
        self.assertEqual(sorted(found), sorted(counts))
        for code, count in counts.items():
            self.assertEqual(found[code], count.figures, (month, code))
        return counts

    def file(self, month, counts):
        """As known now; one village of three forgets to."""
        filing_now = [code for code in counts if self.some(True, True, False)]
        returns = [MonthlyReturn.objects.create(county=self.county, village_id=code, month=month) for code in filing_now]
        if not returns:
            return
        for version in filing.freeze(returns, counts, submitted_by=lambda _ret: self.li):
            MonthlyReturn.objects.filter(pk=version.ret_id).update(newest=version)

    def learn(self):
        """More people, and less than was thought."""
        for _n in range(8):
            self.person()
        doubtful = list(Transfer.objects.valid().order_by("pk").values_list("pk", flat=True))[self.some(0, 1) :: 9]
        Transfer.objects.filter(pk__in=doubtful).update(voided_at=clock.now(), void_reason="was not so")

    def test_the_statement_written_by_hand_finds_what_the_product_counts(self):
        Village.objects.filter(code=cast.FAR).update(files_to="2026-02")
        seen = set()
        for month in LAST.since(FIRST.previous):
            counts = self.agree(month)
            seen |= {key for count in counts.values() for key, number in count.figures.items() if number}
            if month >= FIRST:
                self.file(month, counts)
            self.learn()
        self.assertEqual({key for key in KEYS if ".reason_" not in key} - seen, set(), "of this nothing happened")
