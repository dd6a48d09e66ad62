"""Blanks: the workbooks that somebody above the county hands down to be filled, and what is bound to their cells."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from laborreg.codes import CodeField
from laborreg.months import MonthField
from villages.models import County
from villages.scope import ScopedQuerySet

OFFICER = settings.AUTH_USER_MODEL


class Blank(models.Model):
    """A workbook that a county fills month by month, in all of its versions."""

    county = models.ForeignKey(County, models.PROTECT, related_name="blanks")
    name = models.CharField(max_length=60)
    # What stays empty, and why; printed where the blank is filled.
    note = models.CharField(max_length=600, blank=True)
    # Not filled any more; what it filled stays listed.
    retired_at = models.DateTimeField(null=True)

    scope_column = "county_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(name="blank_named_once", fields=["county", "name"], condition=Q(retired_at__isnull=True)),
        ]

    def __str__(self):
        return self.name

    @property
    def newest(self) -> "BlankVersion":
        return self.versions.defer("content").order_by("-number").first()


class BlankVersion(models.Model):
    """The file as it was uploaded; the newest is the one that is filled."""

    MOST_BYTES = 10 * 1024 * 1024

    county = models.ForeignKey(County, models.PROTECT, related_name="+", db_index=False)
    blank = models.ForeignKey(Blank, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    file_name = models.CharField(max_length=255)
    # In the database, as signed papers are: a copy of the data has it.
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    # The cells that hold keys in the file itself: [[sheet, cell, what it says], …].
    written = models.JSONField(default=list)
    # What the version before was bound to and this one has no room for: [[sheet, cell, key, reason], …].
    lost = models.JSONField(default=list)
    uploaded_by = models.ForeignKey(OFFICER, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    scope_column = "county_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(name="blank_version_once", fields=["county", "blank", "number"]),
            models.CheckConstraint(name="blank_is_not_too_large", condition=Q(size__gt=0, size__lte=10 * 1024 * 1024)),
        ]


class Binding(models.Model):
    """What was put on a cell by clicking; what is written in the file itself is read from there."""

    ROWS = [("", _("No")), ("township", _("For each township")), ("village", _("For each village"))]

    county = models.ForeignKey(County, models.PROTECT, related_name="+", db_index=False)
    version = models.ForeignKey(BlankVersion, models.CASCADE, related_name="bindings")
    sheet = models.CharField(max_length=31)
    cell = models.CharField(max_length=10)
    # As it would be written into the cell, without its braces: `away@last_month`.
    key = models.CharField(max_length=120)
    # The row of this cell is repeated once for each of these.
    repeats = models.CharField(max_length=8, blank=True, choices=ROWS)

    scope_column = "county_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["sheet", "pk"]
        constraints = [
            models.UniqueConstraint(name="cell_bound_once", fields=["county", "version", "sheet", "cell"]),
            models.CheckConstraint(name="repeats_something", condition=Q(repeats__in=["", "township", "village"])),
        ]


class FilledBlank(models.Model):
    """A filled workbook that was handed out: for where and when, by whom, and what it was."""

    SOURCES = [("provisional", _("Provisional")), ("sealed", _("Sealed"))]

    county = models.ForeignKey(County, models.PROTECT, related_name="+", db_index=False)
    version = models.ForeignKey(BlankVersion, models.PROTECT, related_name="filled")
    area_code = CodeField(max_length=12)
    month = MonthField()
    source = models.CharField(max_length=11, choices=SOURCES)
    # How many villages were expected and in when it was filled.
    expected = models.PositiveIntegerField()
    received = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(OFFICER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    scope_column = "area_code"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["version", "-at"], name="filled_newest_first")]
