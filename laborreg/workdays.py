"""Working days: weekends, statutory holidays and the days worked in their stead, as far as they are announced."""

from datetime import date, timedelta

from chinese_calendar import get_holiday_detail
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

# By the names that the library gives.
HOLIDAYS = {
    "New Year's Day": _("New Year's Day"), "Spring Festival": _("Spring Festival"),
    "Tomb-sweeping Day": _("Tomb-sweeping Day"), "Labour Day": _("Labor Day"),
    "Dragon Boat Festival": _("Dragon Boat Festival"), "Mid-autumn Festival": _("Mid-autumn Festival"),
    "National Day": _("National Day"),
}


def is_announced(day: date) -> bool:
    """Whether the holidays of its year are known: the State Council announces them in the November before."""
    try:
        get_holiday_detail(day)
    except NotImplementedError:
        return False
    return True


def day_off(day: date) -> str:
    """Why nobody works: the holiday, or the day of the week; "" for a working day. Weekends are always known."""
    is_off, holiday = get_holiday_detail(day) if is_announced(day) else (day.weekday() > 4, None)
    return str(HOLIDAYS.get(holiday, holiday) or WEEKDAYS[day.weekday()]) if is_off else ""


def next_workday(day: date) -> date:
    """The day itself if it is one."""
    while day_off(day):
        day += timedelta(days=1)
    return day
