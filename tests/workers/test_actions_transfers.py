"""Leaving home, coming home, changing the job, and putting right what was recorded of it."""

from datetime import date
from unittest import mock

from brokers.models import Broker
from laborreg.months import Month
from officers.models import AuditEvent
from tests import cast
from tests.workers.desk import Desk, id_number
from villages.models import County
from workers import actions, codes
from workers.actions import checks
from workers.columns import band_of
from workers.models import Transfer, Worker
from workers.refusals import AlreadyRecorded, Elsewhere, Stale


def broker(**facts):
    facts = {"name": "马有福", "village_id": cast.HOME, "registered_on": date(2020, 1, 1)} | facts
    return Broker.objects.create(county_id=cast.COUNTY, **facts)


class Departures(Desk):
    def build(self):
        super().build()
        self.xiuying = cast.worker()

    def leave(self, day=date(2026, 10, 5), destination="4403", by=None, **facts):
        return actions.record_departure(
            self.xiuying, by=by or self.li, started_on=day, destination=destination, **facts
        )

    def test_li_records_a_departure(self):
        transfer = self.leave(pay=5200, industry="C", planned_home=Month(2027, 1))
        transfer.refresh_from_db()
        self.assertTrue(transfer.is_open)
        self.assertEqual((transfer.village_id, transfer.county_id), (cast.HOME, cast.COUNTY))
        self.assertEqual((transfer.pay_band, transfer.created_by, transfer.version), ("4000_5999", self.li, 1))
        event = AuditEvent.objects.get()
        self.assertEqual((event.verb, event.by, event.place_code), ("left home", self.li, cast.HOME))
        self.assertEqual(event.detail, {"started_on": "2026-10-05", "destination": "4403"})

    def test_the_history_names_the_officer(self):
        self.assertEqual(self.leave().history.get().history_user, self.li)

    def test_station_and_county_may_too_and_strangers_not(self):
        self.leave(date(2025, 1, 1), ended_on=date(2025, 2, 1), by=self.wang)
        self.leave(date(2025, 3, 1), ended_on=date(2025, 4, 1), by=self.zhao)
        for stranger in (self.sun, self.leader, self.admin):
            self.refuses("may not", self.leave, by=stranger)
        self.assertEqual(Transfer.objects.count(), 2)

    def test_days_out_of_order_are_refused(self):
        self.refuses("future", self.leave, date(2026, 11, 5))
        self.refuses("future", self.leave, ended_on=date(2026, 11, 5))
        self.refuses("later day", self.leave, ended_on=date(2026, 10, 5))
        self.refuses("too long ago", self.leave, date(1949, 12, 31))
        self.refuses("not born", self.leave, date(1988, 3, 12))

    def test_today_is_not_the_future(self):
        self.assertTrue(self.leave(date(2026, 11, 4)).is_open)

    def test_only_on_days_of_registration_in_the_county(self):
        stay = self.xiuying.registrations.get()
        stay.from_on = date(2026, 6, 1)
        stay.save()
        self.refuses("was not registered", self.leave, date(2026, 5, 31))
        self.assertTrue(self.leave(date(2026, 6, 1)).pk)

    def test_a_second_click_makes_no_second_row(self):
        first = self.leave()
        refusal = self.refuses("Already recorded", self.leave, refusal=AlreadyRecorded)
        self.assertEqual(refusal.row, first)
        self.assertEqual(Transfer.objects.count(), 1)

    def test_an_open_transfer_stands_in_the_way(self):
        self.leave()
        self.refuses("Record the homecoming", self.leave, date(2026, 10, 20))
        self.refuses("Record the homecoming", self.leave, date(2026, 9, 1))

    def test_a_closed_one_stands_in_the_way_of_its_days_only(self):
        self.leave(date(2026, 5, 1), ended_on=date(2026, 6, 1))
        self.refuses("2026-05-01 to 2026-06-01", self.leave, date(2026, 5, 31))
        self.leave(date(2026, 4, 1), ended_on=date(2026, 5, 1))
        self.leave(date(2026, 6, 1))

    def test_two_requests_at_once_end_in_the_same_words(self):
        """Both passed the check; here the check is blind, as it is for the second of two transactions."""
        self.leave()
        blind = [rule for rule in checks.CHECKS if rule is not checks.no_overlap]
        with mock.patch.object(checks, "CHECKS", blind):
            self.refuses("Already recorded", self.leave, refusal=AlreadyRecorded)
            self.refuses("Record the homecoming", self.leave, date(2026, 9, 1))

    def test_the_destination_is_cleaned(self):
        self.refuses("township too", self.leave, destination="630121")
        self.refuses("county too", self.leave, destination="6301")
        self.refuses("not a known place", self.leave, destination="nowhere")
        self.assertEqual(self.leave(destination="KR").destination, "KOR")

    def test_own_township_is_a_button(self):
        self.assertEqual(self.leave(destination="township").destination, "630121100")

    def test_the_bearer_fits_the_channel(self):
        ma = broker()
        self.refuses("only where the job", self.leave, channel="agency", broker=ma)
        self.refuses("only where the job", self.leave, channel="broker", broker=ma, agency="和平")
        self.refuses("stopped", self.leave, broker=broker(name="老马", stopped_on=date(2026, 10, 5)))
        transfer = self.leave(broker=ma)
        self.assertEqual((transfer.channel, transfer.broker), ("broker", ma))

    def test_a_broker_who_is_barred_or_merged_bears_nothing_new(self):
        """Whatever a form sends; what was recorded before keeps the name."""
        ma, other = broker(), broker(name="马贵")
        transfer = self.leave(broker=ma)
        filed = {"filed_on": date(2026, 1, 1), "certificate_number": "1", "certificate_word": "w"}
        for state, words in (("suspended", "takes nobody on: as a labor broker Suspended"), ("revoked", "Revoked")):
            Broker.objects.filter(pk=ma.pk).update(state=state, **filed)
            self.refuses(words, actions.change_job, self.xiuying, by=self.li, on=date(2026, 10, 20), destination="4401",
                         broker=ma)
            corrected = actions.correct_transfer(transfer, by=self.li, version=transfer.version, pay=5200, broker=ma)
            self.assertEqual((corrected.broker, corrected.pay), (ma, 5200))
            transfer = corrected
        transfer = actions.correct_transfer(transfer, by=self.li, version=transfer.version, broker=other)
        self.refuses("takes nobody on", actions.correct_transfer, transfer, by=self.li, version=transfer.version, broker=ma)
        actions.void_transfer(transfer, by=self.li, reason="x")
        self.refuses("takes nobody on", self.leave, broker=ma)
        Broker.objects.filter(pk=other.pk).update(merged_into=ma)
        self.refuses("merged into another one; choose that", self.leave, broker=other)

    def test_a_broker_of_another_county_bears_nothing(self):
        County.objects.create(code="630123", name="湟源县")
        stranger = broker()
        stranger.county_id = "630123"
        stranger.save()
        self.refuses("does not work for this county", self.leave, broker=stranger)

    def test_public_posts_are_of_the_own_province(self):
        self.refuses("outside the own province", self.leave, form="public_post")
        self.refuses("outside the own province", self.leave, form="public_post", destination="JPN")
        self.assertTrue(self.leave(form="public_post", destination="630102").pk)

    def test_plans_come_after_leaving(self):
        self.refuses("contract", self.leave, contract_until=date(2026, 10, 4))
        self.refuses("plan to come home", self.leave, planned_home=Month(2026, 9))
        self.refuses("homecoming with its reason", self.leave, reason="illness")

    def test_values_outside_the_lists_are_refused_by_name(self):
        self.refuses("industry", self.leave, industry="Z")
        with self.assertRaises(TypeError):
            self.leave(village="630121101200")

    def test_nobody_who_was_taken_out_leaves_home(self):
        actions.void_worker(self.xiuying, by=self.li, reason="entered twice")
        self.refuses("taken out", self.leave)


class RegisteredDepartures(Desk):
    def record(self, by=None, village=cast.HOME, transfer=None, **person):
        person = {"name": "王秀英", "id_number": id_number()} | person
        transfer = {"started_on": date(2026, 10, 5), "destination": "4403"} | (transfer or {})
        return actions.register_departure(by=by or self.li, village=village, person=person, transfer=transfer)

    def test_a_new_person_is_registered_first(self):
        transfer = self.record(phone="13800000001")
        self.assertEqual(transfer.worker.sex, "female")
        self.assertEqual(self.verbs(), ["registered", "left home"])

    def test_a_person_whom_the_village_has_is_not_registered_again(self):
        worker = actions.register(by=self.li, village=cast.HOME, name="王秀英", id_number=id_number())
        self.assertEqual(self.record().worker, worker)
        self.assertEqual(self.verbs(), ["registered", "left home"])

    def test_a_second_click_makes_nothing(self):
        self.record()
        self.refuses("Already recorded", self.record, refusal=AlreadyRecorded)
        self.assertEqual(Transfer.objects.count(), 1)

    def test_another_name_under_the_number_is_refused(self):
        worker = self.record().worker
        refusal = self.refuses("another name", self.record, name="李秀英", refusal=Elsewhere)
        self.assertEqual(refusal.worker, worker)

    def test_another_village_has_the_number(self):
        self.record()
        facts = {"by": self.sun, "village": cast.FAR}
        refusal = self.refuses("another place of the county", self.record, **facts, refusal=Elsewhere)
        self.assertIsNone(refusal.worker)
        self.assertNotIn("王秀英", str(refusal.message))

    def test_a_refused_departure_registers_nobody(self):
        self.refuses("future", self.record, transfer={"started_on": date(2027, 1, 1)})
        self.assertEqual((Worker.objects.count(), self.verbs()), (0, []))

    def test_at_work_a_boy_of_fifteen_is_a_worker(self):
        young = id_number(born="20110601", order="001")
        self.assertTrue(self.record(id_number=young).pk)

    def test_without_a_number_the_second_click_is_known_by_the_name(self):
        facts = {"id_number": "", "no_id_reason": "lost", "sex": "female", "birth_date": date(1990, 1, 1)}
        self.record(**facts)
        self.refuses("a moment ago", self.record, **facts, refusal=AlreadyRecorded)


class Homecomings(Desk):
    def build(self):
        super().build()
        self.xiuying = cast.worker()
        self.transfer = cast.transfer(self.xiuying, date(2026, 3, 1))

    def come_home(self, day=date(2026, 10, 20), **facts):
        return actions.record_homecoming(self.xiuying, by=self.li, ended_on=day, **facts)

    def test_coming_home_ends_the_open_transfer(self):
        ended = self.come_home(reason="family", plan="seeking", source="phone")
        ended.refresh_from_db()
        self.assertEqual((ended.pk, ended.ended_on, ended.version), (self.transfer.pk, date(2026, 10, 20), 2))
        self.assertEqual((ended.reason, ended.plan, ended.source), ("family", "seeking", "phone"))
        self.assertEqual(self.verbs(), ["came home"])

    def test_days_that_cannot_be(self):
        self.refuses("future", self.come_home, date(2026, 11, 5))
        self.refuses("left on 2026-03-01", self.come_home, date(2026, 3, 1))

    def test_a_second_click(self):
        self.come_home()
        self.refuses("Already recorded", self.come_home, refusal=AlreadyRecorded)
        self.refuses("not out for work", self.come_home, date(2026, 10, 21))

    def test_who_never_left_does_not_come_home(self):
        stay_home = cast.worker("李桂兰")
        self.refuses("no departure", actions.record_homecoming, stay_home, by=self.li, ended_on=date(2026, 10, 1))

    def test_the_dead_do_not_come_home(self):
        actions.record_death(self.xiuying, by=self.li, on=date(2026, 9, 1))
        self.refuses("was not registered", self.come_home)
        self.transfer.refresh_from_db()
        self.assertTrue(self.transfer.is_open)

    def test_a_change_of_job_touches(self):
        next_job = actions.change_job(
            self.xiuying, by=self.li, on=date(2026, 10, 1), destination="3205", industry="C", pay=6000
        )
        self.transfer.refresh_from_db()
        self.assertEqual((self.transfer.ended_on, self.transfer.reason), (next_job.started_on, ""))
        self.assertTrue(next_job.is_open)
        self.assertEqual(self.verbs(), ["changed job"])
        self.refuses("already recorded", actions.change_job, self.xiuying, by=self.li, on=date(2026, 10, 1),
                     destination="3205", refusal=AlreadyRecorded)

    def test_the_same_job_again_is_no_change(self):
        self.refuses("Nothing is different", actions.change_job, self.xiuying, by=self.li, on=date(2026, 10, 1),
                     destination=self.transfer.destination, pay=self.transfer.pay)

    def test_a_change_of_job_that_is_refused_ends_nothing(self):
        self.refuses("not a known place", actions.change_job, self.xiuying, by=self.li, on=date(2026, 10, 1), destination="0")
        self.transfer.refresh_from_db()
        self.assertTrue(self.transfer.is_open)


class Corrections(Desk):
    def build(self):
        super().build()
        self.xiuying = cast.worker()
        self.transfer = cast.transfer(self.xiuying, date(2026, 3, 1), pay=4000)

    def correct(self, version=1, by=None, **changes):
        return actions.correct_transfer(self.transfer, by=by or self.li, version=version, **changes)

    def test_what_changed_is_in_the_trail(self):
        corrected = self.correct(pay=4500, destination="3205")
        corrected.refresh_from_db()
        self.assertEqual((corrected.pay, corrected.destination, corrected.version), (4500, "3205", 2))
        self.assertEqual(set(AuditEvent.objects.get().detail["changed"]), {"pay", "pay_band", "destination"})
        self.assertEqual(corrected.history.first().history_user, self.li)

    def test_who_comes_second_is_shown_the_first(self):
        self.correct(pay=4500)
        refusal = self.refuses("Somebody saved", self.correct, pay=4600, refusal=Stale)
        self.assertEqual((refusal.current.pay, refusal.current.version), (4500, 2))

    def test_the_same_twice_is_no_conflict(self):
        self.correct(pay=4500)
        self.assertEqual(self.correct(pay=4500).version, 2)
        self.assertEqual(self.verbs(), ["corrected transfer"])

    def test_nothing_changed_writes_nothing(self):
        self.assertEqual(self.correct(destination="4403").version, 1)
        self.assertEqual(self.verbs(), [])

    def test_an_end_taken_back_takes_its_reason_along(self):
        actions.record_homecoming(self.xiuying, by=self.li, ended_on=date(2026, 9, 1), reason="illness", plan="seeking")
        opened = self.correct(version=2, ended_on=None)
        self.assertEqual((opened.is_open, opened.reason, opened.plan), (True, "", ""))

    def test_another_channel_drops_the_bearer_of_before(self):
        self.correct(broker=broker())
        corrected = self.correct(version=2, channel="relatives")
        self.assertEqual((corrected.channel, corrected.broker), ("relatives", None))

    def test_the_same_rules_as_for_a_departure(self):
        cast.transfer(cast.worker("李桂兰"), date(2026, 1, 1))
        self.refuses("future", self.correct, started_on=date(2026, 12, 1))
        self.correct(ended_on=date(2026, 4, 1))
        cast.transfer(self.xiuying, date(2026, 5, 1))
        self.refuses("is out since 2026-05-01", self.correct, version=2, ended_on=date(2026, 5, 2))
        self.refuses("may not", self.correct, by=self.sun, pay=1)

    def test_voiding_asks_for_a_reason(self):
        self.refuses("Give the reason", actions.void_transfer, self.transfer, by=self.li, reason=" ")
        self.refuses("ID numbers or phones", actions.void_transfer, self.transfer, by=self.li, reason="13800000001")
        voided = actions.void_transfer(self.transfer, by=self.li, reason="never left")
        self.assertEqual(voided.void_reason, "never left")
        again = {"by": self.li, "reason": "never left"}
        self.refuses("was voided", actions.void_transfer, self.transfer, **again, refusal=AlreadyRecorded)
        self.refuses("was voided", self.correct, version=2, pay=1)
        self.assertFalse(Transfer.objects.valid().exists())

    def test_a_voided_one_is_in_nobodys_way(self):
        actions.void_transfer(self.transfer, by=self.li, reason="never left")
        self.assertTrue(
            actions.record_departure(self.xiuying, by=self.li, started_on=date(2026, 3, 1), destination="4403").pk
        )


class Lists(Desk):
    def test_each_pay_falls_into_a_band_of_the_list(self):
        self.assertEqual(
            [band_of(pay) for pay in (0, 1999, 2000, 3999, 4000, 5999, 6000, 7999, 8000, 200_000)],
            [band for band, _label in codes.PAY_BANDS for _twice in "12"],
        )
