"""To which household somebody belonged on a day: how changes keep it, and how past months are read by it."""

from datetime import date, timedelta
from random import Random

from django.db import IntegrityError, transaction

from laborreg.months import Month
from officers.models import AuditEvent
from tests import cast
from tests.workers.desk import Desk, id_number
from tests.workers.test_household_changes import Family
from tests.workers.test_merging import Twice
from workers import actions
from workers.counting import count
from workers.models import FormerMembership, Household, HouseholdStatus, Registration, Worker
from workers.reading import histories, rules_of

AUGUST, SEPTEMBER, OCTOBER = (date(2026, month, 1) for month in (8, 9, 10))
BOTH = (cast.HOME, cast.NEXT_DOOR)


def household(village=cast.HOME):
    return Household.objects.create(county_id=cast.COUNTY, village_id=village)


def history_of(who):
    [found] = [each for each in histories(cast.COUNTY) if each.key == ("worker", who.pk)]
    return found


def before(who):
    """Until which days the person belonged to which household, by number."""
    return [(row.to_on, row.household_id) for row in who.former_memberships.all()]


class Reading(Desk):
    def build(self):
        super().build()
        self.old, self.new = household(), household()
        self.who = cast.worker("马兰", household=self.new)

    def left(self, household, to_on):
        FormerMembership.objects.create(worker=self.who, household=household, to_on=to_on)

    def test_the_one_that_ends_next_names_the_household(self):
        self.left(None, date(2024, 5, 1))
        self.left(self.old, OCTOBER)
        found = [history_of(self.who).household_on(day) for day in (date(2024, 4, 30), date(2024, 5, 1), OCTOBER)]
        self.assertEqual(found, [None, self.old.pk, self.new.pk])

    def test_only_one_ends_on_a_day(self):
        self.left(self.old, OCTOBER)
        with self.assertRaises(IntegrityError), transaction.atomic():
            self.left(None, OCTOBER)

    def test_a_household_is_one_s_own_and_was_another_s(self):
        cast.worker("马有", household=self.old)
        self.left(self.old, OCTOBER)
        HouseholdStatus.objects.create(household=self.old, kind="relieved")
        found = {each.name: each.relieved for each in histories(cast.HOME)}
        self.assertEqual(found, {"马有": [(None, None)], "马兰": [(date.min, OCTOBER)]})

    def test_who_belonged_to_one_household_only_costs_no_query_more(self):
        with self.assertNumQueries(7):
            histories(cast.HOME)


class Flags(Desk):
    def test_they_are_those_of_the_household_of_the_day_whatever_the_days(self):
        random = Random(20261104)
        homes = [household() for _ in range(4)]
        days = [date(2026, 1, 1) + timedelta(days=n) for n in range(0, 60, 2)]
        people = [cast.worker(f"马{n}", household=random.choice([None, *homes])) for n in range(12)]
        for who in people:
            for day in random.sample(days, random.choice([0, 1, 2, 4])):
                FormerMembership.objects.create(worker=who, household=random.choice([None, *homes]), to_on=day)
        for home in homes:
            for start, stop in zip(*[iter([None, *sorted(random.sample(days, 4)), None])] * 2, strict=True):
                HouseholdStatus.objects.create(household=home, kind="relieved", from_on=start, to_on=stop)
        found = {each.key[1]: each for each in histories(cast.HOME)}
        for who in people:
            for day in [days[0] - timedelta(days=9), *(day + timedelta(days=n) for day in days for n in (0, 1))]:
                is_read = any(start <= day < stop for start, stop in self.limits(found[who.pk].relieved))
                self.assertEqual(is_read, self.is_flagged(who, day), (who.name, day))

    def limits(self, periods):
        return [(start or date.min, stop or date.max) for start, stop in periods]

    def is_flagged(self, who, day) -> bool:
        later = who.former_memberships.filter(to_on__gt=day).order_by("to_on").first()
        number = later.household_id if later else who.household_id
        flags = HouseholdStatus.objects.filter(household=number).values_list("from_on", "to_on") if number else []
        return any(start <= day < stop for start, stop in self.limits(flags))


class Changing(Family):
    """What is done on a day leaves the months before as they were."""

    def build(self):
        super().build()
        self.flag()
        cast.transfer(self.son, AUGUST)
        cast.transfer(self.ma, AUGUST)
        self.was = self.september()

    def september(self):
        found = count(histories(cast.COUNTY), BOTH, Month(2026, 9), rules_of=rules_of(self.county))
        return {code: one.figures for code, one in found.items()}

    def fresh(self, person):
        return Worker.objects.get(pk=person.pk)

    def stays_as_it_was(self, **october):
        self.assertEqual(self.september(), self.was)
        found = count(histories(cast.COUNTY), BOTH, Month(2026, 10), rules_of=rules_of(self.county))
        figures = found[cast.HOME].figures
        self.assertEqual({key: figures[key] for key in october}, october)

    def test_september_has_one_household_of_four(self):
        told = [self.was[cast.HOME][key] for key in ("households", "households.with_away", "away.relieved")]
        self.assertEqual(told, [1, 1, 2])

    def test_a_split(self):
        part = self.split(on=OCTOBER)
        self.assertEqual((before(self.son), before(self.ma)), ([(OCTOBER, self.household.pk)], []))
        HouseholdStatus.objects.filter(household=part).delete()
        self.stays_as_it_was(households=2, **{"households.with_away": 2, "away.relieved": 1})

    def test_a_split_that_is_taken_back_leaves_nothing(self):
        part = self.split(on=OCTOBER)
        self.household.refresh_from_db()
        actions.merge_households(self.household, part, by=self.li, version=self.household.version, on=OCTOBER,
                                 relations={self.son.pk: "son", self.bride.pk: "daughter_in_law"})
        self.assertFalse(FormerMembership.objects.exists())
        self.stays_as_it_was(households=1)

    def test_a_household_that_joins(self):
        other = actions.start_household(by=self.li, village=cast.HOME, head=cast.worker("马有", sex="male"))
        self.was = self.september()
        actions.merge_households(other, self.household, by=self.li, version=other.version, on=OCTOBER, relations={
            who.pk: "other" for who in (self.ma, self.wife, self.son, self.bride)})
        self.stays_as_it_was(households=1, **{"away.relieved": 0})

    def test_a_member_leaves_and_one_joins(self):
        niece = cast.worker("马玉兰", birth_date=None)
        self.was = self.september()
        actions.leave_household(self.son, by=self.li, since=OCTOBER)
        actions.join_household(niece, self.household, "niece", by=self.li, since=OCTOBER)
        self.assertEqual(before(self.son), [(OCTOBER, self.household.pk)])
        self.stays_as_it_was(households=1, **{"away.relieved": 1})

    def test_a_household_of_their_own(self):
        own = actions.start_household(by=self.li, village=cast.HOME, head=self.son, since=OCTOBER)
        self.assertEqual((self.fresh(self.son).household, before(self.son)), (own, [(OCTOBER, self.household.pk)]))
        self.stays_as_it_was(households=2)

    def test_a_move_alone(self):
        actions.move(self.son, by=self.wang, to_village=cast.NEXT_DOOR, on=OCTOBER)
        self.assertEqual(before(self.son), [(OCTOBER, self.household.pk)])
        self.stays_as_it_was(households=1, **{"away.relieved": 1})

    def test_a_move_of_the_whole_household_keeps_everybody_in_it(self):
        actions.move_household(self.household, by=self.wang, to_village=cast.NEXT_DOOR, on=OCTOBER)
        self.assertFalse(FormerMembership.objects.exists())
        self.stays_as_it_was(households=0)

    def test_who_comes_back_to_the_county(self):
        number = id_number()
        who = actions.register(by=self.li, village=cast.HOME, name="马玉兰", id_number=number, new_household=True)
        own, self.was = who.household, self.september()
        actions.record_leaving_county(who, by=self.li, on=OCTOBER)
        again = {"by": self.li, "village": cast.HOME, "name": "马玉兰", "id_number": number}
        actions.register(**again, moved_in_on=date(2026, 10, 9), household=self.household, relation="niece")
        self.assertEqual(before(who), [(date(2026, 10, 9), own.pk)])
        self.stays_as_it_was(households=1)

    def test_the_day_goes_to_the_trail_and_has_come(self):
        actions.leave_household(self.bride, by=self.li, since=OCTOBER)
        self.assertEqual(AuditEvent.objects.latest("number").detail, {"household": self.household.pk, "on": "2026-10-01"})
        for action, said in ((actions.leave_household, {}), (actions.join_household, {"household": self.household,
                                                                                     "relation": "son"})):
            self.refuses("future", action, self.son, by=self.li, since=date(2027, 1, 1), **said)
        self.refuses("future", actions.start_household, by=self.li, village=cast.HOME, head=self.son,
                     since=date(2027, 1, 1))


class Correcting(Family):
    """Without a day the household was never another."""

    def join(self, person, household, since=None, relation="other"):
        return actions.join_household(person, household, relation, by=self.li, since=since)

    def build(self):
        super().build()
        self.other = actions.start_household(by=self.li, village=cast.HOME, head=cast.worker("马有", sex="male"))

    def test_the_household_was_never_entered_or_a_wrong_one_was(self):
        self.join(self.son, self.other)
        self.join(cast.worker("马玉兰"), self.other)
        actions.leave_household(self.bride, by=self.li)
        self.assertFalse(FormerMembership.objects.exists())

    def test_only_the_household_of_now_is_corrected(self):
        self.join(self.son, self.other, OCTOBER)
        actions.leave_household(self.son, by=self.li)
        self.assertEqual(before(self.son), [(OCTOBER, self.household.pk)])

    def test_who_never_left_has_no_former_household(self):
        self.join(self.son, self.other, OCTOBER)
        self.join(self.son, self.household, relation="son")
        self.assertEqual(before(self.son), [])

    def test_an_earlier_day_goes_before_what_was_recorded_of_later_ones(self):
        self.join(self.son, self.other, OCTOBER)
        actions.leave_household(self.son, by=self.li, since=SEPTEMBER)
        self.assertEqual(before(self.son), [(SEPTEMBER, self.household.pk)])
        self.join(self.son, self.other, AUGUST)
        self.join(self.son, self.household, OCTOBER, relation="son")
        self.assertEqual(before(self.son), [(AUGUST, self.household.pk), (OCTOBER, self.other.pk)])


class MergingEntries(Twice):
    def build(self):
        super().build()
        self.first, self.second = household(), household()

    def belongs(self, person, household, *former):
        Worker.objects.filter(pk=person.pk).update(household=household, relation="other" if household else "")
        for to_on, was in former:
            FormerMembership.objects.create(worker=person, household=was, to_on=to_on)

    def merged(self, **chosen):
        self.merge(**chosen)
        kept = self.fresh(self.one)
        self.assertFalse(FormerMembership.objects.exclude(worker=kept).exists())
        return kept.household, before(kept)

    def test_the_days_before_are_those_of_the_entry_that_stays(self):
        self.belongs(self.one, self.first, (AUGUST, None))
        self.belongs(self.two, self.first, (OCTOBER, self.second))
        self.assertEqual(self.merged(), (self.first, [(AUGUST, self.second.pk)]))

    def test_or_of_the_one_whose_household_was_chosen(self):
        self.belongs(self.one, self.first, (AUGUST, None))
        self.belongs(self.two, self.second, (OCTOBER, self.first))
        self.assertEqual(self.merged(taken=["household"]), (self.second, [(OCTOBER, self.first.pk)]))

    def test_what_only_one_entry_says(self):
        self.belongs(self.two, self.second, (OCTOBER, self.first))
        self.assertEqual(self.merged(), (self.second, [(OCTOBER, self.first.pk)]))

    def test_days_that_only_one_entry_tells_have_its_household(self):
        self.belongs(self.one, self.first)
        self.belongs(self.two, self.second)
        Registration.objects.filter(worker=self.two).update(to_on=AUGUST, left_how="left_county")
        Registration.objects.filter(worker=self.one).update(from_on=AUGUST, how="moved_in")
        self.assertEqual(self.merged(), (self.first, [(AUGUST, self.second.pk)]))

    def test_a_household_of_another_village_is_nobody_s(self):
        far = cast.worker("王秀英", village=cast.FAR)
        self.belongs(far, household(cast.FAR), (AUGUST, household(cast.FAR)))
        self.assertEqual(self.merged(loser=far, by=self.zhao), (None, []))
