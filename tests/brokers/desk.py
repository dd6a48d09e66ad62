"""What the tests of the association and of courses share: the cast, brokers in three villages, an association."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from brokers.actions import associations
from brokers.models import Broker
from laborreg import clock
from laborreg.refusals import Refusal
from officers import demo
from tests.built import Built
from tests.cast import COUNTY, FAR, HOME, NEXT_DOOR, cast, county
from villages.models import County

TODAY = date(2026, 11, 4)
STATION, FAR_STATION = HOME[:9], FAR[:9]


class Desk(Built):
    """马占海 and 韩有福 at home, 李得山 next door, 孙有才 far away; the association was founded in April 2024."""

    def build(self):
        county()
        clock.pin(TODAY)
        self.people = cast()
        self.ma, self.han = self.broker("马占海"), self.broker("韩有福")
        self.li_broker, self.sun_broker = self.broker("李得山", NEXT_DOOR), self.broker("孙有才", FAR)
        datong = County.objects.get(pk=COUNTY)
        self.association = associations.found_association(
            datong, by=self.people["zhao"], name="大通县劳务经纪人协会", founded_on="2024-04-28"
        )

    def setUp(self):
        clock.pin(TODAY)
        demo._known[:] = [False]
        self.addCleanup(clock.pin, None)
        self.addCleanup(demo._known.clear)

    def broker(self, name, village=HOME, **facts) -> Broker:
        facts = {"registered_on": date(2024, 3, 1), "phone": "13900001234"} | facts
        return Broker.objects.create(county_id=village[:6], village_id=village, name=name, **facts)

    def refuses(self, words, action, *args, refusal=Refusal, **kwargs):
        with self.assertRaises(refusal) as caught, transaction.atomic():
            action(*args, **kwargs)
        self.assertIn(words, str(caught.exception))

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

    def post(self, name, url, data, status=302):
        self.sign_in(name)
        answer = self.client.post(url, data)
        self.assertEqual(answer.status_code, status, answer.content[:2000])
        return answer
