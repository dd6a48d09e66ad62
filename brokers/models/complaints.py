"""What was said against a broker, and what came of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from brokers import codes
from brokers.models.brokers import Broker


class Complaint(models.Model):
    """An objection to a published filing, or a complaint about a broker's work."""

    broker = models.ForeignKey(Broker, models.PROTECT, related_name="complaints")
    kind = models.CharField(_("kind"), max_length=10, choices=codes.COMPLAINTS)
    received_on = models.DateField(_("received on"))
    said = models.CharField(_("what is said"), max_length=200)
    outcome = models.CharField(_("outcome"), max_length=10, choices=codes.OUTCOMES, blank=True)
    answer = models.CharField(_("what was found"), max_length=200, blank=True)
    settled_on = models.DateField(_("settled on"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        ordering = ["-received_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="complaint_settled_with_an_outcome",
                condition=Q(settled_on__isnull=True, settled_by__isnull=True, outcome="", answer="")
                | (Q(settled_on__gte=F("received_on"), settled_by__isnull=False) & ~Q(outcome="") & ~Q(answer="")),
            ),
        ]
