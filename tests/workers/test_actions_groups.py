"""Persons not named yet: recorded, coming home in part or together, and named one by one."""

from datetime import date

from officers.models import AuditEvent
from tests import cast
from tests.workers.desk import Desk
from workers import actions
from workers.models import Registration, UnnamedGroup
from workers.refusals import AlreadyRecorded, Stale


class Groups(Desk):
    def record(self, by=None, village=cast.HOME, persons=10, day=date(2026, 3, 1), destination="4403", **facts):
        return actions.record_group(
            by=by or self.li, village=village, persons=persons, started_on=day, destination=destination, **facts
        )

    def name_one(self, group, name="王秀英", village=cast.HOME, **facts):
        facts = {"started_on": date(2026, 3, 1), "destination": "4403"} | facts
        return actions.record_departure(cast.worker(name, village=village), by=self.zhao, group=group, **facts)

    def test_li_records_ten_of_whom_little_is_known(self):
        group = self.record(sex="male", channel="government", pay=4000)
        group.refresh_from_db()
        self.assertEqual((group.persons, group.village_id, group.created_by), (10, cast.HOME, self.li))
        self.assertEqual(Registration.objects.get().group, group)
        event = AuditEvent.objects.get()
        self.assertEqual((event.verb, event.detail, event.place_code), ("recorded group", {"persons": 10}, cast.HOME))

    def test_a_second_click(self):
        first = self.record()
        refusal = self.refuses("a moment ago", self.record, refusal=AlreadyRecorded)
        self.assertEqual(refusal.row, first)
        self.record(persons=11)

    def test_facts_that_cannot_be(self):
        self.refuses("number of persons", self.record, persons=0)
        self.refuses("future", self.record, day=date(2026, 11, 5))
        self.refuses("later day", self.record, ended_on=date(2026, 3, 1))
        self.refuses("with its reason", self.record, reason="festival")
        self.refuses("township too", self.record, destination="630121")
        self.refuses("outside the own province", self.record, form="public_post")
        self.refuses("may not", self.record, by=self.sun)
        self.assertFalse(UnnamedGroup.objects.exists())

    def test_all_come_home(self):
        group = self.record()
        ended = actions.end_group(group, by=self.li, version=1, ended_on=date(2026, 9, 1), reason="season_over")
        self.assertEqual((ended.pk, ended.ended_on, ended.version), (group.pk, date(2026, 9, 1), 2))
        self.refuses("Already recorded", actions.end_group, group, by=self.li, version=1, ended_on=date(2026, 9, 1),
                     refusal=AlreadyRecorded)
        self.refuses("came home on", actions.end_group, group, by=self.li, version=2, ended_on=date(2026, 9, 2))

    def test_some_come_home_as_a_group_of_their_own(self):
        group = self.record(sex="male")
        part = actions.end_group(group, by=self.li, version=1, ended_on=date(2026, 9, 1), persons=4, reason="illness")
        group.refresh_from_db()
        self.assertEqual((group.persons, group.ended_on), (6, None))
        self.assertEqual((part.persons, part.split_from, part.sex, part.reason), (4, group, "male", "illness"))
        self.assertEqual(part.registrations.get().village_id, cast.HOME)
        self.refuses("Somebody saved", actions.end_group, group, by=self.li, version=1, ended_on=date(2026, 9, 2),
                     persons=4, refusal=Stale)

    def test_no_more_come_home_than_are_unnamed(self):
        group = self.record(persons=3)
        self.name_one(group)
        self.refuses("2 persons are not named", actions.end_group, group, by=self.li, version=1,
                     ended_on=date(2026, 9, 1), persons=3)
        ended = actions.end_group(group, by=self.li, version=1, ended_on=date(2026, 9, 1), persons=2)
        self.assertEqual(ended.pk, group.pk)

    def test_naming_up_to_the_number(self):
        group = self.record(persons=1)
        self.assertEqual(self.name_one(group).group, group)
        self.refuses("named already", self.name_one, group, name="李桂兰")

    def test_a_voided_name_makes_room(self):
        group = self.record(persons=1)
        actions.void_transfer(self.name_one(group), by=self.li, reason="another person")
        self.assertTrue(self.name_one(group, name="李桂兰").pk)

    def test_names_come_from_the_own_village(self):
        self.refuses("does not belong", self.name_one, self.record(), village=cast.FAR)

    def test_correcting(self):
        group = self.record(persons=3)
        self.name_one(group)
        self.name_one(group, name="李桂兰")
        self.refuses("named already", actions.correct_group, group, by=self.li, version=1, persons=1)
        corrected = actions.correct_group(group, by=self.li, version=1, persons=2, destination="44")
        self.assertEqual((corrected.persons, corrected.destination, corrected.version), (2, "44", 2))
        self.refuses("Somebody saved", actions.correct_group, group, by=self.li, version=1, persons=5, refusal=Stale)
        self.assertEqual(AuditEvent.objects.last().detail, {"persons": 2, "changed": ["persons", "destination"]})

    def test_voiding(self):
        group = self.record()
        self.refuses("Give the reason", actions.void_group, group, by=self.li, reason="")
        actions.void_group(group, by=self.li, reason="counted twice")
        self.refuses("was voided", actions.void_group, group, by=self.li, reason="x", refusal=AlreadyRecorded)
        self.refuses("does not belong", self.name_one, group)
        self.assertTrue(self.record().pk)
