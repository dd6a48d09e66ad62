"""People who are not named yet."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from laborreg.codes import CodeField
from villages.models import County, Village
from villages.scope import ScopedQuerySet
from workers import codes


class UnnamedGroup(models.Model):
    """n persons of one village not yet named, with the facts of one transfer; naming shrinks what it counts."""

    county = models.ForeignKey(County, models.PROTECT)
    village = models.ForeignKey(Village, models.PROTECT, related_name="unnamed_groups")
    persons = models.PositiveIntegerField(_("persons"))
    started_on = models.DateField(_("left on"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    destination = CodeField(_("destination"), max_length=9)
    sex = models.CharField(_("sex"), max_length=6, choices=codes.SEXES, blank=True)
    age_band = models.CharField(_("age"), max_length=10, choices=codes.AGE_BANDS, blank=True)
    industry = models.CharField(_("industry"), max_length=1, choices=codes.SECTIONS, blank=True)
    channel = models.CharField(_("how they found it"), max_length=10, choices=codes.CHANNELS, blank=True)
    form = models.CharField(_("form"), max_length=12, choices=codes.FORMS, blank=True)
    status = models.CharField(_("poverty flag"), max_length=20, choices=codes.STATUS_KINDS, blank=True)
    pay = models.PositiveIntegerField(_("monthly pay of one, yuan"), null=True, blank=True)
    reason = models.CharField(_("why they came home"), max_length=15, choices=codes.REASONS, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    split_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=200, blank=True)
    history = HistoricalRecords(no_db_index=["county", "village", "split_from", "created_by"])

    scope_column = "village_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["village_id", "started_on", "id"]
        constraints = [
            models.CheckConstraint(name="group_has_persons", condition=Q(persons__gt=0)),
            models.CheckConstraint(
                name="group_ends_after_it_starts", condition=Q(ended_on__isnull=True) | Q(ended_on__gt=F("started_on"))
            ),
            models.CheckConstraint(
                name="group_voided_with_a_reason",
                condition=Q(voided_at__isnull=True, void_reason="") | (Q(voided_at__isnull=False) & ~Q(void_reason="")),
            ),
        ]
