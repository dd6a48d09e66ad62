"""Spot checks: persons drawn from what villages filed, asked again, and what came of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from laborreg.codes import CodeField
from laborreg.months import MonthField
from reports.models.month import ReturnVersion
from villages.models import County, Village
from villages.scope import ScopedQuerySet
from workers import codes

OFFICER = settings.AUTH_USER_MODEL

AS_FILED, ELSEWHERE, AT_HOME, NOT_KNOWN, NOT_REACHED = "as_filed", "elsewhere", "at_home", "not_known", "not_reached"
OUTCOMES = [
    (AS_FILED, _("As filed")),
    (ELSEWHERE, _("Away at another place")),
    (AT_HOME, _("At home")),
    (NOT_KNOWN, _("Not known there")),
    (NOT_REACHED, _("Not reached")),
]
# The figures that a person can be asked about, and the outcomes after which the person still counts in them.
COUNTS_AFTER = {
    "away": {AS_FILED, ELSEWHERE},
    "local": {AS_FILED},
    "transferred": {AS_FILED, ELSEWHERE},
    "away.relieved": {AS_FILED, ELSEWHERE},
}


class SpotCheck(models.Model):
    """One draw: from the versions that counted in an area's month, with the seed by which anybody can repeat it."""

    SPREADS = [(0, _("Over the whole area alike")), (9, _("Spread over the townships")), (12, _("Spread over the villages"))]

    county = models.ForeignKey(County, models.PROTECT, related_name="spot_checks")
    area_code = CodeField(max_length=12)
    month = MonthField()
    # A key of workers.ledger.
    figure = models.CharField(max_length=40)
    wanted = models.PositiveSmallIntegerField(_("persons to draw"))
    # Strata: villages' codes up to so many digits.
    spread = models.PositiveSmallIntegerField(_("how the draw is spread"), choices=SPREADS, default=0)
    seed = models.CharField(max_length=16)
    # {village: [version, how many of it could be drawn]}.
    drawn_from = models.JSONField()
    population = models.PositiveIntegerField()
    drawn_by = models.ForeignKey(OFFICER, models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()
    note = models.CharField(_("Why here, and who goes"), max_length=200, blank=True)
    finished_by = models.ForeignKey(OFFICER, models.PROTECT, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True)

    scope_column = "area_code"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-drawn_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="spot_check_draws_somebody", condition=Q(wanted__gt=0, population__gt=0)),
            models.CheckConstraint(
                name="spot_check_finished_by_and_at",
                condition=Q(finished_by__isnull=True, finished_at__isnull=True)
                | Q(finished_by__isnull=False, finished_at__isnull=False),
            ),
            # Who does not like a draw finishes it before drawing anew; all of them stay in the list.
            models.UniqueConstraint(
                name="one_open_spot_check", fields=["county", "area_code", "month", "figure"],
                condition=Q(finished_at__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["month", "area_code"])]

    @property
    def is_open(self) -> bool:
        return self.finished_at is None


class SpotCheckPerson(models.Model):
    """One drawn person, as filed: a name, or one of the persons of an unnamed group."""

    check_of = models.ForeignKey(SpotCheck, models.PROTECT, related_name="people")
    county = models.ForeignKey(County, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    village = models.ForeignKey(Village, models.PROTECT, related_name="+")
    version = models.ForeignKey(ReturnVersion, models.PROTECT, related_name="+")
    month = MonthField()
    # Among those of the version whom the figure counts, in the order of its lines, from 0.
    position = models.PositiveIntegerField()
    worker_number = models.BigIntegerField(null=True)
    group_number = models.BigIntegerField(null=True)
    # Which of the persons of a group, from 1.
    in_group = models.PositiveIntegerField(null=True)
    name = models.CharField(max_length=50, blank=True)
    destination = CodeField(max_length=9, blank=True)
    started_on = models.DateField(null=True)

    outcome = models.CharField(max_length=12, choices=OUTCOMES, blank=True)
    # Whether the person still counts in the figure: 1 or 0; nothing while nobody was asked, or reached.
    recounted = models.PositiveSmallIntegerField(null=True)
    answered_by = models.CharField(_("who answered"), max_length=10, choices=codes.PHONE_OWNERS, blank=True)
    asked_on = models.DateField(_("asked on"), null=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    entered_by = models.ForeignKey(OFFICER, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField(null=True)

    scope_column = "village_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["check_of", "number"]
        constraints = [
            models.UniqueConstraint(name="spot_check_number_once", fields=["county", "check_of", "number"]),
            models.UniqueConstraint(name="spot_check_person_once", fields=["county", "check_of", "village", "position"]),
            models.CheckConstraint(
                name="spot_check_entered_by_and_at",
                condition=Q(outcome="", entered_by__isnull=True, entered_at__isnull=True)
                | (~Q(outcome="") & Q(entered_by__isnull=False, entered_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="spot_check_recounted_when_reached",
                condition=Q(outcome__in=["", "not_reached"], recounted__isnull=True)
                | (~Q(outcome__in=["", "not_reached"]) & Q(recounted__in=[0, 1])),
            ),
        ]
        indexes = [models.Index(fields=["month", "village"])]
