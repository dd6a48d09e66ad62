"""Each pattern: just enough is found, with the entries behind it, and one less is not."""

from datetime import datetime, timedelta

from django.test import SimpleTestCase

from officers import patterns
from officers.patterns import PATTERNS, Entry, Trail
from officers.verbs import IN_VAIN, OPENED, VERBS

NOON = datetime(2026, 11, 3, 12)
LI, ZHAO = 1, 2


def entry(number, at=NOON, by=LI, verb="revealed", **facts):
    return Entry(number, at, by, verb, **facts)


def every(seconds, many, at=NOON, **facts):
    return [entry(number, at + timedelta(seconds=seconds * number), **facts) for number in range(1, many + 1)]


def found(name, today, before=(), last=None):
    return list(PATTERNS[name].find(Trail(list(today), list(before), last or {})))


class Patterns(SimpleTestCase):
    def numbers(self, name, today, **more):
        return [[each.number for each in hit.entries] for hit in found(name, today, **more)]

    def test_the_verbs_are_those_of_the_trail(self):
        named = patterns.GRAVE | patterns.OF_THE_SERVER | OPENED | {patterns.SIGNED_IN, patterns.REFUSED}
        self.assertLessEqual(named, set(VERBS))

    def test_at_night_one_grave_act_or_ten_of_others(self):
        late, early = NOON.replace(hour=22), NOON.replace(hour=5, minute=59) + timedelta(days=1)
        self.assertEqual(self.numbers("night", [entry(1, late), entry(2, early, by=ZHAO)]), [[1], [2]])
        self.assertEqual(self.numbers("night", [entry(1, NOON.replace(hour=21, minute=59)), entry(2, NOON.replace(hour=6))]), [])
        self.assertEqual(self.numbers("night", every(60, 9, late, verb="submitted")), [])
        self.assertEqual(len(self.numbers("night", every(60, 10, late, verb="submitted"))[0]), 10)

    def test_the_system_works_at_night_unseen(self):
        self.assertEqual(self.numbers("night", [entry(1, NOON.replace(hour=23), by=None)]), [])

    def test_a_night_belongs_to_the_day_it_began_on(self):
        self.assertEqual(entry(1, datetime(2026, 11, 4, 5, 59)).day, datetime(2026, 11, 3).date())
        self.assertEqual(entry(1, datetime(2026, 11, 4, 6)).day, datetime(2026, 11, 4).date())

    def test_thirty_numbers_in_a_day_and_three_times_the_usual(self):
        self.assertEqual(self.numbers("many_numbers_in_a_day", every(600, 29)), [])
        self.assertEqual(len(self.numbers("many_numbers_in_a_day", every(600, 30))[0]), 30)
        before = [one for day in range(1, 6) for one in every(60, 20, NOON - timedelta(days=day))]
        self.assertEqual(self.numbers("many_numbers_in_a_day", every(300, 59), before=before), [])
        self.assertEqual(len(self.numbers("many_numbers_in_a_day", every(300, 60), before=before)[0]), 60)

    def test_sixty_numbers_in_a_day_whatever_is_usual(self):
        before = [one for day in range(1, 20) for one in every(60, 80, NOON - timedelta(days=day))]
        self.assertEqual(self.numbers("many_numbers_in_a_day", every(300, 59), before=before), [])
        self.assertEqual(len(self.numbers("many_numbers_in_a_day", every(300, 60), before=before)[0]), 60)

    def test_one_busy_day_does_not_become_the_usual(self):
        before = every(60, 300, NOON - timedelta(days=5)) + every(60, 2, NOON - timedelta(days=3))
        before += every(60, 3, NOON - timedelta(days=2))
        self.assertEqual(len(self.numbers("many_numbers_in_a_day", every(600, 30), before=before)), 1)

    def test_twenty_numbers_in_an_hour(self):
        self.assertEqual(self.numbers("many_numbers_in_an_hour", every(60, 19)), [])
        self.assertEqual(self.numbers("many_numbers_in_an_hour", every(190, 40)), [])
        self.assertEqual(self.numbers("many_numbers_in_an_hour", every(180, 20)), [list(range(1, 21))])

    def test_a_run_that_goes_on_is_one_and_two_apart_are_two(self):
        run = every(60, 70)
        self.assertEqual(self.numbers("many_numbers_in_an_hour", run), [list(range(1, 71))])
        later = [one._replace(number=one.number + 100, at=one.at + timedelta(hours=5)) for one in every(60, 20)]
        self.assertEqual([len(hit) for hit in self.numbers("many_numbers_in_an_hour", every(60, 20) + later)], [20, 20])

    def test_two_thousand_lines_or_ten_files(self):
        files = [entry(n, verb="exported a roster", rows=999) for n in (1, 2)]
        self.assertEqual(found("many_files", files), [])
        [hit] = found("many_files", [*files, entry(3, verb="exported a register", rows=2)])
        self.assertEqual((hit.counted, len(hit.entries)), (2000, 3))
        self.assertEqual(found("many_files", every(60, 9, verb="exported a roster")), [])
        self.assertEqual(found("many_files", every(60, 10, verb="exported a roster"))[0].counted, 10)

    def test_a_row_in_full_weighs_ten(self):
        files = [entry(n, verb="exported a roster", rows=49, in_full=True) for n in range(1, 5)]
        self.assertEqual(found("many_files", files), [])
        [hit] = found("many_files", [*files, entry(5, verb="exported a register", rows=4, in_full=True)])
        self.assertEqual((hit.counted, len(hit.entries)), (200, 5))

    def test_who_set_a_password_and_used_the_account(self):
        def acts(by=LI, about=str(LI), address="10.0.0.7", minutes=5, verb="asked for an export"):
            opened = entry(1, NOON, ZHAO, "reset a password", about=about, address="10.0.0.7")
            return [opened, entry(2, NOON + timedelta(minutes=minutes), by, verb, address=address)]

        [hit] = found("two_accounts_one_hand", acts())
        self.assertEqual((hit.officer, [each.number for each in hit.entries], hit.counted), (ZHAO, [1, 2], 1))
        opened, used = acts()
        [hit] = found("two_accounts_one_hand", [used], before=[opened._replace(at=NOON - timedelta(days=9))])
        self.assertEqual((hit.officer, hit.counted), (ZHAO, 1))
        for other in (acts(by=3), acts(address="10.0.0.8"), acts(minutes=-5), acts(verb="submitted")):
            self.assertEqual(found("two_accounts_one_hand", other), [])
        nameless = [each._replace(address="") for each in acts()]
        self.assertEqual(found("two_accounts_one_hand", nameless), [])

    def test_ten_numbers_in_vain(self):
        self.assertEqual(found("many_numbers_in_vain", every(60, 9, verb=IN_VAIN)), [])
        self.assertEqual(found("many_numbers_in_vain", every(60, 10, verb=IN_VAIN))[0].counted, 10)

    def test_every_restored_backup_and_change_of_keys(self):
        self.assertEqual(self.numbers("of_the_server", [entry(1, by=None, verb="submitted")]), [])
        two = [entry(1, by=None, verb="restored a backup"), entry(2, by=None, verb="dropped keys")]
        self.assertEqual(self.numbers("of_the_server", two), [[1, 2]])

    def test_another_address_within_ten_minutes(self):
        def arrivals(minutes, second="10.0.0.2"):
            later = entry(2, NOON + timedelta(minutes=minutes), verb="signed in", address=second)
            return [entry(1, verb="signed in", address="10.0.0.1"), later]

        self.assertEqual(self.numbers("several_addresses", arrivals(10)), [[1, 2]])
        self.assertEqual(self.numbers("several_addresses", arrivals(11)), [])
        self.assertEqual(self.numbers("several_addresses", arrivals(1, "10.0.0.1")), [])

    def test_five_accounts_tried_from_one_address_within_an_hour(self):
        def tried(accounts, seconds=600):
            return [
                entry(n, NOON + timedelta(seconds=n * seconds), None, patterns.REFUSED, about=str(n), address="10.9.9.9")
                for n in range(accounts)
            ]

        self.assertEqual(found("many_accounts_tried", tried(4)), [])
        self.assertEqual(found("many_accounts_tried", tried(5, 1000)), [])
        [hit] = found("many_accounts_tried", tried(5))
        self.assertEqual((hit.officer, hit.counted), (None, 5))
        same = every(60, 8, by=None, verb=patterns.REFUSED, about="1", address="10.9.9.9")
        self.assertEqual(found("many_accounts_tried", same), [])

    def test_a_copy_for_a_person_shows_a_number_too(self):
        self.assertEqual(self.numbers("many_numbers_in_an_hour", every(60, 20, verb="copied a person")), [list(range(1, 21))])

    def test_an_account_unused_for_ninety_days(self):
        arrival = [entry(1, verb="signed in")]
        self.assertEqual(found("long_unused", arrival, last={LI: NOON - timedelta(days=89, hours=23)}), [])
        self.assertEqual(found("long_unused", arrival, last={LI: NOON - timedelta(days=90)})[0].counted, 90)
        self.assertEqual(found("long_unused", arrival), [])

    def test_ten_approvals_each_within_five_seconds(self):
        self.assertEqual(self.numbers("approved_in_a_row", every(5, 9, verb="approved")), [])
        self.assertEqual(self.numbers("approved_in_a_row", every(6, 20, verb="approved")), [])
        self.assertEqual(self.numbers("approved_in_a_row", every(5, 10, verb="approved")), [list(range(1, 11))])
