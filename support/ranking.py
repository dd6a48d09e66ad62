"""What the brokers of a county, township or village led: in all, by township and broker by broker.

Counted over the people of the officer's places, whoever led them. Persons are distinct within each line: who was led by
two brokers stands in both lines and once in the sum.
"""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from brokers.models import Broker
from support import small
from villages.models import Township
from workers import led
from workers.models import Transfer

# The columns of the list of brokers, in this order.
RANKED = [
    "persons", "person_times", "stayed_3", "stayed_6", "home_in_a_month", "mean_pay", "contracts", "repeat", "relieved",
    "monitored",
]
NOTHING = dict.fromkeys([*led.BY_KEY, led.BROKERS], 0) | {"mean_pay": None}


@dataclass
class Row:
    """One broker, one township, or all. `working`: its brokers who are at work; None where they are not the officer's."""

    label: str
    figures: dict
    code: str = ""
    broker: Broker | None = None
    working: int | None = None

    @property
    def per_broker(self) -> float | str | None:
        persons = self.figures["persons"]
        if isinstance(persons, str) or not self.working:
            return persons if isinstance(persons, str) else None
        return round(persons / self.working, 1)


class Ranking:
    """Of an officer's places in a period; `township` narrows the list of brokers, `sort` orders it."""

    def __init__(self, officer, period, *, township="", sort="persons"):
        self.officer, self.period = officer, period
        self.sees_names = officer.may("see people")
        self.found = led.counts(Transfer.objects.visible_to(officer), period, "", "township", "broker")
        self.township = township if township in self.townships else ""
        self.sort = sort if sort in RANKED else "persons"

    @cached_property
    def everybody(self) -> list[Broker]:
        """Brokers of the officer's places who had not stopped before, and those from elsewhere who led their people."""
        brokers = Broker.objects.valid().filter(county=self.officer.county_code).select_related("village__township")
        return [each for each in brokers if str(each.pk) in self.found["broker"] or (self._is_own(each) and self._was(each))]

    def _is_own(self, broker) -> bool:
        return self.officer.is_posted_over(broker.village_id)

    def _was(self, broker) -> bool:
        stopped = broker.stopped_on and broker.stopped_on <= self.period.first
        return broker.registered_on <= self.period.last and not stopped

    @cached_property
    def townships(self) -> dict[str, Township]:
        return {each.village.township_id: each.village.township for each in self.everybody}

    @cached_property
    def _shown(self) -> dict:
        if self.sees_names:
            return self.found
        return small.hide(self.found, {str(each.pk): each.village.township_id for each in self.everybody})

    def _figures(self, by, value) -> dict:
        return self._shown[by].get(value) or NOTHING

    def figures_of(self, broker) -> dict:
        return self._figures("broker", str(broker.pk))

    @cached_property
    def total(self) -> Row:
        return Row(_("Total"), self._figures("", ""), working=self._working())

    def _working(self, township="") -> int | None:
        """None where all of them are from elsewhere."""
        own = [each for each in self.everybody if self._is_own(each) and each.village_id.startswith(township)]
        return sum(each.works_on(self.period.last) for each in own) if own else None

    @cached_property
    def by_township(self) -> list[Row]:
        return [
            Row(township.label, self._figures("township", code), code, working=self._working(code))
            for code, township in sorted(self.townships.items())
        ]

    @cached_property
    def rows(self) -> list[Row]:
        """Brokers, the most first; then by name those whose number is hidden, then those of whom nothing is known."""
        brokers = [each for each in self.everybody if each.village_id.startswith(self.township)]
        brokers.sort(key=lambda each: (self._rank(each), each.name, each.pk))
        return [Row(each.name, self.figures_of(each), broker=each) for each in brokers]

    def _rank(self, broker):
        value = self.figures_of(broker)[self.sort]
        return (0, -value) if isinstance(value, int) else (1 if value else 2, 0)
