"""One person entered twice becomes one: what follows, what is refused, and what every figure says afterwards."""

from datetime import date

from tests import cast
from tests.workers.desk import TODAY, Desk, id_number
from tests.workers.pages import Pages
from workers import actions, standing
from workers.models import MoveRequest, Registration, Verification, Worker
from workers.reading import histories
from workers.refusals import Stale

MARCH, MAY, JUNE = date(2026, 3, 1), date(2026, 5, 1), date(2026, 6, 1)
NUMBER = id_number()


class Twice(Desk):
    """王秀英 with an ID number, and once more without."""

    def build(self):
        super().build()
        self.one = actions.register(by=self.li, village=cast.HOME, name="王秀英", id_number=NUMBER, phone="13900000001")
        self.two = cast.worker("王秀英", education="70", birth_date=None)

    def merge(self, winner=None, loser=None, by=None, taken=(), **versions):
        winner, loser = (Worker.objects.get(pk=(each or own).pk) for each, own in ((winner, self.one), (loser, self.two)))
        versions = {"version": winner.version, "other_version": loser.version} | versions
        return actions.merge_workers(winner, loser, by=by or self.li, taken=taken, **versions)

    def fresh(self, person):
        return Worker.objects.get(pk=person.pk)


class Following(Twice):
    def test_the_loser_points_to_the_winner(self):
        self.merge()
        self.assertEqual(self.fresh(self.two).merged_into, self.one)
        self.assertEqual(list(Worker.objects.valid()), [self.one])
        self.assertEqual(self.verbs()[-1], "merged workers")

    def test_who_was_merged_before_belongs_to_the_last_one_too(self):
        self.merge()
        three = cast.worker("王秀英", birth_date=None)
        self.merge(three, self.one)
        self.assertEqual({self.fresh(each).merged_into for each in (self.one, self.two)}, {three})

    def test_trips_phones_and_visits_follow(self):
        trip = cast.transfer(self.two, MARCH, MAY)
        voided = actions.void_transfer(cast.transfer(self.two, JUNE), by=self.li, reason="错")
        actions.add_phone(self.two, by=self.li, number="13900000002")
        actions.add_phone(self.two, by=self.li, number="13900000001")
        Verification.objects.create(worker=self.two, on=TODAY, how="phone", outcome="no_change", by=self.li)
        self.merge()
        for each in (trip, voided):
            each.refresh_from_db()
            self.assertEqual((each.worker, each.history.first().history_user), (self.one, self.li))
        self.assertEqual(sorted(phone.number[-1] for phone in self.one.phones.all()), ["1", "2"])
        self.assertEqual(Verification.objects.get().worker, self.one)

    def test_a_trip_that_names_one_of_a_group_keeps_naming(self):
        group = actions.record_group(by=self.li, village=cast.HOME, persons=3, started_on=MARCH, destination="4403")
        actions.record_departure(self.two, by=self.li, started_on=MARCH, destination="4403", group=group)
        self.merge()
        self.assertEqual(group.transfers.get().worker, self.one)

    def test_what_only_one_entry_says_is_kept(self):
        self.assertEqual(self.merge().education, "70")

    def test_the_number_goes_where_the_person_stays(self):
        kept = self.merge(self.two, self.one)
        self.assertEqual((kept.pk, kept.id_number, kept.no_id_reason), (self.two.pk, NUMBER, ""))
        self.assertEqual((kept.sex, kept.birth_date), ("female", date(1988, 3, 12)))
        actions.edit_worker(kept, by=self.li, version=kept.version, note="好")

    def test_of_two_values_the_chosen_one(self):
        Worker.objects.filter(pk=self.one.pk).update(education="60", skills="焊工")
        Worker.objects.filter(pk=self.two.pk).update(name="王秀瑛", name_pinyin="wangxiuying", skills="电工")
        kept = self.merge(taken=["name", "education"])
        self.assertEqual((kept.name, kept.education, kept.skills), ("王秀瑛", "70", "焊工"))

    def test_registrations_follow_where_they_tell_other_days(self):
        Registration.objects.filter(worker=self.two).update(to_on=date(2025, 1, 1), left_how="left_county")
        Registration.objects.filter(worker=self.one).update(from_on=date(2026, 1, 1), how="moved_in")
        cast.transfer(self.two, date(2024, 3, 1), date(2024, 6, 1))
        self.merge()
        self.assertEqual(self.one.registrations.count(), 2)
        self.assertFalse(self.two.registrations.exists())

    def test_the_person_is_of_the_village_of_the_newest_registration(self):
        actions.record_leaving_county(self.one, by=self.li, on=date(2025, 1, 1))
        back = cast.worker("王秀英", village=cast.NEXT_DOOR)
        Registration.objects.filter(worker=back).update(from_on=date(2026, 1, 1), how="moved_in")
        old, new = cast.transfer(self.one, date(2024, 3, 1), date(2024, 6, 1)), cast.transfer(back, MARCH)
        kept = self.fresh(self.merge(loser=back, by=self.wang))
        self.assertEqual((kept.village_id, kept.registrations.last().village_id), (cast.NEXT_DOOR, cast.NEXT_DOOR))
        for trip in (old, new):
            trip.refresh_from_db()
            self.assertEqual((trip.worker, trip.village_id), (self.one, cast.NEXT_DOOR))

    def test_a_household_of_the_village_before_is_left_for_one_of_the_new(self):
        actions.start_household(by=self.li, village=cast.HOME, head=self.one)
        actions.record_leaving_county(self.one, by=self.li, on=date(2025, 1, 1))
        back = cast.worker("王秀英", village=cast.NEXT_DOOR)
        Registration.objects.filter(worker=back).update(from_on=date(2026, 1, 1), how="moved_in")
        new = actions.start_household(by=self.wang, village=cast.NEXT_DOOR, head=back)
        self.assertEqual(self.merge(loser=back, by=self.wang).household, new)

    def test_a_registration_of_the_same_days_stays_and_counts_nobody(self):
        cast.transfer(self.two, MARCH)
        self.assertEqual(standing.away_count(cast.HOME, TODAY), 1)
        self.merge()
        self.assertEqual(self.two.registrations.get().to_on, None)
        self.assertEqual(standing.away_count(cast.HOME, TODAY), 1)
        [history] = histories(cast.HOME)
        self.assertEqual((history.key, len(history.spells), len(history.stays)), (("worker", self.one.pk), 1, 1))
        self.assertEqual(standing.counts(Worker.objects.valid(), TODAY)[""], 1)

    def test_a_voided_person_counts_nowhere_either(self):
        cast.transfer(self.two, MARCH)
        actions.void_worker(self.two, by=self.li, reason="错")
        self.assertEqual(standing.away_count(cast.HOME, TODAY), 0)
        self.assertEqual([history.key[1] for history in histories(cast.HOME)], [self.one.pk])

    def test_an_open_request_for_a_move_is_over(self):
        actions.ask_to_let_go(self.two, by=self.li, to_village=cast.FAR, on=MAY, reason="other")
        self.merge()
        self.assertEqual(MoveRequest.objects.get().state, "overtaken")


class Refusing(Twice):
    def test_different_numbers_are_two_people(self):
        other = actions.register(by=self.li, village=cast.HOME, name="王秀英", id_number=id_number(order="004"))
        self.refuses("two people", self.merge, loser=other)

    def test_trips_on_the_same_days_are_named(self):
        cast.transfer(self.one, MARCH, MAY)
        cast.transfer(self.two, date(2026, 4, 1), JUNE)
        cast.transfer(self.two, JUNE, date(2026, 7, 1))
        words = self.refuses("Correct or void these of one entry first: 2026-04-01 – 2026-06-01", self.merge).message
        self.assertNotIn("2026-07-01", words)
        self.assertIsNone(self.fresh(self.two).merged_into)

    def test_a_trip_before_the_registration(self):
        Registration.objects.filter(worker=self.one).update(from_on=MAY, how="moved_in")
        cast.transfer(self.two, MARCH, date(2026, 4, 1))
        self.refuses("was not registered in the county on 2026-03-01", self.merge)

    def test_a_trip_of_the_one_that_stays_before_the_birth_that_the_id_number_tells(self):
        cast.transfer(self.two, date(1980, 3, 1), date(1980, 6, 1))
        self.refuses("not born yet on 1980-03-01", self.merge, winner=self.two, loser=self.one)
        self.assertFalse(self.fresh(self.two).id_index)

    def test_the_dead_do_not_come_back(self):
        actions.record_death(self.two, by=self.li, on=MAY)
        self.refuses("ended on 2026-05-01", self.merge)
        actions.record_death(self.one, by=self.li, on=MAY)
        self.merge()

    def test_nobody_is_registered_again_after_death(self):
        actions.record_death(self.one, by=self.li, on=date(2025, 3, 1))
        Registration.objects.filter(worker=self.two).update(from_on=date(2026, 1, 1), how="moved_in")
        for winner, loser in ((self.one, self.two), (self.two, self.one)):
            self.refuses("died on 2025-03-01", self.merge, winner, loser)
        self.assertIsNone(self.fresh(self.two).merged_into)

    def test_across_villages_only_who_is_posted_over_both(self):
        far = cast.worker("王秀英", village=cast.FAR)
        for officer in (self.li, self.sun, self.wang):
            self.refuses("may not", self.merge, loser=far, by=officer)
        self.merge(loser=far, by=self.zhao)
        self.assertEqual(self.fresh(far).merged_into, self.one)

    def test_the_same_entry_and_entries_that_are_gone(self):
        self.refuses("same entry", self.merge, loser=self.one)
        self.merge()
        self.refuses("taken out", self.merge)

    def test_what_somebody_saved_meanwhile(self):
        self.refuses("Somebody saved", self.merge, version=7, refusal=Stale)
        self.refuses("Somebody saved", self.merge, other_version=7, refusal=Stale)

    def test_leaders_and_administrators(self):
        for officer in (self.leader, self.admin):
            self.refuses("may not", self.merge, by=officer)


class Heads(Twice):
    def build(self):
        super().build()
        self.child = cast.worker("马小兰")
        self.household = actions.start_household(by=self.li, village=cast.HOME, head=self.two)
        actions.join_household(self.child, self.household, "daughter", by=self.li)

    def test_the_winner_takes_the_place_in_the_household(self):
        kept = self.merge()
        self.assertEqual((kept.household, kept.relation), (self.household, "head"))
        self.assertEqual(self.household.members.valid().count(), 2)

    def test_a_household_of_another_village_is_left_behind(self):
        far = cast.worker("王秀英", village=cast.FAR)
        household = actions.start_household(by=self.sun, village=cast.FAR, head=far)
        kept = self.merge(loser=far, by=self.zhao)
        self.assertEqual((kept.household, kept.relation), (None, ""))
        self.assertFalse(household.members.exists())

    def test_no_household_loses_its_head(self):
        actions.start_household(by=self.li, village=cast.HOME, head=self.one)
        self.refuses("Change the head first", self.merge)
        kept = self.merge(taken=["household"])
        self.assertEqual(kept.household, self.household)

    def test_head_and_member_of_one_household(self):
        actions.join_household(self.one, self.household, "sibling", by=self.li)
        self.refuses("Change the head first", self.merge)
        kept = self.merge(taken=["household"])
        self.assertEqual((kept.household, kept.relation), (self.household, "head"))


class OnThePage(Twice, Pages):
    def test_the_other_entry_is_offered_by_its_name_and_found(self):
        cast.worker("马玉兰", name_pinyin="mayulan")
        page = self.client.get(f"/people/{self.one.pk}/twins/")
        self.shows(page, f"/people/{self.one.pk}/twins/{self.two.pk}/")
        self.hides(page, "马玉兰")
        self.shows(self.client.get(f"/people/{self.one.pk}/twins/", {"q": "mayulan"}), "马玉兰")

    def test_side_by_side_and_merged(self):
        Worker.objects.filter(pk=self.one.pk).update(education="60")
        address = f"/people/{self.one.pk}/twins/{self.two.pk}/"
        page = self.client.get(address)
        self.shows(page, "Which entry stays?", "Junior secondary school", "Senior secondary school")
        self.hides(page, NUMBER, "1988-03-12")
        sent = {"stays": "two", "keep_education": "one", "version_one": self.one.version, "version_two": 1}
        self.assertRedirects(self.client.post(address, sent), f"/people/{self.two.pk}/")
        self.assertEqual((self.fresh(self.two).education, self.fresh(self.two).id_number), ("60", NUMBER))
        self.assertRedirects(self.client.get(f"/people/{self.one.pk}/"), f"/people/{self.two.pk}/")

    def test_a_change_meanwhile_is_shown_before_anything_is_merged(self):
        address = f"/people/{self.one.pk}/twins/{self.two.pk}/"
        sent = {"stays": "one", "version_one": 9, "version_two": 1}
        self.shows(self.client.post(address, sent, follow=True), "Somebody changed one of the entries meanwhile")

    def test_strangers_are_not_found(self):
        far = cast.worker("王秀英", village=cast.FAR)
        self.hides(self.client.get(f"/people/{self.one.pk}/twins/", {"q": "王秀英"}), f"/twins/{far.pk}/")
        self.assertEqual(self.client.get(f"/people/{self.one.pk}/twins/{far.pk}/").status_code, 404)
        self.assertEqual(self.client.get(f"/people/{far.pk}/twins/").status_code, 404)

    def test_the_pages_ask_little(self):
        self.assertLessEqual(self.queries(f"/people/{self.one.pk}/twins/"), 14)
        self.assertLessEqual(self.queries(f"/people/{self.one.pk}/twins/{self.two.pk}/"), 20)
