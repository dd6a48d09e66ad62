"""Where the tests of brokers sit: the cast at its posts on 2026-11-04, and brokers on their way to the file."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone

from brokers import actions
from brokers.codes import CONDITIONS
from brokers.models import Attendance, Broker, Course
from laborreg import clock
from tests.cast import HOME
from tests.workers.desk import TODAY, Desk, id_number
from villages.models import Village

ALL = [code for code, _label in CONDITIONS]
STATION = HOME[:9]
# In the order of the way.
NAMES = {"registered": "马占海", "recommended": "祁福", "trained": "韩成", "published": "马贵", "filed": "冶得山"}


class BrokerDesk(Desk):
    """A browser without JavaScript, and `at(state)`: a broker of the home village who came so far."""

    def register(self, name="马占海", order="011", village=HOME, born="19800101", **facts) -> Broker:
        number = {"id_number": id_number(born, order)} if order else {}
        village = Village.objects.get(pk=village)
        return actions.register_broker(by=self.wang, village=village, name=name, **number | facts)

    def recommend(self, broker, by=None, **facts):
        facts = {"version": broker.version, "conditions": ALL} | facts
        return actions.recommend_broker(broker, by=by or self.li, **facts)

    def passes(self, broker, until=None) -> Attendance:
        """The broker's pass of a course in October."""
        course, _is_new = Course.objects.get_or_create(
            county_id=broker.county_id, place_code=broker.county_id, name="班", from_on=date(2026, 10, 1),
            defaults={"hours": 8, "to_on": date(2026, 10, 2), "at": clock.now()},
        )
        facts = {"was_there": True, "has_passed": True, "expires_on": until, "at": clock.now()}
        return Attendance.objects.update_or_create(course=course, broker=broker, defaults=facts)[0]

    def train(self, *brokers, by=None):
        for broker in brokers:
            self.passes(broker)
        actions.trained(brokers, by=by or self.wang, on=clock.today())
        for broker in brokers:
            broker.refresh_from_db()

    def publish(self, *brokers, days=7, from_on=None, by=None, place=STATION):
        from_on = from_on or clock.today()
        made = actions.publish_brokers(
            brokers, by=by or self.wang, place=place, from_on=from_on, to_on=from_on + timedelta(days=days - 1)
        )
        for broker in brokers:
            broker.refresh_from_db()
        return made

    def file(self, broker, by=None):
        return actions.file_broker(broker, by=by or self.zhao, version=broker.version)

    def at(self, state, order="011", **facts) -> Broker:
        """A filed one was published a week ago, and filed today; of the others every step is today's."""
        clock.pin(TODAY - timedelta(days=7 if state == "filed" else 0))
        broker = self.register(NAMES[state], order, **facts)
        for step in (self.recommend, self.train, self.publish)[: list(NAMES).index(state)]:
            step(self.now(broker))
        clock.pin(TODAY)
        broker = self.now(broker)
        return self.file(broker) if state == "filed" else broker

    def now(self, broker) -> Broker:
        return Broker.objects.get(pk=broker.pk)

    def later(self, days):
        clock.pin(TODAY + timedelta(days=days))

    # Pages.

    def sign_in(self, officer):
        self.client.force_login(officer)
        session = self.client.session
        session["began"] = session["seen"] = timezone.now().timestamp()
        session.save()

    def get(self, officer, name, *args, status=200, **query):
        self.sign_in(officer)
        answer = self.client.get(reverse(name, args=args), query)
        self.assertEqual(answer.status_code, status)
        return answer

    def post(self, officer, name, /, *args, status=302, **data):
        self.sign_in(officer)
        answer = self.client.post(reverse(name, args=args), data)
        self.assertEqual(answer.status_code, status, answer.content[:3000].decode())
        return answer
