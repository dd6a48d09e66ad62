import argparse
import sqlite3
from pathlib import Path

import psycopg2
from django.core.management.base import BaseCommand, CommandError

from laborreg.refusals import Refusal
from officers.backups import writing


class Command(BaseCommand):
    help = (
        "Write an enciphered backup of this moment into a folder while the office goes on working. The keys file is no "
        "part of it: keep a copy of the keys elsewhere, no backup can be read without them."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--keep", type=_at_least_one, metavar="N", help="remove all but the newest N backups of the folder")

    def handle(self, *, folder, keep, **options):
        try:
            file, manifest = writing.write(folder)
            removed = writing.thin_out(folder, keep) if keep else []
        except (Refusal, OSError, sqlite3.Error, psycopg2.Error) as wrong:
            raise CommandError(f"No backup was written: {wrong}") from wrong
        rows, size = sum(manifest.rows.values()), file.stat().st_size
        self.stdout.write(f"Wrote {file}, {size:,} bytes: {rows:,} rows in {len(manifest.rows)} tables.")
        for county, (number, last, _seal) in manifest.heads.items():
            # Written down elsewhere, this line shows a later cut of the trail.
            self.stdout.write(f"{county}: the audit trail ends with event {number}, {last[:16]}")
        if removed:
            self.stdout.write(f"Removed {len(removed)} older.")


def _at_least_one(text) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("at least 1 backup is kept")
    return int(text)
