"""What a table may count. An allow-list, as the dimensions are; a figure keeps the meaning of workers.ledger."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reports import layout
from workers.ledger import FIGURES, FLOW, PERSONS, STOCK, YEAR, YUAN, Line

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
# Of many lines only some have the share. To look for its name is cheaper than to read the shares.
_HAS_SHARE = {"sqlite": "INSTR({shares}, %(named)s) > 0", "postgresql": ""}


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
    def full_label(self) -> str:
        return layout.full_label(self.figure) if self.figure else str(self.label)

    @property
    def unit_label(self) -> str:
        return layout.unit_of(self.figure) if self.figure else str(UNITS[self.unit])

    @property
    def adds(self) -> bool:
        return not self.is_mean

    def value_sql(self, vendor: str) -> str:
        return self.value or _SHARE[vendor]

    def where_sql(self, vendor: str) -> str:
        return self.where if self.value else _HAS_SHARE[vendor]

    @property
    def parameters(self) -> dict:
        if self.value:
            return {}
        return {"path": f'$."{self.figure}"', "share": self.figure, "named": f'"{self.figure}":'}


TOLD = {
    "away": _("Registered and at work outside the own township on the last day."),
    "local": _("Registered and at work inside the own township on the last day."),
    "unnamed": _("Of those away, people of unnamed groups."),
    "households": _("Households with a registered member on the last day; one is counted on the line of its first member."),
    "labor_force": _("Registered, of working age for the sex, able to work and not at school."),
    "trips": _("Person-times: runs of consecutive work days that cover a day of this year, of any length."),
    "transferred": _("Distinct persons of a village with a run of work days that is long enough to count this year."),
    "income_month": _("Monthly pay × days worked in the month ÷ 30, by person; pay that is not known counts as 0."),
    "income": _("The labor income of the months of this year, added up; pay that is not known counts as 0."),
    "pay_missing": _("At work on the last day without an exact monthly pay."),
}
KINDS = {
    STOCK: _("As the monthly return counts it on the last day of the month."),
    FLOW: _("As the monthly return counts it within the month."),
    YEAR: _("As the monthly return counts it this year, up to the last day of the month."),
}


def _of_figure(figure) -> Measure:
    told = TOLD.get(figure.key, KINDS[figure.kind])
    if figure.key == "income_month":
        by_column = {"value": "{income_month}", "where": "{income_month} <> 0"}
    elif figure.key in BY_COLUMN:
        by_column = {"value": "{persons}", "where": BY_COLUMN[figure.key], "is_live": True}
    else:
        by_column = {"value": ""}
    return Measure(figure.key, figure.label, figure.unit, told, figure=figure.key, **by_column)


_persons = Measure(
    "persons", _("People"), PERSONS,
    _("People of the lines: registered on the last day and counted in a figure of the month, and those who died or left "
      "during the year and still count in it; today: everybody registered. "
      "Named people and those of unnamed groups: “Named or not” tells them apart."),
    "{persons}", is_live=True,
)
_mean_pay = Measure(
    "mean_pay", _("Mean monthly pay"), YUAN,
    _("Mean of the exact monthly pay of those at work on the last day, away and in the own township together, in whole yuan; "
      "who has none told is left out."),
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
UNITS = {PERSONS: pgettext_lazy("unit", "persons"), YUAN: _("yuan")}
