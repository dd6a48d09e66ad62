"""`manage.py seed small`, or `county`: the demo county, all people invented."""

import gc
from contextlib import contextmanager

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from laborreg.months import Month
from laborreg.refusals import Refusal
from officers.models import Demo
from reports.headline import headline
from reports.seed.county import COUNTY, FULL, Size, seed_county
from reports.seed.side_by_side import SideBySide
from reports.seed.story import Story
from villages.areas import area_at


@contextmanager
def _no_collecting():
    """Millions of small rows and no cycles among them: looking for some costs a tenth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class Command(BaseCommand):
    help = (
        "Fill an empty database with an invented county and 25 months of returns: about 6,000 workers (small), or the "
        "246,000 of a whole county (ten minutes or more)."
    )

    def add_arguments(self, parser):
        parser.add_argument("size", choices=["small", "county"])
        parser.add_argument("--until", default="2026-10", metavar="YYYY-MM", help="the month that is in mid-flight")

    def handle(self, *, size, until, **options):
        if settings.PRODUCTION:
            raise CommandError("A demo never runs under production settings.")
        if Demo.objects.exists():
            return self._say("the demo is there already")
        try:
            until = Month.parse(until)
            with _no_collecting():
                getattr(self, f"_{size}")({"until": until, "story": Story(last=until)})
        except (Refusal, ValueError) as refused:
            raise CommandError(str(refused)) from refused

    @transaction.atomic
    def _small(self, size):
        seed_county(Size(**size), say=self._say)

    def _county(self, size):
        """Month by month: the other processes count what is committed, and no log of gigabytes waits for its end."""
        with SideBySide() as processes:
            seed_county(Size(**FULL, **size), say=self._say, counted=processes.counted)
        self._say(headline(area_at(COUNTY), size["until"]))

    def _say(self, line):
        self.stderr.write(f"seed: {line}")
        self.stderr.flush()
