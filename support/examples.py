"""Two real schemes, as far as they were published, offered for taking over; a county changes them to its own document."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from support.schemes import Band, table


@dataclass(frozen=True)
class Example:
    key: str
    facts: dict
    bands: list[Band]
    note: str


_SIZES = [(50, 100), (101, 200), (201, None)]
_LENGTHS = [(90, 179), (180, None)]

YONGNING = Example(
    "yongning",
    {
        "name": _("Subsidy of labor brokers, after Yongning"), "year_from": 2018,
        "source": _("After the rules of Yongning county, Ningxia, of 2018, as published"),
        "pay_floor": 2000, "contract_needed": True,
    },
    table(_SIZES, _LENGTHS, {
        ((50, 100), (90, 179)): 20, ((101, 200), (90, 179)): 30, ((201, None), (90, 179)): 40,
        ((50, 100), (180, None)): 30, ((101, 200), (180, None)): 40, ((201, None), (180, None)): 50,
    }),
    _("Complete. A third band, for half a year and more with contract and social insurance, was not readable."),
)
TONGXIN = Example(
    "tongxin",
    {
        "name": _("Subsidy of labor brokers, after Tongxin"), "year_from": 2025,
        "source": _("After the rules of Tongxin county, Ningxia, of 2025, as far as published"), "earned_floor": 10000,
    },
    table([(1, None)], _LENGTHS),
    _("Three months and more with wages of 10,000 yuan, and half a year and more. The amounts were not published: "
      "the bureau enters its own."),
)
EXAMPLES = {example.key: example for example in (YONGNING, TONGXIN)}
