"""Who works with the registry: officers, where they are signed in and by what, what they were told and what they did."""

from base64 import b32decode
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Upper
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from laborreg import clock, crypto
from laborreg.codes import CodeField
from laborreg.months import Month
from officers import roles, scope


class OfficerManager(BaseUserManager):
    def get_by_natural_key(self, username):
        return self.get(username__iexact=username)


class Officer(AbstractBaseUser):
    """One account, one role. Where the role holds is told by dated postings (villages.Posting)."""

    username = models.CharField(_("account"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=50)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=roles.ROLES)
    is_active = models.BooleanField(default=True)
    # A first password is told once by the level above, and replaced at the first sign-in.
    must_change_password = models.BooleanField(default=True)
    first_password_until = models.DateTimeField(null=True, blank=True)
    # None where the officer never chose one: a first password, or the demo's.
    password_chosen_at = models.DateTimeField(null=True, blank=True)
    language = models.CharField(max_length=10, blank=True)
    large_text = models.BooleanField(default=False)
    issued_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="issued")
    created_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]
    objects = OfficerManager()

    class Meta:
        ordering = ["username"]
        constraints = [
            # Signing in does not care for capitals, so it tells no two accounts apart; Upper is what `iexact` asks.
            models.UniqueConstraint(Upper("username"), name="officer_username_once"),
            models.CheckConstraint(
                name="officer_role_known", condition=models.Q(role__in=[role for role, _label in roles.ROLES])
            ),
        ]

    def __str__(self):
        return self.name

    def may(self, power: str, at=None) -> bool:
        """Whether the role has the power and, where a place is named, a posting of today holds there."""
        return power in roles.MAY[self.role] and self.is_active and (at is None or self.is_posted_over(at))

    def must(self, power: str, at=None):
        """Refuse with a sentence unless `may`."""
        if not self.may(power, at):
            raise roles.NotYours(power, at)

    def is_posted_over(self, place) -> bool:
        """Whether a posting of today stands at or above the place (a code, or a row with one)."""
        code = getattr(place, "code", place)
        return any(code.startswith(post) for post in self.posts)

    @property
    def posts(self) -> list[str]:
        """Codes of today's postings; asked once per request, as the officer is loaded anew for each."""
        if not hasattr(self, "_posts"):
            self._posts = sorted(self.postings.on_today().values_list("place_code", flat=True))
        return self._posts

    @property
    def powers(self) -> set[str]:
        return roles.MAY[self.role]

    @property
    def place(self):
        """The area of the first posting of today; None without one."""
        if not hasattr(self, "_place"):
            posting = self.postings.on_today().first()
            self._place = posting.place if posting else None
        return self._place

    @property
    def county_code(self) -> str:
        return self.posts[0][:6] if self.posts else ""

    @property
    def password_days_left(self) -> int | None:
        """Days until another password must be chosen, 0 or less when it is time; None where none is asked."""
        if settings.PASSWORD_DAYS is None or self.password_chosen_at is None:
            return None
        return (self.password_chosen_at + timedelta(days=settings.PASSWORD_DAYS) - clock.now()).days


class OldPassword(models.Model):
    """The hash of a password that an officer chose, so that it is not chosen again soon."""

    officer = models.ForeignKey(Officer, models.CASCADE, related_name="old_passwords")
    password = models.CharField(max_length=128)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-at", "-pk"]


class OpenSession(models.Model):
    """Where an account is signed in; goes with the session that it tells of."""

    session = models.OneToOneField("sessions.Session", models.CASCADE)
    officer = models.ForeignKey(Officer, models.CASCADE, related_name="sessions")
    address = models.GenericIPAddressField()
    # What the browser says of itself.
    browser = models.CharField(max_length=300, blank=True)
    began_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-seen_at", "-pk"]


class Authenticator(TOTPDevice):
    """An officer's phone app for one-time codes; its secret is enciphered, as whoever reads it can make every code.

    The library's own column `key` stays empty.
    """

    secret_cipher = models.BinaryField()
    secret_key_version = models.PositiveSmallIntegerField()

    @classmethod
    def of(cls, officer: Officer, secret: str) -> "Authenticator":
        """Not saved yet; `secret` in base32."""
        cipher, version = crypto.encipher(secret)
        return cls(user=officer, name="app", key="", secret_cipher=cipher, secret_key_version=version)

    @property
    def bin_key(self) -> bytes:
        return b32decode(crypto.decipher(self.secret_cipher, self.secret_key_version))


class RecoveryCodes(StaticDevice):
    """The codes for the day when the phone is lost: each works once, and only a keyed digest of it is kept."""

    class Meta:
        proxy = True

    def verify_token(self, token) -> bool:
        return super().verify_token(self.digest(token))

    @staticmethod
    def digest(code: str) -> str:
        """As long as the library's column."""
        return crypto.index(code, purpose="recovery code")[:16]


class Message(models.Model):
    """A line to an officer inside the product: what happened, and where to look."""

    officer = models.ForeignKey(Officer, models.CASCADE, related_name="messages")
    # The English source sentence with %(names)s and their values: shown in the reader's language.
    text = models.CharField(max_length=300)
    values = models.JSONField(default=dict)
    url = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["officer", "read_at"])]

    def __str__(self):
        """In the reader's language; a value named `month` reads as a month."""
        values = dict(self.values)
        if "month" in values:
            values["month"] = Month.parse(values["month"]).label
        return translation.gettext(self.text) % values


class AuditHead(models.Model):
    """The newest link of one county's chain; locked last in a transaction, so that no two writers fork it."""

    county_code = CodeField(primary_key=True, max_length=6)
    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")
    # Number and hash under a key that is not in the database: a chain cut or forged there does not fit it.
    seal = models.CharField(max_length=64, default="")


class OfChains(models.QuerySet):
    """Rows of the counties' chains of events."""

    def visible_to(self, officer):
        """Those of the counties in which the officer is posted today. Who may look at all is the page's matter."""
        scope.asked.set(True)
        return self.filter(county_code__in={code[:6] for code in officer.posts})


class AuditEvent(models.Model):
    """What an officer did: append-only, each event sealed with the hash of the one before."""

    county_code = CodeField(max_length=6)
    number = models.BigIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)
    place_code = CodeField(max_length=12, blank=True)
    detail = models.JSONField(default=dict)
    # Where the request came from; empty for what the office's own commands did, and what an earlier release wrote.
    address = models.CharField(max_length=45, blank=True, default="", db_default="")
    before = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    objects = OfChains.as_manager()

    class Meta:
        ordering = ["county_code", "number"]
        constraints = [
            models.UniqueConstraint(name="audit_number_once", fields=["county_code", "number"]),
        ]
        indexes = [models.Index(fields=["subject_kind", "subject_id"])]

    def __str__(self):
        return f"{self.county_code}/{self.number} {self.verb}"


class Unusual(models.Model):
    """What the nightly look found odd in a county's trail (officers/patterns.py), until somebody has looked at it."""

    county_code = CodeField(max_length=6)
    pattern = models.CharField(max_length=30)
    day = models.DateField()
    # Whose doing; of refused sign-ins from one address nobody's.
    officer = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    # Tells several of one day apart: the officer's number or an address, and an hour where there may be several.
    key = models.CharField(max_length=64, blank=True)
    # Numbers of the events behind it, in the county's own chain, in their order; and what was counted in all.
    numbers = models.JSONField(default=list)
    counted = models.PositiveIntegerField()
    found_at = models.DateTimeField(default=clock.now)
    looked_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    looked_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True)

    objects = OfChains.as_manager()

    class Meta:
        ordering = ["-day", "pattern", "pk"]
        constraints = [
            models.UniqueConstraint(name="unusual_once", fields=["county_code", "pattern", "day", "key"]),
            models.CheckConstraint(
                name="unusual_looked_at_by_somebody",
                condition=models.Q(looked_by__isnull=True, looked_at__isnull=True)
                | models.Q(looked_by__isnull=False, looked_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.county_code}/{self.day} {self.pattern}"


class FailedSignIn(models.Model):
    """One refused password, kept while it counts against the account and the address."""

    username = models.CharField(max_length=40, db_index=True)
    address = models.GenericIPAddressField(db_index=True)
    at = models.DateTimeField(db_index=True)


class Demo(models.Model):
    """The one row that makes this database a demo: its pinned day. A real registry has none."""

    today = models.DateField()
