"""Settings of the tests: fixed keys, a cheap password hash, static files without hashes."""

import json
import tempfile
from pathlib import Path

from laborreg.settings import *  # noqa: F403
from laborreg.settings import DATABASES, SQLITE

SECRET_KEY = "the tests sign nothing that leaves the machine, and say so here"
KEYS = {"cipher": {"1": "11" * 64}, "index": "22" * 32}
_keys_folder = tempfile.TemporaryDirectory(prefix="laborreg-keys-")
KEYS_FILE = Path(_keys_folder.name) / "keys.json"
KEYS_FILE.write_text(json.dumps(KEYS))
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
FAIL_ON_FORGOTTEN_SCOPE = True
# Tests change rows behind the trail's back.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
# What is sent to the tests goes with them.
_folder = tempfile.TemporaryDirectory(prefix="laborreg-tests-")
DATA_DIR = Path(_folder.name)
# Tasks are done at once, and inside the test's own transaction.
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
SHEETS_IN_CHILD = False
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE
