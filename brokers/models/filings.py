"""How a broker is filed: each step with its day and officer, and the lists that hang at the notice board."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brokers import codes
from brokers.models.brokers import Broker
from laborreg.codes import CodeField
from villages.models import County
from villages.scope import ScopedQuerySet


class Publication(models.Model):
    """A masked list published for objection from `from_on` to `to_on`, both included, by a station or the bureau."""

    county = models.ForeignKey(County, models.PROTECT)
    place_code = CodeField(max_length=9)
    subject = models.CharField(max_length=10, choices=codes.PUBLICATIONS)
    from_on = models.DateField(_("published from"))
    to_on = models.DateField(_("published until"))
    # Taken down: why; whoever was not filed by then waits for a new list.
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    scope_column = "place_code"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-from_on", "-pk"]
        constraints = [
            models.CheckConstraint(name="publication_ends_after_it_starts", condition=Q(to_on__gte=F("from_on"))),
        ]


class FilingStep(models.Model):
    """One step of a filing, as it was done; never changed afterwards."""

    broker = models.ForeignKey(Broker, models.PROTECT, related_name="steps")
    step = models.CharField(_("step"), max_length=12, choices=codes.STEPS)
    on = models.DateField(_("day"))
    publication = models.ForeignKey(Publication, models.PROTECT, null=True, related_name="steps")
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="filing_published_in_a_list",
                condition=Q(step="published", publication__isnull=False)
                | (~Q(step="published") & Q(publication__isnull=True)),
            ),
            models.CheckConstraint(
                name="filing_barred_with_a_reason", condition=~Q(step__in=codes.WITH_REASON) | ~Q(reason="")
            ),
        ]

    @property
    def recorded_on(self):
        """The day of the entry, which may come after the day that it tells of."""
        return timezone.localdate(self.at)
