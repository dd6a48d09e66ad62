"""Until when a month's return may be submitted, and by whom."""

from dataclasses import dataclass
from datetime import date, timedelta

from laborreg import clock
from laborreg.months import Month
from villages.models import County


@dataclass(frozen=True)
class Deadlines:
    """The days of one county's month."""

    first_day: date
    last_day: date
    due_on: date
    closes_on: date
    county_due_on: date

    @property
    def opens_on(self) -> date:
        """The first day on which the return may be submitted."""
        return self.last_day + timedelta(days=1)

    @property
    def days_left(self) -> int:
        """Days until the due day, 0 on it, negative after it."""
        return (self.due_on - clock.today()).days

    @property
    def is_open(self) -> bool:
        return clock.today() > self.last_day

    @property
    def is_closed(self) -> bool:
        return clock.today() > self.closes_on


def deadlines(county: County, month: Month) -> Deadlines:
    rules, last = county.rules_from(month), county.last_day(month)

    def after(days):
        return last + timedelta(days=days)

    return Deadlines(
        county.first_day(month), last, after(rules.due_days), after(rules.closing_days), after(rules.county_days)
    )


def newest_open_month(county: County) -> Month | None:
    """The newest opened month whose last day has passed; else the newest opened one."""
    months = list(county.months.order_by("month").values_list("month", flat=True))
    over = [month for month in months if county.last_day(month) < clock.today()]
    return over[-1] if over else months[-1] if months else None
