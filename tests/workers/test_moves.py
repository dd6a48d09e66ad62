"""A move that one side asks for and the other answers: who may, who is told, what each side sees, and races."""

from datetime import date
from threading import Barrier, Thread
from unittest import skipIf

from django.db import IntegrityError, connection, transaction
from django.test import TransactionTestCase
from django.urls import reverse

from laborreg import clock
from laborreg.refusals import Refusal
from tests import cast
from tests.workers.desk import TODAY, Desk, id_number
from tests.workers.pages import Pages
from workers import actions
from workers.models import MoveRequest, Registration, Worker
from workers.reading import histories
from workers.refusals import AlreadyRecorded, Elsewhere

ON = date(2026, 10, 1)
NUMBER = id_number()


class Asked(Desk):
    """Li keeps the home village, Sun one in another township, each with a station."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.wang2 = cast.officer("wang2", "township", "630121101")
        cls.second = cast.officer("second", "village", cast.NEXT_DOOR)

    def build(self):
        super().build()
        self.who = actions.register(by=self.li, village=cast.HOME, name="王秀英", id_number=NUMBER)

    def let_go(self, by=None, to=cast.FAR, on=ON, reason="marriage", **more):
        return actions.ask_to_let_go(self.who, by=by or self.li, to_village=to, on=on, reason=reason, **more)

    def take_in(self, by=None, to=cast.FAR, name="王秀英", number=NUMBER, on=ON, reason="marriage", **more):
        return actions.ask_to_take_in(
            by=by or self.sun, to_village=to, id_number=number, name=name, on=on, reason=reason, **more
        )

    def told(self, officer):
        return [str(message) for message in officer.messages.all()]

    def state(self, request):
        return MoveRequest.objects.get(pk=request.pk).state


class Asking(Asked):
    def test_the_old_village_asks_and_the_new_one_is_told(self):
        request = self.let_go(note="嫁到城关")
        self.assertEqual((request.from_village_id, request.to_village_id, request.asked_side), (cast.HOME, cast.FAR, "from"))
        self.assertEqual(self.told(self.sun), ["大煤洞村 asks you to take in 王秀英, who moves to your village."])
        self.assertEqual((self.told(self.li), self.told(self.wang)), ([], []))
        self.assertEqual(self.verbs()[-1], "asked for move")
        self.who.refresh_from_db()
        self.assertEqual(self.who.village_id, cast.HOME)

    def test_the_new_village_asks_with_number_and_name(self):
        request = self.take_in()
        self.assertEqual((request.from_village_id, request.asked_side, request.worker), (cast.HOME, "to", self.who))
        self.assertEqual(self.told(self.li), ["东门村 asks you to let 王秀英 go, who moved there."])

    def test_a_village_without_officers_has_its_station_told(self):
        self.sun.is_active = False
        self.sun.save()
        self.let_go()
        self.assertEqual(len(self.told(self.wang2)), 1)

    def test_number_and_name_must_belong_together(self):
        refusal = self.refuses("another name", self.take_in, name="王秀兰")
        self.assertNotIn("王秀英", str(refusal.message))
        self.refuses("nobody with this ID number", self.take_in, number=id_number(order="004"))
        self.refuses("nobody with this ID number", self.take_in, number="")
        self.refuses("18 characters", self.take_in, number="123")

    def test_who_sees_the_person_needs_not_ask(self):
        self.refuses("王秀英", self.take_in, by=self.zhao, refusal=Elsewhere)
        self.refuses("Both villages are yours", self.let_go, by=self.zhao)
        self.refuses("Both villages are yours", self.let_go, by=self.wang, to=cast.NEXT_DOOR)

    def test_stations_ask_for_their_villages(self):
        self.let_go(by=self.wang)
        MoveRequest.objects.all().delete()
        self.take_in(by=self.wang2)

    def test_days_villages_and_reasons_that_cannot_be(self):
        self.refuses("future", self.let_go, on=date(2027, 1, 1))
        self.refuses("future", self.take_in, on=date(2027, 1, 1))
        self.refuses("already", self.let_go, to=cast.HOME)
        self.refuses("no village", self.let_go, to="630121199999")
        self.refuses("reason", self.let_go, reason="fun")
        self.refuses("may not", self.let_go, by=self.sun)
        self.refuses("may not", self.take_in, by=self.li)

    def test_one_question_about_a_person_at_a_time(self):
        self.let_go()
        again = self.refuses("asked for already", self.let_go, refusal=AlreadyRecorded)
        self.assertEqual(again.row, MoveRequest.objects.get())
        self.refuses("waits for an answer", self.let_go, to=cast.NEXT_DOOR)
        self.refuses("waits for an answer", self.take_in)

    def test_the_dead_do_not_move(self):
        actions.record_death(self.who, by=self.li, on=date(2026, 9, 1))
        self.refuses("not registered in the county any more", self.let_go)
        self.refuses("no longer registered", self.take_in)

    def test_no_number_gets_into_a_note(self):
        self.refuses("number", self.let_go, note=f"身份证{NUMBER}")


class Answering(Asked):
    def test_confirming_moves_the_person_and_the_trips(self):
        trip = actions.record_departure(self.who, by=self.li, started_on=date(2026, 3, 1), destination="4403")
        request = actions.confirm_move(self.let_go(), by=self.sun)
        self.who.refresh_from_db()
        trip.refresh_from_db()
        self.assertEqual((request.state, request.answered_by), ("confirmed", self.sun))
        self.assertEqual((self.who.village_id, trip.village_id), (cast.FAR, cast.FAR))
        stays = [(stay.village_id, stay.from_on, stay.to_on) for stay in self.who.registrations.all()]
        self.assertEqual(stays, [(cast.HOME, None, ON), (cast.FAR, ON, None)])
        self.assertEqual(self.verbs()[-2:], ["moved", "confirmed move"])
        self.assertEqual(self.told(self.li), ["The move of 王秀英 is confirmed."])
        self.assertEqual(Registration.history.filter(history_user=self.sun).count(), 2)

    def test_the_asking_side_cannot_confirm(self):
        request = self.let_go()
        for officer, words in ((self.li, "You asked"), (self.wang, "may not"), (self.second, "may not")):
            self.refuses(words, actions.confirm_move, request, by=officer)
            self.refuses(words, actions.refuse_move, request, by=officer, reason="不是")
        self.assertEqual(self.state(request), "open")

    def test_the_other_station_and_the_county_confirm(self):
        for officer in (self.wang2, self.zhao):
            with transaction.atomic():
                actions.confirm_move(self.let_go(), by=officer)
                transaction.set_rollback(True)
        actions.confirm_move(self.take_in(), by=self.wang)

    def test_inside_a_township_the_station_confirms(self):
        actions.confirm_move(self.let_go(to=cast.NEXT_DOOR), by=self.wang)
        self.assertEqual(sorted({self.told(self.li)[0], *self.told(self.second)}), [
            "The move of 王秀英 is confirmed.",
            "大煤洞村 asks you to take in 王秀英, who moves to your village.",
        ])

    def test_who_asked_and_was_then_posted_over_both_moves_at_once(self):
        request = self.let_go(by=self.wang)
        cast.Posting.objects.create(
            officer=self.wang, place_code="630121101", county_id=cast.COUNTY, from_on=date(2026, 1, 1)
        )
        del self.wang._posts
        self.refuses("You asked", actions.confirm_move, request, by=self.wang)
        actions.move(self.who, by=self.wang, to_village=cast.FAR, on=ON)
        self.assertEqual(self.state(request), "overtaken")

    def test_refusing_needs_a_reason_and_moves_nobody(self):
        request = self.let_go()
        self.refuses("reason", actions.refuse_move, request, by=self.sun, reason=" ")
        actions.refuse_move(request, by=self.sun, reason="没有这个人")
        self.who.refresh_from_db()
        self.assertEqual((self.who.village_id, self.state(request)), (cast.HOME, "refused"))
        self.assertEqual(self.told(self.li), ["The move of 王秀英 is refused."])
        self.let_go()

    def test_withdrawing(self):
        request = self.let_go()
        self.refuses("may not", actions.withdraw_move, request, by=self.sun)
        actions.withdraw_move(request, by=self.wang)
        self.assertEqual(self.told(self.sun)[0], "The move of 王秀英 is no longer asked for.")
        self.refuses("withdrew this request already", actions.confirm_move, request, by=self.sun)

    def test_the_second_of_two_answers_is_told_of_the_first(self):
        request = self.let_go()
        actions.confirm_move(request, by=self.sun)
        self.refuses("Sun confirmed this move already, on", actions.confirm_move, request, by=self.wang2)
        self.refuses("Sun confirmed this move already, on", actions.refuse_move, request, by=self.zhao, reason="不")
        self.refuses("You did this already", actions.confirm_move, request, by=self.sun, refusal=AlreadyRecorded)
        self.assertEqual(Registration.objects.filter(worker=self.who).count(), 2)

    def test_a_day_that_does_not_fit_the_registration(self):
        later = actions.register(by=self.li, village=cast.HOME, name="马兰", id_number=id_number(order="006"),
                                 moved_in_on=date(2026, 10, 10))
        request = actions.ask_to_take_in(
            by=self.sun, to_village=cast.FAR, id_number=later.id_number, name="马兰", on=ON, reason="other"
        )
        self.refuses("only on 2026-10-10", actions.confirm_move, request, by=self.li)
        self.assertEqual(self.state(request), "open")


class Overtaken(Asked):
    def ends(self, action, *args, **kwargs):
        request = self.let_go()
        action(*args, by=self.li, **kwargs)
        self.assertEqual(self.state(request), "overtaken")
        self.assertEqual(self.told(self.sun)[0], "The move of 王秀英 is no longer possible.")
        with self.assertRaises(Refusal):
            actions.confirm_move(request, by=self.sun)

    def test_by_death(self):
        self.ends(actions.record_death, self.who, on=TODAY)

    def test_by_leaving_the_county(self):
        self.ends(actions.record_leaving_county, self.who, on=TODAY)

    def test_by_voiding(self):
        self.ends(actions.void_worker, self.who, reason="登记错误")

    def test_by_a_move(self):
        request = self.let_go()
        actions.move(self.who, by=self.zhao, to_village=cast.NEXT_DOOR, on=ON)
        self.assertEqual(self.state(request), "overtaken")
        self.refuses("no longer possible", actions.refuse_move, request, by=self.sun, reason="不")


class Households(Asked):
    def build(self):
        super().build()
        self.household = actions.start_household(by=self.li, village=cast.HOME, head=self.who)
        self.child = cast.worker("马小兰")
        actions.join_household(self.child, self.household, "daughter", by=self.li)

    def villages(self):
        return [Worker.objects.get(pk=person.pk).village_id for person in (self.who, self.child)]

    def test_the_whole_household_moves(self):
        actions.confirm_move(self.let_go(whole_household=True), by=self.sun)
        self.household.refresh_from_db()
        self.assertEqual([*self.villages(), self.household.village_id], [cast.FAR] * 3)
        self.assertEqual(self.household.members.count(), 2)

    def test_one_person_leaves_the_household(self):
        request = actions.ask_to_let_go(self.child, by=self.li, to_village=cast.FAR, on=ON, reason="marriage")
        actions.confirm_move(request, by=self.sun)
        self.assertEqual(self.villages(), [cast.HOME, cast.FAR])
        self.assertEqual(self.household.members.get(), self.who)

    def test_the_head_does_not_move_away_from_the_others(self):
        self.refuses("Change the head first", self.let_go)
        self.refuses("Change the head first", actions.move, self.who, by=self.zhao, to_village=cast.FAR, on=ON)
        request = self.take_in()
        self.refuses("Change the head first", actions.confirm_move, request, by=self.li)
        self.assertEqual((self.villages(), self.state(request)), ([cast.HOME] * 2, "open"))
        self.household.refresh_from_db()
        actions.change_head(self.household, by=self.li, version=self.household.version,
                            relations={self.who.pk: "mother", self.child.pk: "head"})
        actions.confirm_move(request, by=self.li)
        self.assertEqual(self.villages(), [cast.FAR, cast.HOME])

    def test_a_head_whose_household_died_moves_alone(self):
        actions.record_death(self.child, by=self.li, on=date(2026, 5, 1))
        actions.confirm_move(self.let_go(), by=self.sun)
        self.assertEqual(self.villages(), [cast.FAR, cast.HOME])

    def test_the_new_village_asks_for_the_household(self):
        actions.confirm_move(self.take_in(whole_household=True), by=self.wang)
        self.assertEqual(self.villages(), [cast.FAR] * 2)

    def test_a_member_asked_for_elsewhere_goes_with_the_household(self):
        other = actions.ask_to_let_go(self.child, by=self.li, to_village=cast.NEXT_DOOR, on=ON, reason="other")
        actions.confirm_move(self.let_go(whole_household=True), by=self.sun)
        self.assertEqual(self.state(other), "overtaken")


class Counting(Asked):
    def test_a_move_is_counted_where_the_person_is_registered(self):
        actions.confirm_move(self.let_go(), by=self.sun)
        for village in (cast.HOME, cast.FAR):
            [history] = histories(village)
            self.assertEqual([stay.village for stay in history.stays], [cast.HOME, cast.FAR])


class Constraints(Asked):
    def breaks(self, name, **change):
        with self.assertRaises(IntegrityError) as caught, transaction.atomic():
            MoveRequest.objects.update(**change)
        self.assertIn(name, str(caught.exception))

    def test_the_database_keeps_them(self):
        request = self.let_go()
        self.breaks("move_to_another_village", to_village=cast.HOME)
        self.breaks("move_answered_by_somebody_at_a_time", answered_by=self.sun)
        self.breaks("move_answered_by_somebody_at_a_time", state="confirmed")
        self.breaks("move_refused_with_a_reason", state="refused", answered_by=self.sun, answered_at=clock.now())
        self.breaks("move_asked_by_a_side", asked_side="none")
        request.pk = None
        with self.assertRaises(IntegrityError) as caught, transaction.atomic():
            request.save()
        # SQLite names the columns, PostgreSQL the constraint.
        self.assertRegex(str(caught.exception), "move_asked_once_a_worker|moverequest.county_id")


class OnThePages(Asked, Pages):
    SENT = {"who": "alone", "on": "2026-10-01", "reason": "marriage"}

    def confirm(self, request):
        page = reverse("move", args=[request.pk])
        return self.client.post(f"{page}confirm/", follow=True, HTTP_REFERER=f"http://testserver{page}")

    def test_the_old_village_asks_from_the_persons_page(self):
        address = reverse("person_ask", args=[self.who.pk])
        self.shows(self.client.get(reverse("person", args=[self.who.pk])), address)
        self.shows(self.client.get(address), "城关镇", "元树尔村")
        far = self.client.get(address, {"township": cast.FAR[:9]})
        self.shows(far, "东门村")
        self.hides(far, "元树尔村")
        page = self.client.post(address, self.SENT | {"to_village": cast.FAR}, follow=True)
        self.shows(page, "东门村", "Marriage", "Withdraw the request")
        self.hides(page, "Confirm the move")
        self.shows(self.client.get(reverse("person", args=[self.who.pk])), "is asked for and waits")

    def test_registered_elsewhere_is_no_dead_end(self):
        self.sign_in(self.sun)
        typed = {"name": "王秀英", "id_number": NUMBER, "consent": "in_person"}
        for address in (reverse("person_new"), reverse("departure_new")):
            page = self.client.post(address, typed)
            self.shows(page, reverse("move_ask"), "Ask for the move")
            self.hides(page, "大煤洞")
        page = self.client.post(reverse("move_ask"), typed | {"village": cast.FAR})
        self.shows(page, NUMBER, "王秀英", "Who moves?")
        self.hides(page, "大煤洞", "Choose the reason")
        for name in ("王秀兰", "王秀花"):
            page = self.client.post(reverse("move_ask"), typed | self.SENT | {"village": cast.FAR, "name": name})
            self.shows(page, "under another name")
        self.assertEqual(self.verbs().count("looked for a number in vain"), 2)
        page = self.client.post(reverse("move_ask"), typed | self.SENT | {"village": cast.FAR}, follow=True)
        self.shows(page, "王秀英", "大煤洞村", "Withdraw the request")
        self.assertEqual(MoveRequest.objects.get().asked_by, self.sun)

    def test_of_a_stranger_only_name_and_village_are_told(self):
        actions.start_household(by=self.li, village=cast.HOME, head=self.who)
        actions.join_household(cast.worker("马小兰"), Worker.objects.get(pk=self.who.pk).household, "daughter", by=self.li)
        actions.add_phone(self.who, by=self.li, number="13900000001")
        request = self.take_in(whole_household=True)
        self.sign_in(self.sun)
        for address in (reverse("moves"), reverse("move", args=[request.pk])):
            page = self.client.get(address)
            self.shows(page, "王秀英", "大煤洞村")
            self.hides(page, NUMBER[-4:], "0001", "38 years", "马小兰", "Confirm the move", f'"/people/{self.who.pk}/"')
        self.assertEqual(self.client.get(reverse("person", args=[self.who.pk])).status_code, 404)

    def test_the_other_side_finds_and_confirms_it(self):
        request = self.let_go()
        self.sign_in(self.sun)
        self.shows(self.client.get(reverse("home")), "1 move to answer", "王秀英")
        self.shows(self.client.get(reverse("moves")), "Waiting for your answer", reverse("move", args=[request.pk]))
        self.hides(self.client.get(reverse("move", args=[request.pk])), "Withdraw the request", f'"/people/{self.who.pk}/"')
        self.shows(self.confirm(request), "王秀英 is now registered in 东门村", f'"/people/{self.who.pk}/"')
        self.shows(self.confirm(request), "You did this already")
        self.sign_in(self.li)
        self.hides(self.client.get(reverse("move", args=[request.pk])), f'"/people/{self.who.pk}/"')

    def test_who_confirms_second_is_told_plainly(self):
        request = self.let_go()
        actions.confirm_move(request, by=self.wang2)
        self.sign_in(self.sun)
        self.shows(self.confirm(request), "Wang2 confirmed this move already")

    def test_refusing_asks_why(self):
        request = self.let_go()
        self.sign_in(self.sun)
        address = reverse("move_refuse", args=[request.pk])
        self.shows(self.client.post(address, {"reason": ""}), "Say why not")
        self.client.post(address, {"reason": "没有这个人"})
        self.sign_in(self.li)
        self.shows(self.client.get(reverse("move", args=[request.pk])), "Refused", "没有这个人")

    def test_withdrawing(self):
        request = self.let_go()
        self.client.post(reverse("move_withdraw", args=[request.pk]))
        self.assertEqual(self.state(request), "withdrawn")
        self.shows(self.client.get(reverse("moves")), "Withdrawn", "No move waits for you")

    def test_villages_that_it_does_not_concern(self):
        request = self.let_go()
        self.sign_in(self.second)
        self.hides(self.client.get(reverse("moves")), "王秀英")
        for name in ("move", "move_confirm", "move_refuse", "move_withdraw"):
            answer = self.client.post(reverse(name, args=[request.pk]), {"reason": "不"})
            self.assertEqual(answer.status_code, 404, name)

    def test_leaders_and_administrators_see_none(self):
        for officer in (self.leader, self.admin):
            self.sign_in(officer)
            self.assertEqual(self.client.get(reverse("moves")).status_code, 404)

    def test_the_county_has_nobody_to_ask(self):
        self.sign_in(self.zhao)
        self.assertEqual(self.client.get(reverse("person_ask", args=[self.who.pk])).status_code, 404)
        self.hides(self.client.get(reverse("person", args=[self.who.pk])), "Ask to move")

    def test_who_is_posted_over_both_moves_the_household_at_once(self):
        household = actions.start_household(by=self.li, village=cast.HOME, head=self.who)
        actions.join_household(child := cast.worker("马小兰"), household, "daughter", by=self.li)
        self.sign_in(self.zhao)
        sent = {"to_village": cast.FAR, "on": "2026-10-01", "who": "household"}
        self.client.post(reverse("person_move", args=[self.who.pk]), sent)
        self.assertEqual(Worker.objects.get(pk=child.pk).village_id, cast.FAR)

    def test_the_list_asks_the_same_for_one_as_for_many(self):
        self.let_go()
        few = self.queries(reverse("moves"))
        for number in range(4, 12, 2):
            other = actions.register(by=self.li, village=cast.HOME, name="马兰", id_number=id_number(order=f"0{number:02}"))
            actions.ask_to_let_go(other, by=self.li, to_village=cast.FAR, on=ON, reason="other")
        self.assertEqual(self.queries(reverse("moves")), few)
        self.assertLessEqual(few, 10)


@skipIf(connection.vendor == "sqlite", "the database in memory has one writer and does not wait")
class AtOnce(TransactionTestCase):
    def test_of_two_confirmations_one_wins(self):
        cast.county()
        clock.pin(TODAY)
        self.addCleanup(clock.pin, None)
        people = cast.cast()
        who = cast.worker("王秀英")
        request = actions.ask_to_let_go(who, by=people["li"], to_village=cast.FAR, on=ON, reason="marriage")
        start, outcomes = Barrier(2), []

        def confirm(officer):
            start.wait()
            try:
                actions.confirm_move(request, by=officer)
                outcomes.append("moved")
            except Refusal as refusal:
                outcomes.append(str(refusal.message))
            finally:
                connection.close()

        threads = [Thread(target=confirm, args=[people[name]]) for name in ("sun", "zhao")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(outcome == "moved" for outcome in outcomes), [False, True])
        self.assertIn("confirmed this move already", " ".join(outcomes))
        self.assertEqual(Registration.objects.filter(worker=who).count(), 2)
