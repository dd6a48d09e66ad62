"""Entries that may be one person: which pairs are found, whose they are, and what is remembered of them."""

from datetime import date

from django.core.cache import cache
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from laborreg import clock
from laborreg.refusals import Refusal
from tests.built import Built
from tests.cast import FAR, HOME, NEXT_DOOR, cast, county, worker
from workers import duplicates
from workers.actions.distinct import look_again, tell_apart
from workers.models import DistinctPair, Phone

BORN = date(1988, 3, 12)


class Case(Built):
    def setUp(self):
        clock.pin(date(2026, 11, 4))
        self.addCleanup(clock.pin, None)

    def build(self):
        clock.pin(date(2026, 11, 4))
        self.addCleanup(clock.pin, None)
        county()
        for name, who in cast().items():
            setattr(self, name, who)

    def with_id(self, name="王秀英", village=HOME, number="a", **facts):
        who = worker(name, village, **facts)
        type(who).objects.filter(pk=who.pk).update(id_index=number * 64, id_cipher=b"x", no_id_reason="")
        return who

    def found(self, officer, **more):
        return [(pair.one_id, pair.other_id, pair.reasons) for pair in duplicates.pairs(officer, **more)]

    def phone(self, *people, number="13900000001"):
        for who in people:
            Phone.objects.create(worker=who, number=number, last4=number[-4:], since_on=BORN)



class Finding(Case):
    def one_pair(self, officer, one, other, *reasons):
        self.assertEqual(self.found(officer), [(one.pk, other.pk, list(reasons))])

    def test_same_name_and_birth_date_of_whom_one_has_no_number(self):
        one, other = worker(), worker(sex="")
        self.one_pair(self.li, one, other, "birth")

    def test_another_sex_or_another_name_is_another_person(self):
        worker(), worker(sex="male"), worker("王秀兰")
        self.assertEqual(self.found(self.li), [])

    def test_about_the_same_age(self):
        one, other = worker(), worker(birth_date=date(1989, 2, 1))
        worker(birth_date=date(1970, 2, 1))
        self.one_pair(self.li, one, other, "age")

    def test_no_birth_date_beside_one_with_a_number(self):
        one, other = self.with_id(birth_date=BORN), worker(birth_date=None)
        self.one_pair(self.li, one, other, "unknown")

    def test_two_numbers_are_two_people_unless_all_else_agrees(self):
        one, other = self.with_id(), self.with_id(number="b")
        self.with_id(number="c", birth_date=date(1988, 3, 13))
        self.one_pair(self.li, one, other, "mistyped")

    def test_a_family_shares_a_phone_and_no_name(self):
        one, other, sister = worker(birth_date=None), worker(birth_date=None), worker("王秀兰")
        self.phone(one, other, sister)
        self.one_pair(self.li, one, other, "phone", "unknown")

    def test_the_same_sound_and_the_same_phone(self):
        one = worker("王秀英", name_pinyin="wang xiuying", birth_date=None)
        other = worker("王秀瑛", name_pinyin="wang xiuying")
        self.phone(one, other)
        self.one_pair(self.li, one, other, "alike")

    def test_voided_and_merged_entries_are_no_pair(self):
        one, other, third = worker(), worker(), worker()
        type(one).objects.filter(pk=other.pk).update(voided_at=clock.now(), void_reason="重复")
        type(one).objects.filter(pk=third.pk).update(merged_into=one)
        self.assertEqual(self.found(self.li), [])

    def test_whom_nothing_tells_any_more_is_no_pair(self):
        erased = [worker("***", birth_date=BORN.replace(day=1)) for _n in range(2)]
        type(erased[0]).objects.update(erased_at=clock.now())
        self.assertEqual(self.found(self.li), [])

    def test_a_pair_is_settled_by_who_is_posted_over_both(self):
        at_home, next_door, far = worker(), worker(village=NEXT_DOOR), worker(village=FAR)
        twin = worker()
        self.one_pair(self.li, at_home, twin, "birth")
        self.assertEqual(
            self.found(self.wang), [(at_home.pk, next_door.pk, ["birth"]), (next_door.pk, twin.pk, ["birth"])]
        )
        self.assertEqual({far.pk in row[:2] for row in self.found(self.zhao)}, {True})
        self.assertEqual(len(self.found(self.zhao)), 3)
        self.assertEqual(len(self.found(self.zhao, all_below=True)), 6)
        self.assertEqual(self.found(self.sun), [])
        self.assertEqual(duplicates.waiting(self.wang), 2)


    @override_settings(CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}})
    def test_a_station_counts_its_pairs_once_a_minute_and_after_each_decision(self):
        self.addCleanup(cache.clear)
        one, other, third = worker(), worker(village=NEXT_DOOR), worker("马兰")
        self.assertEqual(duplicates.waiting(self.wang), 1)
        twin = worker("马兰", village=NEXT_DOOR)
        self.assertEqual(duplicates.waiting(self.wang), 1)
        tell_apart(one, other, by=self.wang)
        self.assertEqual(duplicates.waiting(self.wang), 1)
        tell_apart(third, twin, by=self.wang)
        self.assertEqual(duplicates.waiting(self.wang), 0)
        worker(), worker()
        self.assertEqual(duplicates.waiting(self.li), 3)


class TellingApart(Case):
    def test_it_is_remembered_until_a_name_or_birth_date_changes(self):
        one, other = worker(), worker()
        pair = tell_apart(other, one, by=self.li, reason="堂姐妹")
        self.assertEqual((pair.one, pair.other, pair.area_code), (one, other, HOME))
        self.assertEqual(self.found(self.li), [])
        with self.assertRaisesMessage(Refusal, "apart already"):
            tell_apart(one, other, by=self.li)
        type(one).objects.filter(pk=one.pk).update(birth_date=date(1988, 3, 14))
        one.refresh_from_db()
        self.assertEqual(self.found(self.li), [(one.pk, other.pk, ["age"])])
        tell_apart(one, other, by=self.li)
        self.assertEqual(self.found(self.li), [])

    def test_it_can_be_taken_back_once(self):
        one, other = worker(birth_date=None), worker(birth_date=None)
        pair = tell_apart(one, other, by=self.li)
        self.assertEqual(self.found(self.li), [])
        look_again(pair, by=self.li)
        self.assertEqual(len(self.found(self.li)), 1)
        with self.assertRaisesMessage(Refusal, "in question already"):
            look_again(pair, by=self.li)

    def test_only_who_is_posted_over_both(self):
        one, other = worker(), worker(village=NEXT_DOOR)
        for stranger in (self.li, self.sun, self.leader, self.admin):
            with self.assertRaisesMessage(Refusal, "may not"):
                tell_apart(one, other, by=stranger)
        tell_apart(one, other, by=self.wang)


class Pages(Case):
    def sign_in(self, officer):
        self.client.force_login(officer)
        session = self.client.session
        session["began"] = session["seen"] = timezone.now().timestamp()
        session.save()

    def test_the_queue_leads_to_both_entries_and_back(self):
        one, other = worker(), worker()
        self.sign_in(self.li)
        page = self.client.get(reverse("duplicates"))
        twin = reverse("twin", args=[one.pk, other.pk]) + "?from=duplicates"
        self.assertContains(page, twin)
        form = {"stays": "one", "version_one": one.version, "version_two": other.version}
        self.assertRedirects(self.client.post(twin, form), reverse("duplicates"))
        self.assertContains(self.client.get(reverse("duplicates")), "No pair waits")

    def test_told_apart_and_looked_at_again(self):
        one, other = worker(), worker()
        self.sign_in(self.li)
        page = self.client.post(reverse("duplicate_apart"), {"one": one.pk, "other": other.pk, "reason": "堂姐妹"}, follow=True)
        self.assertContains(page, "No pair waits")
        self.assertContains(self.client.get(reverse("duplicates"), {"view": "apart"}), "堂姐妹")
        self.client.post(reverse("duplicate_again", args=[DistinctPair.objects.get().pk]))
        self.assertContains(self.client.get(reverse("duplicates")), "same name, same birth date")

    def test_strangers_are_told_nothing(self):
        one, other = worker(), worker(village=NEXT_DOOR)
        self.sign_in(self.li)
        self.assertContains(self.client.get(reverse("duplicates"), {"view": "all"}), "No pair waits")
        answer = self.client.post(reverse("duplicate_apart"), {"one": one.pk, "other": other.pk})
        self.assertEqual(answer.status_code, 404)

    def test_as_many_queries_for_many_pairs(self):
        worker(), worker()
        self.sign_in(self.li)
        few = self.queries()
        for number in range(12):
            worker(f"双{number}"), worker(f"双{number}")
        self.assertEqual(self.queries(), few)

    def queries(self):
        self.client.get(reverse("duplicates"))
        with CaptureQueriesContext(connection) as asked:
            self.client.get(reverse("duplicates"))
        return len(asked)
