"""To which household somebody belonged on a day, as past months are read: by the day, not by today."""

from datetime import date

from tests import cast
from tests.workers.desk import Desk
from workers.models import FormerMembership, Household, HouseholdStatus
from workers.reading import histories

OCTOBER = date(2026, 10, 1)


def household(village=cast.HOME):
    return Household.objects.create(county_id=cast.COUNTY, village_id=village)


class Reading(Desk):
    def setUp(self):
        super().setUp()
        self.old, self.new = household(), household()
        self.who = cast.worker("马兰", household=self.new)

    def history(self):
        [found] = [each for each in histories(cast.HOME) if each.key == ("worker", self.who.pk)]
        return found

    def left(self, household, to_on):
        FormerMembership.objects.create(worker=self.who, household=household, to_on=to_on)

    def test_the_one_that_ends_next_names_the_household(self):
        self.left(None, date(2024, 5, 1))
        self.left(self.old, OCTOBER)
        found = [self.history().household_on(day) for day in (date(2024, 4, 30), date(2024, 5, 1), OCTOBER)]
        self.assertEqual(found, [None, self.old.pk, self.new.pk])

    def test_flags_are_those_of_the_household_of_the_day(self):
        self.left(None, date(2024, 5, 1))
        self.left(self.old, OCTOBER)
        HouseholdStatus.objects.create(household=self.old, kind="relieved", from_on=date(2020, 1, 1))
        HouseholdStatus.objects.create(household=self.new, kind="monitored_unstable", to_on=date(2026, 12, 1))
        HouseholdStatus.objects.create(household=self.new, kind="relieved", to_on=OCTOBER)
        found = self.history()
        self.assertEqual(found.relieved, [(date(2024, 5, 1), OCTOBER)])
        self.assertEqual(found.monitored, [(OCTOBER, date(2026, 12, 1))])

    def test_a_household_is_one_s_own_and_was_another_s(self):
        cast.worker("马有", household=self.old)
        self.left(self.old, OCTOBER)
        HouseholdStatus.objects.create(household=self.old, kind="relieved")
        found = {each.name: each.relieved for each in histories(cast.HOME)}
        self.assertEqual(found, {"马有": [(None, None)], "马兰": [(date.min, OCTOBER)]})
