"""The database itself keeps the promises of the ledger, whatever the code above it does; on either database."""

from datetime import date

from django.db import IntegrityError, transaction
from django.test import TestCase

from brokers.models import Broker
from jobs.models import CooperationPoint
from laborreg import clock, crypto
from tests import cast
from tests.workers.desk import id_number
from workers.models import Household, HouseholdStatus, Registration, Transfer, UnnamedGroup, Worker

JAN, FEB, MAR, APR, MAY = (date(2026, month, 1) for month in range(1, 6))


class Constraints(TestCase):
    @classmethod
    def setUpTestData(cls):
        cast.county()

    def breaks(self, name, change, *args, **kwargs):
        with self.assertRaises(IntegrityError) as caught, transaction.atomic():
            change(*args, **kwargs)
        self.assertIn(name, str(caught.exception))


class TransferConstraints(Constraints):
    def setUp(self):
        self.xiuying = cast.worker()

    def add(self, started_on, ended_on=None, **facts):
        return cast.transfer(self.xiuying, started_on, ended_on, **facts)

    def test_two_transfers_never_share_a_day(self):
        self.add(FEB, APR)
        periods = [(FEB, APR), (JAN, MAR), (MAR, MAY), (JAN, MAY), (MAR, date(2026, 3, 2)), (JAN, None)]
        for started_on, ended_on in periods:
            self.breaks("no_overlap", self.add, started_on, ended_on)

    def test_touching_ones_are_fine(self):
        self.add(FEB, MAR)
        self.add(JAN, FEB)
        self.add(MAR)

    def test_never_two_open(self):
        self.add(JAN)
        self.breaks("no_overlap", self.add, FEB)
        self.breaks("no_overlap", self.add, date(2025, 1, 1))

    def test_other_people_are_not_in_the_way(self):
        self.add(JAN)
        cast.transfer(cast.worker("李桂兰"), JAN)

    def test_voided_ones_are_not_in_the_way_until_they_come_back(self):
        first = self.add(JAN)
        first.voided_at, first.void_reason = clock.now(), "never left"
        first.save()
        self.add(FEB)
        first.voided_at, first.void_reason = None, ""
        self.breaks("no_overlap", first.save)

    def test_an_update_overlaps_no_more_than_an_insert(self):
        first = self.add(JAN, FEB)
        second = self.add(MAR, APR)
        first.ended_on = date(2026, 3, 2)
        self.breaks("no_overlap", first.save)
        second.started_on = date(2026, 1, 15)
        self.breaks("no_overlap", second.save)
        self.breaks("no_overlap", Transfer.objects.filter(pk=first.pk).update, ended_on=None)
        other = cast.transfer(cast.worker("李桂兰"), JAN)
        self.breaks("no_overlap", Transfer.objects.filter(pk=other.pk).update, worker=self.xiuying)

    def test_many_at_once_overlap_no_more_than_one(self):
        rows = [
            Transfer(county_id=cast.COUNTY, village_id=cast.HOME, worker=self.xiuying, started_on=day, destination="44",
                     created_at=clock.now())
            for day in (JAN, FEB)
        ]
        self.breaks("no_overlap", Transfer.objects.bulk_create, rows)

    def test_saving_a_transfer_again_is_no_overlap_with_itself(self):
        first = self.add(JAN)
        first.pay = 5000
        first.save()

    def test_it_ends_after_it_starts(self):
        self.breaks("transfer_ends_after_it_starts", self.add, FEB, FEB)

    def test_the_bearer_fits_its_channel(self):
        broker = Broker.objects.create(
            county_id=cast.COUNTY, village_id=cast.HOME, name="马有福", registered_on=JAN
        )
        point = CooperationPoint.objects.create(county_id=cast.COUNTY, name="昆山协作点", destination="320583")
        for bearer in ({"broker": broker}, {"point": point}, {"agency": "和平劳务"}):
            self.breaks("transfer_bearer_fits_its_channel", self.add, JAN, channel="own", **bearer)
        self.breaks("transfer_bearer_fits_its_channel", self.add, JAN, channel="broker", broker=broker, point=point)
        self.add(JAN, FEB, channel="broker", broker=broker)
        self.add(FEB, MAR, channel="point", point=point)
        self.add(MAR, APR, channel="agency", agency="和平劳务")
        self.add(APR, MAY, channel="broker")

    def test_no_reason_while_it_is_open(self):
        self.breaks("transfer_ends_before_it_tells_why", self.add, JAN, reason="illness")
        self.breaks("transfer_ends_before_it_tells_why", self.add, JAN, plan="seeking")

    def test_voided_only_with_a_reason(self):
        self.breaks("transfer_voided_with_a_reason", self.add, JAN, voided_at=clock.now())
        self.breaks("transfer_voided_with_a_reason", self.add, JAN, void_reason="never left")


class RegistrationConstraints(Constraints):
    def setUp(self):
        self.xiuying = cast.worker()
        self.stay = self.xiuying.registrations.get()

    def add(self, from_on=None, to_on=None, village=cast.FAR, **facts):
        facts = {"worker": self.xiuying, "left_how": "moved" if to_on else ""} | facts
        return Registration.objects.create(
            county_id=cast.COUNTY, village_id=village, from_on=from_on, to_on=to_on, **facts
        )

    def end(self, day):
        self.stay.to_on, self.stay.left_how = day, "moved"
        self.stay.save()

    def test_nobody_is_registered_twice_on_a_day(self):
        self.breaks("no_overlap", self.add)
        self.breaks("no_overlap", self.add, FEB)
        self.breaks("no_overlap", self.add, None, FEB)
        self.end(FEB)
        self.breaks("no_overlap", self.add, JAN)
        self.add(FEB, MAR)
        self.add(APR)

    def test_an_update_overlaps_no_more_than_an_insert(self):
        self.end(FEB)
        later = self.add(FEB)
        later.from_on = JAN
        self.breaks("no_overlap", later.save)
        self.breaks("no_overlap", Registration.objects.filter(pk=later.pk).update, from_on=None)
        self.breaks("no_overlap", Registration.objects.filter(pk=self.stay.pk).update, to_on=None, left_how="")

    def test_of_a_worker_or_a_group(self):
        group = UnnamedGroup.objects.create(
            county_id=cast.COUNTY, village_id=cast.HOME, persons=3, started_on=JAN, destination="44",
            created_at=clock.now(),
        )
        self.breaks("registration_of_a_worker_or_a_group", self.add, FEB, worker=None)
        self.end(FEB)
        self.breaks("registration_of_a_worker_or_a_group", self.add, FEB, group=group)

    def test_it_ends_after_it_starts_and_for_a_reason(self):
        self.end(FEB)
        self.breaks("registration_ends_after_it_starts", self.add, APR, APR)
        self.breaks("registration_ends_for_a_reason", self.add, FEB, APR, left_how="")
        self.breaks("registration_ends_for_a_reason", self.add, FEB, None, left_how="moved")


class WorkerConstraints(Constraints):
    def add(self, **facts):
        facts = {"name": "王秀英", "created_at": clock.now()} | facts
        return Worker.objects.create(county_id=cast.COUNTY, village_id=cast.HOME, **facts)

    def numbered(self, number, **facts):
        cipher, version = crypto.encipher(number)
        return self.add(id_cipher=cipher, id_key_version=version, id_index=crypto.index(number), **facts)

    def test_an_id_number_or_a_reason_and_never_both(self):
        self.breaks("worker_has_an_id_or_a_reason", self.add)
        self.breaks("worker_has_an_id_or_a_reason", self.numbered, id_number(), no_id_reason="lost")
        self.breaks("worker_has_an_id_or_a_reason", self.add, id_index=crypto.index(id_number()))
        self.numbered(id_number())
        self.add(no_id_reason="lost")

    def test_an_id_number_once_a_county(self):
        first = self.numbered(id_number())
        with self.assertRaises(IntegrityError), transaction.atomic():
            self.numbered(id_number())
        first.voided_at, first.void_reason = clock.now(), "entered twice"
        first.save()
        self.numbered(id_number())
        first.voided_at, first.void_reason = None, ""
        with self.assertRaises(IntegrityError), transaction.atomic():
            first.save()

    def test_voided_only_with_a_reason(self):
        self.breaks("worker_voided_with_a_reason", self.add, no_id_reason="lost", voided_at=clock.now())
        self.breaks("worker_voided_with_a_reason", self.add, no_id_reason="lost", void_reason="entered twice")


class OtherConstraints(Constraints):
    def group(self, **facts):
        facts = {"persons": 3, "started_on": FEB, "destination": "44", "created_at": clock.now()} | facts
        return UnnamedGroup.objects.create(county_id=cast.COUNTY, village_id=cast.HOME, **facts)

    def test_a_group_has_persons_and_an_end_after_its_start(self):
        self.breaks("group_has_persons", self.group, persons=0)
        self.breaks("group_ends_after_it_starts", self.group, ended_on=FEB)

    def test_a_household_status_ends_after_it_starts(self):
        household = Household.objects.create(county_id=cast.COUNTY, village_id=cast.HOME)
        self.breaks("household_status_ends_after_it_starts", HouseholdStatus.objects.create, household=household,
                    kind="relieved", from_on=FEB, to_on=FEB)
