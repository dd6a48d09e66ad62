"""Until when a month's return may be submitted, and by whom; extensions are in it."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from laborreg import clock
from laborreg.months import Month
from reports.models import Extension, MonthlyReturn, Seal
from villages.models import FROM_THE_START, County


@dataclass(frozen=True)
class Deadlines:
    """The days of one county's month, for all of it or for a place in it."""

    first_day: date
    last_day: date
    due_on: date
    closes_on: date
    county_due_on: date
    # Of the month, wherever; and those that moved these days.
    extensions: tuple[Extension, ...] = ()
    extended_by: tuple[Extension, ...] = ()

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

    def at(self, code: str) -> "Deadlines":
        """The days of a place: of all extensions that cover it, the latest days hold."""
        covering = tuple(each for each in self.extensions if code.startswith(each.area_code))
        if covering == self.extended_by:
            return self
        return replace(
            self, extended_by=covering,
            due_on=max([self.due_on, *(each.due_on for each in covering)]),
            closes_on=max([self.closes_on, *(each.closes_on for each in covering)]),
            county_due_on=max([self.county_due_on, *(each.closes_on for each in covering)]),
        )


def deadlines(county: County, month: Month, at: str = "") -> Deadlines:
    """For a village, township or county by its code; without one, for the county."""
    rules, last = county.rules_from(month), county.last_day(month)

    def after(days):
        return last + timedelta(days=days)

    days = Deadlines(
        county.first_day(month), last, after(rules.due_days), after(rules.closing_days), after(rules.county_days),
        tuple(extensions(county).get(month, ())),
    )
    return days.at(at or county.code)


def extensions(county: County) -> dict[Month, list[Extension]]:
    """Those that stand, by month; asked once for each county object, as its settings are."""
    if not hasattr(county, "_extensions"):
        county._extensions = {}
        for each in county.extensions.filter(withdrawn_at__isnull=True).select_related("by"):
            county._extensions.setdefault(each.month, []).append(each)
    return county._extensions


def newest_open_month(county: County) -> Month | None:
    """The newest opened month whose last day has passed; else the newest opened one."""
    months = list(county.months.order_by("month").values_list("month", flat=True))
    over = [month for month in months if county.last_day(month) < clock.today()]
    return over[-1] if over else months[-1] if months else None


def newest_opened(county: County) -> Month | None:
    return county.months.order_by("-month").values_list("month", flat=True).first()


def first_month_to_change(county: County) -> Month:
    """The first month whose rules may still change: behind the newest of which a return is in, or that is sealed."""
    returns = MonthlyReturn.objects.filter(county=county, state__in=MonthlyReturn.IN)
    newest = [rows.order_by("-month").values_list("month", flat=True).first()
              for rows in (returns, Seal.objects.filter(county=county))]
    found = [month for month in newest if month]
    return max(found).next if found else FROM_THE_START


def first_month_to_change_held(county: County) -> Month:
    """The same inside an action: meanwhile no return is submitted by the settings that are about to change."""
    waiting = MonthlyReturn.objects.filter(county=county).exclude(state__in=MonthlyReturn.IN)
    list(waiting.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    return first_month_to_change(county)
