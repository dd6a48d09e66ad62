"""What was done about a figure that fell."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from laborreg.codes import CodeField
from laborreg.months import MonthField
from villages.models import County
from villages.scope import ScopedQuerySet

OFFICER = settings.AUTH_USER_MODEL


class DropCase(models.Model):
    """The follow-up of one township's or village's month. The alarm itself is computed, never stored."""

    county = models.ForeignKey(County, models.PROTECT, related_name="drop_cases")
    area_code = CodeField(max_length=12)
    month = MonthField()
    # Why the figure fell, as far as is known, and what is done about it.
    cause = models.CharField(_("why it fell, as far as is known"), max_length=300)
    doing = models.CharField(_("what is done about it"), max_length=300)
    who = models.CharField(_("by whom"), max_length=50)
    until_on = models.DateField(_("until when"))
    version = models.PositiveIntegerField(default=1)
    taken_up_by = models.ForeignKey(OFFICER, models.PROTECT, related_name="+")
    taken_up_at = models.DateTimeField()
    closed_by = models.ForeignKey(OFFICER, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(_("what came of it"), max_length=300, blank=True)
    # Persons away when it was closed: fewer than that later is a new fall.
    away_then = models.BigIntegerField(null=True)

    scope_column = "area_code"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-month", "area_code"]
        constraints = [
            models.UniqueConstraint(name="drop_case_once_a_month", fields=["county", "area_code", "month"]),
            models.CheckConstraint(
                name="drop_case_closed_by_at_and_how",
                condition=Q(closed_by__isnull=True, closed_at__isnull=True, outcome="", away_then__isnull=True)
                | (Q(closed_by__isnull=False, closed_at__isnull=False, away_then__isnull=False) & ~Q(outcome="")),
            ),
        ]
        indexes = [models.Index(fields=["month", "area_code"])]

    @property
    def is_open(self) -> bool:
        return self.closed_at is None
