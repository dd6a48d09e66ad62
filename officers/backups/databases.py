"""The two kinds of database as a backup sees them: a copy of one moment out, a whole copy in.

Both take Django's settings of a connection, so that a second database can be treated like the registry's own.
"""

import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psycopg2
from django.utils.translation import gettext as _

from laborreg.refusals import Refusal

# Seconds that a connection may take to be gone.
LEAVING = 3


def database(settings: dict):
    """The database that these settings of a connection name."""
    return Sqlite(Path(settings["NAME"])) if settings["ENGINE"].endswith("sqlite3") else Postgres(settings)


class Sqlite:
    kind = "sqlite"
    # Names are the product's own; quoted all the same.
    TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"

    def __init__(self, file: Path):
        self.file = file

    @property
    def url(self) -> str:
        return f"sqlite:///{self.file}"

    @contextmanager
    def cursor(self):
        # `rw` makes no file where there is none.
        with closing(sqlite3.connect(f"{self.file.absolute().as_uri()}?mode=rw", uri=True)) as opened:
            yield opened.cursor()

    @contextmanager
    def moment(self, folder: Path, connection):
        """(cursor, stream) of a copy in `folder`, page by page through SQLite's own backup, which sees one moment."""
        copy = Sqlite(folder / "copy.sqlite3")
        connection.ensure_connection()
        with closing(sqlite3.connect(copy.file)) as writes:
            connection.connection.backup(writes)
            # One file: without the journal that the office's database keeps beside it.
            writes.execute("PRAGMA journal_mode=DELETE")
        copy.must_be_sound()
        with copy.cursor() as cursor, copy.file.open("rb") as stream:
            yield cursor, stream

    def must_be_sound(self):
        """SQLite's own look through every page and index."""
        with self.cursor() as cursor:
            [verdict] = cursor.execute("PRAGMA integrity_check(1)").fetchone()
        if verdict != "ok":
            raise sqlite3.DatabaseError(verdict)

    def is_empty(self) -> bool:
        if not self.file.exists() or not self.file.stat().st_size:
            return True
        with self.cursor() as cursor:
            return _has_no_officer(cursor, self.TABLES)

    @contextmanager
    def beside(self, folder: Path):
        """A second, empty database for a rehearsal."""
        yield Sqlite(folder / "rehearsal.sqlite3")

    def take_in(self, payload: Path):
        """Fill an empty database of its own; nothing else is there yet."""
        os.replace(payload, self.file)

    def replace_by(self, ready: "Sqlite", stamp: str) -> str:
        """Put the checked copy in place in one step; what was there stays beside it. Returns what to tell."""
        told = ""
        if self.file.exists():
            self._let_go()
            kept = self.file.with_name(f"{self.file.name}.before-{stamp}")
            os.link(self.file, kept)
            told = _("What was there before lies in %(file)s; delete it when all is well.") % {"file": kept}
        # A journal that was left beside it would be played into the new file.
        for suffix in ("-wal", "-shm", "-journal"):
            with suppress(FileNotFoundError):
                os.replace(f"{self.file}{suffix}", f"{self.file}.before-{stamp}{suffix}")
        os.replace(ready.file, self.file)
        sync(self.file.parent)
        return told

    def must_be_alone(self):
        """Refuse while another process has the database open; one that cannot be read at all is open to nobody."""
        if self.file.exists():
            self._let_go()

    def _let_go(self):
        """Empty the journal into the file and leave it without one, which SQLite allows only to the last connection."""
        try:
            with closing(sqlite3.connect(self.file, timeout=2)) as opened:
                opened.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError as busy:
            if "locked" in str(busy):
                raise _in_use() from None
        except sqlite3.DatabaseError:
            pass  # a database that is damaged is why somebody restores


class Postgres:
    kind = "postgresql"
    TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
    # PostgreSQL's own processes, such as autovacuum, look after the database and are nobody.
    OTHERS = """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
    """
    # Also those of a later release, which the dump does not know and which point to its tables.
    NO_TABLES = """
        DO $$ DECLARE each record; BEGIN
            FOR each IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
                EXECUTE format('DROP TABLE %I CASCADE', each.tablename);
            END LOOP;
        END $$
    """

    def __init__(self, settings: dict):
        self.settings = settings
        self.name = settings["NAME"]

    @property
    def url(self) -> str:
        part = {key: quote(str(self.settings.get(key) or ""), safe="") for key in ("USER", "PASSWORD", "HOST", "PORT")}
        who = part["USER"] + (f":{part['PASSWORD']}" if part["PASSWORD"] else "")
        return f"postgres://{who}@{part['HOST']}:{part['PORT']}/{quote(self.name, safe='')}"

    @property
    def surroundings(self) -> dict[str, str]:
        asked = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
        told = {name: str(self.settings[key]) for name, key in asked.items() if self.settings.get(key)}
        return os.environ | told | {"PGDATABASE": self.name}

    def connect(self, name=""):
        asked = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
        told = {word: self.settings[key] for word, key in asked.items() if self.settings.get(key)}
        return psycopg2.connect(dbname=name or self.name, **told)

    @contextmanager
    def cursor(self):
        with closing(self.connect()) as opened:
            yield opened.cursor()

    @contextmanager
    def moment(self, folder: Path, connection):
        """(cursor, stream): a transaction that sees one moment, and the server's own dump of the same snapshot."""
        _must_have("pg_dump")
        with closing(self.connect()) as opened, tempfile.TemporaryFile(dir=folder) as said:
            opened.set_session(isolation_level="REPEATABLE READ", readonly=True)
            cursor = opened.cursor()
            cursor.execute("SELECT pg_export_snapshot()")
            [snapshot] = cursor.fetchone()
            # Compressed once, with the rest of the file.
            command = ["pg_dump", "--format=custom", "--compress=0", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
            with subprocess.Popen(command, env=self.surroundings, stdout=subprocess.PIPE, stderr=said) as dump:
                try:
                    yield cursor, dump.stdout
                except BaseException:
                    dump.kill()
                    raise
            if dump.returncode:
                said.seek(0)
                raise OSError(said.read().decode(errors="replace").strip())

    def must_be_sound(self):
        """PostgreSQL looks through a page whenever it reads one."""

    def is_empty(self) -> bool:
        with self.cursor() as cursor:
            return _has_no_officer(cursor, self.TABLES)

    @contextmanager
    def beside(self, folder: Path):
        """A second, empty database for a rehearsal, dropped afterwards."""
        other = Postgres(self.settings | {"NAME": f"{self.name}_rehearsal_{os.getpid()}"})
        self._say(f'CREATE DATABASE "{other.name}" TEMPLATE template0')
        try:
            yield other
        finally:
            # Not by force: that asks for the right to end PostgreSQL's own processes, which are sent away without it.
            self._say(f'DROP DATABASE IF EXISTS "{other.name}"')

    def _say(self, command):
        """Outside a transaction, from the database that every server has."""
        with closing(self.connect("postgres")) as server:
            server.autocommit = True
            try:
                server.cursor().execute(command)
            except psycopg2.errors.InsufficientPrivilege:
                raise Refusal(_(
                    "A rehearsal needs a second database, and this role may not make one. As the database's administrator: "
                    "ALTER ROLE %(role)s CREATEDB."
                ) % {"role": self.settings["USER"]}) from None

    def take_in(self, payload: Path):
        """In one transaction: all of it and nothing else, or the database stays as it was."""
        for program in ("pg_restore", "psql"):
            _must_have(program)
        script = ["pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges", "--file=-", str(payload)]
        fill = ["psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-"]
        with tempfile.TemporaryFile() as said:
            tells = {"stderr": said, "env": self.surroundings | {"PGOPTIONS": "--client-min-messages=warning"}}
            with suppress(BrokenPipeError), subprocess.Popen(script, stdout=subprocess.PIPE, **tells) as reads, \
                    subprocess.Popen(fill, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, **tells) as writes:
                # The end is said only where it was reached: input that merely stops, because something died, changes nothing.
                writes.stdin.write(f"BEGIN;{self.NO_TABLES};\n".encode())
                shutil.copyfileobj(reads.stdout, writes.stdin)
                if reads.wait() == 0:
                    writes.stdin.write(b"COMMIT;\n")
            if reads.returncode or writes.returncode:
                said.seek(0)
                raise OSError(said.read().decode(errors="replace").strip())
        with closing(self.connect()) as opened:
            opened.autocommit = True
            opened.cursor().execute("ANALYZE")

    def must_be_alone(self):
        """Whoever has just gone, such as the look before this one, is still told of for a moment."""
        until = time.monotonic() + LEAVING
        with closing(self.connect()) as opened:
            # Inside a transaction the same would be told each time.
            opened.autocommit = True
            while _value(opened.cursor(), self.OTHERS):
                if time.monotonic() > until:
                    raise _in_use()
                time.sleep(0.1)


def _in_use():
    return Refusal(_("Another process has the database open. Stop the server and manage.py work, then restore."))


def rows_of(cursor, tables: str) -> dict[str, int]:
    """Table → number of rows, as the cursor's moment has them."""
    cursor.execute(tables)
    names = [name for [name] in cursor.fetchall()]
    return {name: _value(cursor, f'SELECT count(*) FROM "{name}"') for name in names}


def heads_of(cursor) -> dict[str, list]:
    """County code → [number, hash, seal] of the last event of its audit trail."""
    cursor.execute("SELECT county_code, number, hash, seal FROM officers_audithead ORDER BY county_code")
    return {code: list(head) for code, *head in cursor.fetchall()}


def migrations_of(cursor) -> list[str]:
    cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
    return [f"{app}.{name}" for app, name in cursor.fetchall()]


def pieces(stream, size=1 << 20) -> Iterator[bytes]:
    return iter(lambda: stream.read(size), b"")


def _has_no_officer(cursor, tables) -> bool:
    """Tables that were made and hold nobody are as good as none."""
    cursor.execute(tables)
    names = {name for [name] in cursor.fetchall()}
    return not names or ("officers_officer" in names and not _value(cursor, "SELECT count(*) FROM officers_officer"))


def _value(cursor, question):
    cursor.execute(question)
    return cursor.fetchone()[0]


def _must_have(program):
    if not shutil.which(program):
        raise Refusal(_("%(program)s is not installed; it comes with PostgreSQL's client package.") % {"program": program})


def sync(folder: Path):
    """The new name is on the disk, not only in memory."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
