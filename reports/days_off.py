"""Deadlines that fall on days on which nobody works: told, and moved by nobody but the county."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from laborreg import workdays
from reports.deadlines import Deadlines


@dataclass(frozen=True)
class DayOff:
    label: str
    day: date
    why: str


def of(days: Deadlines) -> list[DayOff]:
    named = {_("Villages due"): days.due_on, _("Villages close"): days.closes_on, _("County due"): days.county_due_on}
    return [DayOff(label, day, why) for label, day in named.items() if (why := workdays.day_off(day))]


def put_off(days: Deadlines) -> tuple[date, date] | None:
    """Due and closing day on the next working days; None where both are working days already."""
    due = workdays.next_workday(days.due_on)
    moved = due, max(due, workdays.next_workday(days.closes_on))
    return None if moved == (days.due_on, days.closes_on) else moved


def unannounced(days: Deadlines) -> int | None:
    """The year whose holidays are not known yet, of those that the days lie in."""
    return next((day.year for day in (days.due_on, days.county_due_on) if not workdays.is_announced(day)), None)
