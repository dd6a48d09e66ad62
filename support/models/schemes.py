"""Subsidy schemes as data: who is paid how much for whom, by year."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from villages.models import County
from villages.scope import ScopedQuerySet


class SchemeQuerySet(ScopedQuerySet):
    def visible_to(self, officer):
        """Everybody of the county may know by what rules its brokers are paid."""
        super().visible_to(officer)
        return self.filter(county__in={post[:6] for post in officer.posts})


class Scheme(models.Model):
    """A subsidy of labor brokers for stable work of those they led, from a year on (domain.md 4.2)."""

    county = models.ForeignKey(County, models.PROTECT)
    name = models.CharField(_("name"), max_length=80)
    source = models.CharField(_("document"), max_length=200, blank=True)
    year_from = models.PositiveSmallIntegerField(_("first year"))
    year_to = models.PositiveSmallIntegerField(_("last year"), null=True, blank=True)
    # What must be so of a worker's stay, besides its length.
    pay_floor = models.PositiveIntegerField(_("monthly pay of at least, yuan"), null=True, blank=True)
    earned_floor = models.PositiveIntegerField(_("earned in the year at least, yuan"), null=True, blank=True)
    contract_needed = models.BooleanField(_("with a labor contract only"), default=False)
    insurance_needed = models.BooleanField(_("with social insurance only"), default=False)
    filed_only = models.BooleanField(_("filed brokers only"), default=True)
    version = models.PositiveIntegerField(default=1)

    scope_column = "county_id"
    objects = SchemeQuerySet.as_manager()

    class Meta:
        ordering = ["-year_from", "name"]
        constraints = [
            models.UniqueConstraint(name="scheme_name_once_a_year", fields=["county", "name", "year_from"]),
            models.CheckConstraint(
                name="scheme_ends_after_it_starts", condition=Q(year_to__isnull=True) | Q(year_to__gte=F("year_from"))
            ),
        ]

    def __str__(self):
        return self.name

    def holds_in(self, year: int) -> bool:
        return self.year_from <= year and (self.year_to is None or year <= self.year_to)


class SchemeBand(models.Model):
    """Yuan for each worker who stayed `days_from`…`days_to` days, where the broker led `size_from`…`size_to` who count.

    Both bounds are included; an empty upper bound is none. No amount: the bureau has not said it yet.
    """

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="bands")
    size_from = models.PositiveIntegerField(_("workers from"))
    size_to = models.PositiveIntegerField(_("workers to"), null=True, blank=True)
    days_from = models.PositiveSmallIntegerField(_("days from"))
    days_to = models.PositiveSmallIntegerField(_("days to"), null=True, blank=True)
    amount = models.PositiveIntegerField(_("yuan a worker"), null=True, blank=True)

    class Meta:
        ordering = ["days_from", "size_from"]
        constraints = [
            models.UniqueConstraint(name="band_once_a_scheme", fields=["scheme", "size_from", "days_from"]),
            models.CheckConstraint(
                name="band_bounds_in_order",
                condition=(Q(size_to__isnull=True) | Q(size_to__gte=F("size_from")))
                & (Q(days_to__isnull=True) | Q(days_to__gte=F("days_from")))
                & Q(size_from__gte=1, days_from__gte=1),
            ),
        ]
