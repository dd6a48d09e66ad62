"""The numbers under which people are reached."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from laborreg.identity import mask_phone
from workers import codes


class Phone(models.Model):
    """A number under which a worker is reached, whose it is, and since when; the newest comes first."""

    worker = models.ForeignKey("Worker", models.CASCADE, related_name="phones")
    number = models.CharField(_("phone"), max_length=20)
    last4 = models.CharField(max_length=4)
    whose = models.CharField(_("whose phone"), max_length=10, choices=codes.PHONE_OWNERS, default="self")
    since_on = models.DateField()

    class Meta:
        ordering = ["-since_on", "-pk"]
        # By the last digits people are looked up; whole, who shares a phone is read from the index alone.
        indexes = [models.Index(name="phone_by_number", fields=["last4", "number", "worker"])]

    @property
    def masked(self) -> str:
        return mask_phone(self.number)
