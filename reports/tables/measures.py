"""What a table may count. An allow-list, as the dimensions are; a figure keeps the meaning of workers.ledger."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from workers.ledger import FIGURES, PERSONS, TIMES, YUAN, Line

# What the shares of these are, told by columns: reading them out of the shares costs three times as much.
_AWAY, _WORKS = "{state} = 'away'", "{state} IN ('away', 'local')"
BY_COLUMN = {
    "away": _AWAY,
    "local": "{state} = 'local'",
    "away.relieved": f"{_AWAY} AND {{relieved}}",
    "away.monitored": f"{_AWAY} AND {{monitored}}",
    "unnamed": f"{_AWAY} AND {{is_group}}",
    "pay_missing": f"{_WORKS} AND {{pay}} IS NULL",
}
_SHARE = {
    "sqlite": "json_extract({shares}, %(path)s)",
    "postgresql": "CAST({shares} ->> %(share)s AS bigint)",
}


@dataclass(frozen=True)
class Measure:
    """`value`: what one line adds, summed. `where`: the lines that are looked at. `behind`: the persons behind it."""

    name: str
    label: Any
    unit: str
    told: Any
    value: str
    where: str = ""
    behind: str = "{persons}"
    # Of a mean: the sum of `value` is divided by that of `behind`, and neither is a total of means.
    is_mean: bool = False
    # Asked of today's ledger as well: told by columns alone.
    is_live: bool = False
    figure: str = ""

    @property
    def adds(self) -> bool:
        return not self.is_mean

    def value_sql(self, vendor: str) -> str:
        return self.value or _SHARE[vendor]

    @property
    def parameters(self) -> dict:
        return {"path": f'$."{self.figure}"', "share": self.figure} if not self.value else {}


def _of_column(figure) -> Measure:
    return Measure(figure.key, figure.label, PERSONS, "", "{persons}", BY_COLUMN[figure.key], is_live=True, figure=figure.key)


def _of_share(figure) -> Measure:
    return Measure(figure.key, figure.label, figure.unit, "", "", figure=figure.key)


def _of_figure(figure) -> Measure:
    if figure.key == "income_month":
        return Measure(
            "income_month", figure.label, YUAN, "", "{income_month}", "{income_month} <> 0", figure="income_month"
        )
    return _of_column(figure) if figure.key in BY_COLUMN else _of_share(figure)


_persons = Measure(
    "persons", _("People"), PERSONS,
    _("People of the lines: registered on the last day and counted in a figure of the month, and those who died or left "
      "during the year and still count in it; today: everybody registered."),
    "{persons}", is_live=True,
)
_mean_pay = Measure(
    "mean_pay", _("Mean monthly pay"), YUAN,
    _("Mean of the exact monthly pay of those at work on the last day, in whole yuan; who has none told is left out."),
    "{pay} * {persons}", f"{_WORKS} AND {{pay}} IS NOT NULL", is_mean=True, is_live=True,
)
MEASURES = [
    *(_of_figure(figure) for figure in FIGURES if figure.key == "away"),
    _persons,
    _mean_pay,
    *(
        _of_figure(figure) for figure in FIGURES
        if figure.of is Line and (figure.counts or figure.part_of) and figure.key != "away"
    ),
]
BY_NAME = {measure.name: measure for measure in MEASURES}
UNITS = {PERSONS: _("persons"), TIMES: _("person-times"), YUAN: _("yuan")}
