"""What labor brokers led, counted from transfers alone: each figure once. docs/indicators.md tells each in a sentence.

A broker *led* somebody when a transfer with that broker starts and no transfer of the same two touches it before: a
change of job with the same broker goes on with the same run. A run goes over all touching transfers of the two; pay,
contract, destination and employer are those of its first. A period is read as on its last day: what starts later does
not exist, what ends later is open. A figure is a condition on runs that began in the period, and what is counted.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    DateField,
    Exists,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Least, Substr
from django.utils.translation import gettext_lazy as _

from laborreg.months import Month
from laborreg.suppression import ALSO, FEW, SMALL
from workers import codes
from workers.models import FormerMembership, HouseholdStatus, Registration, Transfer
from workers.standing import LEFT_HOW

PERSONS, TIMES, YUAN = "p", "t", "y"
# Days of a run of six months, and of one that was over at once. The days of three months are the county's setting.
SIX_MONTHS, A_MONTH = 180, 30


@dataclass(frozen=True)
class Figure:
    """`where`: which runs stand behind it, in the words of COLUMNS; `of`: the figure that it is a part of."""

    key: str
    unit: str
    label: Any
    where: str = "1 = 1"
    of: str = ""

    @property
    def sql(self) -> str:
        return {
            PERSONS: f"COUNT(DISTINCT CASE WHEN {self.where} THEN worker_id END)",
            TIMES: f"COUNT(CASE WHEN {self.where} THEN 1 END)",
            # Rounded half up.
            YUAN: "(2 * SUM(pay) + COUNT(pay)) / NULLIF(2 * COUNT(pay), 0)",
        }[self.unit]


FIGURES = [
    Figure("persons", PERSONS, _("Persons led")),
    Figure("person_times", TIMES, _("Person-times led")),
    Figure("stayed_3", TIMES, _("Stayed 3 months"), "days >= stint_days", "person_times"),
    Figure("stayed_6", TIMES, _("Stayed 6 months"), f"days >= {SIX_MONTHS}", "person_times"),
    Figure("home_in_a_month", TIMES, _("Came home within a month"),
           f"days <= {A_MONTH} AND is_home", "person_times"),
    Figure("mean_pay", YUAN, _("Mean monthly pay, yuan"), "pay IS NOT NULL"),
    Figure("pay_known", TIMES, _("Pay is known"), "pay IS NOT NULL", "person_times"),
    Figure("contracts", TIMES, _("With a labor contract"), "contract = 'yes'", "person_times"),
    Figure("repeat", PERSONS, _("Led again"), "is_again", "persons"),
    Figure("relieved", PERSONS, _("From households lifted from poverty"), "is_relieved", "persons"),
    Figure("monitored", PERSONS, _("From households under monitoring"), "is_monitored", "persons"),
]
BY_KEY = {figure.key: figure for figure in FIGURES}
# Distinct brokers behind the runs; the list of brokers opens it.
BROKERS = "brokers"

COLUMNS = [
    "id", "broker_id", "worker_id", "started_on", "employer", "pay", "contract", "township", "place", "month", "over_on",
    "days", "stint_days", "is_home", "is_again", "is_relieved", "is_monitored",
]
# What the runs are told apart by; "" is all of them.
BY = {
    "": "", "broker": "CAST(broker_id AS VARCHAR(20))", "township": "township", "place": "place", "employer": "employer",
    "month": "month",
}


@dataclass(frozen=True)
class Period:
    """From a first to a last day, both included, with the first and last days of its months where it is made of some."""

    first: date
    last: date
    stint_days: int = 90
    months: tuple[tuple[Month, date, date], ...] = ()

    @property
    def open_until(self) -> date:
        """Stands for the end of what is not over by the last day."""
        return self.last + timedelta(days=1)


def period(county, first: date, last: date, today: date, months=()) -> Period:
    """Days of a county under its rules of the last one. What is still to come is left out."""
    last = min(last, today)
    days = [(month, county.first_day(month), min(county.last_day(month), last)) for month in months]
    begun = tuple(each for each in days if each[1] <= last)
    return Period(first, last, county.rules_from(county.month_of(last)).stint_days, begun)


def year(county, number: int, today: date) -> Period:
    """The report months 1 to 12 of a year, up to today."""
    months = Month(number, 12).since(Month(number, 1))
    return period(county, county.first_day(months[0]), county.last_day(months[-1]), today, months)


def month(county, which: Month, today: date) -> Period:
    return period(county, county.first_day(which), county.last_day(which), today, [which])


# The runs.


class Days(Func):
    """How many days lie between a later day and an earlier one."""

    template, arg_joiner, output_field = "(%(expressions)s)", " - ", IntegerField()

    def as_sqlite(self, compiler, connection, **context):
        template = "CAST(JULIANDAY(%(expressions)s) AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, arg_joiner=") - JULIANDAY(", **context)


def runs(transfers, period: Period):
    """Of some transfers those with which a broker led somebody in the period, with what came of each."""
    started = {"started_on__gte": period.first, "started_on__lte": period.last}
    begun = transfers.valid().filter(
        broker__isnull=False, worker__voided_at__isnull=True, worker__merged_into__isnull=True, **started
    )
    facts = _length(period) | _what_it_is(period)
    return begun.exclude(Exists(_of_the_two(period.last).filter(ended_on=OuterRef("started_on")))).annotate(**facts)


def _of_the_two(last):
    """What exists of a worker and a broker on the last day."""
    two = {"worker": OuterRef("worker"), "broker": OuterRef("broker")}
    return Transfer.objects.valid().filter(started_on__lte=last, **two)


def _length(period) -> dict:
    """The day on which a run is over, the day after the last one if none is known by then; and its days up to it."""
    last, goes_on = period.last, _of_the_two(period.last).filter(started_on=OuterRef("ended_on"))
    ends = _of_the_two(last).filter(~Exists(goes_on), started_on__gte=OuterRef("started_on")).order_by("started_on")
    # Whoever died or left the county has no homecoming: the transfer stays open, the days end.
    gone = Registration.objects.filter(
        worker=OuterRef("worker"), to_on__gt=OuterRef("started_on"), left_how__in=LEFT_HOW,
    ).order_by("to_on")
    known = [Case(When(ended_on__lte=last, then="ended_on")), Case(When(to_on__lte=last, then="to_on"))]
    ends, gone = ends.values(known=known[0])[:1], gone.values(known=known[1])[:1]
    over_on = Least(*[Coalesce(Subquery(each), period.open_until, output_field=DateField()) for each in (ends, gone)])
    return {"over_on": over_on, "days": Days("over_on", "started_on"), "stint_days": Value(period.stint_days)}


def _what_it_is(period) -> dict:
    is_abroad = When(destination__gte="A", then="destination")
    months = [When(started_on__lte=end, then=Value(str(month))) for month, _first, end in period.months]
    flags = HouseholdStatus.objects.filter(
        Q(from_on__isnull=True) | Q(from_on__lte=OuterRef("started_on")),
        Q(to_on__isnull=True) | Q(to_on__gt=OuterRef("started_on")), household=OuterRef("household_then"),
    )
    return {
        "township": Substr("broker__village_id", 1, 9), "month": Case(*months, default=Value("")),
        "place": Case(is_abroad, default=Substr("destination", 1, 2), output_field=CharField()),
        "is_home": _is_home(period), "is_again": Exists(_of_the_two(period.first - timedelta(days=1))),
        "household_then": _household_then(), "is_relieved": Exists(flags.exclude(kind__in=codes.MONITORED)),
        "is_monitored": Exists(flags.filter(kind__in=codes.MONITORED)),
    }


def _is_home(period):
    """Over by the last day, nothing touches the end, and the worker is still of the county."""
    whose = {"worker": OuterRef("worker")}
    registered = Registration.objects.filter(
        Q(from_on__isnull=True) | Q(from_on__lte=OuterRef("over_on")),
        Q(to_on__isnull=True) | Q(to_on__gt=OuterRef("over_on")), **whose,
    )
    goes_on = Transfer.objects.valid().filter(started_on=OuterRef("over_on"), **whose)
    # The cheap question first: most runs are not over.
    return Case(When(Q(over_on__lte=period.last) & ~Exists(goes_on) & Exists(registered), then=True), default=False)


def _household_then():
    """The household on the day on which the run began."""
    former = FormerMembership.objects.filter(worker=OuterRef("worker"), to_on__gt=OuterRef("started_on")).order_by("to_on")
    then = When(Exists(former), then=Subquery(former.values("household")[:1]))
    return Case(then, default="worker__household", output_field=BigIntegerField())


# Counting them, and the transfers behind a figure.


def counts(transfers, period: Period, *by: str) -> dict[str, dict[str, dict[str, int | None]]]:
    """{what they are told apart by: {value: {figure: number}}} in one statement, whatever the number of brokers.

    Persons are distinct within each value: a person led by two brokers counts for both, and once in "".
    """
    led, params = _statement(transfers, period)
    keys = [*BY_KEY, BROKERS]
    numbers = ", ".join([figure.sql for figure in FIGURES] + ["COUNT(DISTINCT broker_id)"])
    found = {each: {} for each in by}
    with connection.cursor() as cursor:
        cursor.execute(f"{led} {' UNION ALL '.join(_grouped(each, numbers) for each in by)}", params)
        for each, value, *row in cursor.fetchall():
            found[each][value] = dict(zip(keys, row, strict=True))
    return found


def _grouped(by, numbers) -> str:
    if not by:
        return f"SELECT '', '', {numbers} FROM led"
    return f"SELECT '{by}', {BY[by]}, {numbers} FROM led GROUP BY {BY[by]}"


def behind(transfers, period: Period, key: str):
    """The transfers behind a figure: of persons one each, else every run."""
    led, params = _statement(transfers, period)
    figure = BY_KEY[key]
    one, group = ("MIN(id)", " GROUP BY worker_id") if figure.unit == PERSONS else ("id", "")
    chosen = RawSQL(f"{led} SELECT {one} FROM led WHERE {figure.where}{group}", params)
    return transfers.filter(pk__in=chosen)


def _statement(transfers, period) -> tuple[str, list]:
    """The runs under the name `led`. Materialized, or SQLite would look at each one's end once for every figure."""
    columns = runs(transfers, period).order_by().values_list(*COLUMNS)
    sql, params = columns.query.sql_with_params()
    return f"WITH led ({', '.join(COLUMNS)}) AS MATERIALIZED ({sql})", list(params)


def with_small_hidden(figures: dict) -> dict:
    """For who may not see people: no one or two persons, and no pay of one or two. Brokers are no secret."""
    few = {key for key, value in figures.items() if value is not None and 0 < value < SMALL} - {BROKERS}
    shown = figures | dict.fromkeys(few, FEW)
    if 0 < figures["pay_known"] < SMALL:
        shown["mean_pay"] = ALSO
    return shown
