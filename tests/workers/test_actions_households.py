"""Households: one head, one spouse, and poverty flags that are ended and never overwritten."""

from datetime import date

from tests import cast
from tests.workers.desk import Desk
from workers import actions
from workers.models import Household, HouseholdStatus
from workers.refusals import AlreadyRecorded


class Households(Desk):
    def build(self):
        super().build()
        self.ma = cast.worker("马军", sex="male")
        self.household = actions.start_household(by=self.li, village=cast.HOME, head=self.ma, number="0012")

    def join(self, worker, relation, by=None, household=None):
        return actions.join_household(worker, household or self.household, relation, by=by or self.li)

    def test_a_head_starts_it(self):
        self.ma.refresh_from_db()
        self.assertEqual((self.ma.household, self.ma.relation, self.ma.version), (self.household, "head", 2))
        self.assertEqual((self.household.number, str(self.household)), ("0012", "马军"))
        self.assertEqual(self.verbs(), ["started household"])

    def test_a_second_click(self):
        again = {"by": self.li, "village": cast.HOME, "head": self.ma}
        self.refuses("a household already", actions.start_household, **again, refusal=AlreadyRecorded)
        wife = cast.worker()
        self.join(wife, "spouse")
        self.join(wife, "spouse")
        self.assertEqual((Household.objects.count(), self.verbs()), (1, ["started household", "joined household"]))

    def test_relations_that_cannot_be(self):
        self.join(cast.worker(), "spouse")
        self.refuses("has a head already: 马军", self.join, cast.worker("马有", sex="male"), "head")
        self.refuses("has a spouse already", self.join, cast.worker("李桂兰"), "spouse")
        self.refuses("does not fit the sex", self.join, cast.worker("马兰"), "son")
        self.refuses("relation to the head", self.join, cast.worker("马梅"), "friend")

    def test_head_and_spouse_differ_in_sex(self):
        self.refuses("same sex", self.join, cast.worker("马有", sex="male"), "spouse")

    def test_a_corrected_sex_fits_the_relation(self):
        wife = self.join(cast.worker(), "spouse")
        self.refuses("same sex", actions.edit_worker, wife, by=self.li, version=wife.version, sex="male")

    def test_households_of_other_villages(self):
        self.refuses("another village", self.join, cast.worker("孙梅", village=cast.FAR), "other", by=self.zhao)
        elsewhere = {"by": self.zhao, "village": cast.FAR, "head": cast.worker("马福")}
        self.refuses("another village", actions.start_household, **elsewhere)
        self.refuses("may not", self.join, cast.worker("马有"), "other", by=self.sun)


class Statuses(Desk):
    def build(self):
        super().build()
        self.household = actions.start_household(by=self.li, village=cast.HOME, head=cast.worker())

    def flag(self, kind="relieved", from_on=date(2020, 1, 1), to_on=None, by=None):
        return actions.set_status(self.household, by=by or self.li, kind=kind, from_on=from_on, to_on=to_on)

    def test_a_flag_is_set_and_ended(self):
        self.flag()
        self.flag()
        ended = self.flag(to_on=date(2024, 1, 1))
        self.assertEqual(HouseholdStatus.objects.get(), ended)
        self.assertEqual(self.verbs()[1:], ["set status", "set status"])
        self.flag(from_on=date(2024, 1, 1))
        self.assertEqual(HouseholdStatus.objects.count(), 2)

    def test_the_same_flag_never_twice_on_a_day(self):
        self.flag()
        self.refuses("End that first", self.flag, from_on=date(2022, 1, 1))

    def test_kinds_of_monitoring_exclude_one_another(self):
        self.flag()
        self.flag(kind="monitored_unstable")
        self.refuses("End that first", self.flag, kind="monitored_hardship", from_on=None)

    def test_wrong_days_kinds_and_officers(self):
        self.refuses("future", self.flag, from_on=date(2027, 1, 1))
        self.refuses("ends after", self.flag, to_on=date(2020, 1, 1))
        self.refuses("status", self.flag, kind="rich")
        self.refuses("may not", self.flag, by=self.sun)
