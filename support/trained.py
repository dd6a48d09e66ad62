"""Persons trained: counted in one place for targets, pages and prints; docs/indicators.md tells it in a sentence."""

from collections.abc import Iterable

from django.db.models import CharField, Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Substr

from laborreg.codes import under
from laborreg.months import Month
from support.codes import SKILLS, START_UP
from support.models import TrainedWorker
from villages.models import County
from workers.models import Registration

# What is counted; a person with a course of each kind is one in the whole.
FIGURES = {"training": (SKILLS, START_UP), "training.skills": (SKILLS,), "training.start_up": (START_UP,)}


def passed_up_to(county: County, month: Month, kinds: Iterable[str] = FIGURES["training"]):
    """The passes in courses that ended in the month's year up to its last day, wherever.

    `person` and `counted_in` on each: the village of registration on that day, the last one of who died or left, as in
    every year figure. What was entered late counts: the figure is as known now.
    """
    first, last = county.first_day(month.january), county.last_day(month)
    rows = TrainedWorker.objects.valid().with_person().filter(result="passed", course__county=county)
    rows = rows.filter(course__ends_on__gte=first, course__ends_on__lte=last, course__kind__in=list(kinds))
    return rows.annotate(counted_in=Coalesce(_village_on(last), F("home"), output_field=CharField()))


def _village_on(day) -> Subquery:
    begun = Registration.objects.filter(Q(from_on__isnull=True) | Q(from_on__lte=day), worker=OuterRef("person"))
    return Subquery(begun.order_by(F("from_on").desc(nulls_last=True), "-pk").values("village_id")[:1], output_field=CharField())


def persons(area: str, month: Month, *, at: int, figure: str = "training") -> dict[str, int]:
    """{code of `at` digits: distinct workers} of an area in the year up to a month; nobody is not there."""
    rows = passed_up_to(County.objects.get(pk=area[:6]), month, FIGURES[figure])
    rows = rows.filter(under("counted_in", area)).order_by()
    return dict(rows.values_list(Substr("counted_in", 1, at)).annotate(n=Count("person", distinct=True)))
