import time
from datetime import date

from django.core.management.base import CommandError

from officers import runs, watch
from officers.commands import OfficeCommand


class Command(OfficeCommand):
    help = "Look through the audit trail of the last seven days for what is unusual, and tell the county; every night."

    def add_arguments(self, parser):
        parser.add_argument("--day", metavar="YYYY-MM-DD", help="one day, instead of the last seven")

    def handle(self, *, day, **options):
        try:
            day = date.fromisoformat(day) if day else None
        except ValueError:
            raise CommandError(f"{day} is no day; write YYYY-MM-DD.") from None
        began = time.monotonic()
        found = watch.look(day)
        if day is None:
            runs.note("watch_audit")
        self.stdout.write(f"{len(found)} newly found in {time.monotonic() - began:.1f} s.")
        for unusual in found:
            self.stdout.write(f"{unusual}: {len(unusual.numbers)} entries")
