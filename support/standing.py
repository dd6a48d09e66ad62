"""How a broker stands: figures with their arithmetic, no grade and no score."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workers import led

# In this order on the card; each is a part of the figure that it names.
TOLD = ["stayed_3", "stayed_6", "home_in_a_month", "contracts", "repeat", "relieved", "monitored"]


@dataclass(frozen=True)
class Line:
    """`part` of `whole`; `mine` is the part among the people of the officer's places, `url` leads to their names."""

    label: Any
    part: int | str | None
    whole: int | str | None = None
    unit: Any = ""
    mine: int | None = None
    url: str = ""
    key: str = ""

    @property
    def share(self) -> float | None:
        is_known = isinstance(self.part, int) and isinstance(self.whole, int) and self.whole
        return self.part / self.whole if is_known else None


UNITS = {led.PERSONS: pgettext_lazy("unit", "persons"), led.TIMES: pgettext_lazy("unit", "person-times"), led.YUAN: ""}


def lines(figures: dict, mine: dict | None, urls: dict) -> list[Line]:
    """Persons and person-times, their parts, the mean pay; `mine` is None for who sees no people."""
    whole = {"persons": None, "person_times": None} | {key: figures[led.BY_KEY[key].of] for key in TOLD}
    return [
        Line(led.BY_KEY[key].label, figures[key], of, UNITS[led.BY_KEY[key].unit], mine[key] if mine else None,
             urls.get(key, ""), key)
        for key, of in (whole | {"mean_pay": None}).items()
    ]


def complaints(broker) -> Line:
    """Of all that were received, whenever; without what is said in them."""
    outcomes = list(broker.complaints.values_list("outcome", flat=True))
    return Line(_("Complaints upheld"), outcomes.count("upheld"), len(outcomes), key="complaints")
