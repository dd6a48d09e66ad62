"""A county with enough people of every kind that a table has cells, filed for September and October."""

from datetime import date, timedelta
from random import Random

from laborreg import clock
from tests.cast import FAR, HOME, NEXT_DOOR, transfer, worker
from tests.reports.test_actions import OCTOBER, SEPTEMBER, MonthCase
from workers.models import Household, HouseholdStatus, Registration, UnnamedGroup

PLACES = ["4403", "44", "330106", "630102", "630121101", "630121100", "632801", "KOR", "81", "6501"]
SECTIONS, CHANNELS = ["A", "C", "E", "H", ""], ["own", "relatives", "government", "broker", "agency", ""]


class ManyCase(MonthCase):
    def build(self):
        super().build()
        self.random = Random(7)
        for number in range(90):
            self.somebody(number)
        self.unnamed("4403", persons=5, pay=4000, industry="E", age_band="26_40", sex="male")
        self.unnamed("630121101", persons=2, channel="agency", status="relieved")
        for month in (SEPTEMBER, OCTOBER):
            self.file_all(month)
        for number in range(90, 110):
            self.somebody(number)
        clock.pin(date(2026, 11, 2))

    def somebody(self, number: int):
        pick = self.random.choice
        village = pick([HOME, NEXT_DOOR, FAR])
        born = pick([None, date(1960, 2, 29), date(1985, 11, 2), date(1985, 11, 3), date(2003, 1, 1), date(2008, 5, 5)])
        who = worker(
            f"人{number:03d}", village, sex=pick(["male", "female", ""]), birth_date=born,
            education=pick(["90", "70", "20", ""]), skill_grade=pick(["", "none", "senior"]),
            household=self.household(village) if number % 2 else None,
        )
        if number % 5:
            self.trips(who, pick)

    def household(self, village):
        found = Household.objects.create(county_id=village[:6], village_id=village)
        kind = self.random.choice(["relieved", "monitored_unstable", "relieved", None])
        if kind:
            until = self.random.choice([None, date(2026, 6, 1), date(2027, 1, 1)])
            HouseholdStatus.objects.create(household=found, kind=kind, from_on=date(2020, 1, 1), to_on=until)
        return found

    def trips(self, who, pick):
        start = date(2024, 3, 1) + timedelta(days=pick([0, 300, 700, 900, 940]))
        facts = {"destination": pick(PLACES), "channel": pick(CHANNELS), "industry": pick(SECTIONS),
                 "form": pick(["employed", "own_business", ""]),
                 "pay": pick([None, 0, 1999, 4000, 6500, 9000]), "job": pick(["building", ""])}
        if facts["channel"] == "agency" and pick([True, False]):
            facts["agency"] = "某公司"
        ended = pick([None, None, date(2026, 10, 15), date(2026, 11, 20)])
        transfer(who, start, ended if ended != date(2026, 11, 20) else None, **facts)

    def unnamed(self, destination, persons, **facts):
        group = UnnamedGroup.objects.create(
            county_id=HOME[:6], village_id=HOME, persons=persons, started_on=date(2026, 8, 2), destination=destination,
            created_at=clock.now(), **facts,
        )
        Registration.objects.create(county_id=HOME[:6], group=group, village_id=HOME, from_on=date(2026, 8, 2))
        return group
