import sqlite3
import time
from pathlib import Path

import psycopg2
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from laborreg.refusals import Refusal
from officers import audit
from officers.backups import restoring
from officers.backups.databases import database
from officers.backups.writing import workspace


class Command(BaseCommand):
    help = (
        "Bring a backup back into an empty database of the same kind, with the server stopped. Everything is checked before "
        "anything is touched."
    )
    # It works on databases that are empty or broken.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--check", action="store_true", help="only look whether the file is whole and fits here")
        how.add_argument("--rehearse", action="store_true", help="restore into a second database, compare, drop it")
        how.add_argument("--replace", action="store_true", help="put it in the place of a database that holds something")

    def handle(self, *, file, check, rehearse, replace, **options):
        self.began = time.monotonic()
        target = database(connection.settings_dict)
        connection.close()
        try:
            with workspace() as desk:
                checked = restoring.check(file, desk, target.kind)
                self._tell(file, checked.manifest)
                if check:
                    return self._end("The file is whole and fits here. Nothing was touched.")
                if rehearse:
                    restoring.rehearse(checked, target, desk=desk)
                    return self._end("Rehearsed: rows and audit trail are as in the manifest. The second database is gone again.")
                with restoring.quiet():
                    self._restore(file, checked, target, replace)
        except (Refusal, OSError, sqlite3.Error, psycopg2.Error) as wrong:
            raise CommandError(f"{wrong}") from wrong

    def _restore(self, file, checked, target, replace):
        told = restoring.restore(checked, target, replace=replace)
        manifest = checked.manifest
        audit.record_everywhere("restored a backup", {"file": file.name, "made": manifest.made_at, "hash": manifest.sha256})
        connection.close()
        if told:
            self.stdout.write(told)
        self._end("Restored: rows and audit trail are as in the manifest. Now run manage.py prove, and start the server.")

    def _tell(self, file, manifest):
        rows, moment = sum(manifest.rows.values()), f"{manifest.moment:%Y-%m-%d %H:%M:%S}"
        self.stdout.write(f"{file.name}: {rows:,} rows in {len(manifest.rows)} tables, as of {moment}.")

    def _end(self, words):
        self.stdout.write(f"{words} It took {time.monotonic() - self.began:.1f} seconds.")
