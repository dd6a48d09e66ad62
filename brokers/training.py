"""The share of brokers trained, on a day, by township or village; docs/indicators.md tells it in a sentence."""

from dataclasses import dataclass
from datetime import date, timedelta

from brokers.models import Attendance, Broker
from laborreg import clock

YEARS = 5
SOON = 60


@dataclass(frozen=True)
class Share:
    """Brokers who work, those of them who were trained, and of these whose certificates have all expired."""

    brokers: int = 0
    trained: int = 0
    expired: int = 0

    def plus(self, other: "Share") -> "Share":
        return Share(self.brokers + other.brokers, self.trained + other.trained, self.expired + other.expired)

    @property
    def share(self) -> float | None:
        return self.trained / self.brokers if self.brokers else None


@dataclass
class Standing:
    """A broker with the courses passed: (last day of the course, last day of the certificate or None)."""

    broker: Broker
    passes: list

    def is_trained(self, day) -> bool:
        return any(ended_on <= day for ended_on, _expires_on in self.passes)

    def has_expired(self, day) -> bool:
        """Trained, and no certificate of it holds on the day any more."""
        ends = [expires_on for ended_on, expires_on in self.passes if ended_on <= day]
        return bool(ends) and all(end is not None and end < day for end in ends)


WHICH = {
    "brokers": lambda standing, day: True,
    "trained": Standing.is_trained,
    "untrained": lambda standing, day: not standing.is_trained(day),
    "expired": Standing.has_expired,
}


class Training:
    """Of these brokers, who was trained when. Two queries, however many days and areas are asked for."""

    def __init__(self, brokers):
        found = brokers.valid().order_by().only("village_id", "registered_on", "stopped_on", "state", "merged_into_id")
        self.standings = {broker.pk: Standing(broker, []) for broker in found}
        passed = Attendance.objects.passed().filter(broker__in=brokers.valid().order_by())
        for pk, *ends in passed.order_by().values_list("broker_id", "course__to_on", "expires_on"):
            self.standings[pk].passes.append(ends)

    def by_area(self, day, length) -> dict[str, Share]:
        """{code of the township or village: share on the day}."""
        found: dict[str, Share] = {}
        for standing in self.standings.values():
            if standing.broker.works_on(day):
                area = standing.broker.village_id[:length]
                one = Share(1, int(standing.is_trained(day)), int(standing.has_expired(day)))
                found[area] = found.get(area, Share()).plus(one)
        return found

    def who(self, which, day) -> list[int]:
        """The brokers behind a number."""
        is_one = WHICH[which]
        return [pk for pk, standing in self.standings.items() if standing.broker.works_on(day) and is_one(standing, day)]


def total(shares) -> Share:
    found = Share()
    for share in shares:
        found = found.plus(share)
    return found


def last_day(year) -> date:
    """Of this year, today."""
    return min(date(year, 12, 31), clock.today())


def years() -> list[int]:
    return list(range(clock.today().year - YEARS + 1, clock.today().year + 1))


def expiring(officer):
    """Certificates of working brokers that end within 60 days and that no later one outlives, the first to end first."""
    today = clock.today()
    found = Attendance.objects.visible_to(officer).last_certificates()
    found = found.filter(broker__in=Broker.objects.taking_on())
    return found.filter(expires_on__gte=today, expires_on__lte=today + timedelta(days=SOON)).order_by("expires_on", "pk")
