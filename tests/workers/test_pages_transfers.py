"""Coming home, changing the job, putting right what was recorded."""

from datetime import date

from django.urls import reverse

from brokers.models import Broker
from tests import cast
from tests.workers.pages import Pages
from workers import actions, codes
from workers.models import Transfer


class WorkAway(Pages):
    def build(self):
        super().build()
        self.xiuying = cast.worker(name_pinyin="wangxiuying", name_initials="wxy")
        self.transfer = actions.record_departure(
            self.xiuying, by=self.li, started_on=date(2026, 3, 1), destination="4403", channel="own", industry="C",
            employer="华星电子厂", pay=5200,
        )

    def to(self, name, row=None):
        return reverse(name, args=[(row or self.xiuying).pk])

    def as_recorded(self, **said):
        return {
            "version": "1", "destination": "4403", "channel": "own", "common_industry": "C", "employer": "华星电子厂",
            "pay": "5200", "pay_band": "4000_5999", "started_on": "2026-03-01",
        } | said


class ComingHome(WorkAway):
    said = {"ended_on": "2026-11-03", "reason": "family", "plan": "seeking"}

    def test_from_the_list_to_the_record(self):
        pick = self.client.get(reverse("homecoming_pick"))
        self.shows(pick, "1 person works away or near home", "王秀英", self.to("homecoming"))
        self.shows(self.client.get(self.to("homecoming")), "Came home on", 'value="2026-11-04"')
        saved = self.client.post(self.to("homecoming"), self.said, follow=True)
        self.shows(saved, "Recorded", "2026-11-03", "Away from")
        transfer = Transfer.objects.get()
        self.assertEqual((transfer.ended_on, transfer.reason, transfer.plan), (date(2026, 11, 3), "family", "seeking"))

    def test_a_second_click_shows_the_first_ones_result(self):
        first = self.client.post(self.to("homecoming"), self.said)
        second = self.client.post(self.to("homecoming"), self.said)
        self.assertEqual(first.url, second.url)
        self.assertEqual(self.verbs().count("came home"), 1)

    def test_searched_among_those_who_are_out(self):
        cast.worker("李桂兰", name_pinyin="liguilan")
        self.hides(self.client.get(reverse("homecoming_pick")), "李桂兰")
        self.shows(self.client.get(reverse("homecoming_pick"), {"q": "wxy"}), "王秀英")
        self.shows(self.client.get(reverse("homecoming_pick"), {"q": "xyz"}), "Nobody who is out matches")

    def test_the_reason_is_asked_and_the_day_kept(self):
        answer = self.client.post(self.to("homecoming"), {"ended_on": "2026-11-03"})
        self.shows(answer, "Choose why the worker came home", 'value="2026-11-03"')

    def test_a_refusal_stays_in_place(self):
        answer = self.client.post(self.to("homecoming"), self.said | {"ended_on": "2026-02-01"})
        self.shows(answer, "Give a later day")

    def test_who_is_home_has_nothing_to_come_home_from(self):
        actions.record_homecoming(self.xiuying, by=self.li, ended_on=date(2026, 10, 1))
        self.assertRedirects(self.client.get(self.to("homecoming")), self.to("person"))

    def test_the_station_sees_its_villages_and_no_other(self):
        cast.transfer(cast.worker("孙有才", village=cast.FAR), date(2026, 3, 1))
        self.sign_in(self.wang)
        answer = self.client.get(reverse("homecoming_pick"))
        self.shows(answer, "王秀英")
        self.hides(answer, "孙有才")
        self.assertEqual(self.client.get(reverse("homecoming_pick"), {"village": cast.FAR}).status_code, 404)


class ChangingTheJob(WorkAway):
    def test_what_stays_the_same_is_filled_in(self):
        form = self.client.get(self.to("change_job")).context["form"]
        self.assertEqual(form["destination"].value(), "4403")
        self.assertEqual(form["employer"].value(), "华星电子厂")

    def test_the_old_one_ends_the_day_the_new_one_starts(self):
        said = self.as_recorded(on="2026-10-01", destination="3307", pay="6000")
        self.assertRedirects(self.client.post(self.to("change_job"), said), self.to("person"))
        old, new = Transfer.objects.order_by("started_on")
        self.assertEqual((old.ended_on, new.started_on), (date(2026, 10, 1), date(2026, 10, 1)))
        self.assertEqual((new.destination, new.pay), ("3307", 6000))
        self.client.post(self.to("change_job"), said)
        self.assertEqual(Transfer.objects.count(), 2)


class PuttingRight(WorkAway):
    def test_corrected(self):
        page = self.to("transfer_edit", self.transfer)
        self.shows(self.client.get(page), "华星电子厂", 'value="2026-03-01"')
        self.assertRedirects(self.client.post(page, self.as_recorded(pay="5500")), self.to("person"))
        self.transfer.refresh_from_db()
        self.assertEqual((self.transfer.pay, self.transfer.version), (5500, 2))

    def test_left_as_it_was_nothing_is_written(self):
        self.client.post(self.to("transfer_edit", self.transfer), self.as_recorded())
        self.transfer.refresh_from_db()
        self.assertEqual(self.transfer.version, 1)

    def test_a_homecoming_that_was_none_is_emptied_as_the_field_says(self):
        actions.record_homecoming(self.xiuying, by=self.li, ended_on=date(2026, 10, 1), reason=codes.REASONS[0][0])
        page, said = self.to("transfer_edit", self.transfer), self.as_recorded(version=2)
        self.shows(self.client.get(page), "Leave it empty if the worker is still away")
        self.assertRedirects(self.client.post(page, said | {"ended_on": ""}), self.to("person"))
        self.transfer.refresh_from_db()
        self.assertEqual((self.transfer.ended_on, self.transfer.reason), (None, ""))

    def test_two_officers_at_once_see_both_values(self):
        actions.correct_transfer(self.transfer, by=self.wang, version=1, pay=6000)
        answer = self.client.post(self.to("transfer_edit", self.transfer), self.as_recorded(pay="5500"))
        self.shows(answer, "5,500", "6,000", "Saved meanwhile")

    def test_the_lists_of_places_judge_nothing(self):
        said = self.as_recorded(destination="", destination_province="33", choose="1")
        self.shows(self.client.post(self.to("transfer_edit", self.transfer), said), "Jinhua")

    def test_voided_with_a_reason_once(self):
        page = self.to("transfer_void", self.transfer)
        self.shows(self.client.get(page), "Only for a transfer that never was")
        self.shows(self.client.post(page, {}), "Say why the entry was wrong")
        for _click in (1, 2):
            self.assertRedirects(self.client.post(page, {"reason": "Entered twice"}), self.to("person"))
        self.transfer.refresh_from_db()
        self.assertEqual(self.transfer.void_reason, "Entered twice")
        self.assertEqual(self.verbs().count("voided transfer"), 1)

    def test_strangers_change_nothing(self):
        self.sign_in(self.sun)
        for name in ("transfer_edit", "transfer_void", "homecoming_done"):
            self.assertEqual(self.client.get(self.to(name, self.transfer)).status_code, 404)
            self.assertEqual(self.client.post(self.to(name, self.transfer), {"reason": "x"}).status_code, 404)
        self.transfer.refresh_from_db()
        self.assertIsNone(self.transfer.voided_at)


class Bearers(WorkAway):
    def build(self):
        super().build()
        facts = {"county_id": cast.COUNTY, "village_id": cast.HOME, "registered_on": date(2020, 1, 1)}
        self.works = Broker.objects.create(name="马贵", **facts)
        self.barred = Broker.objects.create(name="韩成", **facts)
        Broker.objects.create(name="祁福", stopped_on=date(2026, 1, 1), **facts)
        Broker.objects.create(name="马贵贵", merged_into=self.works, **facts)
        self.led = actions.correct_transfer(self.transfer, by=self.li, version=1, broker=self.barred)
        Broker.objects.filter(pk=self.barred.pk).update(
            state="revoked", filed_on=date(2026, 1, 1), certificate_number="1", certificate_word="w"
        )

    def offered(self, name, row=None):
        return set(self.client.get(self.to(name, row)).context["form"].fields["broker"].queryset)

    def test_for_a_new_transfer_only_those_who_take_people_on(self):
        self.assertEqual(self.offered("change_job"), {self.works})

    def test_a_correction_keeps_the_name_of_who_was_barred_since(self):
        self.assertEqual(self.offered("transfer_edit", self.led), {self.works, self.barred})
        said = self.as_recorded(channel="broker", broker=self.barred.pk, pay="5500", version=2)
        self.assertRedirects(self.client.post(self.to("transfer_edit", self.led), said), self.to("person"))
        self.led.refresh_from_db()
        self.assertEqual((self.led.pay, self.led.broker), (5500, self.barred))
