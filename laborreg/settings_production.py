"""Settings of a server: refuses to start without secrets of its own, and only speaks HTTPS."""

import os

from django.core.exceptions import ImproperlyConfigured


def required(name):
    if not os.environ.get(name):
        raise ImproperlyConfigured(f"Production needs {name} in the environment.")
    return os.environ[name]


# Asked before the office's settings are read, which would make keys of their own.
for name in ("SECRET_KEY", "LABORREG_KEYS", "DATABASE_URL", "ALLOWED_HOSTS"):
    required(name)

from laborreg.settings import *  # noqa: E402, F403

PRODUCTION = True
DEBUG = False
SECRET_KEY = required("SECRET_KEY")
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5:
    raise ImproperlyConfigured("SECRET_KEY must be random and hold at least 50 characters.")
ALLOWED_HOSTS = [host.strip() for host in required("ALLOWED_HOSTS").split(",") if host.strip()]
CSRF_TRUSTED_ORIGINS = [f"https://{'*' if host.startswith('.') else ''}{host}" for host in ALLOWED_HOSTS if host != "*"]
if os.environ.get("LABORREG_TODAY"):
    raise ImproperlyConfigured("LABORREG_TODAY pins the clock; production must not set it.")

# A demo has accounts with a known password; sign-ins are counted by the address of whoever sits before the proxy.
MIDDLEWARE = ["officers.demo.NotInProduction", "laborreg.middleware.BehindProxy", *MIDDLEWARE]  # noqa: F405

# Every event is one line that programs read, every request is one of them; the office's own ./run stays readable and short.
LOGGING["formatters"]["line"] = {"()": "laborreg.logs.Line"}  # noqa: F405
LOGGING["loggers"]["laborreg.request"] = {"level": "INFO"}  # noqa: F405

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
