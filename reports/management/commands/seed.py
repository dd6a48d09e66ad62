"""`manage.py seed small`: the demo county, all people invented."""

import gc
from contextlib import contextmanager

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from laborreg.months import Month
from laborreg.refusals import Refusal
from officers.models import Demo
from reports.seed.county import Size, seed_county
from reports.seed.story import Story


@contextmanager
def _no_collecting():
    """Millions of small rows and no cycles among them: looking for some costs a tenth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class Command(BaseCommand):
    help = "Fill an empty database with an invented county: about 6,000 workers and 25 months of returns."

    def add_arguments(self, parser):
        parser.add_argument("size", choices=["small"])
        parser.add_argument("--until", default="2026-10", metavar="YYYY-MM", help="the month that is in mid-flight")

    def handle(self, *, size, until, **options):
        if settings.PRODUCTION:
            raise CommandError("A demo never runs under production settings.")
        if Demo.objects.exists():
            return self._say("the demo is there already")
        try:
            until = Month.parse(until)
            with transaction.atomic(), _no_collecting():
                seed_county(Size(until=until, story=Story(last=until)), say=self._say)
        except (Refusal, ValueError) as refused:
            raise CommandError(str(refused)) from refused

    def _say(self, line):
        self.stderr.write(f"seed: {line}")
        self.stderr.flush()
