"""Registering a departure in four steps, as an officer does it without JavaScript."""

from datetime import date

from django.urls import reverse

from laborreg import crypto
from officers.models import AuditEvent
from officers.verbs import IN_VAIN
from tests import cast
from tests.workers.desk import id_number
from tests.workers.pages import FACTORY, SHENZHEN, Pages
from workers import actions
from workers.models import Draft, Transfer, UnnamedGroup, Worker

NEW = reverse("departure_new")


class Journey(Pages):
    def begin(self, **said):
        who = {"id_number": id_number(), "name": "王秀英", "consent": "in_person"} | said
        return self.client.post(NEW, who)

    def step(self, number, **said):
        draft = Draft.objects.latest("pk")
        return self.client.post(reverse("departure_step", args=[draft.pk, number]), said)

    def up_to_the_check(self):
        self.begin()
        self.step(2, **SHENZHEN)
        return self.step(3, **FACTORY)

    def test_from_the_first_tap_to_the_record(self):
        self.shows(self.client.get(NEW), "Already in the ledger?", "Somebody new")
        draft_step = self.begin(phone="138 1234 5678")
        draft = Draft.objects.get()
        self.assertRedirects(draft_step, reverse("departure_step", args=[draft.pk, 2]))
        self.assertRedirects(self.step(2, **SHENZHEN), reverse("departure_step", args=[draft.pk, 3]))
        check = self.client.get(self.step(3, **FACTORY).url)
        self.shows(check, "王秀英", "Guangdong Shenzhen 广东 深圳", "November 2026", "Manufacturing", "5,200 yuan")
        self.assertEqual((check.context["effect"]["before"], check.context["effect"]["after"]), (0, 1))
        saved = self.step(4)
        self.assertRedirects(saved, reverse("departure_done", args=[draft.pk]))
        self.shows(self.client.get(saved.url), "Recorded", "王秀英", "left in November 2026")
        transfer = Transfer.objects.get()
        self.assertEqual((transfer.started_on, transfer.month_only, transfer.pay), (date(2026, 11, 1), True, 5200))
        self.assertEqual((transfer.destination, transfer.industry, transfer.channel), ("4403", "C", "relatives"))
        self.assertEqual((transfer.worker.consent, transfer.worker.phones.get().number), ("in_person", "13812345678"))

    def test_a_day_of_another_month_than_the_chosen_one_is_asked_about(self):
        self.begin()
        page = self.step(2, **SHENZHEN | {"left_month": "2026-09", "left_on": "2026-10-02"})
        self.shows(page, "This day is not in September 2026")
        # The running month stands there from the start.
        self.assertEqual(self.step(2, **SHENZHEN | {"left_month": "2026-11", "left_on": "2026-10-02"}).status_code, 302)
        self.assertEqual(self.step(2, **SHENZHEN | {"left_month": "2026-09", "left_on": "2026-09-02"}).status_code, 302)

    def test_nobodys_number_stands_in_a_note(self):
        self.begin()
        self.step(2, **SHENZHEN)
        for number in ("13897123456", "身份证630000198803129945"):
            self.shows(self.step(3, **FACTORY | {"note": f"电话{number}"}), "Do not write ID numbers or phones here.")

    def test_that_somebody_is_under_16_is_said_before_it_is_recorded(self):
        self.begin(id_number=id_number(born="20150312"), name="王小宝")
        self.step(2, **SHENZHEN)
        self.shows(self.client.get(self.step(3, **FACTORY).url), "11 years old when leaving: nobody under 16")
        self.step(4)
        self.assertEqual(Transfer.objects.get().worker.name, "王小宝")

    def test_somebody_of_a_known_name_is_asked_about_once(self):
        known, far = cast.worker("王秀英"), cast.worker("王秀英", cast.FAR)
        asked = self.begin()
        self.shows(asked, "1 other of this name: 王秀英", reverse("person", args=[known.pk]), "It is somebody else")
        self.hides(asked, reverse("person", args=[far.pk]))
        self.assertFalse(Draft.objects.exists())
        self.assertEqual(self.begin(somebody_else="1").status_code, 302)

    def tried_in_vain(self):
        return AuditEvent.objects.filter(verb=IN_VAIN).count()

    def test_a_number_that_was_told_to_be_new_and_comes_to_nothing_is_counted(self):
        numbers = [id_number("19880303", f"{n:03}") for n in range(100, 120)]
        actions.register(by=self.li, village=cast.HOME, name="王秀英", id_number=numbers[1], consent="in_person")
        self.begin(id_number=numbers[0])
        self.begin(id_number=numbers[1])
        self.assertEqual((Draft.objects.count(), self.tried_in_vain()), (1, 0))
        draft = Draft.objects.get()
        for number in (numbers[0], numbers[1], numbers[2], numbers[3]):
            self.step(1, name="王秀英", id_number=number, consent="in_person")
        self.assertEqual(self.tried_in_vain(), 2)
        self.client.post(reverse("departure_drop", args=[draft.pk]))
        self.assertEqual((Draft.objects.count(), self.tried_in_vain()), (0, 3))
        for number in numbers[4:10]:
            self.begin(id_number=number)
        self.assertEqual((Draft.objects.count(), self.tried_in_vain()), (6, 4))
        for number in numbers[10:]:
            self.step(1, name="王秀英", id_number=number, consent="in_person")
        self.assertEqual(self.tried_in_vain(), 14)
        self.step(1, name="王秀英", id_number=numbers[0], consent="in_person")
        refused = self.step(1, name="王秀英", id_number=numbers[1], consent="in_person")
        self.shows(refused, "15 whole numbers within an hour")
        self.hides(refused, "already registered")

    def test_who_is_typed_and_picked_after_all_is_counted_too(self):
        self.begin()
        self.step(1, worker=cast.worker("马兰").pk)
        self.assertEqual(self.tried_in_vain(), 1)
        self.step(1, worker=cast.worker("马玉").pk)
        self.assertEqual(self.tried_in_vain(), 1)

    def test_two_id_numbers_are_two_people(self):
        other = id_number("19700101", "004")
        actions.register(by=self.li, village=cast.HOME, name="王秀英", id_number=other, consent="in_person")
        self.assertEqual(self.begin().status_code, 302)

    def test_looking_writes_nothing(self):
        self.client.get(NEW, {"q": "王"})
        self.assertFalse(Draft.objects.exists())

    def test_two_clicks_on_save_make_one_record(self):
        self.up_to_the_check()
        first, second = self.step(4), self.step(4)
        self.assertEqual(first.url, second.url)
        self.assertEqual((Transfer.objects.count(), Worker.objects.count()), (1, 1))

    def test_a_saved_draft_holds_nothing_any_more(self):
        self.up_to_the_check()
        self.step(4)
        draft = Draft.objects.get()
        self.assertEqual(crypto.decipher(draft.cipher, draft.key_version), "{}")

    def test_save_and_register_another(self):
        self.up_to_the_check()
        answer = self.step(4, another="1")
        self.shows(self.client.get(answer.url), "The departure of 王秀英 is recorded.", "Somebody new")

    def test_back_keeps_the_answers(self):
        self.up_to_the_check()
        draft = Draft.objects.get()
        place = self.client.get(reverse("departure_step", args=[draft.pk, 2]))
        self.assertEqual(place.context["form"]["destination"].value(), "4403")
        self.assertEqual(place.context["form"].errors, {})
        self.shows(self.client.get(reverse("departure_step", args=[draft.pk, 1])), "王秀英", id_number())

    def test_continue_later_keeps_half_an_answer(self):
        self.assertRedirects(self.begin(id_number="6301", later="1"), reverse("home"), fetch_redirect_response=False)
        self.shows(self.client.get(NEW), "Not finished yet: 王秀英", "Continue")
        draft = Draft.objects.get()
        self.assertRedirects(
            self.client.get(reverse("departure_step", args=[draft.pk, 4])),
            reverse("departure_step", args=[draft.pk, 1]),
        )

    def test_a_draft_is_its_officers_alone_and_enciphered(self):
        self.begin()
        draft = Draft.objects.get()
        self.assertNotIn("王秀英".encode(), bytes(draft.cipher))
        for stranger in (self.wang, self.sun):
            self.sign_in(stranger)
            for step in (1, 2, 4):
                self.assertEqual(self.client.get(reverse("departure_step", args=[draft.pk, step])).status_code, 404)
            self.hides(self.client.get(NEW), "王秀英")

    def test_a_draft_is_thrown_away(self):
        self.begin()
        self.client.post(reverse("departure_drop", args=[Draft.objects.get().pk]))
        self.assertFalse(Draft.objects.exists())

    def test_what_is_wrong_is_said_in_place_and_stays_typed(self):
        wrong = id_number()[:-1] + ("1" if id_number()[-1] == "0" else "0")
        answer = self.begin(id_number=wrong, phone="138", consent="")
        self.shows(answer, "There are 3 things to put right", "The last character", "Choose whether the worker agrees")
        self.shows(answer, 'value="王秀英"', 'value="138"')
        self.assertFalse(Draft.objects.exists())

    def test_without_an_id_number_a_reason_is_needed(self):
        self.shows(self.begin(id_number=""), "say below why there is none")
        self.assertEqual(self.begin(id_number="", no_id_reason="lost", sex="female").status_code, 302)

    def test_the_list_of_places_without_javascript(self):
        self.begin()
        answer = self.step(2, destination_province="44", choose="1", channel="own")
        self.shows(answer, "Shenzhen City 深圳市")
        self.hides(answer, "to put right")

    def test_a_usual_place_is_one_tap(self):
        neighbor = cast.worker("李桂兰")
        cast.transfer(neighbor, date(2026, 3, 1), destination="3307")
        self.begin()
        step = self.client.get(reverse("departure_step", args=[Draft.objects.get().pk, 2]))
        self.shows(step, 'name="destination" value="3307"')
        self.assertEqual(self.step(2, destination="3307", left_month="2026-10", channel="unknown").status_code, 302)

    def test_an_exact_day_goes_before_the_month(self):
        self.begin()
        self.step(2, **SHENZHEN, left_on="2026-10-20")
        self.step(3, **FACTORY)
        self.step(4)
        transfer = Transfer.objects.get()
        self.assertEqual((transfer.started_on, transfer.month_only), (date(2026, 10, 20), False))

    def test_a_refusal_stays_on_the_check_page(self):
        self.begin()
        self.step(2, **SHENZHEN)
        self.step(3, **FACTORY)
        elsewhere = actions.register(by=self.sun, village=cast.FAR, name="王秀英", id_number=id_number())
        self.shows(self.step(4), "This cannot be saved yet", "already registered")
        self.assertEqual(list(Worker.objects.all()), [elsewhere])

    def test_a_day_to_come_is_told_where_it_is_typed(self):
        self.begin()
        self.shows(self.step(2, **SHENZHEN, left_on="2026-11-20"), "This day is still to come.", "2026-11-20")

    def test_work_in_the_own_township_is_not_away(self):
        self.begin()
        self.step(2, **SHENZHEN | {"destination": cast.HOME[:9]})
        self.shows(self.client.get(self.step(3, **FACTORY).url), "Work near home")


class PeopleOfTheLedger(Pages):
    def build(self):
        super().build()
        self.xiuying = cast.worker(name_pinyin="wangxiuying", name_initials="wxy")

    def test_a_person_is_found_by_initials_and_picked(self):
        self.shows(self.client.get(NEW, {"q": "wxy"}), "王秀英")
        answer = self.client.post(NEW, {"worker": self.xiuying.pk})
        draft = Draft.objects.get()
        self.assertRedirects(answer, reverse("departure_step", args=[draft.pk, 2]))
        self.client.post(reverse("departure_step", args=[draft.pk, 2]), SHENZHEN)
        self.client.post(reverse("departure_step", args=[draft.pk, 3]), FACTORY)
        self.client.post(reverse("departure_step", args=[draft.pk, 4]))
        self.assertEqual(Transfer.objects.get().worker, self.xiuying)

    def test_who_is_out_already_is_asked_about(self):
        cast.transfer(self.xiuying, date(2026, 3, 1))
        answer = self.client.post(NEW, {"worker": self.xiuying.pk}, follow=True)
        self.shows(answer, "Changed the job or the place", "Came home")
        self.assertFalse(Draft.objects.exists())

    def test_the_same_id_number_in_the_village_offers_the_person(self):
        known = actions.register(by=self.li, village=cast.HOME, name="马玉兰", id_number=id_number())
        answer = self.client.post(NEW, {"id_number": id_number(), "name": "马玉兰", "consent": "in_person"})
        self.shows(answer, "Is it this person?", "马玉兰", f'value="{known.pk}"')

    def test_the_same_id_number_elsewhere_tells_no_name(self):
        actions.register(by=self.sun, village=cast.FAR, name="马玉兰", id_number=id_number())
        answer = self.client.post(NEW, {"id_number": id_number(), "name": "王秀英", "consent": "in_person"})
        self.shows(answer, "already registered in another place of the county")
        self.hides(answer, "马玉兰", "东门")

    def test_nobody_picks_a_person_of_another_village(self):
        stranger = cast.worker("孙有才", village=cast.FAR)
        self.assertEqual(self.client.post(NEW, {"worker": stranger.pk}).status_code, 404)
        self.assertEqual(self.client.post(NEW, {"worker": "abc"}).status_code, 404)
        self.hides(self.client.get(NEW, {"q": "孙有才"}), 'name="worker"')

    def test_the_station_chooses_the_village_first(self):
        self.sign_in(self.wang)
        self.hides(self.client.get(NEW), "Somebody new")
        self.shows(self.client.get(NEW, {"village": cast.NEXT_DOOR}), "Somebody new")
        self.assertEqual(self.client.get(NEW, {"village": cast.FAR}).status_code, 404)

    def test_naming_one_of_a_group_makes_it_smaller(self):
        group = actions.record_group(
            by=self.li, village=cast.HOME, persons=3, started_on=date(2026, 3, 1), destination="4403", industry="C"
        )
        answer = self.client.post(f"{NEW}?group={group.pk}", {"worker": self.xiuying.pk}, follow=True)
        self.assertEqual(answer.context["form"]["destination"].value(), "4403")
        draft = Draft.objects.get()
        self.client.post(reverse("departure_step", args=[draft.pk, 2]), SHENZHEN | {"left_on": "2026-03-01"})
        self.client.post(reverse("departure_step", args=[draft.pk, 3]), FACTORY)
        check = self.client.get(reverse("departure_step", args=[draft.pk, 4]))
        self.assertEqual((check.context["effect"]["before"], check.context["effect"]["after"]), (3, 3))
        self.client.post(reverse("departure_step", args=[draft.pk, 4]))
        self.assertEqual(UnnamedGroup.objects.get().transfers.get().worker, self.xiuying)

    def test_leaders_and_administrators_have_no_such_page(self):
        for officer in (self.leader, self.admin):
            self.sign_in(officer)
            self.assertEqual(self.client.get(NEW).status_code, 404)
