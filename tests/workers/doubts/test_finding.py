"""Doubts follow the ledger: after each save, every night, and not past what somebody said is right."""

import ast
import random
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from unittest.mock import patch

from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from laborreg import clock
from laborreg.bulk import among
from laborreg.refusals import Refusal
from officers.details import VALUES
from officers.roles import NotYours
from tests import cast
from tests.workers.desk import TODAY, Desk
from villages.models import CountySettings, Village
from workers import actions
from workers.doubts import RULES, finding
from workers.doubts.listing import describe
from workers.doubts.reading import read
from workers.models import Doubt, Transfer, Worker
from workers.refusals import AlreadyRecorded


def told():
    """All that the table says, without keys and days."""
    names = ["rule", "village_id", "worker_id", "transfer_id", "household_id", "fingerprint", "detail"]
    return sorted(tuple(map(str, row)) for row in Doubt.objects.values_list(*names))


class Kept(Desk):
    def register(self, name="王秀英", **facts):
        said = {"no_id_reason": "lost", "sex": "female", "birth_date": date(1988, 3, 12), "education": "70"}
        return actions.register(by=self.li, village=cast.HOME, name=name, **said | {"phone": "13800000000"} | facts)

    def of(self, person):
        return sorted(Doubt.objects.filter(worker=person).values_list("rule", flat=True))


class Saves(Kept):
    def test_what_is_missing_at_registration_and_mended(self):
        person = self.register(education="", phone="")
        self.assertEqual(self.of(person), ["no_education", "no_id", "no_phone"])
        actions.add_phone(person, by=self.li, number="13900000000")
        actions.edit_worker(person, by=self.li, version=1, education="70")
        self.assertEqual(self.of(person), ["no_id"])

    def test_a_departure_and_its_correction(self):
        person = self.register()
        trip = actions.record_departure(person, by=self.li, started_on=date(2026, 9, 1), destination="440306", pay=45_000)
        self.assertIn("odd_pay", self.of(person))
        doubt = Doubt.objects.get(rule="odd_pay")
        self.assertEqual((doubt.transfer_id, doubt.village_id, doubt.found_on), (trip.pk, cast.HOME, TODAY))
        actions.correct_transfer(trip, by=self.li, version=1, pay=4500)
        self.assertNotIn("odd_pay", self.of(person))

    def test_the_household_when_its_head_dies_and_when_there_are_two(self):
        head = self.register(new_household=True)
        wife = self.register("马成龙", household=head.household, relation="spouse", sex="male")
        actions.record_death(head, by=self.li, on=date(2026, 10, 1))
        self.assertEqual(list(Doubt.objects.filter(household=head.household).values_list("rule", flat=True)), ["no_head"])
        actions.change_head(head.household, by=self.li, version=1, relations={wife.pk: "head"})
        self.assertFalse(Doubt.objects.filter(household=head.household).exists())

    def test_a_head_who_moved_away_is_named_to_nobody_of_the_old_village(self):
        wife = self.register("马成龙", sex="male", new_household=True)
        head = cast.worker("韩远去", cast.FAR, household=wife.household, relation="head")
        Worker.objects.filter(pk=wife.pk).update(relation="spouse")
        finding.find(cast.HOME)
        [doubt] = Doubt.objects.filter(rule="no_head")
        [told] = describe([doubt])
        self.assertEqual((told.about, head.name in str(told.value)), ("Household of 马成龙", False))

    def test_who_is_taken_out_takes_the_doubts_along(self):
        person = self.register()
        actions.void_worker(person, by=self.li, reason="错")
        self.assertFalse(Doubt.objects.exists())

    def test_a_move_takes_them_to_the_new_village(self):
        person = self.register()
        actions.move(person, by=self.wang, to_village=cast.NEXT_DOOR, on=date(2026, 10, 1))
        self.assertEqual(set(Doubt.objects.values_list("village_id", flat=True)), {cast.NEXT_DOOR})

    def test_few_queries_however_large_the_household(self):
        head = self.register(new_household=True)
        asked = []
        for members in (1, 5):
            while head.household.members.count() <= members:
                self.register("王" + chr(0x5000 + head.household.members.count()), household=head.household, relation="daughter")
            with CaptureQueriesContext(connection) as queries:
                finding.refresh([head.pk], [head.household_id])
            asked.append(len(queries))
        self.assertEqual(asked, [6, 6])

    def test_every_action_on_people_writes_its_trail_through_the_one_that_looks(self):
        """Who records an event of the ledger with audit.record alone names why it trips no rule."""
        without = {"trail", "visits", "moves", "groups", "lineage", "doubts", "people", "registrations", "distinct",
                   "notices", "looking"}
        folder = Path(actions.__file__).parent
        found = {
            file.stem for file in folder.glob("*.py") for node in ast.walk(ast.parse(file.read_text()))
            if isinstance(node, ast.ImportFrom) and node.module == "officers" and "audit" in [a.name for a in node.names]
        }
        self.assertEqual(found, without)


class Right(Kept):
    def setUp(self):
        super().setUp()
        self.person = self.register()
        self.trip = actions.record_departure(
            self.person, by=self.li, started_on=date(2026, 9, 1), destination="440306", pay=45_000
        )

    @property
    def doubt(self):
        return Doubt.objects.get(rule="odd_pay")

    def test_remembered_until_the_value_changes(self):
        actions.set_aside(self.doubt, by=self.li, reason="计件工资，已核实")
        actions.correct_transfer(self.trip, by=self.li, version=1, employer="大厂")
        finding.find(cast.HOME)
        self.assertEqual((self.doubt.settled_why, self.doubt.settled_by), ("计件工资，已核实", self.li))
        actions.correct_transfer(self.trip, by=self.li, version=2, pay=46_000)
        self.assertIsNone(self.doubt.settled_at)

    def test_taken_up_again_and_not_twice(self):
        actions.set_aside(self.doubt, by=self.li, reason="属实")
        self.refuses("set aside already", actions.set_aside, self.doubt, by=self.li, reason="x", refusal=AlreadyRecorded)
        actions.take_up(self.doubt, by=self.wang)
        self.assertEqual((self.doubt.settled_at, self.doubt.settled_why), (None, ""))
        self.assertEqual(self.verbs()[-2:], ["set aside doubt", "took up doubt"])

    def test_not_by_a_stranger_not_without_reason_not_when_mended(self):
        doubt = self.doubt
        for by in (self.sun, self.leader):
            with self.assertRaises(NotYours):
                actions.set_aside(doubt, by=by, reason="属实")
        self.refuses("reason", actions.set_aside, doubt, by=self.li, reason=" ")
        actions.correct_transfer(self.trip, by=self.li, version=1, pay=4500)
        with self.assertRaises(Refusal):
            actions.set_aside(doubt, by=self.li, reason="属实")


class Nights(Kept):
    def test_days_alone_bring_doubts(self):
        person = self.register()
        actions.record_departure(
            person, by=self.li, started_on=date(2026, 9, 1), destination="440306", contract_until=date(2026, 11, 4)
        )
        self.assertNotIn("contract_is_over", self.of(person))
        clock.pin(date(2026, 11, 5))
        call_command("find_doubts", area=cast.COUNTY, verbosity=0)
        self.assertIn("contract_is_over", self.of(person))

    def test_a_village_that_fails_is_told_and_leaves_the_others_their_night(self):
        codes = list(Village.objects.order_by("pk").values_list("pk", flat=True))
        looked, find = [], finding.find

        def find_but_the_first(code):
            looked.append(code)
            if code == codes[0]:
                raise ValueError("a broken record")
            return find(code)

        fails = self.assertRaisesMessage(CommandError, codes[0])
        with patch.object(finding, "find", find_but_the_first), self.assertLogs("workers", "ERROR") as log, fails:
            call_command("find_doubts", verbosity=0)
        self.assertEqual(looked, codes)
        self.assertIn("a broken record", log.output[0])

    def test_this_year_is_that_of_the_report_months(self):
        """With months from the 21st the year 2026 began on 21 December: who came home on the 25th did so this year."""
        person = cast.worker("马早回")
        cast.transfer(person, date(2025, 6, 1), date(2025, 12, 25))
        self.assertEqual(self.trips_of(person), 0)
        CountySettings.objects.update(start_day=21)
        self.assertEqual(self.trips_of(person), 1)

    def trips_of(self, person) -> int:
        people, _homes = read(among(Worker, "id", [person.pk]), date(2026, 10, 5))
        return len(people[0].trips)

    def test_the_night_finds_what_the_saves_found(self):
        """Seventy edits at random, then everything from the beginning: the same doubts."""
        for seed in (1, 2, 3):
            chance = random.Random(seed)
            for _nth in range(70):
                self._edit(chance)
            saved = told()
            self.assertGreater(len(saved), 15)
            Doubt.objects.all().delete()
            for code in Village.objects.values_list("pk", flat=True):
                finding.find(code)
            self.assertEqual(told(), saved)

    def _edit(self, chance):
        """One thing that an officer does; what is refused is no edit."""
        with suppress(Refusal):
            getattr(self, f"_{chance.choice(EDITS)}")(chance)

    def _somebody(self, chance) -> Worker:
        return chance.choice(list(Worker.objects.valid().order_by("pk")) or [self.register()])

    def _new(self, chance):
        homes = [person.household for person in Worker.objects.valid().exclude(household=None)]
        home = chance.choice(homes) if homes and chance.random() < 0.6 else None
        self.register(
            "王" + chr(0x5000 + chance.randrange(3000)), household=home, new_household=home is None and chance.random() < 0.7,
            relation=chance.choice(["spouse", "son", "daughter", "other"]) if home else "",
            sex=chance.choice(["male", "female"]), education=chance.choice(["", "70"]),
            phone=chance.choice(["", "13800000001", "13800000002"]), birth_date=date(chance.randint(1950, 2009), 3, 3),
        )

    def _person(self, chance):
        person = self._somebody(chance)
        actions.edit_worker(
            person, by=self.li, version=person.version, ability=chance.choice(["", "weak", "lost"]),
            is_student=chance.choice([True, False]), wants_to_go=chance.choice([True, None]),
        )

    def _leave(self, chance):
        person = self._somebody(chance)
        actions.record_departure(
            person, by=self.li, started_on=TODAY - timedelta(days=chance.randint(1, 200)),
            destination=chance.choice(["440306", "4403", "3307", "81"]), pay=chance.choice([None, 50, 5200]),
            employer=chance.choice(["", "厂"]), planned_home=None,
        )

    def _back(self, chance):
        actions.record_homecoming(self._somebody(chance), by=self.li, ended_on=TODAY)

    def _correct(self, chance):
        if trips := list(Transfer.objects.valid().order_by("pk")):
            trip = chance.choice(trips)
            actions.correct_transfer(trip, by=self.li, version=trip.version, pay=chance.choice([None, 40_000, 4000]))

    def _void(self, chance):
        actions.void_worker(self._somebody(chance), by=self.li, reason="错")

    def _die(self, chance):
        actions.record_death(self._somebody(chance), by=self.li, on=TODAY)

    def _live(self, chance):
        actions.take_back_leaving(self._somebody(chance), by=self.li, reason="错")

    def _move(self, chance):
        actions.move(self._somebody(chance), by=self.wang, to_village=cast.NEXT_DOOR, on=TODAY)

    def _household(self, chance):
        person, other = self._somebody(chance), self._somebody(chance)
        if chance.random() < 0.3:
            actions.leave_household(person, by=self.li)
        elif other.household and other.pk != person.pk:
            actions.join_household(person, other.household, chance.choice(["spouse", "son", "daughter"]), by=self.li)
        else:
            actions.start_household(by=self.li, village=person.village_id, head=person)

    def _merge(self, chance):
        one, two = self._somebody(chance), self._somebody(chance)
        if one.pk != two.pk:
            taken = ["household"] if chance.random() < 0.5 and two.household_id else []
            actions.merge_workers(one, two, by=self.li, version=one.version, other_version=two.version, taken=taken)


EDITS = [*["new"] * 6, "person", "leave", "leave", "back", "correct", "void", "die", "live", "move", "household",
         "household", "merge"]


class Words(Desk):
    def test_the_trail_names_each_rule(self):
        self.assertEqual({code: str(words) for code, words in VALUES["rule"].items()}, {r.code: str(r.title) for r in RULES})
