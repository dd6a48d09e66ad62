"""A backup comes back: everything is looked at before anything is touched, and compared with the manifest afterwards."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import zlib
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import psycopg2
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from laborreg import locks
from laborreg.refusals import Refusal
from officers.backups import databases, enciphered
from officers.backups.manifest import Manifest

LONGEST_MANIFEST = 16 << 20


@dataclass
class Checked:
    """A backup that was deciphered wholly and found right: what it says, and its rows as a file."""

    manifest: Manifest
    payload: Path


def check(file: Path, desk: Path, kind: str) -> Checked:
    """Decipher wholly, compare the checksum, and ask whether this database and this version can take it."""
    payload = desk / "payload"
    with file.open("rb") as source, payload.open("wb") as target:
        manifest, digest, length = _unpack(enciphered.pieces_of(source), target)
    if (digest, length) != (manifest.sha256, manifest.bytes):
        raise Refusal(_("The file does not hold what its manifest says. Take another backup."))
    manifest.must_fit(kind)
    return Checked(manifest, payload)


def is_backup(file: Path) -> bool:
    with file.open("rb") as source:
        return source.read(len(enciphered.MAGIC)) == enciphered.MAGIC


def read_manifest(file: Path) -> Manifest:
    """What a whole backup says of itself, of whatever kind and version."""
    with file.open("rb") as source, open(os.devnull, "wb") as nowhere:
        return _unpack(enciphered.pieces_of(source), nowhere)[0]


def _unpack(pieces, target) -> tuple[Manifest, str, int]:
    squeezed, digest, length, rest = zlib.decompressobj(), sha256(), 0, bytearray()
    try:
        for piece in pieces:
            if squeezed.eof:
                rest += piece
                continue
            rows = squeezed.decompress(piece)
            digest.update(rows)
            length += len(rows)
            target.write(rows)
            rest += squeezed.unused_data
        return Manifest(**json.loads(rest)), digest.hexdigest(), length
    except (zlib.error, ValueError, TypeError):
        raise Refusal(_("The backup was written by another version of the product, or not to its end.")) from None


def restore(checked: Checked, target, *, replace: bool) -> str:
    """Put a checked backup in place of the database; returns what to tell of what was there. Call inside `quiet`."""
    if not replace and not _is_empty(target):
        raise Refusal(_(
            "The database is not empty. Name an empty one in DATABASE_URL, or add --replace to put the backup in its place."
        ))
    target.must_be_alone()
    if target.kind == "postgresql":
        target.take_in(checked.payload)
        compare(checked.manifest, target)
        return ""
    ready = databases.Sqlite(target.file.with_name(f"{target.file.name}.restoring"))
    try:
        _move(checked.payload, ready.file)
        compare(checked.manifest, ready)
        return target.replace_by(ready, f"{timezone.localtime():%Y%m%d-%H%M%S}")
    finally:
        ready.file.unlink(missing_ok=True)


def rehearse(checked: Checked, target, *, desk: Path, then=lambda database: None):
    """Restore into a second database, compare, and drop it again; the registry goes on working meanwhile."""
    with target.beside(desk) as second:
        second.take_in(checked.payload)
        compare(checked.manifest, second)
        then(second)


def compare(manifest: Manifest, database):
    """Every table has the rows that the manifest counted, and the audit trail ends where it ended."""
    database.must_be_sound()
    with database.cursor() as cursor:
        rows, heads = databases.rows_of(cursor, database.TABLES), databases.heads_of(cursor)
    wrong = sorted(name for name in {*rows, *manifest.rows} if rows.get(name) != manifest.rows.get(name))
    if wrong:
        told = ", ".join(f"{name}: {rows.get(name)} / {manifest.rows.get(name)}" for name in wrong[:5])
        raise Refusal(_("What was restored does not have the rows of the manifest (%(told)s). Do not use it.") % {"told": told})
    if heads != manifest.heads:
        raise Refusal(_("The audit trail that was restored does not end where the manifest says. Do not use it."))
    _verify_trail(database)


def _verify_trail(database):
    """The product's own walk along the chain, by a process that works on that database and no other."""
    surroundings = os.environ | {"DATABASE_URL": database.url}
    done = subprocess.run([sys.executable, "manage.py", "verify_audit", "--rehearsed"], env=surroundings, cwd=settings.BASE_DIR,
                          capture_output=True, text=True)
    if done.returncode:
        raise Refusal(_("The audit trail that was restored does not hold: %(fault)s. Do not use it.")
                      % {"fault": (done.stderr or done.stdout).strip().splitlines()[-1]})


@contextmanager
def quiet():
    """No server and no worker of this data folder runs meanwhile, and none can start."""
    with ExitStack() as held:
        for lock, otherwise in (
            (locks.WORKER, _("manage.py work is running. Stop it (systemctl stop registry-work), then restore.")),
            (locks.SERVER, _("The server is running. Stop it (systemctl stop registry), then restore.")),
        ):
            try:
                held.enter_context(locks.alone(lock))
            except locks.Held:
                raise Refusal(otherwise) from None
        yield


def _is_empty(target) -> bool:
    try:
        return target.is_empty()
    except (sqlite3.DatabaseError, psycopg2.Error):
        return False  # what cannot be read may still be somebody's


def _move(source: Path, to: Path):
    """Within one file system a rename; from one to another a copy that is on the disk before it is used."""
    try:
        os.replace(source, to)
    except OSError:
        shutil.copyfile(source, to)
    to.chmod(0o600)
    with to.open("rb+") as file:
        os.fsync(file.fileno())
