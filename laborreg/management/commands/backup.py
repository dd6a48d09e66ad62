import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection


class Command(BaseCommand):
    help = (
        "Write a consistent copy of the database into a new file while the office goes on working. "
        "ID numbers in it are enciphered: keep a copy of the keys elsewhere, the backup cannot be read without them."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file, **options):
        if file.exists():
            raise CommandError(f"{file} is there already and stays as it is; give a new name.")
        try:
            # Made before it is filled, so that nobody else on the machine can read it for a moment.
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            _copy_sqlite(file) if connection.vendor == "sqlite" else _dump_postgresql(file)
        except (OSError, sqlite3.Error, subprocess.CalledProcessError) as wrong:
            file.unlink(missing_ok=True)
            raise CommandError(f"No backup was written: {_words_of(wrong)}") from wrong
        self.stdout.write(f"Wrote {file}, {file.stat().st_size:,} bytes.")


def _copy_sqlite(file: Path):
    """Page by page through SQLite's own backup, which sees one moment of the database; then read it through once."""
    connection.ensure_connection()
    with closing(sqlite3.connect(file)) as copy:
        connection.connection.backup(copy)
        # A backup is one file: without the journal that the office's database keeps beside it.
        copy.execute("PRAGMA journal_mode=DELETE")
        [(verdict,)] = copy.execute("PRAGMA integrity_check(1)").fetchall()
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)


def _dump_postgresql(file: Path):
    """The server's own dump of one snapshot; `pg_restore` reads it."""
    settings = connection.settings_dict
    asked = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    environ = os.environ | {name: str(settings[key]) for name, key in asked.items() if settings[key]}
    command = ["pg_dump", "--format=custom", "--no-owner", f"--file={file}", settings["NAME"]]
    subprocess.run(command, env=environ, check=True, capture_output=True, text=True)


def _words_of(wrong) -> str:
    return (getattr(wrong, "stderr", "") or str(wrong)).strip()
