"""What an area is to reach in a year, as the level above set it, and by what weights a county assesses."""

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from laborreg.codes import CodeField
from villages.models import County
from villages.scope import ScopedQuerySet

OFFICER = settings.AUTH_USER_MODEL
TRANSFERS, TRAINING, INCOME, START_UPS = "transfers", "training", "income", "start_ups"


class TargetQuerySet(ScopedQuerySet):
    def standing(self):
        """The newest version of each; one that was withdrawn is none."""
        same = Target.objects.filter(
            county=OuterRef("county"), area_code=OuterRef("area_code"), year=OuterRef("year"), kind=OuterRef("kind"),
        )
        return self.filter(number=Subquery(same.order_by("-number").values("number")[:1]), amount__isnull=False)


class Target(models.Model):
    """Persons, or yuan of income, that an area is to reach in a year; a correction is a new version with its reason."""

    KINDS = [
        (TRANSFERS, _("Transferred persons")),
        (TRAINING, _("Persons trained")),
        (INCOME, _("Labor income")),
        (START_UPS, _("Businesses of one's own")),
    ]
    county = models.ForeignKey(County, models.PROTECT, related_name="targets")
    area_code = CodeField(max_length=12)
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=KINDS)
    number = models.PositiveSmallIntegerField(default=1)
    # None: the target was withdrawn.
    amount = models.BigIntegerField(null=True)
    # The document that says so.
    letter = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    set_by = models.ForeignKey(OFFICER, models.PROTECT, null=True, related_name="+", db_index=False)
    set_at = models.DateTimeField()

    scope_column = "area_code"
    objects = TargetQuerySet.as_manager()

    class Meta:
        ordering = ["year", "area_code", "kind", "number"]
        constraints = [
            models.UniqueConstraint(
                name="target_version_once", fields=["county", "area_code", "year", "kind", "number"]
            ),
            models.CheckConstraint(
                name="target_is_an_amount", condition=Q(amount__gt=0) | (Q(amount__isnull=True) & Q(number__gt=1))
            ),
            models.CheckConstraint(name="target_corrected_with_a_reason", condition=Q(number=1) | ~Q(reason="")),
        ]
        indexes = [models.Index(fields=["year", "area_code"])]


class AssessmentWeights(models.Model):
    """By what weights a county scores its townships in a year; without a row the defaults hold."""

    county = models.ForeignKey(County, models.PROTECT, related_name="assessment_weights")
    year = models.PositiveSmallIntegerField()
    # Component → whole points; they add up to 100.
    weights = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(OFFICER, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()

    scope_column = "county_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(name="assessment_weights_once_a_year", fields=["county", "year"])]
