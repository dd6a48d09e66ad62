"""Settings of an office on one machine. `settings_production` tightens them for a server."""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from laborreg import keys

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# Everything that this installation writes lies here; keys of its own may lie elsewhere.
DATA_DIR = Path(env("LABORREG_DATA", default=str(BASE_DIR / "var")))
DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
# The keys lie outside the data folder, so that a copied database is not a readable one.
KEYS_FILE = Path(env("LABORREG_KEYS", default=str(BASE_DIR / ".keys" / "keys.json")))
PRODUCTION = env("DJANGO_SETTINGS_MODULE", default="") == "laborreg.settings_production"
KEYS = keys.load(KEYS_FILE, make=not PRODUCTION)

DEBUG = False
SECRET_KEY = env("SECRET_KEY", default=KEYS["secret"])
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "lucide",
    "simple_history",
    "import_export",
    "django_tasks",
    "django_tasks_db",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "laborreg",
    "officers",
    "villages",
    "brokers",
    "jobs",
    "workers",
    "support",
    "reports",
]

MIDDLEWARE = [
    "laborreg.middleware.Numbered",
    "django.middleware.security.SecurityMiddleware",
    "laborreg.middleware.ContentPolicy",
    "laborreg.middleware.KnownMethods",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "laborreg.middleware.OwnSession",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "laborreg.middleware.NotTooLarge",
    "django.middleware.common.CommonMiddleware",
    "laborreg.middleware.WithoutNul",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "officers.language.KeptLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "laborreg.middleware.Refusals",
    "officers.pages.Gate",
]

ROOT_URLCONF = "laborreg.urls"
WSGI_APPLICATION = "laborreg.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "officers.navigation.shell",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "laborreg.templatetags.registry"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

SQLITE = {
    # Deferred transactions lose nine saves in ten when an office files at once; IMMEDIATE loses none.
    "transaction_mode": "IMMEDIATE",
    "timeout": 60,
    # FULL: what an officer was told is saved is on the disk; with NORMAL a power failure takes the last saves back.
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;",
}
# Pages of totals as they were drawn last (reports.views.keeping), some hundred kilobytes each.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 100}}}
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'registry.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE
else:
    # Compiling a question takes longer than answering it here, and a county lies in memory, where any page is near.
    DATABASES["default"]["OPTIONS"] = {"options": "-c jit=off -c random_page_cost=1.1"}
    DATABASES["default"]["CONN_MAX_AGE"] = 600
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Versions are looked up by their row, never by their date.
SIMPLE_HISTORY_DATE_INDEX = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "officers.Officer"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["officers.passwords.Argon2"]
# Which school an office follows: GB/T 22239 wants a mix of characters and regular change; OWASP ASVS 5.0 forbids both
# and wants length. What is common, or known to everybody around, is refused by both.
PASSWORD_RULES = env("LABORREG_PASSWORDS", default="gbt22239")
if PASSWORD_RULES not in ("gbt22239", "asvs"):
    raise ImproperlyConfigured("LABORREG_PASSWORDS is gbt22239 or asvs.")
PASSWORD_LENGTH = 12 if PASSWORD_RULES == "asvs" else 8
PASSWORD_DAYS = None if PASSWORD_RULES == "asvs" else 90
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
     "OPTIONS": {"min_length": PASSWORD_LENGTH}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ["username", "name", "phone"]}},
    {"NAME": "officers.passwords.NotCommonHere"},
    {"NAME": "officers.passwords.NotANumber"},
    {"NAME": "officers.passwords.NotOneself"},
    {"NAME": "officers.passwords.NotThePlace"},
    {"NAME": "officers.passwords.NotUsedBefore"},
]
if PASSWORD_RULES == "gbt22239":
    AUTH_PASSWORD_VALIDATORS.append({"NAME": "officers.passwords.MixedCharacters"})
# Roles that do not work without a second factor, such as "county,admin"; every other account may have one.
SECOND_FACTOR_ROLES = env.list("LABORREG_SECOND_FACTOR", default=[])
if unknown := set(SECOND_FACTOR_ROLES) - {"village", "township", "county", "leader", "admin"}:
    raise ImproperlyConfigured(f"LABORREG_SECOND_FACTOR names no role: {', '.join(sorted(unknown))}.")
# Wrong codes are counted with wrong passwords (officers.throttle), not a second time by the library.
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0
OTP_TOTP_ISSUER = "Labor Transfer Registry"
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign_in"

# Signed in is whoever keeps to the limits of officers.pages: half an hour idle, twelve hours in all. The session itself
# outlives them, so that a form left open over night is still known by it and kept (officers.late_forms).
SESSION_COOKIE_AGE = 24 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# No script reads a cookie, and no other site sends one along.
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "laborreg.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

LANGUAGE_CODE = "en"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
# A larger file is let go while it still arrives.
FILE_UPLOAD_HANDLERS = [
    "laborreg.uploads.OfLimitedSize",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

SIMPLE_HISTORY_ENABLED = True
# What runs longer than a request waits in the database for `manage.py work`.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# Sheets are read by a process of their own, within limits of memory and time.
SHEETS_IN_CHILD = True
PRODUCT_NAME = _("Labor Transfer Registry")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # A page that is not there is no news, and its address may name somebody.
    "loggers": {"django.request": {"level": "ERROR"}},
}
