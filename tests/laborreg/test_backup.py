"""A backup is a whole database of its own, and never overwrites anything."""

import shutil
import sqlite3
import subprocess
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.cast import county, worker

pytestmark = pytest.mark.django_db(transaction=True)


def backup(file: Path) -> str:
    said = StringIO()
    call_command("backup", str(file), stdout=said)
    return said.getvalue()


def test_everybody_of_the_ledger_is_in_the_copy(tmp_path):
    if connection.vendor == "postgresql" and not shutil.which("pg_dump"):
        pytest.skip("pg_dump is not installed")
    county()
    worker("马成龙")
    file = tmp_path / "copy"
    assert "Wrote" in backup(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert "马成龙" in names_in(file)
    assert [path.name for path in tmp_path.iterdir()] == ["copy"]


def names_in(file) -> str:
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(file)) as copy:
            return str(copy.execute("SELECT name FROM workers_worker").fetchall())
    rows = ["pg_restore", "--data-only", "--table=workers_worker", "--file=-", str(file)]
    return subprocess.run(rows, check=True, capture_output=True, text=True).stdout


def test_a_file_that_is_there_stays(tmp_path):
    file = tmp_path / "copy"
    file.write_text("the only one")
    with pytest.raises(CommandError, match="stays as it is"):
        backup(file)
    assert file.read_text() == "the only one"


def test_a_folder_that_is_not_there_is_told_in_words(tmp_path):
    with pytest.raises(CommandError, match="No backup was written"):
        backup(tmp_path / "nowhere" / "copy")
