"""Where work comes from: cooperation points at the places people go to."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from laborreg.codes import CodeField
from officers import scope
from villages.models import County
from villages.scope import ScopedQuerySet


class PointQuerySet(ScopedQuerySet):
    def visible_to(self, officer):
        """A point is the county's: every officer of the county sees it."""
        scope.asked.set(True)
        return self.filter(county_id__in={code[:6] for code in officer.posts})

    def of_county(self, county_code):
        return self.filter(county_id=county_code)

    def working(self):
        return self.filter(stopped_on__isnull=True)


class CooperationPoint(models.Model):
    """A labor cooperation point (劳务协作点): a partner at a destination who takes people on."""

    county = models.ForeignKey(County, models.PROTECT)
    name = models.CharField(_("name"), max_length=80)
    destination = CodeField(_("place"), max_length=9)
    partner = models.CharField(_("partner"), max_length=80, blank=True)
    contact = models.CharField(_("contact"), max_length=50, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    jobs_offered = models.PositiveIntegerField(_("jobs offered"), null=True, blank=True)
    stopped_on = models.DateField(_("stopped on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    scope_column = "county_id"
    objects = PointQuerySet.as_manager()

    class Meta:
        ordering = ["destination", "name"]
        constraints = [models.UniqueConstraint(name="point_name_once_a_county", fields=["county", "name"])]

    def __str__(self):
        return self.name
