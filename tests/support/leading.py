"""Two brokers and whom they led, with the cast at its desks on 2026-11-04."""

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from brokers.models import Broker
from laborreg import clock
from tests import cast
from tests.built import Built
from tests.cast import FAR, HOME, NEXT_DOOR
from workers.models import Household, HouseholdStatus

TODAY = date(2026, 11, 4)


class Desk(Built):
    """Ma of the home village led five people of three villages, Han of the far one two; one was led by both."""

    def setUp(self):
        clock.pin(TODAY)
        self.addCleanup(clock.pin, None)

    def build(self):
        clock.pin(TODAY)
        self.addCleanup(clock.pin, None)
        self.county = cast.county()
        self.people = cast.cast()
        self.ma, self.han = self.broker("马占海", HOME), self.broker("韩梅花", FAR)
        household = Household.objects.create(county=self.county, village_id=HOME)
        HouseholdStatus.objects.create(household=household, kind="relieved")
        self.both = cast.worker("双引路", household=household)
        self.take(self.both, self.ma, date(2026, 2, 1), date(2026, 5, 2), pay=5000, contract="yes", employer="厂")
        self.take(self.both, self.han, date(2026, 6, 1), pay=6001)
        self.take(cast.worker("早回家"), self.ma, date(2026, 3, 1), date(2026, 3, 20), destination="3307")
        again = cast.worker("又出去")
        self.take(again, self.ma, date(2025, 3, 1), date(2025, 9, 1))
        self.take(again, self.ma, date(2026, 3, 1), pay=4000)
        self.take(cast.worker("邻村人", NEXT_DOOR), self.ma, date(2026, 9, 1))
        self.take(cast.worker("远村人", FAR), self.ma, date(2026, 10, 1))
        self.take(cast.worker("远村客", FAR), self.han, date(2026, 10, 1))

    def broker(self, name, village, **facts) -> Broker:
        return Broker.objects.create(
            county_id=village[:6], village_id=village, name=name, registered_on=date(2020, 1, 1), **facts
        )

    def take(self, who, by, started_on, ended_on=None, **facts):
        return cast.transfer(who, started_on, ended_on, channel="broker", broker=by, **facts)

    def sign_in(self, name):
        self.client.force_login(self.people[name])
        session = self.client.session
        session["began"] = session["seen"] = timezone.now().timestamp()
        session.save()

    def get(self, name, url, status=200, **query):
        self.sign_in(name)
        answer = self.client.get(url, query)
        self.assertEqual(answer.status_code, status)
        return answer

    def queries(self, url) -> int:
        with CaptureQueriesContext(connection) as asked:
            self.assertEqual(self.client.get(url).status_code, 200)
        return len(asked)
