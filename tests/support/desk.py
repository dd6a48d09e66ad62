"""What the tests of brokers' pay share: Datong with two filed brokers, Yongning's scheme, and stays of 2025."""

from datetime import date, timedelta

from django.test import TestCase
from django.utils import timezone

from brokers.models import Broker
from laborreg import clock
from support import actions
from support.examples import YONGNING
from support.models import Scheme
from tests import cast
from tests.cast import COUNTY, FAR, HOME
from villages.models import County

YEAR = 2025
JANUARY = date(YEAR, 1, 1)


def broker(name="马占海", village=HOME, filed_on=date(2024, 5, 1), **facts) -> Broker:
    """Filed in time for the claims of 2025 unless told otherwise."""
    number = Broker.objects.count() + 1
    filed = {
        "state": "filed", "filed_on": filed_on, "certificate_number": f"T{number:05}", "certificate_word": f"word-{number}",
    }
    facts = (filed if filed_on else {}) | facts
    return Broker.objects.create(
        county_id=village[:6], village_id=village, name=name, registered_on=date(2020, 1, 1), **facts
    )


def yongning(by, county=COUNTY, **facts) -> Scheme:
    said = YONGNING.facts | {"name": "永宁办法"} | facts
    return actions.write_scheme(by=by, county=County.objects.get(pk=county), bands=YONGNING.bands, **said)


def stay(who, leader, days=120, since=JANUARY, **facts):
    """`days` from a day on, with a contract and 4,000 yuan a month unless told otherwise."""
    until = since + timedelta(days) if days else None
    facts = {"pay": 4000, "contract": "yes", "employer": "某厂"} | facts
    return cast.transfer(who, since, until, channel="broker", broker=leader, **facts)


def led(leader, number, days=120, village=HOME, prefix="工", **facts) -> list:
    """So many workers whom the broker led."""
    return [stay(cast.worker(f"{prefix}{n}", village), leader, days, **facts) for n in range(number)]


def small(scheme, least=1):
    """The same scheme paying from `least` workers on, so that few rows make a claim."""
    scheme.bands.filter(size_from=50).update(size_from=least)
    return Scheme.objects.get(pk=scheme.pk)


class PayCase(TestCase):
    """4 November 2026: the year 2025 is over."""

    @classmethod
    def setUpTestData(cls):
        cls.county = cast.county()
        cls.people = cast.cast()
        cls.people["fang"] = cast.officer("fang", "township", FAR[:9])
        cls.people["zhou"] = cast.officer("zhou", "county", COUNTY)
        for name, officer in cls.people.items():
            setattr(cls, name, officer)
        clock.pin(date(2026, 11, 4))
        cls.broker = broker()
        cls.other = broker("韩梅花", FAR)
        cls.scheme = yongning(cls.zhao)

    def setUp(self):
        clock.pin(date(2026, 11, 4))
        self.addCleanup(clock.pin, None)

    def sign_in(self, name):
        self.client.force_login(self.people[name])
        session = self.client.session
        session["began"] = session["seen"] = timezone.now().timestamp()
        session.save()

    def get(self, name, url, status=200, **data):
        self.sign_in(name)
        answer = self.client.get(url, data)
        self.assertEqual(answer.status_code, status)
        return answer

    def post(self, name, url, data, status=302):
        self.sign_in(name)
        answer = self.client.post(url, data)
        self.assertEqual(answer.status_code, status)
        return answer
