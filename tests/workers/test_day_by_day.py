"""The slow count itself, held against small stories whose figures were worked out by hand."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings

from laborreg.months import Month
from tests.workers.day_by_day import KEYS, NEVER_DOWN, count, identities, region_class
from tests.workers.histories import (
    CALENDAR_MONTHS,
    FROM_THE_21ST,
    VILLAGES,
    Calendar,
    Setting,
    late_entries,
    worlds,
)
from workers.histories import History, Spell, Stay

HERE, NEXT_DOOR, ELSEWHERE, _ = VILLAGES
OWN_TOWNSHIP, OTHER_TOWNSHIP = HERE[:9], ELSEWHERE[:9]
KUNSHAN = "320583"


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def work(
    started_on: str, ended_on: str | None = None, to: str = KUNSHAN, transfer: int = 1, **facts
) -> Spell:
    return Spell(transfer, day(started_on), day(ended_on), to, **facts)


def stay(village: str, from_on: str | None = None, to_on: str | None = None) -> Stay:
    return Stay(village, day(from_on), day(to_on))


def person(*spells: Spell, number: int = 1, stays: list[Stay] | None = None, **facts) -> History:
    return History(("worker", number), spells=list(spells), stays=stays or [stay(HERE)], **facts)


def group(persons: int, spell: Spell, number: int = 1, **facts) -> History:
    facts.setdefault("stays", [stay(HERE)])
    return History(("group", number), persons=persons, is_group=True, spells=[spell], **facts)


def figures(
    *histories: History, month: str = "2026-10", village: str = HERE, rules_of=CALENDAR_MONTHS, **more
):
    """The figures of one village, which must be sound in themselves."""
    counted = count(histories, village, Month.parse(month), rules_of=rules_of, **more)
    assert identities(counted) == []
    return counted


def shows(counted: dict[str, int], **expected: int) -> bool:
    """The figures named, with __ for a dot; those of them that differ are told."""
    wanted = {key.replace("__", "."): value for key, value in expected.items()}
    assert {key: counted[key] for key in wanted} == wanted
    return True


# Days and events


def test_every_key_is_counted_and_an_empty_village_is_all_zero():
    counted = figures()
    assert tuple(counted) == KEYS
    assert set(counted.values()) == {0}


def test_left_and_still_away():
    # 10 October is a day away, 9 October is not.
    counted = figures(person(work("2026-10-10")))
    assert shows(
        counted,
        opening=0,
        left=1,
        left_persons=1,
        came_home=0,
        moved=0,
        late=0,
        away=1,
        away__other_province=1,
    )


def test_leaving_on_the_first_and_on_the_last_day_of_the_month_both_belong_to_it():
    first, last = person(work("2026-10-01")), person(work("2026-10-31"), number=2)
    before, after = person(work("2026-09-30"), number=3), person(work("2026-11-01"), number=4)
    counted = figures(first, last, before, after)
    assert shows(counted, opening=1, left=2, away=3)


def test_coming_home_on_the_day_the_work_ends():
    # Ended on 1 November: still away on 31 October, and what ends after L is open.
    ended_in_october = person(work("2026-03-01", "2026-10-31", reason="illness"))
    ended_in_november = person(work("2026-03-01", "2026-11-01", reason="illness"), number=2)
    counted = figures(ended_in_october, ended_in_november)
    assert shows(counted, opening=2, came_home=1, came_home__reason_illness=1, away=1)


def test_a_change_of_job_between_two_places_away_is_nothing():
    counted = figures(person(work("2026-08-01", "2026-10-15"), work("2026-10-15", to="440306", transfer=2)))
    assert shows(counted, opening=1, left=0, came_home=0, moved=0, away=1, trips=1)


def test_one_day_at_home_between_two_jobs_is_a_homecoming_and_a_departure():
    counted = figures(person(work("2026-08-01", "2026-10-15"), work("2026-10-16", transfer=2)))
    assert shows(counted, opening=1, came_home=1, left=1, left_again=1, away=1, trips=2)


def test_twice_home_in_a_month_is_two_homecomings_of_one_person():
    spells = [
        work("2026-09-20", "2026-10-05"),
        work("2026-10-10", "2026-10-15", transfer=2),
        work("2026-10-20", transfer=3),
    ]
    counted = figures(person(*spells))
    assert shows(
        counted, opening=1, came_home=2, came_home_persons=1, left=2, left_persons=1, away=1, left_again=2
    )


def test_from_away_to_local_work_on_the_same_day_is_a_homecoming():
    old = work("2026-07-01", "2026-10-15", reason="family", plan="farming")
    new = work("2026-10-15", to=OWN_TOWNSHIP, transfer=2)
    counted = figures(person(old, new))
    assert shows(counted, came_home=1, came_home__reason_family=1, away=0, local=1, trips=1)
    # Working locally on L wins over what was said.
    assert shows(counted, home=1, home__local_work=1, home__farming=0)


def test_from_local_work_to_away_on_the_same_day_is_a_departure():
    counted = figures(
        person(work("2026-07-01", "2026-10-15", to=OWN_TOWNSHIP), work("2026-10-15", transfer=2))
    )
    assert shows(counted, left=1, came_home=0, away=1, local=0, opening=0, trips=1)


def test_local_work_is_no_departure():
    counted = figures(person(work("2026-10-05", to=OWN_TOWNSHIP)))
    assert shows(counted, left=0, away=0, local=1, trips=1)


# Registration


@pytest.mark.parametrize("ended_on", [None, "2026-10-12"])
def test_death_while_away_is_no_homecoming(ended_on):
    # Dead on 12 October: registered up to the 11th. 1 March to 11 October is 225 days: a counting stint.
    dead = person(work("2026-03-01", ended_on), stays=[stay(HERE, None, "2026-10-12")])
    counted = figures(dead)
    assert shows(counted, opening=1, came_home=0, moved=-1, away=0, home=0)
    assert shows(counted, trips=1, trips__short=0, transferred=1, transferred__in_force=0)


def test_who_died_in_spring_stays_in_the_years_figures_of_the_village():
    # 1 January to 9 March: 31 + 28 + 9 = 68 days, over and short.
    dead = person(work("2026-01-01", pay=3000), stays=[stay(HERE, None, "2026-03-10")], household=1)
    assert shows(figures(dead), trips=1, trips__short=1, transferred=0, households=0, opening=0, moved=0)
    # 3100 + 2800 + 900 yuan.
    assert shows(figures(dead), income=6800, income_month=0)


def test_moved_in_while_already_away():
    # Registered from 5 October, at work since August: known to the county as away only from the 5th.
    newcomer = person(work("2026-08-01", pay=3000), stays=[stay(HERE, "2026-10-05")])
    counted = figures(newcomer)
    assert shows(counted, opening=0, left=0, moved=1, away=1, trips=1, transferred=0)
    # 5 to 31 October are 27 days.
    assert shows(counted, income_month=2700, income=2700)


def test_moved_in_at_home_and_left_later():
    counted = figures(person(work("2026-10-06"), stays=[stay(HERE, "2026-10-05")]))
    assert shows(counted, moved=0, left=1, away=1)


def test_a_move_while_away_shifts_one_from_the_old_village_to_the_new():
    mover = person(work("2026-03-01"), stays=[stay(HERE, None, "2026-10-10"), stay(NEXT_DOOR, "2026-10-10")])
    assert shows(figures(mover), opening=1, left=0, came_home=0, moved=-1, away=0, trips=0, transferred=0)
    there = figures(mover, village=NEXT_DOOR)
    assert shows(there, opening=0, left=0, came_home=0, moved=1, away=1, trips=1, transferred=1)


def test_a_move_into_the_township_of_the_work_is_a_homecoming_without_a_reason():
    # The work at the other township goes on for ten days; what was said at its end was not said on the 10th.
    mover = person(
        work("2026-03-01", "2026-10-20", to=OTHER_TOWNSHIP, reason="illness", plan="training"),
        stays=[stay(HERE, None, "2026-10-10"), stay(ELSEWHERE, "2026-10-10")],
    )
    old, new = figures(mover), figures(mover, village=ELSEWHERE)
    assert shows(old, opening=1, came_home=1, moved=0, away=0, home=0)
    assert shows(old, came_home__from_county=1, came_home__reason_other=1, came_home__reason_illness=0)
    assert shows(new, opening=0, came_home=0, moved=0, away=0, local=0, home=1, home__seeking=1)
    # The last covered day, 19 October, lies in the township where the person lives by then.
    assert shows(new, transferred=1, transferred__township=1)


def test_a_move_out_of_the_township_of_the_work_is_a_departure_of_the_new_village():
    mover = person(
        work("2026-03-01", to=OWN_TOWNSHIP),
        stays=[stay(HERE, None, "2026-10-10"), stay(ELSEWHERE, "2026-10-10")],
    )
    assert shows(figures(mover), left=0, away=0, local=0)
    assert shows(figures(mover, village=ELSEWHERE), left=1, moved=0, away=1, away__county=1, trips=1)


def test_a_gap_in_registration_ends_a_stint():
    # 1 June to 29 August are 90 days. Gone from the county on 30 August only: it counts, then a new one.
    back = person(work("2026-06-01"), stays=[stay(HERE, None, "2026-08-30"), stay(HERE, "2026-08-31")])
    counted = figures(back)
    assert shows(counted, trips=2, transferred=1, transferred_times=1, trips__short=0, away=1)
    assert shows(figures(back, month="2026-08"), moved=0, opening=1, away=1)


def test_a_move_ends_no_stint():
    # 45 days here and 45 days next door make 90: 1 August to 14 September, 15 September to 29 October.
    mover = person(
        work("2026-08-01", "2026-10-30"),
        stays=[stay(HERE, None, "2026-09-15"), stay(NEXT_DOOR, "2026-09-15")],
    )
    assert shows(figures(mover, village=NEXT_DOOR), trips=1, transferred=1, trips__short=0)


# Stints and the year


def test_the_ninetieth_day():
    # 3 August to 31 October: 29 + 30 + 31 = 90 days; from 4 August 89.
    assert shows(
        figures(person(work("2026-08-03"))), trips=1, trips__short=0, transferred=1, transferred_times=1
    )
    assert shows(
        figures(person(work("2026-08-04"))), trips=1, trips__short=0, transferred=0, transferred_times=0
    )


def test_ninety_days_over_and_eighty_nine_days_over():
    # The end is the first day without work: 3 June to 31 August are 28 + 31 + 31 = 90 days.
    assert shows(figures(person(work("2026-06-03", "2026-09-01"))), transferred=1, trips__short=0)
    assert shows(figures(person(work("2026-06-03", "2026-08-31"))), transferred=0, trips__short=1)


def test_over_by_the_last_day():
    # Ended on L is over by L; ended on the day after is open on L.
    assert shows(figures(person(work("2026-10-01", "2026-10-31"))), trips=1, trips__short=1)
    assert shows(figures(person(work("2026-10-01", "2026-11-01"))), trips=1, trips__short=0)


def test_touching_transfers_join_and_a_day_between_parts_them():
    # 40 + 50 days: 1 May to 9 June, 10 June to 29 July.
    joined = person(
        work("2026-05-01", "2026-06-10", to=OWN_TOWNSHIP), work("2026-06-10", "2026-07-30", transfer=2)
    )
    assert shows(figures(joined), trips=1, transferred=1, transferred_times=1, transferred__other_province=1)
    parted = person(work("2026-05-01", "2026-06-10"), work("2026-06-11", "2026-07-30", transfer=2))
    assert shows(figures(parted), trips=2, trips__short=2, transferred=0)


def test_leap_day_makes_the_ninetieth():
    # 2 December to the end of February: 30 + 31 + 29 = 90 in 2024, 89 in 2025.
    assert shows(figures(person(work("2023-12-02")), month="2024-02"), transferred=1)
    assert shows(figures(person(work("2024-12-02")), month="2025-02"), transferred=0)


def test_the_year_boundary():
    # Ended on 1 January 2026: the last day covered is 31 December. Ended on the 2nd: one day of 2026.
    until_new_year = person(work("2025-03-01", "2026-01-01", pay=3000))
    one_day_more = person(work("2025-03-01", "2026-01-02", pay=3000), number=2)
    january = figures(until_new_year, month="2026-01")
    assert shows(january, opening=1, came_home=1, trips=0, transferred=0, income=0)
    january = figures(one_day_more, month="2026-01")
    assert shows(january, trips=1, trips__short=0, transferred=1, transferred__first=0, income=100)


def test_a_counting_stint_keeps_counting_for_the_year_and_one_person_counts_once():
    # 1 January to 10 April: 100 days; 1 June to 31 October: 153.
    twice = person(work("2026-01-01", "2026-04-11"), work("2026-06-01", to="JPN", transfer=2))
    assert shows(figures(twice, month="2026-05"), trips=1, transferred=1, transferred__other_province=1)
    assert shows(figures(twice), trips=2, transferred=1, transferred_times=2, transferred__abroad=1)


def test_the_region_is_that_of_the_newest_counting_stint():
    # The newest stint, abroad for 31 days, does not count.
    counted = figures(
        person(work("2026-01-01", "2026-06-01", to="632801"), work("2026-10-01", to="JPN", transfer=2))
    )
    assert shows(counted, away__abroad=1, transferred=1, transferred__province=1, transferred__abroad=0)


def test_own_business_is_asked_of_the_last_covered_day():
    employed_then_own = person(
        work("2026-01-01", "2026-06-01", form="employed"), work("2026-06-01", form="own_business", transfer=2)
    )
    assert shows(figures(employed_then_own), transferred=1, transferred__own_business=1)
    assert shows(figures(employed_then_own, month="2026-05"), transferred=1, transferred__own_business=0)


def test_first_means_the_earliest_stint_of_any_length():
    new = person(work("2026-01-01"))
    old = person(work("2025-05-01", "2025-05-03", to=OWN_TOWNSHIP), work("2026-01-01", transfer=2), number=2)
    over_new_year = person(work("2025-12-31"), number=3)
    assert shows(figures(new, old, over_new_year), transferred=3, transferred__first=1)


def test_trips_by_the_channel_of_the_first_transfer():
    spells = [
        work("2026-05-01", "2026-06-01", channel="broker"),
        work("2026-06-01", channel="own", transfer=2),
    ]
    others = [person(work("2026-05-01", channel="other"), number=2), person(work("2026-05-01"), number=3)]
    counted = figures(person(*spells), *others)
    assert shows(counted, trips=3, trips__organized=1, trips__self=1, trips__channel_unknown=1)
    assert shows(counted, away=3, away__organized=0, away__self=2, away__channel_unknown=1)


def test_in_force_asks_for_the_labor_force_on_the_last_day():
    # 61 on L, of working age for nearly all of the stint.
    worker = person(work("2026-01-01"), born_on=date(1965, 10, 31), sex="male")
    assert shows(figures(worker), transferred=1, transferred__in_force=0, labor_force=0)
    assert shows(figures(worker, month="2026-09"), transferred=1, transferred__in_force=1, labor_force=1)


# The report month


def test_a_month_from_the_21st():
    # Month 2026-05 is 21 April to 20 May.
    counted = [
        figures(person(work(started_on)), month="2026-05", rules_of=FROM_THE_21ST)
        for started_on in ("2026-04-20", "2026-04-21", "2026-05-20", "2026-05-21")
    ]
    assert [figure["opening"] for figure in counted] == [1, 0, 0, 0]
    assert [figure["left"] for figure in counted] == [0, 1, 1, 0]
    assert [figure["away"] for figure in counted] == [1, 1, 1, 0]


def test_the_year_of_months_from_the_21st_begins_on_21_december():
    ended = person(work("2025-12-01", "2025-12-21", pay=3000))
    assert shows(figures(ended, month="2026-03", rules_of=FROM_THE_21ST), trips=0, income=0)
    a_day_longer = person(work("2025-12-01", "2025-12-22", pay=3000))
    assert shows(figures(a_day_longer, month="2026-03", rules_of=FROM_THE_21ST), trips=1, income=100)


def test_a_start_day_that_changes_makes_one_month_shorter():
    # 1 to 21 at 2026-06: 1 to 20 June; July from 21 June.
    rules_of = Calendar((Setting(Month(2000, 1)), Setting(Month(2026, 6), start_day=21)))
    away = [person(work("2026-06-01", pay=3000)), person(work("2026-06-21", pay=3000), number=2)]
    assert shows(figures(*away, month="2026-05", rules_of=rules_of), left=0)
    assert shows(figures(*away, month="2026-06", rules_of=rules_of), left=1, away=1, income_month=2000)
    # 21 June to 20 July are 30 days.
    assert shows(
        figures(*away, month="2026-07", rules_of=rules_of), opening=1, left=1, away=2, income_month=6000
    )


def test_a_start_day_that_changes_makes_one_month_longer():
    # 21 to 1 at 2026-06: 21 May to 30 June, 41 days.
    rules_of = Calendar((Setting(Month(2000, 1), start_day=21), Setting(Month(2026, 6))))
    away = [person(work("2026-05-21", pay=3000)), person(work("2026-06-30"), number=2)]
    assert shows(figures(*away, month="2026-05", rules_of=rules_of), left=0, away=0)
    assert shows(figures(*away, month="2026-06", rules_of=rules_of), left=2, away=2, income_month=4100)
    assert shows(figures(*away, month="2026-07", rules_of=rules_of), opening=2, left=0, away=2)


def test_a_start_day_that_changes_at_new_year_moves_the_new_year():
    # 21 to 1 at 2026-01: January is 21 December to 31 January.
    rules_of = Calendar((Setting(Month(2000, 1), start_day=21), Setting(Month(2026, 1))))
    in_december = person(work("2025-12-21", "2025-12-23", pay=3000))
    assert shows(
        figures(in_december, month="2026-01", rules_of=rules_of), left=1, came_home=1, trips=1, income=200
    )
    # 1 to 21 at 2026-01: January is 1 to 20 January.
    rules_of = Calendar((Setting(Month(2000, 1)), Setting(Month(2026, 1), start_day=21)))
    assert shows(figures(in_december, month="2026-01", rules_of=rules_of), left=0, trips=0, income=0)


# Unnamed groups


def test_a_group_counts_as_its_persons():
    ten = group(10, work("2026-06-01", channel="point", section="E"), sex="male", age_band="26_40")
    counted = figures(ten, month="2026-06")
    assert shows(
        counted, left=10, left_persons=10, away=10, unnamed=10, pay_missing=10, trips=10, trips__organized=10
    )
    assert shows(counted, away__male=10, away__age_26_40=10, away__secondary=10)
    assert shows(counted, transferred=0, transferred_times=0)
    october = figures(ten)
    assert shows(october, transferred=10, transferred_times=10, transferred__first=10)
    assert shows(october, households=0, labor_force=0, willing=0, transferred__in_force=0)


def test_a_group_that_comes_home_has_no_plans():
    over = group(4, work("2026-06-01", "2026-10-10", reason="season_over"), relieved=[(None, None)])
    counted = figures(over)
    assert shows(
        counted, opening=4, came_home=4, came_home_persons=4, came_home__reason_season_over=4, home=0
    )
    assert shows(counted, transferred=4, transferred__relieved=4)


def test_naming_keeps_the_sum_and_tells_what_has_names():
    # Three of ten are named: the group counts seven.
    named = [person(work("2026-06-01"), number=n) for n in (1, 2, 3)]
    counted = figures(*named, group(7, work("2026-06-01")))
    assert shows(counted, away=10, unnamed=7, trips=10, transferred=10)
    # A group of which everybody is named counts nobody.
    assert shows(figures(*named, group(0, work("2026-06-01"))), away=3, unnamed=0, trips=3)


def test_a_recoded_village_moves_its_groups():
    ten = group(10, work("2026-06-01"), stays=[stay(HERE, None, "2026-10-01"), stay(NEXT_DOOR, "2026-10-01")])
    assert shows(figures(ten), opening=10, moved=-10, away=0, trips=0)
    assert shows(figures(ten, village=NEXT_DOOR), opening=0, moved=10, away=10, trips=10, transferred=10)


def test_a_group_never_leaves_again():
    # Into the township of the work on 5 October and back on the 10th: home, and away once more.
    stays = [
        stay(HERE, None, "2026-10-05"),
        stay(ELSEWHERE, "2026-10-05", "2026-10-10"),
        stay(HERE, "2026-10-10"),
    ]
    three = group(3, work("2026-06-01", to=OTHER_TOWNSHIP), stays=stays)
    assert shows(figures(three), opening=3, came_home=3, left=3, left_again=0, away=3)
    one = person(work("2026-06-01", to=OTHER_TOWNSHIP), stays=stays)
    assert shows(figures(one), opening=1, came_home=1, left=1, left_again=1, away=1)


def test_a_group_at_work_in_the_township():
    counted = figures(group(5, work("2026-10-10", to=OWN_TOWNSHIP)))
    assert shows(counted, local=5, away=0, unnamed=0, left=0, pay_missing=5, trips=5)


# Income


def test_income_is_rounded_per_transfer_and_month():
    # 14 days at 1 yuan: (28 + 30) // 60 = 0. 15 days: (30 + 30) // 60 = 1. 31 days at 3000: 3100.
    assert shows(figures(person(work("2026-10-18", pay=1))), income_month=0)
    assert shows(figures(person(work("2026-10-17", pay=1))), income_month=1)
    assert shows(figures(person(work("2026-10-01", pay=3000))), income_month=3100)
    # Two transfers of 15 days at 1 yuan are 1 + 1; 30 days of one are 1.
    twice = person(
        work("2026-10-01", "2026-10-16", pay=1), work("2026-10-16", "2026-10-31", pay=1, transfer=2)
    )
    assert shows(figures(twice), income_month=2)


def test_income_of_a_group_is_n_times_one_persons_rounded_income():
    # One day at 16 yuan: (32 + 30) // 60 = 1, times 7.
    assert shows(figures(group(7, work("2026-10-31", pay=16))), income_month=7, income=7, pay_missing=0)


def test_no_exact_pay_is_no_income():
    counted = figures(person(work("2026-10-01")), person(work("2026-10-01", to=OWN_TOWNSHIP), number=2))
    assert shows(counted, income_month=0, pay_missing=2, away=1, local=1)


def test_income_goes_to_the_village_of_the_last_registered_day_of_each_month():
    # October's 31 days are credited next door, September's 30 stay here.
    mover = person(
        work("2026-09-01", pay=3000), stays=[stay(HERE, None, "2026-10-30"), stay(NEXT_DOOR, "2026-10-30")]
    )
    assert shows(figures(mover), income_month=0, income=3000)
    assert shows(figures(mover, village=NEXT_DOOR), income_month=3100, income=3100)


def test_income_of_two_transfers_and_two_villages_in_one_month():
    # 9 days to 9 October, 12 days from the 10th; dead on the 22nd in the new village.
    mover = person(
        work("2026-10-01", "2026-10-10", pay=1001),
        work("2026-10-10", pay=999, transfer=2),
        stays=[stay(HERE, None, "2026-10-15"), stay(NEXT_DOOR, "2026-10-15", "2026-10-22")],
    )
    # (2·1001·9 + 30) // 60 = 300 and (2·999·12 + 30) // 60 = 400.
    assert shows(figures(mover), income_month=0, left=1, moved=-1)
    assert shows(figures(mover, village=NEXT_DOOR), income_month=700, moved=0, opening=0, away=0)


def test_income_of_the_year_includes_months_before_the_countys_first():
    counted = figures(person(work("2026-01-01", pay=3000)), first_month=Month(2026, 10), month="2026-10")
    # 304 days of January to October at 100 yuan.
    assert shows(counted, income=30400, income_month=3100, late__income=0)


# Households and labor force


def test_a_household_in_two_villages_counts_in_both():
    at_home = person(household=5)
    away = person(work("2026-10-01"), number=2, household=5, stays=[stay(NEXT_DOOR)])
    nobodys = person(number=3)
    assert shows(figures(at_home, away, nobodys), households=1, households__with_away=0)
    assert shows(figures(at_home, away, nobodys, village=NEXT_DOOR), households=1, households__with_away=1)


def test_a_household_counts_once_and_local_work_is_enough():
    members = [person(household=5), person(work("2026-10-01", to=OWN_TOWNSHIP), number=2, household=5)]
    assert shows(figures(*members), households=1, households__with_away=1, away=0)


def test_a_household_of_which_all_are_dead_is_gone():
    dead = person(household=5, stays=[stay(HERE, None, "2026-10-31")])
    assert shows(figures(dead), households=0)
    assert shows(figures(dead, month="2026-09"), households=1)


@pytest.mark.parametrize(
    ("born_on", "sex", "counts"),
    [
        ("2010-10-31", "male", 1),  # 16 on L
        ("2010-11-01", "male", 0),  # 15
        ("1965-11-01", "male", 1),  # 60
        ("1965-10-31", "male", 0),  # 61
        ("1970-11-01", "female", 1),  # 55
        ("1970-10-31", "female", 0),  # 56
        ("1970-10-31", "", 1),  # the men's limits
        (None, "male", 0),
    ],
)
def test_working_age(born_on, sex, counts):
    rules_of = Calendar((Setting(Month(2000, 1), female_max=55),))
    counted = figures(person(born_on=day(born_on), sex=sex, wants_to_go=True), rules_of=rules_of)
    assert shows(counted, labor_force=counts, willing=counts)


@pytest.mark.parametrize(
    ("facts", "labor_force", "willing"),
    [
        ({}, 1, 0),
        ({"wants_to_go": True}, 1, 1),
        ({"wants_to_go": False}, 1, 0),
        ({"ability": "skilled", "is_student": False}, 1, 0),
        ({"ability": "weak", "wants_to_go": True}, 0, 0),
        ({"is_student": True, "wants_to_go": True}, 0, 0),
        ({"wants_to_go": True, "spells": [work("2026-10-31")]}, 1, 0),
        ({"wants_to_go": True, "spells": [work("2026-10-31", to=OWN_TOWNSHIP)]}, 1, 0),
        ({"wants_to_go": True, "stays": [stay(HERE, None, "2026-10-31")]}, 0, 0),
    ],
)
def test_labor_force_and_who_wants_to_go(facts, labor_force, willing):
    history = person(born_on=date(1990, 1, 1))
    for name, value in facts.items():
        setattr(history, name, value)
    assert shows(figures(history), labor_force=labor_force, willing=willing)


# Parts of those away


@pytest.mark.parametrize(
    ("born_on", "band"),
    [
        ("2000-11-01", "under_26"),  # 25
        ("2000-10-31", "26_40"),  # 26 on L
        ("1985-11-01", "26_40"),  # 40
        ("1985-10-31", "41_50"),
        ("1975-11-01", "41_50"),
        ("1975-10-31", "51_60"),
        ("1965-11-01", "51_60"),  # 60
        ("1965-10-31", "over_60"),
        (None, "unknown"),
    ],
)
def test_age_on_the_last_day(born_on, band):
    counted = figures(person(work("2026-10-01"), born_on=day(born_on)))
    assert counted[f"away.age_{band}"] == counted["away"] == 1


def test_a_birthday_on_leap_day():
    # Born on 29 February 2000: 25 on 28 February 2026, 26 from 1 March.
    leapling = person(work("2023-01-01"), born_on=date(2000, 2, 29))
    assert shows(figures(leapling, month="2026-02"), away__age_under_26=1)
    assert shows(figures(leapling, month="2026-03"), away__age_26_40=1)
    leapling.born_on = date(1998, 2, 28)
    assert shows(figures(leapling, month="2024-02"), away__age_26_40=1)


@pytest.mark.parametrize(
    ("destination", "region"),
    [
        ("630121100", "township"),
        ("630121101", "county"),
        ("630102", "prefecture"),
        ("630202", "province"),
        ("632801", "province"),
        ("65", "other_province"),
        ("6501", "other_province"),
        ("320583", "other_province"),
        ("71", "abroad"),
        ("81", "abroad"),
        ("82", "abroad"),
        ("JPN", "abroad"),
    ],
)
def test_region_classes(destination, region):
    assert region_class(HERE, destination) == region


def test_places_of_those_away_and_of_those_who_came_home():
    places = [OWN_TOWNSHIP, OTHER_TOWNSHIP, "630102", "632801", "65", "81", "SAU"]
    away = [person(work("2026-10-01", to=place), number=n) for n, place in enumerate(places)]
    counted = figures(*away)
    assert shows(counted, away=6, away__county=1, away__prefecture=1, away__province=1)
    assert shows(counted, away__other_province=1, away__abroad=2, local=1)
    home = [person(work("2026-10-01", "2026-10-20", to=place), number=n) for n, place in enumerate(places)]
    counted = figures(*home)
    assert shows(counted, came_home=6, came_home__from_county=1, came_home__from_province=2)
    assert shows(
        counted, came_home__from_other_province=1, came_home__from_abroad=2, came_home__reason_other=6
    )


def test_the_origin_is_the_place_of_the_day_before():
    # From abroad to another province on the 10th, home on the 20th.
    changer = person(work("2026-09-01", "2026-10-10", to="JPN"), work("2026-10-10", "2026-10-20", transfer=2))
    assert shows(figures(changer), came_home=1, came_home__from_other_province=1, came_home__from_abroad=0)


def test_sectors():
    sections = ["A", "B", "E", "F", "T", ""]
    counted = figures(*[person(work("2026-10-01", section=s), number=n) for n, s in enumerate(sections)])
    assert shows(counted, away__primary=1, away__secondary=2, away__tertiary=2, away__sector_unknown=1)


def test_flags_of_the_household_on_the_last_day():
    relieved = person(work("2026-01-01"), relieved=[(None, None)], monitored=[(date(2026, 10, 31), None)])
    no_longer = person(work("2026-01-01"), number=2, relieved=[(None, date(2026, 10, 31))])
    # Dead on 10 October, under the flag until the 10th: the last registered day is the 9th.
    dead = person(
        work("2026-01-01"),
        number=3,
        relieved=[(None, date(2026, 10, 10))],
        stays=[stay(HERE, None, "2026-10-10")],
    )
    counted = figures(relieved, no_longer, dead)
    assert shows(counted, away=2, away__relieved=1, away__monitored=1, transferred=3, transferred__relieved=2)


# At home, and gone again


def test_home_for_183_days():
    # L-182 of 31 October is 2 May.
    assert shows(figures(person(work("2026-03-01", "2026-05-02", plan="farming"))), home=1, home__farming=1)
    assert shows(figures(person(work("2026-03-01", "2026-05-01", plan="farming"))), home=0)


def test_home_wants_a_registration_and_nobody_away():
    gone_again = person(work("2026-03-01", "2026-09-01"), work("2026-10-31", transfer=2))
    dead = person(work("2026-03-01", "2026-09-01"), number=2, stays=[stay(HERE, None, "2026-10-31")])
    never_away = person(work("2026-03-01", "2026-09-01", to=OWN_TOWNSHIP), number=3)
    assert shows(figures(gone_again, dead, never_away), home=0)
    assert shows(figures(gone_again, dead, never_away, month="2026-09"), home=2, home__seeking=2)


def test_home_counts_where_they_live_now_and_what_they_said_last():
    spells = [
        work("2026-03-01", "2026-06-01", plan="farming"),
        work("2026-07-01", "2026-09-01", plan="not_seeking", transfer=2),
    ]
    mover = person(*spells, stays=[stay(HERE, None, "2026-10-01"), stay(NEXT_DOOR, "2026-10-01")])
    assert shows(figures(mover), home=0)
    assert shows(figures(mover, village=NEXT_DOOR), home=1, home__not_seeking=1)


def test_left_again_within_183_days():
    # Home on 10 April; the 183rd day after is 10 October.
    in_time = person(work("2026-02-01", "2026-04-10"), work("2026-10-10", transfer=2))
    too_late = person(work("2026-02-01", "2026-04-10"), work("2026-10-11", transfer=2), number=2)
    first_time = person(work("2026-10-11"), number=3)
    assert shows(figures(in_time, too_late, first_time), left=3, left_again=1)


# Late


def test_a_correction_of_a_filed_month_is_late_once():
    # September was filed with nobody away; in October the officer learns of a departure on 15 September.
    september = figures(person(), month="2026-09")
    known_now = person(work("2026-09-15", pay=3000))
    counted = figures(known_now, filed={Month(2026, 9): september}, first_month=Month(2026, 9))
    assert shows(counted, opening=0, left=0, late=1, away=1)
    assert shows(counted, late__left=1, late__came_home=0, late__income=1600, income=4700, income_month=3100)
    # November opens with what October told, and the late departure is not told again.
    filed = {Month(2026, 9): september, Month(2026, 10): counted}
    november = figures(known_now, month="2026-11", filed=filed, first_month=Month(2026, 9))
    assert shows(november, opening=1, late=0, late__left=0, late__income=0, away=1, income=7700)


def test_a_filed_departure_that_never_was_is_taken_back():
    wrong = figures(person(work("2026-09-15", pay=3000)), month="2026-09")
    counted = figures(person(), filed={Month(2026, 9): wrong}, first_month=Month(2026, 9))
    assert shows(counted, opening=1, late=-1, late__left=-1, late__income=-1600, away=0, left=0, came_home=0)


def test_a_homecoming_learned_late():
    first = Month(2026, 8)
    august = figures(person(work("2026-03-01")), month="2026-08", first_month=first)
    september = figures(person(work("2026-03-01")), month="2026-09", filed={first: august}, first_month=first)
    filed = {first: august, Month(2026, 9): september}
    home = person(work("2026-03-01", "2026-09-10", reason="family"))
    counted = figures(home, filed=filed, first_month=first)
    assert shows(counted, opening=1, late=-1, late__came_home=1, late__left=0, came_home=0, away=0, home=1)


def test_a_month_never_filed_counts_as_filed_zero_but_opens_as_known_now():
    away = person(work("2026-08-10", pay=3000))
    counted = figures(away, first_month=Month(2026, 8))
    # August's 22 days and September's 30 at 100 yuan.
    assert shows(counted, opening=1, late=0, late__left=1, late__income=5200)


def test_nothing_before_the_countys_first_month_is_late():
    away = person(work("2026-08-10", pay=3000))
    assert shows(figures(away, first_month=Month(2026, 10)), opening=1, late=0, late__left=0, late__income=0)
    assert shows(figures(away, first_month=Month(2026, 9)), late__left=0, late__income=3000)


def test_last_years_months_are_not_late_this_year():
    december = figures(person(), month="2025-12")
    away = person(work("2025-12-10", pay=3000))
    counted = figures(away, month="2026-01", filed={Month(2025, 12): december})
    assert shows(counted, opening=0, late=1, late__left=0, late__income=0, away=1)


# Relations


def test_broken_relations_are_named():
    counted = figures(person(work("2026-10-01")))
    assert identities(counted | {"away": 2})[0] == "away = opening + left - came_home + moved + late"
    assert identities(counted | {"away.relieved": 2}) == ["away.relieved <= away"]
    assert identities(counted | {"home.farming": 1})[0].startswith("home = home.local_work + ")
    assert identities({"away": 1})[0].startswith("keys")


LIGHT = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@LIGHT
@given(late_entries())
def test_random_worlds_hold_only_what_the_database_would(worlds_of_both):
    for history in worlds_of_both[0].histories + worlds_of_both[1].histories:
        assert history.stays
        for one in history.stays:
            assert not (one.from_on and one.to_on) or one.from_on < one.to_on
        for one, other in pairwise(history.stays):
            assert one.to_on <= other.from_on
        for one in history.spells:
            assert one.ended_on is None or one.started_on < one.ended_on
            assert one.ended_on or one.reason == one.plan == ""
        for one, other in pairwise(history.spells):
            assert one.ended_on and one.ended_on <= other.started_on


@LIGHT
@given(worlds())
def test_every_village_of_a_random_world_is_sound(world):
    counted = [count(world.histories, village, world.month, rules_of=world.rules_of) for village in VILLAGES]
    assert [identities(one) for one in counted] == [[]] * len(VILLAGES)


@LIGHT
@given(worlds(most=3))
def test_year_figures_never_go_down_where_nobody_moves(world):
    for history in world.histories:
        history.stays = history.stays[:1]
    calendar = Calendar(world.rules_of.settings[:1])
    year = world.month.since(world.month.january)
    village = world.histories[0].stays[0].village
    counted = [count(world.histories, village, month, rules_of=calendar) for month in year]
    for earlier, later in pairwise(counted):
        assert [key for key in NEVER_DOWN if later[key] < earlier[key]] == []


@LIGHT
@given(late_entries(most=3))
def test_what_a_year_told_and_what_came_late_add_up_to_what_is_known_now(worlds_of_both):
    before, now = worlds_of_both
    months = now.month.since(now.month.january)
    filed = {}
    for village in VILLAGES[:2]:
        filed.clear()
        for month in months[:-1]:
            filed[month] = count(before.histories, village, month, rules_of=now.rules_of, filed=filed)
        told = filed | {
            now.month: count(now.histories, village, now.month, rules_of=now.rules_of, filed=filed)
        }
        assert identities(told[now.month]) == []
        known = [count(now.histories, village, month, rules_of=now.rules_of) for month in months]
        for key, late in (
            ("left", "late.left"),
            ("came_home", "late.came_home"),
            ("income_month", "late.income"),
        ):
            assert sum(one[key] + one[late] for one in told.values()) == sum(one[key] for one in known)
