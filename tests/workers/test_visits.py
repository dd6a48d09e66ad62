"""The visit round: whom it asks, in which order, and what one tap does."""

from datetime import date

from django.urls import reverse

from laborreg import clock
from laborreg.refusals import Refusal
from officers.models import AuditEvent
from officers.roles import NotYours
from tests import cast
from tests.workers.desk import Desk
from tests.workers.pages import FACTORY, Pages
from villages.models import CountySettings
from workers import actions, visits
from workers.models import Phone, Transfer, Verification
from workers.refusals import AlreadyRecorded

OCTOBER_31, NOVEMBER_1 = date(2026, 10, 31), date(2026, 11, 1)


def away(name, since=date(2026, 3, 1), village=cast.HOME, **facts):
    found = cast.worker(name, village)
    cast.transfer(found, since, **facts)
    return found


def asked(person, on, by, outcome="no_change", **facts):
    return Verification.objects.create(worker=person, on=on, by=by, how="phone", outcome=outcome, **facts)


class Rounds(Desk):
    def round(self, officer=None):
        village = self.li.place
        return visits.Round(officer or self.li, village, clock.today())

    def names(self):
        return [due.person.name for due in self.round().away]


class WhomToAsk(Rounds):
    def test_the_stale_first_then_contracts_that_end_then_the_others(self):
        away("韩其他", date(2026, 9, 9))
        away("马到期", date(2026, 9, 20), contract_until=date(2026, 12, 4))
        away("祁未到", date(2026, 9, 10), contract_until=date(2026, 12, 5))
        long = away("李陈旧", date(2025, 3, 1))
        away("王从未", date(2026, 2, 1))
        asked(long, date(2026, 8, 1), self.li)
        self.assertEqual(self.names(), ["王从未", "李陈旧", "马到期", "韩其他", "祁未到"])

    def test_ninety_days(self):
        self.assertEqual(self.day_of("甲", date(2026, 8, 6)), (90, False))
        self.assertEqual(self.day_of("乙", date(2026, 8, 5)), (91, True))

    def day_of(self, name, since):
        away(name, since)
        due = next(due for due in self.round().away if due.person.name == name)
        return due.days, due.is_stale

    def test_those_at_home_near_home_gone_or_voided_are_not_asked(self):
        cast.worker("在家")
        away("近处", destination=cast.HOME[:9])
        gone = away("迁走")
        gone.registrations.update(to_on=date(2026, 10, 1), left_how="left_county")
        actions.void_worker(away("错登"), by=self.li, reason="x")
        away("邻村", village=cast.NEXT_DOOR)
        self.assertEqual(self.names(), [])

    def test_who_was_confirmed_in_the_report_month_is_done(self):
        early, late = away("十月"), away("十一月")
        asked(early, OCTOBER_31, self.li)
        asked(late, NOVEMBER_1, self.li)
        self.assertEqual(self.names(), ["十月"])
        self.assertEqual([visit.worker.name for visit in self.round().done], ["十一月"])
        self.assertEqual((len(self.round().done), self.round().total), (1, 2))

    def test_a_report_month_that_starts_on_the_21st(self):
        self.county.settings.update(start_day=21)
        asked(away("上期"), date(2026, 10, 20), self.li)
        asked(away("本期"), date(2026, 10, 21), self.li)
        self.assertEqual(self.names(), ["上期"])
        self.assertEqual((self.round().first, self.round().last), (date(2026, 10, 21), date(2026, 11, 20)))

    def test_who_left_in_the_report_month_was_just_heard_of(self):
        away("刚走", date(2026, 11, 2))
        self.assertEqual((self.names(), self.round().total), ([], 0))

    def test_tried_in_vain_sinks_and_is_counted(self):
        tried, twice = away("一次", date(2024, 1, 1)), away("两次", date(2023, 1, 1))
        away("没试", date(2026, 9, 1))
        for person in (tried, twice, twice):
            asked(person, NOVEMBER_1, self.li, "no_answer")
        asked(tried, OCTOBER_31, self.li, "wrong_number")
        self.assertEqual(self.names(), ["没试", "一次", "两次"])
        self.assertEqual([due.tries for due in self.round().away], [0, 1, 2])

    def test_the_stale_of_the_first_page_are_those_of_the_round(self):
        away("陈旧", date(2026, 1, 1))
        asked(away("问过", date(2026, 1, 1)), date(2026, 10, 1), self.li)
        rows = visits.stale(Transfer.objects.all(), clock.today(), 90)
        self.assertEqual([row.worker.name for row in rows], ["陈旧"])


class ThoseWhoCameHome(Rounds):
    def home(self, name="返乡", ended_on=date(2026, 10, 5), **facts):
        found = cast.worker(name)
        cast.transfer(found, date(2026, 2, 1), ended_on, reason="family", **facts)
        return found

    def names(self):
        return [due.person.name for due in self.round().home]

    def test_as_long_as_a_homecoming_is_followed(self):
        self.home("最后", date(2026, 5, 6))
        self.home("太久", date(2026, 5, 5))
        self.home("近处", destination=cast.HOME[:9])
        again = self.home("又走")
        cast.transfer(again, date(2026, 10, 20))
        busy = self.home("近岗")
        cast.transfer(busy, date(2026, 10, 20), destination=cast.HOME[:9])
        self.assertEqual(self.names(), ["最后"])

    def test_asked_once_and_again_on_the_day_of_the_next_call(self):
        person = self.home()
        actions.record_follow_up(
            person, by=self.li, plan="seeking", needs=["rights", "job"], next_call_on=date(2026, 11, 20)
        )
        self.assertEqual(self.names(), [])
        self.assertEqual(self.round().done[0].needs, ["job", "rights"])
        clock.pin(date(2026, 11, 20))
        self.assertEqual(self.names(), ["返乡"])
        self.assertEqual(self.round().done, [])

    def test_what_the_worker_does_now_is_what_the_ledger_counts(self):
        person = self.home()
        actions.record_follow_up(person, by=self.li, plan="own_business")
        self.assertEqual(person.transfers.get().plan, "own_business")
        self.assertEqual(self.verbs(), ["corrected transfer", "visited"])

    def test_refused_to_who_is_away_and_for_a_day_that_is_past(self):
        self.refuses("did not come home lately", actions.record_follow_up, away("在外"), by=self.li, plan="seeking")
        self.refuses(
            "after today", actions.record_follow_up, self.home(), by=self.li, plan="seeking",
            next_call_on=clock.today(),
        )
        self.assertEqual(Verification.objects.count(), 0)


class Recording(Rounds):
    def build(self):
        super().build()
        self.person = away("王秀英")

    def record(self, outcome="no_change", by=None, **more):
        return actions.record_visit(self.person, by=by or self.li, outcome=outcome, **more)

    def test_kept_with_who_answered_and_in_the_trail(self):
        visit = self.record(how="visit", answered_by="family")
        self.assertEqual((visit.on, visit.how, visit.answered_by, visit.by), (clock.today(), "visit", "family", self.li))
        event = AuditEvent.objects.get()
        self.assertEqual((event.verb, event.place_code), ("visited", cast.HOME))
        self.assertEqual(event.detail, {"outcome": "no_change", "how": "visit"})

    def test_a_second_click_is_known(self):
        first = self.record("no_answer")
        found = self.refuses("asked meanwhile", self.record, "no_answer", refusal=AlreadyRecorded)
        self.assertEqual(found.row, first)
        self.record("no_answer", newest=first.pk)
        self.assertEqual(Verification.objects.count(), 2)

    def test_what_somebody_else_recorded_meanwhile_is_read_first(self):
        self.record("no_answer", by=self.wang)
        with self.assertRaises(Refusal) as caught:
            self.record("no_answer")
        self.assertNotIsInstance(caught.exception, AlreadyRecorded)

    def test_strangers_and_roles_without_the_power(self):
        for officer in (self.sun, self.leader, self.admin):
            with self.assertRaises(NotYours):
                self.record(by=officer)
        self.assertEqual(Verification.objects.count(), 0)

    def test_only_known_outcomes_and_only_of_who_is_out(self):
        self.refuses("Choose what came of it", self.record, "came_home")
        self.refuses("Choose what came of it", self.record, "x")
        self.refuses("is not out for work", actions.record_visit, cast.worker("在家"), by=self.li, outcome="no_change")
        self.assertEqual(Verification.objects.count(), 0)

    def test_the_last_one_is_taken_back_and_the_person_is_to_be_asked_again(self):
        visit = self.record()
        actions.take_back_visit(visit, by=self.li)
        self.assertEqual(self.names(), ["王秀英"])
        self.assertRaises(AlreadyRecorded, actions.take_back_visit, visit, by=self.li)
        self.record()
        self.assertEqual(self.names(), [])
        self.assertEqual(self.verbs(), ["visited", "took back visit", "visited"])

    def test_nothing_but_the_own_last_one_is_taken_back(self):
        first = self.record("no_answer")
        self.record(newest=first.pk)
        self.refuses("your own last", actions.take_back_visit, first, by=self.li)
        self.refuses("your own last", actions.take_back_visit, Verification.objects.latest("pk"), by=self.wang)
        moved = actions.visit_came_home(self.person, by=self.li, ended_on=clock.today()).worker.verifications.first()
        self.refuses("Correct it on", actions.take_back_visit, moved, by=self.li)

    def test_a_homecoming_is_recorded_with_its_visit_or_not_at_all(self):
        self.assertRaises(Refusal, actions.visit_came_home, self.person, by=self.li, ended_on=date(2026, 1, 1))
        self.assertEqual(Verification.objects.count(), 0)
        actions.visit_came_home(self.person, by=self.li, ended_on=clock.today(), reason="family", answered_by="family")
        self.assertEqual(self.person.transfers.get().ended_on, clock.today())
        self.assertEqual(Verification.objects.get().outcome, "came_home")
        self.assertRaises(AlreadyRecorded, actions.visit_came_home, self.person, by=self.li, ended_on=clock.today())
        self.assertEqual(Verification.objects.count(), 1)

    def test_a_number_is_shown_only_with_the_power_and_into_the_trail(self):
        phone = Phone.objects.create(worker=self.person, number="13900001234", last4="1234", since_on=date(2026, 1, 1))
        other = Phone.objects.create(worker=away("别人"), number="13900009999", last4="9999", since_on=date(2026, 1, 1))
        self.assertRaises(NotYours, actions.call, self.person, by=self.sun, phone=phone.pk)
        self.refuses("No such number", actions.call, self.person, by=self.li, phone=other.pk)
        self.assertEqual(actions.call(self.person, by=self.li, phone=phone.pk, address="127.0.0.1"), phone)
        event = AuditEvent.objects.get()
        self.assertEqual((event.verb, event.detail["what"], event.detail["address"]), ("revealed", "phone", "127.0.0.1"))
        self.assertNotIn("1234", str(event.detail))


class Screens(Pages):
    def build(self):
        super().build()
        self.person = away("王秀英")
        self.phone = Phone.objects.create(
            worker=self.person, number="13900001234", last4="1234", since_on=date(2026, 1, 1)
        )

    def to(self, name, row=None):
        return reverse(name, args=[(row or self.person).pk])

    def tap(self, outcome="no_change", newest="", follow=False, **said):
        data = {"outcome": outcome, "how": "phone", "answered_by": "self", "newest": newest} | said
        return self.client.post(self.to("visit"), data, follow=follow)

    def test_a_card_says_who_where_since_when_and_masks_the_number(self):
        answer = self.client.get(reverse("visit_round"))
        self.shows(answer, "王秀英", "Shenzhen", "since 2026-03", "Never asked", "139****1234", "248 days", "0 of 1")
        self.hides(answer, "13900001234", "tel:")

    def test_one_tap_and_it_counts(self):
        answer = self.tap(follow=True)
        self.shows(answer, "1 of 1 this round", "Everybody is asked", "Undo")
        self.shows(self.client.get(reverse("visit_round"), {"part": "done"}), "王秀英", "No change")

    def test_two_clicks_do_one_thing(self):
        for _click in (1, 2):
            self.assertEqual(self.tap("no_answer").status_code, 302)
        self.assertEqual(Verification.objects.count(), 1)
        self.shows(self.client.get(reverse("visit_round")), "1 try")

    def test_undone_twice_is_undone_once(self):
        self.tap()
        for _click in (1, 2):
            answer = self.client.post(self.to("visit_undo", Verification.objects.get()), follow=True)
        self.shows(answer, "0 of 1 this round", "王秀英")
        self.assertEqual(self.verbs(), ["visited", "took back visit"])

    def test_the_call_shows_the_number_once(self):
        answer = self.client.post(self.to("visit_call"), {"phone": self.phone.pk})
        self.shows(answer, 'href="tel:13900001234"', "No change")
        self.assertEqual(self.verbs(), ["revealed"])
        self.hides(self.client.get(self.to("visit")), "13900001234")

    def test_a_new_place_leads_to_its_form_and_both_are_kept(self):
        answer = self.tap("new_place", answered_by="family")
        self.assertEqual(answer.url, self.to("change_job") + "?how=phone&answered_by=family")
        self.assertEqual(Verification.objects.count(), 0)
        said = {"on": "2026-11-01", "destination": "3307", "channel": "own"} | FACTORY
        for _click in (1, 2):
            self.assertRedirects(self.client.post(answer.url, said), f"/people/visits/?village={cast.HOME}")
        visit = Verification.objects.get()
        self.assertEqual((visit.outcome, visit.answered_by), ("new_place", "family"))
        self.assertEqual(Transfer.objects.count(), 2)

    def test_a_homecoming_leads_on_to_what_is_needed(self):
        form = self.tap("came_home").url
        self.shows(self.client.get(form), '<option value="phone" selected>')
        said = {"ended_on": "2026-11-03", "reason": "family", "plan": "seeking"}
        answer = self.client.post(form, said)
        self.assertEqual(answer.url, self.to("visit_home") + "?how=phone&answered_by=self")
        page = self.client.get(answer.url)
        self.shows(page, "One more question")
        said = {
            "plan": "seeking", "needs": ["training", "loan"], "how": "phone", "answered_by": "self",
            "newest": page.context["form"]["newest"].value(), "next_call_on": "2026-12-01",
        }
        for _click in (1, 2):
            self.assertEqual(self.client.post(answer.url, said).status_code, 302)
        self.assertEqual(list(Verification.objects.values_list("outcome", flat=True)), ["at_home", "came_home"])
        self.shows(self.client.get(self.to("person")), "What is needed:", "Training", "Call again on 2026-12-01")

    def test_opened_by_themselves_the_forms_record_no_visit(self):
        self.client.post(self.to("homecoming"), {"ended_on": "2026-11-03", "reason": "family"})
        self.client.post(self.to("homecoming") + "?how=x", {"ended_on": "2026-11-03", "reason": "family"})
        self.assertEqual(Verification.objects.count(), 0)

    def test_what_is_wrong_is_said_in_place(self):
        self.shows(self.client.post(self.to("visit"), {}), "Choose what came of it.")
        asked(self.person, date(2026, 11, 4), self.wang)
        self.shows(self.tap(), "asked meanwhile")

    def test_a_foreign_person_does_not_exist(self):
        stranger = away("孙有才", village=cast.FAR)
        foreign = asked(stranger, NOVEMBER_1, self.sun, "no_answer")
        for name, row in (("visit", stranger), ("visit_call", stranger), ("visit_home", stranger), ("visit_undo", foreign)):
            self.assertEqual(self.client.post(self.to(name, row), {"outcome": "no_change"}).status_code, 404)
        for name in ("visit_round", "visit_print"):
            self.assertEqual(self.client.get(reverse(name), {"village": cast.FAR}).status_code, 404)
        foreign.refresh_from_db()
        self.assertIsNone(foreign.voided_at)

    def test_the_person_s_page_leads_to_the_visit_of_who_is_away(self):
        self.shows(self.client.get(self.to("person")), self.to("visit"))
        near = away("近处", destination=cast.HOME[:9])
        self.hides(self.client.get(self.to("person", near)), self.to("visit", near))
        self.assertRedirects(self.client.get(self.to("visit", near)), self.to("person", near))

    def test_the_list_on_paper(self):
        answer = self.client.get(reverse("visit_print"))
        self.shows(answer, "王秀英", "139****1234", "print.css", "大煤洞村", "2026-11-04", "by Li", "No answer")
        self.hides(answer, "13900001234")

    def test_the_first_page_leads_to_the_round(self):
        self.shows(self.client.get("/"), "1 person not asked for 90 days", f"/people/visits/?village={cast.HOME}")

    def test_the_county_sets_after_how_many_days_somebody_is_not_asked_for_long(self):
        CountySettings.objects.create(county_id=cast.COUNTY, from_month="2026-11", visit_days=60)
        away("六十一", date(2026, 9, 4))
        self.shows(self.client.get(reverse("visit_round")), "more than 60 days")
        self.shows(self.client.get("/"), "2 people not asked for 60 days")
        self.sign_in(self.zhao)
        self.shows(self.client.get(reverse("visit_quality")), "Not heard of for 60 days")

    def test_the_station_chooses_the_village_among_the_numbers(self):
        self.sign_in(self.wang)
        self.assertRedirects(self.client.get(reverse("visit_round")), reverse("visit_quality"))
        self.shows(self.client.get(reverse("visit_round"), {"village": cast.HOME}), "王秀英")


class Quality(Pages):
    def build(self):
        super().build()
        done, tried, wrong = away("甲"), away("乙"), away("丙", village=cast.NEXT_DOOR)
        away("丁", date(2026, 9, 1), village=cast.FAR)
        asked(tried, NOVEMBER_1, self.li, "no_answer")
        asked(done, NOVEMBER_1, self.li, "no_answer")
        asked(done, NOVEMBER_1, self.li)
        asked(wrong, NOVEMBER_1, self.wang, "wrong_number")

    def rows(self, officer, **query):
        self.sign_in(officer)
        rows = self.client.get(reverse("visit_quality"), query).context["rows"]
        return {row.code: (row.away, row.asked, row.unreached, row.stale, row.unreachable) for row in rows}

    def test_the_station_by_village_the_county_by_township(self):
        self.assertEqual(self.rows(self.wang), {cast.HOME: (2, 1, 1, 1, 0.5), cast.NEXT_DOOR: (1, 0, 1, 1, 1.0)})
        self.assertEqual(self.rows(self.zhao), {"630121100": (3, 1, 2, 2, 2 / 3), "630121101": (1, 0, 0, 0, None)})
        self.assertEqual(self.rows(self.zhao, township="630121101"), {cast.FAR: (1, 0, 0, 0, None)})

    def test_every_number_opens_its_people(self):
        self.sign_in(self.zhao)
        for which, names in {"away": 3, "asked": 1, "unreached": 2, "stale": 2, "x": 3}.items():
            answer = self.client.get(reverse("visit_people"), {"area": "630121100", "which": which})
            self.assertEqual(len(answer.context["page_obj"].object_list), names, which)
        self.assertEqual(len(self.client.get(reverse("visit_people")).context["page_obj"].object_list), 4)

    def test_a_foreign_area_does_not_exist(self):
        self.sign_in(self.wang)
        self.assertEqual(self.client.get(reverse("visit_quality"), {"township": "630121101"}).status_code, 404)
        self.assertEqual(self.client.get(reverse("visit_people"), {"area": cast.FAR}).status_code, 404)
        self.hides(self.client.get(reverse("visit_people")), "丁")
