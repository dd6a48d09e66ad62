"""Pairs of entries that look like one person and are two."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from laborreg.codes import CodeField
from villages.models import County
from villages.scope import ScopedQuerySet
from workers.models.people import Worker


class DistinctPair(models.Model):
    """Somebody looked and said that these are two people. It holds while their names and birth dates stay as they were."""

    county = models.ForeignKey(County, models.PROTECT, related_name="+")
    # The smallest area that holds both: of a village, a township or the county.
    area_code = CodeField(max_length=12)
    # The one with the smaller number comes first.
    one = models.ForeignKey(Worker, models.PROTECT, related_name="+", db_index=False)
    other = models.ForeignKey(Worker, models.PROTECT, related_name="+", db_index=False)
    one_name = models.CharField(max_length=50)
    one_birth = models.DateField(null=True)
    other_name = models.CharField(max_length=50)
    other_birth = models.DateField(null=True)
    reason = models.CharField(_("how it is known"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True)

    scope_column = "area_code"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(name="distinct_pair_in_order", condition=Q(one__lt=F("other"))),
            models.UniqueConstraint(
                name="distinct_pair_once", fields=["county", "one", "other"], condition=Q(taken_back_at__isnull=True)
            ),
            models.CheckConstraint(
                name="distinct_pair_taken_back_by_and_at",
                condition=Q(taken_back_by__isnull=True, taken_back_at__isnull=True)
                | Q(taken_back_by__isnull=False, taken_back_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["one", "other"])]
