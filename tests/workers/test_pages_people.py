"""The list of people, one person's page, and the changes to a person."""

from datetime import date

from django.urls import reverse

from officers.models import AuditEvent
from tests import cast
from tests.workers.desk import id_number
from tests.workers.pages import Pages
from workers import actions, forms
from workers.models import Registration, Worker

PEOPLE = reverse("people")


def page_of(name, person):
    return reverse(name, args=[person.pk])


class TheList(Pages):
    def build(self):
        super().build()
        self.away = cast.worker("王秀英", name_pinyin="wangxiuying", name_initials="wxy")
        cast.transfer(self.away, date(2026, 3, 1), industry="C", pay=5200)
        self.local = cast.worker("李桂兰", name_pinyin="liguilan", name_initials="lgl")
        cast.transfer(self.local, date(2026, 4, 1), destination=cast.HOME[:9], industry="E", pay=3000)
        self.home = cast.worker("马玉兰", name_pinyin="mayulan", name_initials="myl")
        cast.transfer(self.home, date(2026, 1, 1), date(2026, 5, 1))
        self.gone = cast.worker("陈得福", name_pinyin="chendefu", name_initials="cdf")
        Registration.objects.filter(worker=self.gone).update(to_on=date(2026, 6, 1), left_how="died")
        self.stranger = cast.worker("孙有才", village=cast.FAR, name_pinyin="sunyoucai", name_initials="syc")

    def names(self, **asked):
        return [person.name for person in self.client.get(PEOPLE, asked).context["page_obj"]]

    def test_everybody_registered_in_the_village(self):
        self.assertEqual(self.names(), ["李桂兰", "马玉兰", "王秀英"])

    def test_by_state(self):
        self.assertEqual(self.names(view="away"), ["王秀英"])
        self.assertEqual(self.names(view="local"), ["李桂兰"])
        self.assertEqual(self.names(view="home"), ["马玉兰"])
        self.assertEqual(self.names(view="gone"), ["陈得福"])
        self.assertEqual(len(self.names(view="no_id")), 3)

    def test_the_tabs_count_what_they_show(self):
        for view in self.client.get(PEOPLE).context["query"].views:
            self.assertEqual(view["count"], len(self.names(view=view["name"])), view["name"])

    def test_found_by_name_and_initials(self):
        self.assertEqual(self.names(q="桂兰"), ["李桂兰"])
        self.assertEqual(self.names(q="wxy"), ["王秀英"])
        self.assertEqual(self.names(q="没有"), [])

    def test_narrowed_by_place_of_work_and_industry(self):
        self.assertEqual(self.names(region="other_province"), ["王秀英"])
        self.assertEqual(self.names(region="township"), ["李桂兰"])
        self.assertEqual(self.names(region="abroad"), [])
        self.assertEqual(self.names(industry="C"), ["王秀英"])

    def test_ordered(self):
        self.assertEqual(self.names(sort="newest"), ["李桂兰", "王秀英"])
        self.assertEqual(self.names(sort="oldest"), ["王秀英", "李桂兰"])
        self.assertEqual(self.names(sort="pay"), ["王秀英", "李桂兰"])

    def test_nonsense_in_the_address_narrows_nothing(self):
        asked = {"view": "x", "sort": "id);--", "region": "x", "industry": "Z", "village": cast.FAR, "page": "x"}
        self.assertEqual(self.names(**asked), ["李桂兰", "马玉兰", "王秀英"])

    def test_states_are_words(self):
        answer = self.client.get(PEOPLE)
        self.shows(answer, "Away", "Works near home", "At home", "Guangdong Shenzhen 广东 深圳", "5,200")

    def test_sun_sees_nobody_of_another_village(self):
        self.sign_in(self.sun)
        answer = self.client.get(PEOPLE, {"village": cast.HOME})
        self.shows(answer, "孙有才")
        self.hides(answer, "王秀英", "李桂兰", "大煤洞")

    def test_the_station_chooses_among_its_villages(self):
        cast.worker("祁生财", village=cast.NEXT_DOOR, name_pinyin="qishengcai")
        self.sign_in(self.wang)
        self.assertEqual(self.names(), ["李桂兰", "马玉兰", "王秀英", "祁生财"])
        self.assertEqual(self.names(village=cast.NEXT_DOOR), ["祁生财"])

    def test_the_county_narrows_to_a_township(self):
        self.sign_in(self.zhao)
        self.assertIn("孙有才", self.names())
        self.assertEqual(self.names(village=cast.FAR[:9]), ["孙有才"])

    def test_id_numbers_are_masked(self):
        actions.register(by=self.li, village=cast.HOME, name="赵海燕", id_number=id_number())
        answer = self.client.get(PEOPLE)
        self.shows(answer, f"630000********{id_number()[-4:]}")
        self.hides(answer, id_number(), "19880312", "1988-03-12")

    def test_one_more_person_is_not_one_more_query(self):
        before = self.queries(PEOPLE)
        for number in range(20):
            somebody = cast.worker(f"刘{'一二三四五'[number % 5]}")
            cast.transfer(somebody, date(2026, 2, 1), destination=f"44{number % 9 + 1:02d}")
        self.assertLessEqual(self.queries(PEOPLE), before)
        self.assertLessEqual(before, 20)


class OnePerson(Pages):
    def build(self):
        super().build()
        self.xiuying = actions.register(
            by=self.li, village=cast.HOME, name="王秀英", id_number=id_number(), phone="13812345678", new_household=True
        )
        actions.record_departure(self.xiuying, by=self.li, started_on=date(2026, 3, 1), destination="4403", pay=5200)
        self.page = page_of("person", self.xiuying)

    def test_the_page_tells_where_and_since_when(self):
        answer = self.client.get(self.page)
        self.shows(answer, "Guangdong Shenzhen 广东 深圳", "2026-03-01", "still there", "5,200 yuan", "Away")

    def test_numbers_are_masked(self):
        answer = self.client.get(self.page)
        self.shows(answer, "138****5678", "630000********")
        self.hides(answer, "13812345678", id_number(), "1988-03-12")

    def test_a_number_is_shown_once_for_a_reason_and_leaves_a_trail(self):
        answer = self.client.post(page_of("person_reveal", self.xiuying), {"what": "phone", "reason": "To call her"})
        self.shows(answer, "13812345678")
        self.assertEqual(answer["Cache-Control"], "no-store")
        event = AuditEvent.objects.latest("number")
        self.assertEqual((event.verb, event.detail["reason"]), ("revealed", "To call her"))
        self.hides(self.client.get(self.page), "13812345678")

    def test_no_reason_no_number(self):
        answer = self.client.post(page_of("person_reveal", self.xiuying), {"what": "id", "reason": ""})
        self.shows(answer, "Say what you need the number for")
        self.hides(answer, id_number())
        self.assertNotIn("revealed", self.verbs())

    def test_sun_finds_no_page_of_hers(self):
        self.sign_in(self.sun)
        own = ("person", "person_edit", "person_phone", "person_closing", "person_void")
        for name in (*own, "homecoming", "change_job", "already_out"):
            answer = self.client.get(page_of(name, self.xiuying))
            self.assertEqual(answer.status_code, 404, name)
            self.hides(answer, "王秀英")
        self.assertEqual(self.client.post(page_of("person_reveal", self.xiuying), {"what": "id"}).status_code, 404)

    def test_leaders_and_administrators_have_no_people(self):
        for officer in (self.leader, self.admin):
            self.sign_in(officer)
            self.assertEqual(self.client.get(PEOPLE).status_code, 404)
            self.assertEqual(self.client.get(self.page).status_code, 404)

    def test_a_longer_life_is_not_more_queries(self):
        before = self.queries(self.page)
        actions.record_homecoming(self.xiuying, by=self.li, ended_on=date(2026, 4, 1))
        for month in (5, 6, 7):
            actions.record_departure(
                self.xiuying, by=self.li, started_on=date(2026, month, 1), ended_on=date(2026, month, 20),
                destination=f"440{month}",
            )
        for name in ("李桂兰", "马玉兰"):
            other = actions.register(by=self.li, village=cast.HOME, name=name, no_id_reason="lost")
            actions.join_household(other, self.xiuying.household, "other", by=self.li)
        self.assertLessEqual(self.queries(self.page), before + 1)
        self.assertLessEqual(before, 30)

    def test_the_history_tells_who_changed_what_but_no_number(self):
        actions.edit_worker(self.xiuying, by=self.li, version=self.xiuying.version, education="70")
        other = id_number(order="004")
        self.xiuying.refresh_from_db()
        actions.edit_worker(self.xiuying, by=self.li, version=self.xiuying.version, id_number=other)
        answer = self.client.get(self.page)
        self.shows(answer, "Junior secondary school", "ID number: changed", "Li")
        self.hides(answer, other, id_number(), self.xiuying.id_index)


class ChangingAPerson(Pages):
    def build(self):
        super().build()
        self.xiuying = cast.worker()
        self.edit = page_of("person_edit", self.xiuying)

    def typed(self, **said):
        self.xiuying.refresh_from_db()
        initial = forms.PersonEditForm.initial_of(self.xiuying)
        return {name: "" if value is None else str(value) for name, value in initial.items()} | said

    def test_only_what_changed_is_saved(self):
        self.shows(self.client.get(self.edit), "Work and skills")
        answer = self.client.post(self.edit, self.typed(education="70", wants_to_go="yes"))
        self.assertRedirects(answer, page_of("person", self.xiuying))
        self.xiuying.refresh_from_db()
        self.assertEqual((self.xiuying.education, self.xiuying.wants_to_go, self.xiuying.version), ("70", True, 2))

    def test_saving_nothing_new_writes_nothing(self):
        self.assertEqual(self.client.post(self.edit, self.typed()).status_code, 302)
        self.xiuying.refresh_from_db()
        self.assertEqual(self.xiuying.version, 1)

    def test_a_missing_id_number_is_added(self):
        self.client.post(self.edit, self.typed(id_number=id_number()))
        self.xiuying.refresh_from_db()
        self.assertEqual((self.xiuying.id_number, self.xiuying.no_id_reason), (id_number(), ""))

    def test_two_officers_at_once_see_both_values(self):
        mine = self.typed(education="70")
        actions.edit_worker(self.xiuying, by=self.wang, version=1, education="60")
        answer = self.client.post(self.edit, mine)
        self.shows(answer, "Somebody saved this record after you opened it", "Junior secondary", "Senior secondary")
        self.assertEqual(Worker.objects.get().education, "60")
        again = self.client.post(self.edit, mine | {"version": answer.context["form"]["version"].value()})
        self.assertEqual(again.status_code, 302)
        self.assertEqual(Worker.objects.get().education, "70")

    def test_what_is_wrong_stays_typed(self):
        answer = self.client.post(self.edit, self.typed(name="", note="她说"))
        self.shows(answer, "Enter the name", "她说")

    def test_no_column_is_changed_that_the_form_does_not_show(self):
        more = {"village_id": cast.FAR, "village": cast.FAR, "county": "1", "voided_at": "2026-01-01"}
        self.client.post(self.edit, self.typed(**more))
        self.xiuying.refresh_from_db()
        self.assertEqual((self.xiuying.village_id, self.xiuying.voided_at), (cast.HOME, None))

    def test_a_phone_is_added(self):
        page = page_of("person_phone", self.xiuying)
        self.shows(self.client.post(page, {"number": "12", "whose": "self"}), "digits")
        self.client.post(page, {"number": "139 7000 0001", "whose": "family"})
        self.assertEqual(self.xiuying.phones.get().number, "13970000001")

    def test_a_death_closes_the_registration(self):
        page = page_of("person_closing", self.xiuying)
        self.shows(self.client.get(page), "It is no homecoming")
        self.client.post(page, {"how": "died", "on": "2026-11-01"})
        self.assertEqual(self.xiuying.registrations.get().left_how, "died")
        self.shows(self.client.get(page_of("person", self.xiuying)), "Died")

    def test_a_person_entered_by_mistake_is_taken_out_with_a_reason(self):
        page = page_of("person_void", self.xiuying)
        self.shows(self.client.post(page, {"reason": ""}), "Say why the entry was wrong")
        self.client.post(page, {"reason": "Entered twice"})
        self.assertEqual(self.client.get(page_of("person", self.xiuying)).status_code, 404)
        self.assertEqual(Worker.objects.get().void_reason, "Entered twice")

    def test_who_stayed_behind_shows_nobody_of_a_household_that_moved_out_of_sight(self):
        household = actions.start_household(by=self.li, village=cast.HOME, head=self.xiuying)
        late = cast.worker("马老汉", sex="male")
        actions.join_household(late, household, "father", by=self.li)
        actions.record_death(late, by=self.li, on=date(2026, 5, 1))
        self.shows(self.client.get(page_of("person", late)), "王秀英")
        actions.move_household(household, by=self.zhao, to_village=cast.FAR, on=date(2026, 10, 1))
        self.hides(self.client.get(page_of("person", late)), "王秀英")
        self.sign_in(self.sun)
        self.hides(self.client.get(page_of("household", household)), "马老汉")

    def test_into_a_household_of_their_own_and_into_another(self):
        page = page_of("person_household", self.xiuying)
        self.client.post(page, {"household": "own"})
        self.xiuying.refresh_from_db()
        self.assertEqual(self.xiuying.relation, "head")
        daughter = cast.worker("马玉兰")
        page = page_of("person_household", daughter)
        self.shows(self.client.post(page, {"household": self.xiuying.household_id}), "Choose the relation to the head")
        self.client.post(page, {"household": self.xiuying.household_id, "relation": "daughter"})
        daughter.refresh_from_db()
        self.assertEqual(daughter.household, self.xiuying.household)

    def test_the_station_moves_a_person_and_li_cannot(self):
        page = page_of("person_move", self.xiuying)
        self.assertEqual(self.client.get(page).status_code, 404)
        self.hides(self.client.get(page_of("person", self.xiuying)), page)
        self.sign_in(self.wang)
        self.shows(self.client.get(page_of("person", self.xiuying)), page)
        self.shows(self.client.post(page, {"to_village": cast.FAR, "on": "2026-11-01"}), "not one of the available")
        self.client.post(page, {"to_village": cast.NEXT_DOOR, "on": "2026-11-01"})
        self.xiuying.refresh_from_db()
        self.assertEqual(self.xiuying.village_id, cast.NEXT_DOOR)
        self.shows(self.client.get(page_of("person", self.xiuying)), "2026-11-01", "Moved to another village")

    def test_a_death_recorded_by_mistake_is_taken_back(self):
        actions.record_death(self.xiuying, by=self.li, on=date(2026, 11, 1))
        page = page_of("person_back", self.xiuying)
        self.shows(self.client.get(page_of("person", self.xiuying)), page)
        self.client.post(page, {"reason": "Another of the same name"})
        self.assertIsNone(self.xiuying.registrations.get().to_on)

    def test_somebody_at_home_is_added(self):
        said = {"id_number": id_number(), "name": "马玉兰", "consent": "in_person", "household": "own"}
        self.client.post(reverse("person_new"), said)
        added = Worker.objects.get(name="马玉兰")
        self.assertEqual((added.village_id, added.relation, added.transfers.count()), (cast.HOME, "head", 0))
        self.shows(self.client.post(reverse("person_new"), said), "already registered", page_of("person", added))

    def test_somebody_of_a_known_name_is_added_after_one_question(self):
        cast.worker("韩小红")
        who = {"name": "韩小红", "no_id_reason": "lost", "sex": "female", "birth_date": "1990-01-02", "consent": "in_person"}
        self.shows(self.client.post(reverse("person_new"), who), "1 other of this name")
        self.assertEqual(Worker.objects.filter(name="韩小红").count(), 1)
        added = self.client.post(reverse("person_new"), who | {"somebody_else": "1"})
        self.assertEqual(self.client.post(reverse("person_new"), who | {"somebody_else": "1"}).url, added.url)
        self.assertEqual(Worker.objects.filter(name="韩小红").count(), 2)

    def test_the_same_number_elsewhere_is_not_named(self):
        actions.register(by=self.sun, village=cast.FAR, name="孙有才", id_number=id_number())
        said = {"id_number": id_number(), "name": "马玉兰", "consent": "in_person"}
        answer = self.client.post(reverse("person_new"), said)
        self.shows(answer, "already registered in another place")
        self.hides(answer, "孙有才", "东门")


class Households(Pages):
    def build(self):
        super().build()
        self.head = actions.register(
            by=self.li, village=cast.HOME, name="王秀英", no_id_reason="lost", new_household=True
        )
        self.page = reverse("household", args=[self.head.household_id])

    def test_members_and_flags(self):
        self.shows(self.client.get(self.page), "Household of 王秀英", "1 person, 0 at work")
        self.client.post(self.page, {"kind": "relieved", "from_on": "2020-01-01"})
        self.shows(self.client.get(self.page), "Lifted from poverty", "2020-01-01")
        self.shows(self.client.post(self.page, {"kind": "", "from_on": ""}), "Choose the status", "Enter the day")

    def test_no_page_for_strangers(self):
        self.sign_in(self.sun)
        self.assertEqual(self.client.get(self.page).status_code, 404)
        self.assertEqual(self.client.post(self.page, {"kind": "relieved", "from_on": "2020-01-01"}).status_code, 404)
        self.assertFalse(self.head.household.statuses.exists())
