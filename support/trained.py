"""Persons trained: counted in one place for targets, pages and prints; docs/indicators.md tells it in a sentence."""

from collections.abc import Iterable

from django.db.models import Count
from django.db.models.functions import Substr

from laborreg.months import Month
from support.codes import SKILLS, START_UP
from support.models import TrainedWorker
from villages.models import County

# What is counted; a person with a course of each kind is one in the whole.
FIGURES = {"training": (SKILLS, START_UP), "training.skills": (SKILLS,), "training.start_up": (START_UP,)}


def passed_up_to(county: County, month: Month, kinds: Iterable[str] = FIGURES["training"]):
    """The passes in courses that ended in the month's year up to its last day, wherever; `person` and `home` on each."""
    first, last = county.first_day(month.january), county.last_day(month)
    rows = TrainedWorker.objects.valid().with_person().filter(result="passed", course__county=county)
    return rows.filter(course__ends_on__gte=first, course__ends_on__lte=last, course__kind__in=list(kinds))


def persons(area: str, month: Month, *, at: int, figure: str = "training") -> dict[str, int]:
    """{code of `at` digits: distinct workers} of an area in the year up to a month; nobody is not there."""
    rows = passed_up_to(County.objects.get(pk=area[:6]), month, FIGURES[figure]).under(area).order_by()
    return dict(rows.values_list(Substr("home", 1, at)).annotate(n=Count("person", distinct=True)))
