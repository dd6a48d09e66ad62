"""A backup is written whole or not at all, while the office works."""

import errno
import json
from io import StringIO
from pathlib import Path
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from laborreg import locks
from officers import audit, runs
from officers.backups import enciphered, restoring, writing
from officers.models import AuditEvent, AuditHead, Officer
from tests.cast import cast, county, worker
from tests.tampering import lifted
from workers.models import Worker

pytestmark = pytest.mark.django_db(transaction=True)


def backup(folder: Path, *options) -> str:
    said = StringIO()
    call_command("backup", str(folder), *options, stdout=said)
    return said.getvalue()


@pytest.fixture
def office():
    """Li registered somebody, and the trail tells of it."""
    county()
    li = cast()["li"]
    audit.record("signed in", li, by=li, place="630121100200")
    return worker("马成龙")


def test_one_file_that_its_owner_alone_reads(office, tmp_path):
    said = backup(tmp_path)
    [file] = tmp_path.iterdir()
    assert writing.NAME.fullmatch(file.name)
    assert file.stat().st_mode & 0o777 == 0o600
    assert f"Wrote {file}" in said
    assert "630121: the audit trail ends with event 1" in said
    assert "马成龙".encode() not in file.read_bytes()


def test_the_manifest_tells_rows_heads_and_version(office, tmp_path):
    backup(tmp_path)
    manifest = restoring.read_manifest(next(tmp_path.iterdir()))
    head = AuditHead.objects.get(county_code="630121")
    assert manifest.database == connection.vendor
    assert manifest.rows["workers_worker"] == 1
    assert manifest.rows["officers_auditevent"] == 1
    assert manifest.heads == {"630121": [1, head.hash, head.seal]}
    assert "officers.0001_initial" in manifest.migrations
    assert set(manifest.rows) == set(connection.introspection.table_names())
    manifest.must_fit(connection.vendor)


def test_rows_and_counts_are_of_one_moment(office, tmp_path):
    """Somebody is registered between the dump's beginning and the count."""
    count = writing.databases.rows_of

    def late(*asked):
        worker("后来的人")
        return count(*asked)

    with mock.patch("officers.backups.databases.rows_of", late):
        backup(tmp_path)
    assert Worker.objects.count() == 2
    assert restoring.read_manifest(next(tmp_path.iterdir())).rows["workers_worker"] == 1


def test_the_time_of_the_last_one_is_kept(office, tmp_path):
    backup(tmp_path)
    [file] = tmp_path.iterdir()
    last = runs.last("backup")
    assert last["file"] == str(file)
    assert last["bytes"] == file.stat().st_size


def test_it_removes_nothing_unless_asked(office, tmp_path):
    old = [tmp_path / f"registry-2026010{day}-030000.backup" for day in range(1, 6)]
    others = [tmp_path / "registry-20260101-030000.backup.txt", tmp_path / "notes"]
    for file in [*old, *others]:
        file.touch()
    backup(tmp_path)
    assert len(list(tmp_path.iterdir())) == 8
    for part in tmp_path.glob("registry-2026[1-9]*"):
        part.unlink()
    assert "Removed 3 older." in backup(tmp_path, "--keep", "3")
    assert [file.exists() for file in [*old, *others]] == [False, False, False, True, True, True, True]


def test_the_one_just_written_is_never_thinned_out(office, tmp_path):
    with pytest.raises(CommandError, match="at least 1"):
        backup(tmp_path, "--keep", "0")
    backup(tmp_path, "--keep", "1")
    assert len(list(tmp_path.iterdir())) == 1


def test_a_full_disk_leaves_nothing(office, tmp_path):
    full = OSError(errno.ENOSPC, "No space left on device")
    with mock.patch.object(enciphered.Writer, "close", side_effect=full), pytest.raises(CommandError, match="No space left"):
        backup(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_one_left_goes_with_the_next(office, tmp_path, settings):
    part, desk = tmp_path / "registry-20260101-030000.backup.part", settings.DATA_DIR / "backup-desk"
    part.write_bytes(b"half")
    desk.mkdir()
    (desk / "copy.sqlite3").write_bytes(b"half")
    backup(tmp_path)
    assert not part.exists()
    assert not desk.exists()
    assert len(list(tmp_path.iterdir())) == 1


def test_one_at_a_time(office, tmp_path):
    with locks.alone("backup.lock"), pytest.raises(CommandError, match="Another backup is being written"):
        backup(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told_in_words(office, tmp_path):
    with pytest.raises(CommandError, match=r"No backup was written.*nowhere"):
        backup(tmp_path / "nowhere")


def test_a_tail_of_the_trail_that_was_cut_with_its_head_put_right(office, tmp_path):
    """The chain alone holds; the backup knows that it was longer."""
    li = cast_member("li")
    for _time in range(3):
        audit.record("signed in", li, by=li, place="630121100200")
    backup(tmp_path)
    [file] = tmp_path.iterdir()
    said = StringIO()
    call_command("verify_audit", "--against", str(file), stdout=said)
    assert "4 events hold" in said.getvalue()
    cut_after(2)
    call_command("verify_audit", stdout=StringIO())
    with pytest.raises(CommandError, match="event 3 is missing; the kept head of"):
        call_command("verify_audit", "--against", str(file), stdout=StringIO())
    for _time in range(3):
        audit.record("signed in", li, by=li, place="630121100200")
    with pytest.raises(CommandError, match=r"event 4 \(signed in\), or one before it, is not what it was"):
        call_command("verify_audit", "--against", str(file), stdout=StringIO())


def cast_member(username):
    return Officer.objects.get(username=username)


def cut_after(number):
    """As somebody could who has the database and the keys."""
    with lifted():
        AuditEvent.objects.filter(number__gt=number).delete()
    last = AuditEvent.objects.get(number=number)
    head = AuditHead.objects.get(county_code="630121")
    head.number, head.hash = last.number, last.hash
    head.seal = audit.seal_of(head)
    head.save()


def test_the_manifest_holds_nobody(office, tmp_path):
    backup(tmp_path)
    manifest = restoring.read_manifest(next(tmp_path.iterdir()))
    assert "马成龙" not in json.dumps(vars(manifest), ensure_ascii=False)
