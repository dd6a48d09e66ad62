"""A backup comes back whole into an empty place, or is refused in words before anything is touched."""

import fcntl
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
import zlib
from contextlib import closing
from dataclasses import asdict
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from laborreg.refusals import Refusal
from officers import audit
from officers.backups import databases, enciphered, restoring, writing
from officers.models import AuditEvent
from tests.cast import cast, county, worker
from tests.tampering import lifted
from workers.models import Worker

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "postgresql" and not shutil.which("pg_dump"), reason="pg_dump is not installed"),
]
KEPT_ON_SQLITE = pytest.mark.skipif(connection.vendor != "sqlite", reason="about the file of an SQLite database")


@pytest.fixture
def office():
    county()
    li = cast()["li"]
    for _time in range(3):
        audit.record("signed in", li, by=li, place="630121100200")
    return worker("马成龙")


@pytest.fixture
def file(office, tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    return writing.write(folder)[0]


@pytest.fixture
def desk(tmp_path):
    folder = tmp_path / "desk"
    folder.mkdir()
    return folder


@pytest.fixture
def second(tmp_path):
    """A database of its own kind that holds nothing yet."""
    with databases.database(connection.settings_dict).beside(tmp_path) as empty:
        yield empty


def names_in(database) -> list[str]:
    with database.cursor() as cursor:
        cursor.execute("SELECT name FROM workers_worker ORDER BY id")
        return [name for [name] in cursor.fetchall()]


def put_back(file, desk, target, replace=False):
    restoring.restore(restoring.check(file, desk, target.kind), target, replace=replace)


def test_everybody_is_back(file, desk, second):
    put_back(file, desk, second)
    assert names_in(second) == ["马成龙"]


def test_a_database_that_holds_somebody_stays_unless_it_is_to_be_replaced(file, desk, second):
    put_back(file, desk, second)
    worker("后来的人")
    wait_a_second()
    later, _manifest = writing.write(file.parent)
    with pytest.raises(Refusal, match="not empty"):
        put_back(later, desk, second)
    assert names_in(second) == ["马成龙"]
    put_back(later, desk, second, replace=True)
    assert names_in(second) == ["马成龙", "后来的人"]


def test_what_a_later_release_added_is_gone(file, desk, second):
    """The way back after an upgrade: the new release's tables point to those of the one before."""
    put_back(file, desk, second)
    with second.cursor() as cursor:
        cursor.execute("CREATE TABLE later (id integer PRIMARY KEY, county_id varchar(6) REFERENCES villages_county (code))")
        cursor.execute("INSERT INTO later VALUES (1, '630121')")
        cursor.connection.commit()
    put_back(file, desk, second, replace=True)
    with second.cursor() as cursor:
        assert "later" not in databases.rows_of(cursor, second.TABLES)
    assert names_in(second) == ["马成龙"]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's copy is put in place whole, in one step")
@pytest.mark.parametrize("spoil", [
    pytest.param(lambda dump: dump[: len(dump) // 2], id="half of it"),
    pytest.param(lambda dump: dump.replace(b"CREATE TABLE public.workers_worker ", b"CREATE TABEL public.workers_worker "),
                 id="no SQL"),
])
def test_what_cannot_be_taken_in_to_its_end_leaves_what_was_there(file, desk, second, spoil):
    put_back(file, desk, second)
    payload = restoring.check(file, desk, second.kind).payload
    spoiled = spoil(payload.read_bytes())
    payload.write_bytes(spoiled)
    with pytest.raises(OSError, match=r"pg_restore|syntax error"):
        second.take_in(payload)
    assert names_in(second) == ["马成龙"]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's copy is put in place whole, in one step")
def test_what_dies_on_the_way_leaves_what_was_there(file, desk, second, monkeypatch):
    put_back(file, desk, second)
    with second.cursor() as cursor:
        cursor.execute("UPDATE workers_worker SET name = '还在'")
        cursor.connection.commit()
    payload = restoring.check(file, desk, second.kind).payload

    def half(source, target):
        script = source.read()
        target.write(script[: script.index(b"COPY public.workers_worker ")])
        raise KeyboardInterrupt

    monkeypatch.setattr(databases.shutil, "copyfileobj", half)
    with pytest.raises(KeyboardInterrupt):
        second.take_in(payload)
    assert names_in(second) == ["还在"]


def wait_a_second():
    """A backup is named by the second in which it begins."""
    time.sleep(1.1)


def test_a_rehearsal_leaves_nothing_behind_and_touches_nothing(file, desk):
    said = StringIO()
    call_command("restore", str(file), "--rehearse", stdout=said)
    assert "Rehearsed" in said.getvalue()
    assert " seconds." in said.getvalue()
    assert list(settings.DATA_DIR.glob("**/*rehears*")) == []
    assert Worker.objects.count() == 1


def test_only_looking(file):
    said = StringIO()
    call_command("restore", str(file), "--check", stdout=said)
    assert "The file is whole and fits here." in said.getvalue()


def test_a_flipped_byte_or_a_lost_end_is_refused(file, desk):
    whole = file.read_bytes()
    chance = random.Random(7)
    places = [*range(0, 400, 7), *(chance.randrange(len(whole)) for _time in range(40)), len(whole) - 1]
    for place in places:
        spoiled = bytearray(whole)
        spoiled[place] ^= 1 << chance.randrange(8)
        file.write_bytes(spoiled)
        with pytest.raises(Refusal):
            restoring.check(file, desk, connection.vendor)
    for length in [0, 10, 300, *(chance.randrange(len(whole)) for _time in range(20)), len(whole) - 1]:
        file.write_bytes(whole[:length])
        with pytest.raises(Refusal):
            restoring.check(file, desk, connection.vendor)
    with pytest.raises(CommandError):
        call_command("restore", str(file), "--replace", stdout=StringIO())
    assert Worker.objects.count() == 1


def rewritten(file, **changes):
    """The same rows under a manifest that says something else, as another version would have written it."""
    with file.open("rb") as source:
        whole = b"".join(enciphered.pieces_of(source))
    squeezed = zlib.decompressobj()
    rows = squeezed.decompress(whole)
    manifest = json.loads(squeezed.unused_data) | changes
    with file.open("wb") as target:
        writer = enciphered.Writer(target)
        writer.write(zlib.compress(rows) + json.dumps(manifest).encode())
        writer.close()


OTHER = "postgresql" if connection.vendor == "sqlite" else "sqlite"


@pytest.mark.parametrize(("changes", "words"), [
    ({"database": OTHER}, "of its own kind"),
    ({"migrations": ["workers.9999_of_next_year"]}, r"newer version of the product \(it knows workers.9999_of_next_year\)"),
    ({"migrations": ["officers.0001_initial"]}, "older version of the product"),
    ({"format": 2}, "another version of the product"),
    ({"unknown": 1}, "another version of the product"),
    ({"sha256": "0" * 64}, "does not hold what its manifest says"),
    ({"bytes": 7}, "does not hold what its manifest says"),
])
def test_what_does_not_fit_here(file, desk, changes, words):
    rewritten(file, **changes)
    with pytest.raises(Refusal, match=words):
        restoring.check(file, desk, connection.vendor)


def test_other_keys(file, desk, settings):
    settings.KEYS = {"cipher": {"1": "55" * 64}, "index": "22" * 32}
    with pytest.raises(Refusal, match="other keys"):
        restoring.check(file, desk, connection.vendor)


def test_rows_that_are_not_those_of_the_manifest(file, desk, second):
    manifest = restoring.read_manifest(file)
    rewritten(file, rows=asdict(manifest)["rows"] | {"workers_worker": 2})
    with pytest.raises(Refusal, match="workers_worker: 1 / 2"):
        put_back(file, desk, second)
    if second.kind == "sqlite":
        assert not second.file.exists()


def test_a_trail_that_did_not_hold_is_told(office, tmp_path, desk, second):
    with lifted():
        AuditEvent.objects.filter(number=2).update(verb="signed out")
    with pytest.raises(Refusal, match=r"630121: event 2 \(signed out\) was changed"):
        put_back(writing.write(tmp_path)[0], desk, second)


def test_somebody_else_has_it_open(file, desk, second):
    put_back(file, desk, second)
    with opened(second), pytest.raises(Refusal, match="Another process has the database open"):
        put_back(file, desk, second, replace=True)
    assert names_in(second) == ["马成龙"]


def opened(database):
    if database.kind == "postgresql":
        return closing(database.connect())
    reader = sqlite3.connect(database.file)
    reader.execute("PRAGMA journal_mode=WAL")
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM workers_worker").fetchone()
    return closing(reader)


@KEPT_ON_SQLITE
def test_a_journal_that_lies_beside_is_not_played_into_the_new_file(file, desk, second):
    put_back(file, desk, second)
    journal = second.file.with_name(f"{second.file.name}-wal")
    second.file.write_bytes(b"no database any more" * 500)
    journal.write_bytes(b"of the one that broke" * 500)
    put_back(file, desk, second, replace=True)
    assert names_in(second) == ["马成龙"]
    [kept] = second.file.parent.glob("*.before-??????????????*[0-9]")
    assert kept.read_bytes().startswith(b"no database any more")
    assert not journal.exists()


@pytest.fixture
def elsewhere(file, tmp_path):
    """The surroundings of an office with the same keys and no data."""
    (tmp_path / "keys.json").write_text(json.dumps(settings.KEYS | {"secret": "s" * 64}))
    (tmp_path / "data").mkdir()
    clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return clean | {
        "DJANGO_SETTINGS_MODULE": "laborreg.settings", "LABORREG_KEYS": str(tmp_path / "keys.json"),
        "LABORREG_DATA": str(tmp_path / "data"),
    }


def manage(surroundings, *command):
    return subprocess.run([sys.executable, "manage.py", *command], env=surroundings, cwd=settings.BASE_DIR,
                          capture_output=True, text=True)


@KEPT_ON_SQLITE
def test_the_whole_command_on_a_new_machine(file, elsewhere, tmp_path):
    done = manage(elsewhere, "restore", str(file))
    assert done.returncode == 0, done.stderr
    assert "Restored: rows and audit trail are as in the manifest." in done.stdout
    restored = databases.Sqlite(tmp_path / "data" / "registry.sqlite3")
    assert names_in(restored) == ["马成龙"]
    assert restored.file.stat().st_mode & 0o077 == 0
    with restored.cursor() as cursor:
        verbs = cursor.execute("SELECT county_code, verb FROM officers_auditevent ORDER BY id DESC LIMIT 1").fetchone()
    assert verbs == ("630121", "restored a backup")
    assert "not empty" in manage(elsewhere, "restore", str(file)).stderr


@KEPT_ON_SQLITE
@pytest.mark.parametrize(("lock", "words"), [
    ("server.lock", "The server is running"), ("worker.lock", "manage.py work is running"),
])
def test_nothing_is_restored_under_a_running_server(file, elsewhere, tmp_path, lock, words):
    with (tmp_path / "data" / lock).open("a") as held:
        fcntl.flock(held, fcntl.LOCK_SH)
        done = manage(elsewhere, "restore", str(file))
    assert done.returncode != 0
    assert words in done.stderr
    assert not (tmp_path / "data" / "registry.sqlite3").exists()


def test_a_server_does_not_start_while_a_backup_is_restored(elsewhere, tmp_path):
    start = [sys.executable, "-c", "from laborreg.wsgi import application"]
    with (tmp_path / "data" / "server.lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = subprocess.run(start, env=elsewhere, cwd=settings.BASE_DIR, capture_output=True, text=True)
    assert done.returncode != 0
    assert "A backup is being restored" in done.stderr
