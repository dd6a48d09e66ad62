"""Who stands in the ledger: registering, editing, revealing, voiding; death, leaving and moves."""

from datetime import date
from unittest import mock

from officers.models import AuditEvent
from officers.verbs import IN_VAIN
from tests import cast
from tests.workers.desk import Desk, id_number
from villages.models import County, Township, Village
from workers import actions
from workers.actions import registrations
from workers.models import Household, Worker
from workers.refusals import AlreadyRecorded, Elsewhere, Stale


class Registering(Desk):
    def register(self, by=None, village=cast.HOME, name="王秀英", **facts):
        facts = {"id_number": id_number()} | facts
        return actions.register(by=by or self.li, village=village, name=name, **facts)

    def unnumbered(self, **facts):
        return self.register(**({"id_number": "", "no_id_reason": "lost"} | facts))

    def test_li_registers_a_person_of_her_village(self):
        worker = self.register(name=" 王 秀英", phone="138 0000 0001", education="70", ethnic_group="03")
        worker.refresh_from_db()
        self.assertEqual((worker.name, worker.name_pinyin, worker.name_initials), ("王秀英", "wangxiuying", "wxy"))
        self.assertEqual((worker.sex, worker.birth_date, worker.id_number), ("female", date(1988, 3, 12), id_number()))
        self.assertEqual((worker.created_by, worker.version, worker.county_id), (self.li, 1, cast.COUNTY))
        self.assertEqual([(p.number, p.last4, p.whose) for p in worker.phones.all()], [("13800000001", "0001", "self")])
        stay = worker.registrations.get()
        self.assertEqual((stay.village_id, stay.from_on, stay.how), (cast.HOME, None, "first"))
        self.assertEqual(worker.history.get().history_user, self.li)

    def test_the_trail_holds_no_number(self):
        self.register(phone="13800000001")
        event = AuditEvent.objects.get()
        self.assertEqual((event.verb, event.place_code), ("registered", cast.HOME))
        self.assertNotIn(id_number()[-8:], str(event.detail))

    def test_nothing_is_kept_of_the_number_in_clear(self):
        worker = self.register()
        kept = str({field.attname: getattr(worker, field.attname) for field in worker._meta.concrete_fields})
        self.assertNotIn(id_number(), kept)
        self.assertNotIn("1988031200", kept)

    def test_moved_in_from_elsewhere(self):
        stay = self.register(moved_in_on=date(2026, 5, 1)).registrations.get()
        self.assertEqual((stay.from_on, stay.how), (date(2026, 5, 1), "moved_in"))
        self.refuses("future", self.register, id_number=id_number(order="004"), moved_in_on=date(2026, 11, 5))

    def test_strangers_register_nobody(self):
        for stranger in (self.sun, self.leader, self.admin):
            self.refuses("may not", self.register, by=stranger)
        self.refuses("no village", self.register, village=cast.HOME[:-1] + "9", by=self.zhao)
        self.assertFalse(Worker.objects.exists())

    def test_an_id_number_or_a_reason(self):
        self.refuses("say why it is missing", self.register, id_number="")
        worker = self.unnumbered(sex="male", birth_date=date(1990, 1, 1))
        self.assertEqual((worker.id_number, worker.no_id_reason, worker.sex), ("", "lost", "male"))

    def test_wrong_numbers_are_refused_in_words(self):
        wrong = id_number()[:-1] + ("0" if id_number()[-1] != "0" else "1")
        self.refuses("does not match", self.register, id_number=wrong)

    def test_sex_and_birth_date_follow_from_the_number(self):
        self.refuses("differ", self.register, sex="male")
        self.refuses("differ", self.register, birth_date=date(1988, 3, 13))
        self.assertTrue(self.register(sex="female", birth_date=date(1988, 3, 12)).pk)

    def test_the_same_number_in_the_same_village(self):
        worker = self.register()
        refusal = self.refuses("王秀英", self.register, refusal=Elsewhere)
        self.assertEqual(refusal.worker, worker)

    def test_the_same_number_elsewhere_in_the_county(self):
        worker = self.register()
        far = {"village": cast.FAR, "refusal": Elsewhere}
        refusal = self.refuses("another place of the county", self.register, by=self.sun, **far)
        self.assertIsNone(refusal.worker)
        for secret in ("王秀英", "大煤洞", "桥头"):
            self.assertNotIn(secret, str(refusal.message))
        seen_by_the_county = self.refuses("大煤洞村", self.register, by=self.zhao, **far)
        self.assertEqual(seen_by_the_county.worker, worker)

    def test_two_requests_at_once_with_one_number(self):
        self.register()
        with mock.patch.object(registrations, "holder", return_value=None):
            self.refuses("another place", self.register, by=self.sun, village=cast.FAR, refusal=Elsewhere)
        self.assertEqual(Worker.objects.count(), 1)

    def test_the_same_person_in_another_county(self):
        self.register()
        County.objects.create(code="630123", name="湟源县")
        Township.objects.create(code="630123100", county_id="630123", name="城关镇")
        Village.objects.create(code="630123100200", township_id="630123100", name="尕庄村委会")
        liu = cast.officer("liu", "village", "630123100200")
        self.assertTrue(self.register(by=liu, village="630123100200").pk)

    def test_a_voided_person_holds_no_number(self):
        actions.void_worker(self.register(), by=self.li, reason="entered for a neighbor")
        self.assertTrue(self.register().pk)

    def test_a_second_click_without_a_number(self):
        first = self.unnumbered()
        refusal = self.refuses("a moment ago", self.unnumbered, refusal=AlreadyRecorded)
        self.assertEqual(refusal.row, first)
        self.assertTrue(self.unnumbered(birth_date=date(1990, 1, 1)).pk)

    def test_children_are_no_workers(self):
        self.refuses("16 and over", self.register, id_number=id_number(born="20101105"))
        self.assertTrue(self.register(id_number=id_number(born="20101104")).pk)

    def test_a_refusal_that_tells_that_a_number_is_new_is_counted(self):
        taken, wrong = id_number("19700101", "004"), "6301211970"
        self.register(id_number=taken)
        home = self.register(id_number=id_number("19710101", "004"), new_household=True).household
        for words, number in (("already", taken), ("ID number", wrong), ("head already", id_number("19720101", "004"))):
            self.refuses(words, self.register, name="马三", id_number=number, household=home, relation="head")
        self.assertEqual(self.verbs().count(IN_VAIN), 1)

    def test_a_household_comes_along(self):
        head = self.register(new_household=True, group_name="二社")
        household = head.household
        self.assertEqual((head.relation, household.village_id, household.group_name), ("head", cast.HOME, "二社"))
        daughter = self.register(
            name="马兰", id_number=id_number(born="20050101"), household=head.household, relation="daughter"
        )
        self.assertEqual(daughter.household, head.household)
        self.refuses("has a head already", self.register, name="马军", id_number=id_number(order="003"),
                     household=head.household, relation="head")
        self.assertEqual(Household.objects.count(), 1)

    def test_who_left_the_county_and_moved_in_again_keeps_the_row(self):
        worker = self.register()
        actions.record_leaving_county(worker, by=self.li, on=date(2026, 3, 1))
        back = {"by": self.sun, "village": cast.FAR}
        self.refuses("left the county on 2026-03-01", self.register, **back)
        self.refuses("left the county on 2026-03-01", self.register, **back, moved_in_on=date(2026, 2, 1))
        again = self.register(**back, moved_in_on=date(2026, 9, 1))
        self.assertEqual((again.pk, again.village_id, again.version), (worker.pk, cast.FAR, 2))
        self.assertEqual([(s.village_id, s.from_on) for s in worker.registrations.all()],
                         [(cast.HOME, None), (cast.FAR, date(2026, 9, 1))])

    def test_the_dead_are_not_registered_again(self):
        worker = self.register()
        actions.record_death(worker, by=self.li, on=date(2026, 3, 1))
        self.refuses("already registered", self.register, moved_in_on=date(2026, 9, 1))


class Editing(Desk):
    def build(self):
        super().build()
        self.xiuying = cast.worker()

    def edit(self, version=1, by=None, **changes):
        return actions.edit_worker(self.xiuying, by=by or self.li, version=version, **changes)

    def test_what_changed_is_in_the_trail_and_the_history(self):
        edited = self.edit(name="王秀莹", education="70")
        edited.refresh_from_db()
        self.assertEqual((edited.name, edited.name_pinyin, edited.version), ("王秀莹", "wangxiuying", 2))
        self.assertEqual(AuditEvent.objects.get().detail, {"changed": ["name", "education"]})
        self.assertEqual(edited.history.first().history_user, self.li)

    def test_who_comes_second_is_shown_the_first(self):
        self.edit(education="70")
        refusal = self.refuses("Somebody saved", self.edit, education="80", refusal=Stale)
        self.assertEqual(refusal.current.education, "70")
        self.assertEqual(self.edit(education="70").version, 2)

    def test_of_two_hundred_forms_opened_before_another_was_saved_none_is_taken(self):
        for turn in range(1, 201):
            self.edit(version=turn, note=f"先存 {turn}")
            with self.assertRaises(Stale):
                self.edit(version=turn, note=f"后存 {turn}")
            self.xiuying.refresh_from_db()
            self.assertEqual((self.xiuying.version, self.xiuying.note), (turn + 1, f"先存 {turn}"))

    def test_a_number_that_was_missing(self):
        edited = self.edit(id_number=id_number())
        self.assertEqual((edited.id_number, edited.no_id_reason), (id_number(), ""))
        self.assertEqual(AuditEvent.objects.get().detail, {"changed": ["id_index", "no_id_reason"]})

    def test_a_number_that_somebody_has(self):
        actions.register(by=self.sun, village=cast.FAR, name="李桂兰", id_number=id_number())
        self.refuses("another place", self.edit, id_number=id_number(), refusal=Elsewhere)

    def test_sex_and_birth_date_stay_with_the_number(self):
        self.edit(id_number=id_number())
        self.refuses("differ", self.edit, version=2, sex="male")
        freed = self.edit(version=2, id_number="", no_id_reason="declined", birth_date=date(1990, 1, 1))
        self.assertEqual((freed.id_index, freed.birth_date), (None, date(1990, 1, 1)))

    def test_a_birth_date_leaves_room_for_the_ledger(self):
        self.refuses("16 and over", self.edit, birth_date=date(2020, 1, 1))
        cast.transfer(self.xiuying, date(2019, 1, 1))
        self.refuses("before that birth date", self.edit, birth_date=date(2020, 1, 1))
        self.refuses("Check the year", self.edit, birth_date=date(1899, 1, 1))

    def test_strangers_and_other_columns(self):
        self.refuses("may not", self.edit, by=self.sun, name="孙")
        with self.assertRaises(TypeError):
            self.edit(village_id=cast.FAR)

    def test_a_phone_once(self):
        first = actions.add_phone(self.xiuying, by=self.li, number="0971-2722222", whose="family")
        self.assertEqual((first.last4, first.whose, first.since_on), ("2222", "family", date(2026, 11, 4)))
        self.assertEqual(actions.add_phone(self.xiuying, by=self.li, number="0971 2722222"), first)
        self.refuses("Enter the phone", actions.add_phone, self.xiuying, by=self.li, number=" ")
        self.refuses("11 digits", actions.add_phone, self.xiuying, by=self.li, number="1380000")
        self.assertEqual(self.verbs(), ["added phone"])

    def test_revealing_leaves_a_reason(self):
        self.edit(id_number=id_number())
        actions.add_phone(self.xiuying, by=self.li, number="13800000001")
        self.xiuying.refresh_from_db()
        self.refuses("Give the reason", actions.reveal, self.xiuying, by=self.li, reason="")
        self.assertEqual(actions.reveal(self.xiuying, by=self.li, reason="training list"), id_number())
        self.assertEqual(actions.reveal(self.xiuying, by=self.li, what="phone", reason="a visit"), "13800000001")
        event = AuditEvent.objects.last()
        self.assertEqual((event.verb, event.detail), ("revealed", {"what": "phone", "reason": "a visit"}))
        self.refuses("may not", actions.reveal, self.xiuying, by=self.sun, reason="curious")
        self.refuses("may not", actions.reveal, self.xiuying, by=self.leader, reason="curious")

    def test_nothing_to_reveal(self):
        self.refuses("No such number", actions.reveal, self.xiuying, by=self.li, reason="training list")
        self.refuses("No such number", actions.reveal, self.xiuying, by=self.li, what="phone", reason="a visit")

    def test_voiding_takes_the_transfers_along(self):
        transfer = cast.transfer(self.xiuying, date(2026, 1, 1))
        actions.void_worker(self.xiuying, by=self.li, reason="entered twice")
        transfer.refresh_from_db()
        self.assertEqual(transfer.void_reason, "entered twice")
        self.assertFalse(Worker.objects.valid().exists())
        self.refuses("taken out", actions.void_worker, self.xiuying, by=self.li, reason="again")


class Residence(Desk):
    def build(self):
        super().build()
        self.xiuying = cast.worker()

    def stays(self):
        return [(s.village_id, s.from_on, s.to_on, s.left_how) for s in self.xiuying.registrations.all()]

    def test_death_ends_the_registration_and_no_transfer(self):
        transfer = cast.transfer(self.xiuying, date(2026, 1, 1))
        actions.record_death(self.xiuying, by=self.li, on=date(2026, 10, 1))
        transfer.refresh_from_db()
        self.assertTrue(transfer.is_open)
        self.assertEqual(self.stays(), [(cast.HOME, None, date(2026, 10, 1), "died")])
        self.assertEqual(self.verbs(), ["died"])

    def test_a_second_click_and_a_second_death(self):
        actions.record_death(self.xiuying, by=self.li, on=date(2026, 10, 1))
        self.refuses("already recorded", actions.record_death, self.xiuying, by=self.li, on=date(2026, 10, 1),
                     refusal=AlreadyRecorded)
        self.refuses("any more", actions.record_leaving_county, self.xiuying, by=self.li, on=date(2026, 10, 2))

    def test_nothing_happens_after_the_end(self):
        cast.transfer(self.xiuying, date(2026, 5, 1), date(2026, 6, 1))
        for action in (actions.record_death, actions.record_leaving_county):
            self.refuses("left home on 2026-05-01", action, self.xiuying, by=self.li, on=date(2026, 4, 1))
            self.refuses("came home on 2026-06-01", action, self.xiuying, by=self.li, on=date(2026, 5, 15))
            self.refuses("future", action, self.xiuying, by=self.li, on=date(2026, 11, 5))
        actions.record_leaving_county(self.xiuying, by=self.li, on=date(2026, 6, 1))

    def test_an_end_by_mistake_is_taken_back(self):
        self.refuses("nothing to take back", actions.take_back_leaving, self.xiuying, by=self.li, reason="wrong person")
        actions.record_death(self.xiuying, by=self.li, on=date(2026, 10, 1))
        actions.take_back_leaving(self.xiuying, by=self.li, reason="wrong person")
        self.assertEqual(self.stays(), [(cast.HOME, None, None, "")])

    def test_the_station_moves_people_inside_its_township(self):
        transfer = cast.transfer(self.xiuying, date(2026, 1, 1))
        moved = actions.move(self.xiuying, by=self.wang, to_village=cast.NEXT_DOOR, on=date(2026, 10, 1))
        moved.refresh_from_db()
        transfer.refresh_from_db()
        self.assertEqual((moved.village_id, transfer.village_id, moved.version), (cast.NEXT_DOOR, cast.NEXT_DOOR, 2))
        self.assertEqual(self.stays(), [(cast.HOME, None, date(2026, 10, 1), "moved"),
                                        (cast.NEXT_DOOR, date(2026, 10, 1), None, "")])
        self.assertEqual(self.verbs(), ["moved"])

    def test_only_who_is_posted_over_both_moves(self):
        for officer in (self.li, self.sun, self.wang):
            self.refuses("may not", actions.move, self.xiuying, by=officer, to_village=cast.FAR, on=date(2026, 10, 1))
        actions.move(self.xiuying, by=self.zhao, to_village=cast.FAR, on=date(2026, 10, 1))
        self.refuses("already", actions.move, self.xiuying, by=self.zhao, to_village=cast.FAR, on=date(2026, 10, 2),
                     refusal=AlreadyRecorded)
        self.refuses("later day", actions.move, self.xiuying, by=self.zhao, to_village=cast.HOME, on=date(2026, 10, 1))

    def test_who_moves_alone_leaves_the_household(self):
        household = actions.start_household(by=self.li, village=cast.HOME, head=self.xiuying)
        moved = actions.move(self.xiuying, by=self.wang, to_village=cast.NEXT_DOOR, on=date(2026, 10, 1))
        self.assertEqual((moved.household, moved.relation), (None, ""))
        self.assertFalse(household.members.exists())

    def test_nobodys_number_goes_into_the_trail_with_the_reason(self):
        household = actions.start_household(by=self.li, village=cast.HOME, head=self.xiuying)
        for move, subject in ((actions.move, self.xiuying), (actions.move_household, household)):
            self.refuses("Do not write ID numbers", move, subject, by=self.wang, to_village=cast.NEXT_DOOR,
                         on=date(2026, 10, 1), reason="ask 13812345678")

    def test_a_household_moves_together(self):
        household = actions.start_household(by=self.li, village=cast.HOME, head=self.xiuying)
        husband = cast.worker("马军", sex="male")
        late = cast.worker("马老汉", sex="male")
        actions.join_household(husband, household, "spouse", by=self.li)
        actions.join_household(late, household, "father", by=self.li)
        actions.record_death(late, by=self.li, on=date(2026, 5, 1))
        actions.move_household(household, by=self.wang, to_village=cast.NEXT_DOOR, on=date(2026, 10, 1))
        household.refresh_from_db()
        self.assertEqual(household.village_id, cast.NEXT_DOOR)
        self.assertEqual(sorted(household.members.values_list("name", "village_id")),
                         sorted([("王秀英", cast.NEXT_DOOR), ("马军", cast.NEXT_DOOR), ("马老汉", cast.HOME)]))
        late.refresh_from_db()
        actions.edit_worker(late, by=self.li, version=late.version, note="去世前在西宁")
