"""Large lists of people, and lists with many numbers in full, that one officer asks for and another lets out."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from laborreg import clock
from laborreg.codes import CodeField
from officers import scope
from villages.models import County
from villages.scope import ScopedQuerySet
from workers import codes
from workers.models.rosters import Roster

DAYS = 3


class ExportRequestQuerySet(ScopedQuerySet):
    def visible_to(self, officer):
        """The officer's own; and those of the places that the officer answers for."""
        scope.asked.set(True)
        own = self.filter(asked_by=officer)
        return super().visible_to(officer) | own if officer.may("approve exports") else own

    def waiting(self):
        return self.filter(state="asked")

    def usable(self):
        """Approved, not written yet, and not for longer than the days that an approval holds."""
        return self.filter(state="approved", decided_at__gt=clock.now() - timedelta(days=DAYS))


class ExportRequest(models.Model):
    """One list that waits for a second person: what it is to hold, how many rows, why; and what came of it."""

    county = models.ForeignKey(County, models.PROTECT, related_name="+")
    place_code = CodeField(max_length=12)
    # The list, as a roster says it. A register of brokers has neither filter nor choice of columns; of the lists of the
    # other rooms `narrowed` is what their form sends, and under "what" words that tell it.
    kind = models.CharField(_("what"), max_length=10, choices=codes.EXPORT_KINDS)
    narrowed = models.JSONField(default=dict)
    columns = models.JSONField(default=list)
    is_full = models.BooleanField(default=False)
    file_type = models.CharField(_("format"), max_length=4, choices=codes.ROSTER_TYPES)
    rows = models.PositiveIntegerField()
    reason = models.CharField(_("reason"), max_length=200)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=codes.EXPORT_STATES, default="asked")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=200, blank=True)
    # The file that was written for it; none for what is no roster, which is handed out at once.
    roster = models.OneToOneField(Roster, models.PROTECT, null=True, related_name="request")

    scope_column = "place_code"
    objects = ExportRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["county", "state"])]
        constraints = [
            models.CheckConstraint(name="export_asked_for_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="export_decided_by_and_at",
                condition=Q(state="asked", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(state="asked") & Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="export_decided_by_a_second_person",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
            ),
            models.CheckConstraint(name="export_refused_with_a_reason", condition=~Q(state="refused") | ~Q(answer="")),
        ]

    def __str__(self):
        return self.get_kind_display()

    @property
    def until(self):
        """Until when an approved list can be written."""
        return self.decided_at + timedelta(days=DAYS)

    @property
    def is_usable(self) -> bool:
        return self.state == "approved" and clock.now() < self.until

    @property
    def is_over(self) -> bool:
        """Approved, and never written in time."""
        return self.state == "approved" and not self.is_usable
