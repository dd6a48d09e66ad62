"""What brokers led: small stories counted by hand, and random ledgers counted twice."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.test import TestCase
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brokers.models import Broker
from laborreg import clock
from laborreg.months import Month
from tests.cast import FAR, HOME, NEXT_DOOR, cast, county, transfer, worker
from tests.workers import led_slowly
from villages.models import County
from workers import led
from workers.models import FormerMembership, Household, HouseholdStatus, Registration, Transfer

TODAY = date(2026, 11, 4)


def broker(name="马占海", village=HOME) -> Broker:
    return Broker.objects.create(county_id=village[:6], village_id=village, name=name, registered_on=date(2020, 1, 1))


def take(who, by, started_on, ended_on=None, **facts) -> Transfer:
    return transfer(who, started_on, ended_on, channel="broker", broker=by, **facts)


class Stories(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.county = county()
        cls.people = cast()
        cls.ma, cls.han = broker(), broker("韩梅花", FAR)

    def year(self, number=2026, today=TODAY):
        return led.year(self.county, number, today)

    def figures(self, transfers=None, period=None) -> dict:
        transfers = Transfer.objects.all() if transfers is None else transfers
        return led.counts(transfers, period or self.year(), "")[""][""]

    def shows(self, figures, **expected):
        self.assertEqual({key: figures[key] for key in expected}, expected)

    def test_nobody_led(self):
        figures = self.figures()
        self.assertEqual(set(figures.values()) - {None}, {0})
        self.assertIsNone(figures["mean_pay"])

    def test_a_worker_led_twice_is_one_person_and_two_times(self):
        who = worker()
        take(who, self.ma, date(2026, 2, 1), date(2026, 5, 2))
        take(who, self.ma, date(2026, 6, 1))
        self.shows(self.figures(), persons=1, person_times=2, stayed_3=2, stayed_6=0, repeat=0)

    def test_a_change_of_job_with_the_same_broker_goes_on_with_the_stay(self):
        who = worker()
        take(who, self.ma, date(2026, 2, 1), date(2026, 4, 1))
        take(who, self.ma, date(2026, 4, 1), date(2026, 6, 1))
        take(who, self.ma, date(2026, 6, 1))
        self.shows(self.figures(), persons=1, person_times=1, stayed_3=1, stayed_6=1)

    def test_one_that_began_the_year_before_is_not_led_again_by_a_new_job(self):
        who = worker()
        take(who, self.ma, date(2025, 11, 1), date(2026, 2, 1))
        take(who, self.ma, date(2026, 2, 1))
        self.shows(self.figures(), persons=0, person_times=0)
        self.shows(self.figures(period=self.year(2025)), persons=1, person_times=1)

    def test_another_broker_begins_a_stay_of_his_own(self):
        who = worker()
        take(who, self.ma, date(2026, 2, 1), date(2026, 2, 20))
        take(who, self.han, date(2026, 2, 20))
        found = led.counts(Transfer.objects.all(), self.year(), "", "broker", "township")
        self.shows(found[""][""], persons=1, person_times=2, brokers=2, home_in_a_month=0, stayed_3=1)
        self.assertEqual({key: row["persons"] for key, row in found["broker"].items()},
                         {str(self.ma.pk): 1, str(self.han.pk): 1})
        self.assertEqual(set(found["township"]), {HOME[:9], FAR[:9]})

    def test_the_days_count_up_to_the_last_one_and_the_county_says_how_many(self):
        take(worker(), self.ma, date(2026, 8, 7))
        self.shows(self.figures(), stayed_3=1)
        self.shows(self.figures(period=self.year(today=date(2026, 11, 3))), stayed_3=0)
        self.county.settings.update(stint_days=91)
        self.shows(self.figures(period=led.year(County.objects.get(), 2026, TODAY)), stayed_3=0)

    def test_home_within_a_month(self):
        take(worker("一"), self.ma, date(2026, 3, 1), date(2026, 3, 31))
        take(worker("二"), self.ma, date(2026, 3, 1), date(2026, 4, 1))
        went_on = worker("三")
        take(went_on, self.ma, date(2026, 3, 1), date(2026, 3, 15))
        transfer(went_on, date(2026, 3, 15), channel="own")
        take(worker("四"), self.ma, date(2026, 10, 20))
        self.shows(self.figures(), person_times=4, home_in_a_month=1)

    def test_read_as_on_the_last_day(self):
        """What ended later was open then, and what began later was not there."""
        take(worker(), self.ma, date(2026, 3, 10), date(2026, 4, 2))
        march = led.month(self.county, Month(2026, 3), TODAY)
        self.shows(self.figures(period=march), persons=1, home_in_a_month=0)
        self.shows(self.figures(), home_in_a_month=1)

    def test_death_and_leaving_are_no_homecoming_and_end_the_days(self):
        who = worker()
        take(who, self.ma, date(2026, 1, 10))
        Registration.objects.filter(worker=who).update(to_on=date(2026, 2, 1), left_how="died")
        self.shows(self.figures(), persons=1, stayed_3=0, home_in_a_month=0)
        # Before that day nobody knew.
        self.shows(self.figures(period=led.month(self.county, Month(2026, 1), TODAY)), persons=1)

    def test_a_move_between_villages_ends_nothing(self):
        who = worker()
        take(who, self.ma, date(2026, 1, 10))
        Registration.objects.filter(worker=who).update(to_on=date(2026, 2, 1), left_how="moved")
        Registration.objects.create(
            county=self.county, worker=who, village_id=NEXT_DOOR, from_on=date(2026, 2, 1), how="moved_in",
        )
        self.shows(self.figures(), stayed_6=1)

    def test_pay_is_a_mean_of_those_that_are_known(self):
        for name, pay in (("一", 5000), ("二", 5001), ("三", None)):
            take(worker(name), self.ma, date(2026, 3, 1), pay=pay, contract="yes" if pay == 5000 else "no")
        self.shows(self.figures(), mean_pay=5001, pay_known=2, contracts=1)

    def test_led_again_is_by_the_same_broker_in_an_earlier_period(self):
        again, another = worker("一"), worker("二")
        take(again, self.ma, date(2025, 3, 1), date(2025, 9, 1))
        take(again, self.ma, date(2026, 3, 1))
        take(another, self.han, date(2025, 3, 1), date(2025, 9, 1))
        take(another, self.ma, date(2026, 3, 1))
        self.shows(self.figures(), persons=2, repeat=1)

    def test_flags_are_those_of_the_household_on_the_first_day(self):
        old, new = (Household.objects.create(county=self.county, village_id=HOME) for _each in range(2))
        HouseholdStatus.objects.create(household=old, kind="relieved", to_on=date(2026, 3, 2))
        HouseholdStatus.objects.create(household=new, kind="monitored_hardship", from_on=date(2026, 3, 2))
        stayed, came = worker("一", household=old), worker("二", household=new)
        for who in (stayed, came):
            take(who, self.ma, date(2026, 3, 1))
        self.shows(self.figures(), relieved=1, monitored=0)
        FormerMembership.objects.create(worker=came, household=old, to_on=date(2026, 3, 2))
        self.shows(self.figures(), relieved=2, monitored=0)

    def test_what_was_voided_or_merged_is_not_counted(self):
        wrong, twin, kept = worker("一"), worker("二"), worker("三")
        for who in (wrong, twin, kept):
            take(who, self.ma, date(2026, 3, 1))
        Transfer.objects.filter(worker=wrong).update(voided_at=clock.now(), void_reason="错")
        type(twin).objects.filter(pk=twin.pk).update(merged_into=kept)
        self.shows(self.figures(), persons=1, person_times=1)

    def test_months_places_and_employers(self):
        for name, day, where, employer in (
            ("一", date(2026, 3, 1), "4403", "厂"), ("二", date(2026, 3, 31), "440306", "厂"),
            ("三", date(2026, 4, 1), "JPN", ""), ("四", date(2026, 4, 1), "630121100", "店"),
        ):
            take(worker(name), self.ma, day, destination=where, employer=employer)
        found = led.counts(Transfer.objects.all(), self.year(), "month", "place", "employer")
        told = {by: {key: row["persons"] for key, row in rows.items()} for by, rows in found.items()}
        self.assertEqual(told, {
            "month": {"2026-03": 2, "2026-04": 2}, "place": {"44": 2, "JPN": 1, "63": 1},
            "employer": {"厂": 2, "": 1, "店": 1},
        })

    def test_the_report_month_from_the_21st(self):
        self.county.settings.update(start_day=21)
        datong = County.objects.get()
        take(worker(), self.ma, date(2026, 3, 21))
        take(worker("二"), self.ma, date(2025, 12, 21))
        period = led.year(datong, 2026, TODAY)
        self.assertEqual(set(led.counts(Transfer.objects.all(), period, "month")["month"]), {"2026-01", "2026-04"})
        self.assertEqual(period.first, date(2025, 12, 21))

    def test_each_officer_counts_the_own_places(self):
        for name, village in (("一", HOME), ("二", NEXT_DOOR), ("三", FAR)):
            take(worker(name, village), self.ma, date(2026, 3, 1))
        counted = {
            who: self.figures(Transfer.objects.visible_to(self.people[who]))["persons"] for who in ("li", "wang", "zhao", "sun")
        }
        self.assertEqual(counted, {"li": 1, "wang": 2, "zhao": 3, "sun": 1})

    def test_one_statement_for_any_number_of_brokers(self):
        for number in range(5):
            take(worker(f"人{number}"), broker(f"马{number}"), date(2026, 3, 1))
        year = self.year()
        with self.assertNumQueries(1):
            found = led.counts(Transfer.objects.all(), year, "", "broker", "township", "month")
        self.assertEqual(len(found["broker"]), 5)

    def test_few_are_hidden_from_who_sees_no_people(self):
        take(worker("一"), self.ma, date(2026, 3, 1), pay=6000)
        hidden = led.with_small_hidden(self.figures())
        self.shows(hidden, persons="<3", mean_pay="*", stayed_6="<3", relieved=0)


# Random ledgers.

DAYS = st.integers(0, 420).map(lambda days: date(2025, 9, 1) + timedelta(days=days))
GAPS = st.sampled_from([0, 0, 1, 20, 30, 31])
LENGTHS = st.sampled_from([1, 29, 30, 31, 89, 90, 91, 179, 180, 181])


@st.composite
def journeys(draw):
    """One person: (start, end, broker 0/1 or None, pay, contract, is voided) in the order of days; flags; a death."""
    day, found = draw(DAYS), []
    for _number in range(draw(st.integers(0, 4))):
        end = day + timedelta(days=draw(LENGTHS))
        facts = [draw(st.sampled_from(each)) for each in (
            [0, 0, 1, None], [None, 1, 4999, 5000], ["", "yes", "no"], [False, False, False, True],
        )]
        is_open = draw(st.integers(0, 5)) == 0
        found.append((day, None if is_open else end, *facts))
        if is_open:
            break
        day = end + timedelta(days=draw(GAPS))
    flags = draw(st.lists(st.sampled_from(["relieved", "monitored_hardship"]), max_size=2, unique=True))
    return found, flags, draw(DAYS), draw(st.none() | DAYS), draw(st.none() | DAYS)


def enter(journey, brokers):
    spells, flags, flagged_on, moved_on, died_on = journey
    households = [Household.objects.create(county_id=HOME[:6], village_id=HOME) for _each in range(2)]
    who = worker("人", household=households[0])
    for kind in flags:
        HouseholdStatus.objects.create(household=households[0], kind=kind, from_on=flagged_on)
    if moved_on:
        FormerMembership.objects.create(worker=who, household=households[1], to_on=moved_on)
    latest = max((end or start for start, end, *_more in spells), default=None)
    if died_on and latest and died_on > latest:
        Registration.objects.filter(worker=who).update(to_on=died_on, left_how="died")
    for start, end, by, pay, contract, is_void in spells:
        facts = {"channel": "", "broker": None} if by is None else {"channel": "broker", "broker": brokers[by]}
        void = {"voided_at": clock.now(), "void_reason": "错"} if is_void else {}
        transfer(who, start, end, pay=pay, contract=contract, **facts, **void)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(people=st.lists(journeys(), min_size=1, max_size=4), last=DAYS)
def test_a_random_ledger_counted_twice(people, last):
    with transaction.atomic():
        datong = county()
        brokers = [broker("甲"), broker("乙")]
        for journey in people:
            enter(journey, brokers)
        period = led.period(datong, date(2026, 1, 1), max(last, date(2026, 1, 2)), TODAY)
        found = led.counts(Transfer.objects.all(), period, "", "broker")
        assert found[""][""] == led_slowly.count(period)
        for each in brokers:
            counted = found["broker"].get(str(each.pk)) or dict.fromkeys(found[""][""], 0) | {"mean_pay": None}
            assert counted == led_slowly.count(period, each.pk)
        for key, figure in led.BY_KEY.items():
            stays = led.behind(Transfer.objects.all(), period, key).count()
            assert stays == found[""][""]["pay_known" if figure.unit == led.YUAN else key], key
        transaction.set_rollback(True)
