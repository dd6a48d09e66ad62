"""The columns of the monthly report, after the province's sheets, and what a row of it knows."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _l

from laborreg.rounding import percent, rounded
from reports import derived

COUNT, MONEY, SHARE = "#,##0", "#,##0.00", "0.0%"
TEN_THOUSAND = 10_000


@dataclass(frozen=True)
class Column:
    """One column: its group, its heading, what a township's figures give, and how the total row makes it."""

    group: Any
    heading: Any
    value: Any = None
    format: str = COUNT
    # A formula over other columns of the same row, by their names; the total row uses it too.
    formula: str = ""
    name: str = ""

    def shown(self, row: "Row") -> str:
        """As the cell shows it."""
        value = self.value(row)
        return {COUNT: f"{value:,.0f}", MONEY: f"{rounded(value, 2):,}", SHARE: percent(value)}[self.format]


def _figure(key):
    return lambda row: row.figures[key]


def _money(key):
    return lambda row: row.figures[key] / TEN_THOUSAND


COLUMNS = [
    Column(_l("Labor force"), _l("Persons"), _figure("labor_force")),
    Column(_l("Away at month's end"), _l("Persons"), _figure("away"), name="away"),
    Column(_l("Left this month"), _l("Persons"), _figure("left_persons")),
    Column(_l("Left this month"), _l("Times"), _figure("left")),
    Column(_l("Came home this month"), _l("Persons"), _figure("came_home_persons")),
    Column(_l("Came home this month"), _l("Times"), _figure("came_home")),
    Column(_l("Transferred this year"), _l("Persons"), _figure("transferred"), name="persons"),
    Column(_l("Transferred this year"), _l("Person-times"), _figure("trips")),
    Column(_l("Away, by place"), _l("Other provinces"), _figure("away.other_province")),
    Column(_l("Away, by place"), _l("Abroad"), _figure("away.abroad")),
    Column(_l("Away, by place"), _l("Own province, outside the county"),
           lambda row: row.figures["away.prefecture"] + row.figures["away.province"]),
    Column(_l("Away, by place"), _l("Own county"), _figure("away.county")),
    Column(_l("Person-times, by channel"), _l("Organized"), _figure("trips.organized")),
    Column(_l("Person-times, by channel"), _l("On their own"), _figure("trips.self")),
    Column(_l("Person-times, by channel"), _l("Unknown"), _figure("trips.channel_unknown")),
    Column(_l("Away, by sex"), _l("Men"), _figure("away.male")),
    Column(_l("Away, by sex"), _l("Women"), _figure("away.female")),
    Column(_l("Away, by sex"), _l("Unknown"), _figure("away.sex_unknown")),
    Column(_l("Of those away"), _l("Lifted from poverty"), _figure("away.relieved")),
    Column(_l("Of those away"), _l("Monitored"), _figure("away.monitored")),
    Column(_l("Of those away"), _l("Not yet named"), _figure("unnamed")),
    Column(_l("Labor income, 10,000 yuan"), _l("This month"), _money("income_month"), MONEY),
    Column(_l("Labor income, 10,000 yuan"), _l("This year"), _money("income"), MONEY, name="income"),
    Column(_l("Labor income, 10,000 yuan"), _l("Yuan per person"), lambda row: row.income_per_person,
           formula="IF({persons}=0,0,{income}*10000/{persons})"),
    Column(_l("Away, year on year"), _l("A year before"), lambda row: row.a_year_before, name="before"),
    Column(_l("Away, year on year"), _l("Change on the year"),
           lambda row: row.change_on_the_year, SHARE, formula="IF({before}=0,0,{away}/{before}-1)"),
]


@dataclass(frozen=True)
class Row:
    """A township, or the county: its figures, those away a year before, and how many villages are in."""

    name: str
    figures: dict[str, int]
    a_year_before: int
    received: int
    expected: int

    @property
    def income_per_person(self) -> float:
        return derived.income_per_person(self.figures) or 0

    @property
    def change_on_the_year(self) -> float:
        return derived.change(self.figures["away"], self.a_year_before) or 0
