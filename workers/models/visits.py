"""Who was asked when, and what came of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from villages.scope import ScopedQuerySet
from workers import codes
from workers.models.people import Worker


class VerificationQuerySet(ScopedQuerySet):
    def valid(self):
        return self.filter(voided_at__isnull=True)

    def confirming(self):
        """Those after which the ledger was known to be true."""
        return self.valid().filter(outcome__in=codes.CONFIRMED)


class Verification(models.Model):
    """Somebody was asked: when, how, by whom, who answered, and what came of it."""

    worker = models.ForeignKey(Worker, models.CASCADE, related_name="verifications")
    on = models.DateField()
    how = models.CharField(_("how"), max_length=10, choices=codes.SOURCES)
    answered_by = models.CharField(_("who answered"), max_length=10, choices=codes.PHONE_OWNERS, default="self")
    outcome = models.CharField(_("what came of it"), max_length=15, choices=codes.OUTCOMES)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # Of people who came home: codes of NEEDS, and the day on which they are to be asked again.
    needs = models.JSONField(default=list, blank=True)
    next_call_on = models.DateField(_("call again on"), null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)

    scope_column = "worker__village_id"
    objects = VerificationQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="verification_calls_again_later",
                condition=Q(next_call_on__isnull=True) | Q(next_call_on__gt=F("on")),
            ),
        ]

    @property
    def is_quick(self) -> bool:
        return self.outcome in codes.QUICK

    @property
    def needs_words(self) -> list[str]:
        return [str(label) for code, label in codes.NEEDS if code in self.needs]
