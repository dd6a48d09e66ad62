"""What a county sets: each setting with its effect and its bounds; what is in force, and what is planned."""

from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from laborreg import clock
from laborreg.months import Month
from laborreg.refusals import Refusal
from villages.models import County, CountySettings

# Longer lists that one person takes, and erasing sooner, are announced: so long the others of the bureau can withdraw it.
NOTICE = timedelta(days=7)


@dataclass(frozen=True)
class Setting:
    """One setting: what it does, in a sentence, and between which numbers it lies.

    `loosens`: 1 where a larger number lets out or erases more at one person's word, -1 where a smaller one does.
    """

    name: str
    effect: Any
    low: int
    high: int
    loosens: int = 0

    @property
    def label(self) -> str:
        return capfirst(CountySettings._meta.get_field(self.name).verbose_name)

    @property
    def choices(self) -> dict[int, Any]:
        return dict(CountySettings._meta.get_field(self.name).choices or [])

    def shown(self, value: int) -> str:
        """As a page says it: one of the choices, or the number."""
        return str(self.choices.get(value, value))


_WORKING_AGE = (_("Younger persons do not count in the labor force."), _("Older persons do not count in the labor force."))
SETTINGS = [
    Setting("start_day", _("Which days a month covers. The month in which this changes is shorter or longer, so that no"
                           " day is lost or counted twice."), 1, 21),
    Setting("male_min", _WORKING_AGE[0], 16, 30),
    Setting("male_max", _WORKING_AGE[1], 45, 80),
    Setting("female_min", _WORKING_AGE[0], 16, 30),
    Setting("female_max", _WORKING_AGE[1], 45, 80),
    Setting("stint_days", _("From this many days in a row on, work counts as transferred."), 1, 366),
    Setting("home_days", _("For this many days after a homecoming a person counts among those who came home."), 1, 366),
    Setting("visit_days", _("Whoever is away and was not heard of for longer comes first in the visit round, and is named"
                            " on the village's first page."), 1, 366),
    Setting("due_days", _("A return that comes later counts as late."), 1, 31),
    Setting("closing_days", _("Afterwards only the station may submit for a village."), 1, 31),
    Setting("county_days", _("Until then the county locks the month."), 1, 31),
    Setting("broker_min", _("Younger labor brokers are not filed."), 16, 30),
    Setting("broker_max", _("Older labor brokers are not filed."), 45, 80),
    Setting("drop_percent", _("A township or village whose number of people away falls by more stands under the drop alarm,"
                              " against the same lunar month of last year and against last month."), 5, 90),
    Setting("drop_persons", _("A fall of fewer persons is no alarm, however large its share."), 3, 1000),
    Setting("objection_days", _("A list of brokers to be filed or paid hangs out at least so long."), 1, 60),
    Setting("export_limit", _("Longer lists of people are exported only after another officer of the county bureau approved;"
                              " with ID numbers and phones in full, those of more than a tenth of it."), 10, 5_000, loosens=1),
    Setting("keep_years", _("Afterwards what tells who a person was is erased, also from the history; the figures that were"
                            " counted stay."), 1, 30, loosens=-1),
]
BY_NAME = {setting.name: setting for setting in SETTINGS}


@dataclass(frozen=True)
class Difference:
    """A setting before and after a change."""

    setting: Setting
    before: int
    after: int

    @property
    def loosens(self) -> bool:
        return (self.after - self.before) * self.setting.loosens > 0

    @property
    def text(self) -> str:
        return f"{self.setting.shown(self.before)} → {self.setting.shown(self.after)}"


def differences(before: CountySettings, after: CountySettings) -> list[Difference]:
    pairs = [(setting, getattr(before, setting.name), getattr(after, setting.name)) for setting in SETTINGS]
    return [Difference(setting, old, new) for setting, old, new in pairs if old != new]


def changed_from(county: County, month: Month, values: dict[str, int]) -> CountySettings:
    """The settings of a month with some values changed; refused where they contradict each other."""
    rules = copy(county.rules_from(month))
    for name, value in values.items():
        setattr(rules, name, value)
    for name in values:
        _must_be_between(BY_NAME[name], values[name])
    if not days_are_in_order(rules):
        raise Refusal(_now("The days must follow each other: village due, village closes, county due."))
    return rules


def of_the_next_days(county: County) -> list[CountySettings]:
    """What holds on each day until a notice of today is over."""
    return [county.rules_from(county.month_of(clock.today() + timedelta(days=n))) for n in range(NOTICE.days)]


def must_have_been_announced(before: list[CountySettings], after: list[CountySettings]):
    """Of what `of_the_next_days` gave before and after a change; a month's first day can be moved as well as a setting."""
    for old, new in zip(before, after, strict=True):
        for each in differences(old, new):
            if each.loosens:
                raise Refusal(_now(
                    "%(setting)s, %(text)s: what this lets out or erases does not come back, so the others of the county bureau"
                    " have %(days)d days to withdraw it. It can hold from %(day)s on."
                ) % {
                    "setting": each.setting.label, "text": each.text, "days": NOTICE.days,
                    "day": date_format(clock.today() + NOTICE),
                })


def days_are_in_order(rules: CountySettings) -> bool:
    return rules.due_days <= rules.closing_days <= rules.county_days


def _must_be_between(setting: Setting, value: int):
    if setting.choices and value not in setting.choices:
        raise Refusal(_now("%(setting)s: choose one of: %(choices)s.") % {
            "setting": setting.label, "choices": _now(", ").join(map(str, setting.choices.values())),
        })
    if not setting.low <= value <= setting.high:
        raise Refusal(_now("%(setting)s: choose a number from %(low)d to %(high)d.") % {
            "setting": setting.label, "low": setting.low, "high": setting.high,
        })


def days_with(county: County, rules: CountySettings, month: Month) -> tuple[date, date]:
    """First and last day of the month in which these settings begin to hold."""
    return county.first_day(month), month.last_day(rules.start_day)


def planned(county: County, after: Month | None) -> list[tuple[CountySettings, list[Difference]]]:
    """Changes of months behind the newest opened one, each against the settings before it."""
    rows = list(county.settings.order_by("from_month").select_related("changed_by"))
    return [(row, differences(before, row)) for before, row in pairwise(rows) if after is None or row.from_month > after]
