"""A broker entered twice: what follows to the entry that stays, and when the two must stay two."""

from datetime import date

from django.db.models import F

from brokers import actions as brokers
from brokers.models import Attendance, Broker, Course, Membership
from laborreg import clock
from laborreg.refusals import Stale
from officers.models import AuditEvent
from officers.roles import NotYours
from support.merging import merge_brokers
from support.models import Claim, ClaimLine, Scheme
from tests import cast
from tests.brokers.filing_desk import BrokerDesk
from tests.workers.desk import TODAY
from villages.models import Village
from workers.models import Transfer


class Merging(BrokerDesk):
    def build(self):
        super().build()
        self.stays = self.register("马占海", phone="13897123456")
        self.goes = self.register("马占海", order="", phone="13897123457", trades="建筑", account="6217000000000000004",
                                  bank="农商银行", registered_on=date(2026, 3, 1))

    def merge(self, loser=None, into=None, by=None, **versions):
        loser, into = self.now(loser or self.goes), self.now(into or self.stays)
        versions = {"version": into.version, "other_version": loser.version} | versions
        return merge_brokers(loser, into=into, by=by or self.li, **versions)

    def led_by(self, broker, name, village=cast.HOME):
        return cast.transfer(cast.worker(name, village), date(2026, 3, 5), channel="broker", broker=broker)

    def claim(self, broker, scheme, year=2026):
        return Claim.objects.create(
            county_id=cast.COUNTY, scheme=scheme, year=year, broker=broker, township_id=cast.HOME[:9], persons=1, amount=20,
            drawn_by=self.zhao, drawn_at=clock.now(),
        )

    def scheme(self):
        return Scheme.objects.create(county_id=cast.COUNTY, name="带动补贴", year_from=2026)

    def course(self, name="班"):
        return Course.objects.create(
            county_id=cast.COUNTY, place_code=cast.COUNTY, name=name, hours=8, from_on=TODAY, to_on=TODAY, at=clock.now()
        )

    def attends(self, broker, course, **facts):
        return Attendance.objects.create(course=course, broker=broker, at=clock.now(), **facts)

    def joins(self, broker):
        return Membership.objects.create(
            county_id=cast.COUNTY, township_id=cast.HOME[:9], broker=broker, joined_on=date(2026, 4, 30), at=clock.now()
        )

    def test_everything_follows(self):
        own, other, far = (self.led_by(broker, name, village) for broker, name, village in (
            (self.stays, "王一", cast.HOME), (self.goes, "王二", cast.HOME), (self.goes, "王三", cast.FAR)
        ))
        membership, attendance = self.joins(self.goes), self.attends(self.goes, self.course(), was_there=True, has_passed=True)
        complaint = brokers.record_complaint(self.goes, by=self.wang, kind="complaint", received_on=TODAY, said="收费")
        claim = self.claim(self.goes, self.scheme())
        winner = self.merge()
        self.assertEqual({trip.broker for trip in Transfer.objects.all()}, {winner})
        self.assertEqual([Transfer.objects.get(pk=trip.pk).version for trip in (own, other, far)], [1, 2, 2])
        self.assertEqual([trip.history.count() for trip in (own, other)], [1, 2])
        self.assertEqual(other.history.first().history_user, self.li)
        for row in (membership, attendance, complaint, claim):
            row.refresh_from_db()
            self.assertEqual(row.broker, winner)
        loser = self.now(self.goes)
        self.assertEqual((loser.merged_into, loser.name), (winner, "马占海"))
        self.assertNotIn(loser, Broker.objects.taking_on())
        self.assertEqual([row.history.first().history_user for row in (winner, loser)], [self.li, self.li])
        event = AuditEvent.objects.last()
        self.assertEqual((event.verb, event.detail), ("merged brokers", {"merged": loser.pk, "transfers": 2}))

    def test_what_only_the_other_says_is_kept(self):
        winner = self.merge()
        self.assertEqual((winner.phone, winner.trades, winner.bank), ("13897123456", "建筑", "农商银行"))
        same = self.register("祁福", "019", account="6217000000000000004")
        self.assertEqual(list(brokers.same_account(same)), [winner])
        self.assertEqual((brokers.account_of(winner), winner.registered_on), ("6217000000000000004", date(2026, 3, 1)))

    def test_the_id_number_goes_over_to_whoever_has_none(self):
        number = brokers.id_number_of(self.stays)
        winner = self.merge(self.stays, into=self.goes)
        self.assertEqual((brokers.id_number_of(winner), winner.sex), (number, self.stays.sex))
        self.assertIsNone(self.now(self.stays).id_index)

    def test_who_may(self):
        self.merge_refused("may not register", by=self.sun, refusal=NotYours)
        self.merge_refused("may not register", by=self.leader, refusal=NotYours)
        far = self.register("马占海", order="", village=cast.NEXT_DOOR)
        self.merge_refused("may not register", far, by=self.li, refusal=NotYours)
        self.merge(far, by=self.wang)

    def merge_refused(self, words, *args, refusal=None, **kwargs):
        self.refuses(words, self.merge, *args, refusal=refusal, **kwargs)

    def test_two_people_stay_two(self):
        self.merge_refused("This is the same entry", self.stays)
        self.merge_refused("different ID numbers", self.register("马占海", "013"))

    def test_the_county_merges_an_entry_with_a_mistyped_number(self):
        other = self.register("马占海", "013")
        number = brokers.id_number_of(self.stays)
        for by in (self.li, self.wang):
            self.merge_refused("the county bureau merges", other, by=by, mistyped=True)
        self.merge_refused("tick that the other one was mistyped", other, by=self.zhao)
        winner = self.merge(other, by=self.zhao, mistyped=True)
        self.assertEqual(brokers.id_number_of(winner), number)
        self.assertIsNone(self.now(other).id_index)
        self.assertRegex(AuditEvent.objects.last().detail["mistyped"], r"^6300[0-9]*\*+")

    def test_an_entry_is_merged_once_and_what_pointed_to_it_points_on(self):
        third = self.register("马占海", order="", phone="13897123458")
        self.merge(third, into=self.goes)
        self.merge_refused("merged into another one", third)
        self.merge()
        self.assertEqual({self.now(row).merged_into for row in (third, self.goes)}, {self.stays})

    def test_what_somebody_saved_meanwhile_is_looked_at_first(self):
        brokers.edit_broker(self.goes, by=self.li, version=1, trades="餐饮")
        self.merge_refused("Somebody saved this record", other_version=1, refusal=Stale)
        self.merge_refused("Somebody saved this record", version=7, refusal=Stale)

    def test_whoever_is_further_in_the_filing_stays(self):
        filed = self.at("filed", "015")
        self.merge_refused("further in the filing", filed, self.goes)
        self.led_by(self.goes, "王二")
        winner = self.merge(self.goes, filed)
        self.assertEqual((winner.state, winner.certificate_number), ("filed", "63012120260001"))
        again = self.at("filed", "017")
        Broker.objects.filter(pk=again.pk).update(id_index=None, id_cipher=None, id_key_version=None)
        self.merge_refused("Both entries are filed", again, filed)

    def test_claims_of_one_year_and_two_memberships_are_the_offices_to_settle(self):
        scheme = self.scheme()
        self.claim(self.stays, scheme)
        self.claim(self.goes, scheme, 2027)
        clash = self.claim(self.goes, scheme)
        self.merge_refused("Both entries have a claim of 2026 under “带动补贴”")
        clash.delete()
        memberships = [self.joins(broker) for broker in (self.stays, self.goes)]
        self.merge_refused("End one membership first")
        Membership.objects.filter(pk=memberships[0].pk).update(left_on=TODAY)
        self.merge()
        self.assertEqual(set(Claim.objects.values_list("broker", "year")), {(self.stays.pk, 2026), (self.stays.pk, 2027)})

    def test_of_a_course_that_both_attended_the_better_result_counts(self):
        passed, failed = self.course("一"), self.course("二")
        self.attends(self.stays, passed, was_there=True, has_passed=False)
        self.attends(self.goes, passed, was_there=True, has_passed=True, certificate_number="7")
        self.attends(self.stays, failed, was_there=True, has_passed=True, certificate_number="8")
        self.attends(self.goes, failed, was_there=False)
        winner = self.merge()
        self.assertEqual(set(winner.attendances.values_list("course", "certificate_number")),
                         {(passed.pk, "7"), (failed.pk, "8")})

    def test_a_claim_has_counted_right_what_only_got_another_name(self):
        trip, corrected = self.led_by(self.goes, "王二"), self.led_by(self.goes, "王三")
        claim = self.claim(self.goes, self.scheme())
        for each in (trip, corrected):
            ClaimLine.objects.create(
                claim=claim, county_id=cast.COUNTY, year=2026, worker=each.worker, transfer=each, transfer_version=1,
                village_id=cast.HOME, name="王", started_on=each.started_on, days=100, verdict="counts", amount=20,
            )
        Transfer.objects.filter(pk=corrected.pk).update(version=2)
        self.merge()
        in_step = ClaimLine.objects.filter(transfer_version=F("transfer__version"))
        self.assertEqual([line.transfer for line in in_step], [trip])


class Pages(BrokerDesk):
    def test_offered_by_phone_and_by_name_in_the_township(self):
        broker = self.register("马占海", phone="13897123456")
        same_name = self.register("马占海", order="", village=cast.NEXT_DOOR)
        same_phone = self.register("马海", order="", phone="13897123456")
        stranger = self.register("祁福", order="")
        far = brokers.register_broker(by=self.sun, village=Village.objects.get(pk=cast.FAR), name="马占海")
        page = self.get(self.zhao, "broker_twins", broker.pk)
        self.assertEqual(set(page.context["found"]), {same_name, same_phone})
        self.assertContains(page, "138****3456")
        self.assertNotContains(page, "13897123456")
        self.assertEqual(self.get(self.li, "broker_twins", broker.pk).context["found"], [same_phone])
        self.assertEqual(self.get(self.zhao, "broker_twins", broker.pk, q="qif").context["found"], [stranger])
        self.get(self.li, "broker_twin", broker.pk, far.pk, status=404)
        self.get(self.li, "broker_twins", far.pk, status=404)

    def test_li_chooses_which_stays(self):
        one, two = self.register("马占海", phone="13897123456"), self.register("马占海", order="", trades="建筑")
        page = self.get(self.li, "broker_twin", one.pk, two.pk)
        self.assertContains(page, "建筑")
        self.assertNotContains(page, "13897123456")
        versions = {"version_one": 1, "version_two": 1}
        page = self.post(self.li, "broker_twin", one.pk, two.pk, status=200, **versions)
        self.assertContains(page, "Choose which entry stays")
        self.post(self.li, "broker_twin", one.pk, two.pk, stays="one", **versions)
        self.assertEqual(self.now(two).merged_into, one)
        self.get(self.li, "broker_twin", one.pk, two.pk, status=404)

    def test_a_refusal_and_a_change_meanwhile(self):
        one, two = self.register("马占海"), self.register("马海", "013")
        page = self.get(self.li, "broker_twin", one.pk, two.pk)
        self.assertContains(page, "the county bureau merges the entries")
        self.assertNotContains(page, "Which entry stays?")
        self.assertContains(self.get(self.zhao, "broker_twin", one.pk, two.pk), "of the other entry was mistyped")
        page = self.post(self.zhao, "broker_twin", one.pk, two.pk, status=200, stays="two", version_one=1, version_two=1)
        self.assertContains(page, "tick that the other one was mistyped")
        self.post(self.li, "broker_twin", one.pk, two.pk, stays="two", version_one=7, version_two=1)
        page = self.get(self.li, "broker_twin", one.pk, two.pk)
        self.assertContains(page, "Somebody changed one of the entries meanwhile")
