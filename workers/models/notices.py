"""When and how a person was told what is kept of them, what for, how long, and which rights they have (PIPL 17)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from villages.scope import ScopedQuerySet
from workers import codes
from workers.models.people import Worker


class Notice(models.Model):
    """Somebody was told, once more each time: rows are added and never changed, so that they are their own history."""

    worker = models.ForeignKey(Worker, models.CASCADE, related_name="notices")
    told_on = models.DateField(_("told on"))
    how = models.CharField(_("how"), max_length=10, choices=codes.NOTICES)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    scope_column = "worker__village_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-told_on", "-pk"]
