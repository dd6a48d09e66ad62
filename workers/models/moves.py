"""Moves between villages that are asked for."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from laborreg.codes import under_any
from officers import scope
from villages.models import County, Village
from workers import codes
from workers.models.people import Worker


class MoveRequestQuerySet(models.QuerySet):
    def visible_to(self, officer):
        """Requests that concern a village at or under the officer's postings of today, whichever side it is on."""
        scope.asked.set(True)
        return self.filter(under_any("from_village_id", officer.posts) | under_any("to_village_id", officer.posts))

    def open(self):
        return self.filter(state="open")


class MoveRequest(models.Model):
    """One side asks that a person, or the whole household, is registered in another village; the other side answers.

    `name` is what the asking side typed or knows: all that the request tells either side of the person.
    """

    county = models.ForeignKey(County, models.PROTECT)
    worker = models.ForeignKey(Worker, models.PROTECT, related_name="move_requests")
    name = models.CharField(max_length=50)
    from_village = models.ForeignKey(Village, models.PROTECT, related_name="+")
    to_village = models.ForeignKey(Village, models.PROTECT, related_name="+")
    on = models.DateField(_("from which day on"))
    whole_household = models.BooleanField(_("with the whole household"), default=False)
    reason = models.CharField(_("reason"), max_length=15, choices=codes.MOVE_REASONS)
    note = models.CharField(_("note"), max_length=100, blank=True)
    asked_side = models.CharField(max_length=4, choices=[("from", "from"), ("to", "to")])
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=codes.MOVE_STATES, default="open")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=200, blank=True)

    objects = MoveRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["from_village", "state"]), models.Index(fields=["to_village", "state"])]
        constraints = [
            models.UniqueConstraint(
                name="move_asked_once_a_worker", fields=["county", "worker"], condition=Q(state="open")
            ),
            models.CheckConstraint(name="move_to_another_village", condition=~Q(from_village=F("to_village"))),
            models.CheckConstraint(name="move_asked_by_a_side", condition=Q(asked_side__in=["from", "to"])),
            models.CheckConstraint(
                name="move_answered_by_somebody_at_a_time",
                condition=Q(state="open", answered_by__isnull=True, answered_at__isnull=True)
                | (~Q(state="open") & Q(answered_by__isnull=False, answered_at__isnull=False)),
            ),
            models.CheckConstraint(name="move_refused_with_a_reason", condition=~Q(state="refused") | ~Q(answer="")),
        ]

    @property
    def is_open(self) -> bool:
        return self.state == "open"

    @property
    def asking_village(self) -> Village:
        return self.from_village if self.asked_side == "from" else self.to_village

    @property
    def other_village_id(self) -> str:
        """Of the side that answers."""
        return self.to_village_id if self.asked_side == "from" else self.from_village_id
