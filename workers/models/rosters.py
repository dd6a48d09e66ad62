"""Lists of the ledger as they left it: what was asked, in which columns, by whom, and the file for a week."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from laborreg.codes import CodeField
from villages.models import County
from villages.scope import ScopedQuerySet
from workers import codes


class Roster(models.Model):
    """One list written as a file. The newest of a place and kind tells which columns the office used last."""

    county = models.ForeignKey(County, models.PROTECT)
    # The post of the officer who asked for it, or the area that it was narrowed to.
    place_code = CodeField(max_length=12)
    kind = models.CharField(_("what"), max_length=10, choices=codes.ROSTER_KINDS)
    # As the address of the list says it; of a number that was searched for nothing is kept.
    narrowed = models.JSONField(default=dict)
    columns = models.JSONField(default=list)
    is_full = models.BooleanField(default=False)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    file_type = models.CharField(_("format"), max_length=4, choices=codes.ROSTER_TYPES)
    state = models.CharField(max_length=10, choices=codes.ROSTER_STATES)
    rows = models.PositiveIntegerField(default=0)
    # Why it failed, in the officer's words.
    failure = models.CharField(max_length=300, blank=True)
    file_size = models.PositiveBigIntegerField(_("size"), default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    # Under the data folder; emptied when the file is thrown away after a week.
    stored_as = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    scope_column = "place_code"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="roster_in_full_for_a_reason", condition=Q(is_full=False) | ~Q(reason="")),
            models.CheckConstraint(name="roster_ready_with_its_hash", condition=~Q(state="ready") | ~Q(sha256="")),
        ]
        indexes = [models.Index(fields=["place_code", "kind", "made_at"])]

    def __str__(self):
        return self.get_kind_display()
