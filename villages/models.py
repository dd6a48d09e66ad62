"""Counties, townships and villages under their official codes; the divisions of the country; who is posted where."""

from datetime import timedelta

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from laborreg import clock
from laborreg.codes import CodeField
from laborreg.months import Month, MonthField
from villages.scope import ScopedQuerySet

# Files from the county's first month on, whichever that is.
FROM_THE_START = Month(2000, 1)


def digits(length):
    return RegexValidator(rf"\A[0-9]{{{length}}}\Z", _("This code has the wrong number of digits."))


class Area(models.Model):
    """What counties, townships and villages share: a name, its pinyin, a code that is its path."""

    name = models.CharField(_("name"), max_length=60)
    name_latin = models.CharField(_("name in pinyin"), max_length=80, blank=True)

    scope_column = "code"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["code"]

    def __str__(self):
        return self.label

    @property
    def short_name(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The name as a page shows it: Chinese, in English with the pinyin before it."""
        if (get_language() or "en").startswith("zh") or not self.name_latin:
            return self.short_name
        return f"{self.name_latin} {self.short_name}"

    @property
    def county_code(self) -> str:
        return self.code[:6]


class County(Area):
    code = CodeField(_("code"), primary_key=True, max_length=6, validators=[digits(6)])
    level = "county"

    def rules_from(self, month: Month):
        """The settings in force in a month: the newest row that is valid by then."""
        rows = [row for row in self._settings if row.from_month <= month]
        return rows[-1] if rows else CountySettings(county=self)

    @cached_property
    def _settings(self):
        return list(self.settings.order_by("from_month"))

    def first_day(self, month: Month):
        """The day after the last day of the month before."""
        return self.last_day(month.previous) + timedelta(days=1)

    def last_day(self, month: Month):
        return month.last_day(self.rules_from(month).start_day)

    def month_of(self, day) -> Month:
        """The report month that a day belongs to."""
        month = Month.of(day)
        return month if day <= self.last_day(month) else month.next


class Township(Area):
    code = CodeField(_("code"), primary_key=True, max_length=9, validators=[digits(9)])
    county = models.ForeignKey(County, models.PROTECT, related_name="townships")
    # The labor station; it also receives people who come home.
    station_phone = models.CharField(_("station's phone"), max_length=20, blank=True)
    station_address = models.CharField(_("station's address"), max_length=100, blank=True)
    is_reception_point = models.BooleanField(_("receives people who come home"), default=True)
    head_name = models.CharField(_("head of the station"), max_length=50, blank=True)
    level = "township"


class VillageQuerySet(ScopedQuerySet):
    def filing_in(self, month: Month):
        """Villages that are expected to file a return for the month."""
        return self.filter(Q(files_to__isnull=True) | Q(files_to__gte=month), files_from__lte=month)

    def lasting(self):
        """Without those that were merged into another or got a new code."""
        ended = Lineage.objects.filter(old=OuterRef("pk"), kind__in=Lineage.ENDING)
        return self.filter(~Exists(ended))


class Village(Area):
    VILLAGE, HERDING, COMMUNITY = "village", "herding", "community"
    KINDS = [(VILLAGE, _("Village committee")), (HERDING, _("Herding committee")), (COMMUNITY, _("Community"))]
    ENDINGS = ["村民委员会", "牧民委员会", "居民委员会", "村委会", "牧委会", "居委会"]

    code = CodeField(_("code"), primary_key=True, max_length=12, validators=[digits(12)])
    township = models.ForeignKey(Township, models.PROTECT, related_name="villages")
    kind = models.CharField(_("kind"), max_length=10, choices=KINDS, default=VILLAGE)
    # First and last month for which it files a return; no first month: it does not file.
    files_from = MonthField(_("files from"), null=True, blank=True)
    files_to = MonthField(_("files until"), null=True, blank=True)
    level = "village"
    objects = VillageQuerySet.as_manager()

    class Meta(Area.Meta):
        constraints = [
            models.CheckConstraint(
                name="village_stops_filing_after_it_starts",
                condition=Q(files_to__isnull=True) | Q(files_to__gte=F("files_from")),
            ),
        ]

    @property
    def short_name(self) -> str:
        """大煤洞村, not 大煤洞村委会."""
        for ending in self.ENDINGS:
            if self.name.endswith(ending) and len(self.name) > len(ending):
                stem = self.name.removesuffix(ending)
                if ending.startswith("村") and not stem.endswith("村"):
                    return stem + "村"
                return stem + {"牧": "牧村", "居": "社区"}.get(ending[0], "")
        return self.name

    def files_in(self, month: Month) -> bool:
        return bool(self.files_from) and self.files_from <= month and (not self.files_to or month <= self.files_to)


class Lineage(models.Model):
    """A village that was merged, split, recoded or renamed: its row and its months stay, the new follows from a day on."""

    MERGE, SPLIT, RECODE, RENAME = "merge", "split", "recode", "rename"
    KINDS = [(MERGE, _("merged")), (SPLIT, _("split")), (RECODE, _("new code")), (RENAME, _("renamed"))]
    # After these nobody is registered in the old village any more.
    ENDING = (MERGE, RECODE)

    old = models.ForeignKey(Village, models.PROTECT, related_name="successors")
    new = models.ForeignKey(Village, models.PROTECT, related_name="predecessors")
    kind = models.CharField(max_length=10, choices=KINDS)
    from_on = models.DateField()
    name_before = models.CharField(_("name before"), max_length=60, blank=True, default="")
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["from_on", "pk"]
        constraints = [
            models.UniqueConstraint(name="lineage_once", fields=["old", "new", "from_on"]),
            models.UniqueConstraint(
                name="lineage_ends_a_village_once", fields=["old"], condition=Q(kind__in=["merge", "recode"])
            ),
            models.CheckConstraint(
                name="lineage_leads_to_another_village",
                condition=Q(kind="rename", old=F("new")) | (~Q(kind="rename") & ~Q(old=F("new"))),
            ),
            models.CheckConstraint(
                name="lineage_by_and_at",
                condition=Q(by__isnull=True, at__isnull=True) | Q(by__isnull=False, at__isnull=False),
            ),
        ]


class Division(models.Model):
    """A province, prefecture or county of the country, or a country (ISO 3166-1 alpha-3): where people go."""

    code = CodeField(primary_key=True, max_length=6)
    name = models.CharField(max_length=60)
    name_latin = models.CharField(max_length=80, blank=True)
    is_country = models.BooleanField(default=False)

    class Meta:
        ordering = ["code"]

    def __str__(self):
        return self.label

    @property
    def label(self) -> str:
        if (get_language() or "en").startswith("zh") or not self.name_latin:
            return self.name
        return self.name_latin if self.is_country else f"{self.name_latin} {self.name}"


class CountySettings(models.Model):
    """The counting rules and due days of a county from a month on; printed under every report."""

    county = models.ForeignKey(County, models.CASCADE, related_name="settings")
    from_month = MonthField(_("valid from"), default=FROM_THE_START)
    start_day = models.PositiveSmallIntegerField(
        _("first day of the report month"), default=1, choices=[(1, _("1st")), (21, _("21st of the month before"))]
    )
    male_min = models.PositiveSmallIntegerField(_("working age of men from"), default=16)
    male_max = models.PositiveSmallIntegerField(_("working age of men to"), default=60)
    female_min = models.PositiveSmallIntegerField(_("working age of women from"), default=16)
    female_max = models.PositiveSmallIntegerField(_("working age of women to"), default=60)
    stint_days = models.PositiveSmallIntegerField(_("days until a stint counts"), default=90)
    home_days = models.PositiveSmallIntegerField(_("days that a homecoming is followed"), default=183)
    visit_days = models.PositiveSmallIntegerField(_("days until somebody away counts as not asked for long"), default=90)
    due_days = models.PositiveSmallIntegerField(_("village due, days after the month"), default=3)
    closing_days = models.PositiveSmallIntegerField(_("village closes, days after the month"), default=5)
    county_days = models.PositiveSmallIntegerField(_("county due, days after the month"), default=8)
    broker_min = models.PositiveSmallIntegerField(_("age of a labor broker at filing from"), default=18)
    broker_max = models.PositiveSmallIntegerField(_("age of a labor broker at filing to"), default=65)
    objection_days = models.PositiveSmallIntegerField(_("days that a list is published for objection"), default=7)
    drop_percent = models.PositiveSmallIntegerField(_("drop alarm: more than so many percent fewer away"), default=20)
    drop_persons = models.PositiveSmallIntegerField(_("drop alarm: and at least so many persons fewer"), default=10)
    export_limit = models.PositiveIntegerField(_("rows of a list that leave without a second person"), default=500)
    keep_years = models.PositiveSmallIntegerField(_("years that a person is kept after death or leaving"), default=5)
    # Nobody for the row that came with the county's places.
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(null=True)

    COUNTING = ["start_day", "male_min", "male_max", "female_min", "female_max", "stint_days", "home_days"]

    class Meta:
        constraints = [
            models.UniqueConstraint(name="settings_once_a_month", fields=["county", "from_month"]),
            models.CheckConstraint(name="settings_start_day", condition=Q(start_day__in=[1, 21])),
            models.CheckConstraint(
                name="settings_days_in_order",
                condition=Q(closing_days__gte=F("due_days"), county_days__gte=F("closing_days")),
            ),
            models.CheckConstraint(
                name="settings_ages_in_order",
                condition=Q(male_max__gte=F("male_min"), female_max__gte=F("female_min"), broker_max__gte=F("broker_min")),
            ),
            models.CheckConstraint(
                name="settings_changed_by_and_at",
                condition=Q(changed_by__isnull=True, changed_at__isnull=True)
                | Q(changed_by__isnull=False, changed_at__isnull=False),
            ),
        ]

    def as_counted(self) -> dict:
        """The settings that decide what is counted, as a seal keeps them."""
        return {name: getattr(self, name) for name in self.COUNTING}


class PostingQuerySet(ScopedQuerySet):
    def on(self, day):
        return self.filter(Q(to_on__isnull=True) | Q(to_on__gt=day), from_on__lte=day)

    def on_today(self):
        return self.on(clock.today())


class Posting(models.Model):
    """An officer at a place, by date: [from_on, to_on). The role gives the level of the place."""

    officer = models.ForeignKey("officers.Officer", models.CASCADE, related_name="postings")
    place_code = CodeField(max_length=12)
    county = models.ForeignKey(County, models.PROTECT)
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)
    history = HistoricalRecords()

    scope_column = "place_code"
    objects = PostingQuerySet.as_manager()

    class Meta:
        ordering = ["place_code", "from_on"]
        indexes = [models.Index(fields=["place_code", "from_on"])]
        constraints = [
            models.CheckConstraint(
                name="posting_ends_after_it_starts", condition=Q(to_on__isnull=True) | Q(to_on__gt=F("from_on"))
            ),
            models.UniqueConstraint(name="posting_once", fields=["county", "officer", "place_code", "from_on"]),
        ]

    @property
    def is_over(self) -> bool:
        return self.to_on is not None and self.to_on <= clock.today()

    @property
    def place(self):
        """The county, township or village of the post; its code tells which."""
        model = {6: County, 9: Township, 12: Village}[len(self.place_code)]
        above = {6: (), 9: ("county",), 12: ("township",)}[len(self.place_code)]
        return model._default_manager.select_related(*above).get(pk=self.place_code)
