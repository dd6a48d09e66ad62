"""Labor brokers: who gathers job news and leads people out."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from brokers import codes
from villages.models import County, Village
from villages.scope import ScopedQuerySet


class Broker(models.Model):
    """A labor broker of a village. Name and township are seen county-wide, the rest by scope."""

    county = models.ForeignKey(County, models.PROTECT)
    village = models.ForeignKey(Village, models.PROTECT, related_name="brokers", verbose_name=_("village"))
    name = models.CharField(_("name"), max_length=50)
    name_pinyin = models.CharField(max_length=200, blank=True)
    name_initials = models.CharField(max_length=50, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    id_cipher = models.BinaryField(null=True)
    id_key_version = models.PositiveSmallIntegerField(null=True)
    id_index = models.CharField(max_length=64, null=True)
    kind = models.CharField(_("kind"), max_length=10, choices=codes.KINDS, default="part_time")
    background = models.CharField(_("background"), max_length=15, choices=codes.BACKGROUNDS, blank=True)
    trades = models.CharField(_("trades"), max_length=200, blank=True)
    destinations = models.CharField(_("usual destinations"), max_length=200, blank=True)
    registered_on = models.DateField(_("registered on"))
    stopped_on = models.DateField(_("stopped on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    history = HistoricalRecords(excluded_fields=["id_cipher"])

    scope_column = "village_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["village_id", "name"]
        constraints = [
            models.UniqueConstraint(name="broker_id_once_a_county", fields=["county", "id_index"]),
        ]

    def __str__(self):
        return self.name
