"""The people of the ledger, and the households to which they belonged before."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from laborreg import clock, crypto
from villages.models import County, Village
from villages.scope import ScopedQuerySet
from workers import codes
from workers.models.households import Household


class WorkerQuerySet(ScopedQuerySet):
    def valid(self):
        """Neither voided nor merged into another."""
        return self.filter(voided_at__isnull=True, merged_into__isnull=True)


class Worker(models.Model):
    """A person of the ledger. Whether away, at work near home or at home is computed, never typed."""

    # Single columns that lead another index, or that nobody searches by, have none of their own: see docs/decisions.
    county = models.ForeignKey(County, models.PROTECT, db_index=False)
    # The newest village of registration; written by the registration actions only.
    village = models.ForeignKey(Village, models.PROTECT, related_name="workers", verbose_name=_("village"), db_index=False)
    household = models.ForeignKey(
        Household, models.PROTECT, null=True, blank=True, related_name="members", verbose_name=_("household")
    )
    relation = models.CharField(_("relation to the head"), max_length=20, choices=codes.RELATIONS, blank=True)

    id_cipher = models.BinaryField(null=True)
    id_key_version = models.PositiveSmallIntegerField(null=True)
    id_index = models.CharField(max_length=64, null=True)
    id_last4_index = models.CharField(max_length=64, blank=True)
    no_id_reason = models.CharField(
        _("why there is no ID number"), max_length=15, choices=[*codes.NO_ID_REASONS, codes.ERASED_ID], blank=True
    )

    name = models.CharField(_("name"), max_length=50)
    name_pinyin = models.CharField(max_length=300, blank=True)
    name_initials = models.CharField(max_length=50, blank=True)
    sex = models.CharField(_("sex"), max_length=6, choices=codes.SEXES, blank=True)
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    ethnic_group = models.CharField(_("ethnic group"), max_length=2, choices=codes.ETHNIC_GROUPS, blank=True)
    education = models.CharField(_("education"), max_length=2, choices=codes.EDUCATION, blank=True)
    ability = models.CharField(_("labor ability"), max_length=10, choices=codes.ABILITIES, blank=True)
    is_student = models.BooleanField(_("at school"), null=True, blank=True)
    wants_to_go = models.BooleanField(_("wants to go out for work"), null=True, blank=True)
    skill_grade = models.CharField(_("skill grade"), max_length=20, choices=codes.SKILL_GRADES, blank=True)
    skills = models.CharField(_("skills"), max_length=100, blank=True)
    group_name = models.CharField(_("group"), max_length=30, blank=True)
    consent = models.CharField(_("consent"), max_length=10, choices=codes.CONSENTS, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    version = models.PositiveIntegerField(default=1)
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=200, blank=True)
    # Since when the row tells no more who it was (workers.actions.erasing).
    erased_at = models.DateTimeField(null=True, blank=True)
    # Without an index: it is empty nearly everywhere, and SQLite would take it before the range of codes.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", db_index=False
    )
    history = HistoricalRecords(
        excluded_fields=["id_cipher"], no_db_index=["county", "village", "household", "merged_into", "created_by"]
    )

    scope_column = "village_id"
    objects = WorkerQuerySet.as_manager()

    class Meta:
        ordering = ["village_id", "name_pinyin", "id"]
        indexes = [
            models.Index(fields=["village", "name_pinyin", "id"]),
            models.Index(fields=["village", "name_initials"]),
            models.Index(fields=["village", "id_last4_index"]),
            # Everybody's namesakes, for entries that may be one person.
            models.Index(
                name="worker_by_name", fields=["county", "name", "birth_date", "village"],
                condition=Q(voided_at__isnull=True, merged_into__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="worker_id_once_a_county", fields=["county", "id_index"],
                condition=Q(voided_at__isnull=True, merged_into__isnull=True),
            ),
            models.CheckConstraint(
                name="worker_has_an_id_or_a_reason",
                condition=Q(id_index__isnull=False, id_cipher__isnull=False, no_id_reason="")
                | (Q(id_index__isnull=True, id_cipher__isnull=True) & ~Q(no_id_reason="")),
            ),
            models.CheckConstraint(
                name="worker_voided_with_a_reason",
                condition=Q(voided_at__isnull=True, void_reason="") | (Q(voided_at__isnull=False) & ~Q(void_reason="")),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def id_number(self) -> str:
        """The ID number in full; "" where there is none. Pages show `masked_id` instead."""
        return crypto.decipher(self.id_cipher, self.id_key_version) if self.id_cipher else ""

    @property
    def masked_id(self) -> str:
        """First six and last four; the birth date between them stays hidden."""
        number = self.id_number
        return f"{number[:6]}********{number[-4:]}" if number else ""

    def age_on(self, day) -> int | None:
        """Full years on a day."""
        born = self.birth_date
        if not born:
            return None
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))

    @property
    def age(self) -> int | None:
        return self.age_on(clock.today())


class FormerMembership(models.Model):
    """Until the day before `to_on` the worker belonged to this household, or to none; `Worker.household` came after.

    Of several the one that ends next after a day names the household on it. Most people have none.
    """

    worker = models.ForeignKey(Worker, models.CASCADE, related_name="former_memberships", db_index=False)
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="former_memberships")
    to_on = models.DateField()

    class Meta:
        ordering = ["to_on"]
        constraints = [models.UniqueConstraint(name="former_membership_ends_once_a_day", fields=["worker", "to_on"])]
