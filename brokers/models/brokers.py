"""Labor brokers: who gathers job news and leads people out."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from brokers import codes
from villages.models import County, Village
from villages.scope import ScopedQuerySet


class BrokerQuerySet(ScopedQuerySet):
    def valid(self):
        """Without entries that were merged into another."""
        return self.filter(merged_into__isnull=True)

    def taking_on(self):
        """Who may be named as the broker of a new transfer: those who work today, see `Broker.works_on`."""
        return self.valid().filter(stopped_on__isnull=True).exclude(state__in=codes.BARRED)


class Broker(models.Model):
    """A labor broker of a village. Name, township and standing are seen county-wide, the rest by scope."""

    county = models.ForeignKey(County, models.PROTECT)
    village = models.ForeignKey(Village, models.PROTECT, related_name="brokers", verbose_name=_("village"))
    name = models.CharField(_("name"), max_length=50)
    name_pinyin = models.CharField(max_length=200, blank=True)
    name_initials = models.CharField(max_length=50, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    id_cipher = models.BinaryField(null=True)
    id_key_version = models.PositiveSmallIntegerField(null=True)
    id_index = models.CharField(max_length=64, null=True)
    # Told by the ID number.
    sex = models.CharField(_("sex"), max_length=6, blank=True)
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=codes.KINDS, default="part_time")
    background = models.CharField(_("background"), max_length=15, choices=codes.BACKGROUNDS, blank=True)
    is_relieved = models.BooleanField(_("from a household lifted from poverty"), null=True)
    trades = models.CharField(_("trades"), max_length=200, blank=True)
    destinations = models.CharField(_("usual destinations"), max_length=200, blank=True)
    project = models.CharField(_("project of the second or third industry"), max_length=100, blank=True)
    policies = models.CharField(_("policies enjoyed, awards"), max_length=200, blank=True)
    bank = models.CharField(_("bank"), max_length=60, blank=True)
    account_cipher = models.BinaryField(null=True)
    account_key_version = models.PositiveSmallIntegerField(null=True)
    # Finds the same account at another broker.
    account_index = models.CharField(max_length=64, null=True)
    registered_on = models.DateField(_("registered on"))
    stopped_on = models.DateField(_("stopped on"), null=True, blank=True)
    state = models.CharField(_("filing"), max_length=12, choices=codes.STATES, default="registered")
    filed_on = models.DateField(_("filed on"), null=True, blank=True)
    certificate_number = models.CharField(_("certificate number"), max_length=20, blank=True)
    # What the certificate's QR code says instead of a name or number.
    certificate_word = models.CharField(max_length=32, null=True, unique=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged", db_index=False)
    version = models.PositiveIntegerField(default=1)
    history = HistoricalRecords(excluded_fields=["id_cipher", "account_cipher", "account_index", "certificate_word"])

    scope_column = "village_id"
    objects = BrokerQuerySet.as_manager()

    class Meta:
        ordering = ["village_id", "name", "pk"]
        constraints = [
            models.UniqueConstraint(name="broker_id_once_a_county", fields=["county", "id_index"]),
            models.UniqueConstraint(
                name="broker_certificate_once_a_county", fields=["county", "certificate_number"],
                condition=~Q(certificate_number=""),
            ),
            models.CheckConstraint(
                name="broker_filed_with_a_certificate",
                condition=Q(filed_on__isnull=True, certificate_number="", certificate_word__isnull=True)
                | (Q(filed_on__isnull=False, certificate_word__isnull=False) & ~Q(certificate_number="")),
            ),
            models.CheckConstraint(
                name="broker_state_fits_the_filing",
                condition=Q(filed_on__isnull=True, state__in=codes.BEFORE_FILING)
                | Q(filed_on__isnull=False, state__in=codes.SINCE_FILING),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def sex_label(self) -> str:
        return str(dict(codes.SEXES).get(self.sex, ""))

    def age_on(self, day) -> int | None:
        """Full years; None where the ID number, which tells the birth date, is not known."""
        born = self.birth_date
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day)) if born else None

    def works_on(self, day) -> bool:
        """Registered by then and not stopped, and neither suspended nor revoked as known today: wherever brokers are counted."""
        stopped = self.stopped_on and self.stopped_on <= day
        return self.registered_on <= day and not stopped and not self.is_barred and self.merged_into_id is None

    @property
    def is_barred(self) -> bool:
        """Suspended or revoked: offered for no new transfer."""
        return self.state in codes.BARRED
