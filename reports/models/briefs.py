"""The monthly brief (月度简报): what the county says of a month in sentences, and what it issued."""

from django.conf import settings
from django.db import models

from laborreg.codes import CodeField
from laborreg.months import MonthField
from villages.models import County
from villages.scope import ScopedQuerySet

OFFICER = settings.AUTH_USER_MODEL


class WithFacts(models.Model):
    """Figures frozen at a moment (reports.briefs.facts)."""

    facts = models.JSONField()
    facts_at = models.DateTimeField()

    class Meta:
        abstract = True

    @property
    def known(self) -> dict:
        """The facts with their moment, as sentences ask them."""
        return self.facts | {"at": self.facts_at.isoformat()}


class Brief(WithFacts):
    """The draft of an area's brief of a month.

    `facts`: the figures that it says, as they were when it was generated.
    `paragraphs`: in their order, {"key", "title", "text", "hidden", "over"}. Without a text a paragraph says what is
    generated from the facts; with one it is the officer's own words, and `over` is what was generated when they
    were typed, by language. Own paragraphs have a title of their own and nothing generated.
    """

    county = models.ForeignKey(County, models.PROTECT, related_name="briefs")
    area_code = CodeField(max_length=9)
    month = MonthField()
    paragraphs = models.JSONField(default=list)
    # Counts the changes, so that of two who write the second is told.
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(OFFICER, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    scope_column = "area_code"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-month", "area_code"]
        constraints = [models.UniqueConstraint(name="one_brief_an_area_and_month", fields=["county", "area_code", "month"])]

    def paragraph(self, key: str) -> dict | None:
        return next((each for each in self.paragraphs if each["key"] == key), None)


class BriefVersion(WithFacts):
    """A brief as it was issued (签发): never changed, whatever becomes of the figures or of the sentences.

    `paragraphs`: {"key", "titles": {language: title}, "texts": {language: text}}, hidden ones left out.
    """

    brief = models.ForeignKey(Brief, models.PROTECT, related_name="versions")
    county = models.ForeignKey(County, models.PROTECT)
    area_code = CodeField(max_length=9)
    month = MonthField()
    number = models.PositiveSmallIntegerField()
    paragraphs = models.JSONField()
    # Of the month's seal on which it rests; none while the figures were provisional.
    seal_number = models.PositiveSmallIntegerField(null=True)
    hash = models.CharField(max_length=64)
    issued_by = models.ForeignKey(OFFICER, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()

    scope_column = "area_code"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-month", "area_code", "-number"]
        constraints = [models.UniqueConstraint(name="brief_version_once", fields=["county", "brief", "number"])]
