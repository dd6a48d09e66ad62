"""Sweeps over every address that take minutes, run by hand as `python -m tests.sweeps.NAME`, with --quick over a part.

Each makes a database of the tests, ends with a line for each goal of docs/security.md, and fails where one is not met.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "laborreg.settings_test")
# Playwright runs an event loop, in which Django would refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

import django

django.setup()
