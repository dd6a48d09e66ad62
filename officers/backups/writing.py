"""A backup is written beside its name and gets it when it is whole; old ones are thinned out only when asked."""

import json
import os
import re
import shutil
import time
import zlib
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from laborreg import locks
from laborreg.refusals import Refusal
from officers.backups import databases, enciphered
from officers.backups.manifest import Manifest
from officers.runs import note

NAME = re.compile(r"registry-\d{8}-\d{6}\.backup")
PART = ".part"
MARK = "backup"


def write(folder: Path) -> tuple[Path, Manifest]:
    """Write a backup of this moment into the folder; what fails leaves nothing that looks like one."""
    began = time.monotonic()
    with workspace() as desk:
        _clear_parts(folder)
        file = folder / f"registry-{timezone.localtime():%Y%m%d-%H%M%S}.backup"
        if file.exists():
            raise Refusal(_("%(file)s is there already and stays as it is; wait a second and try again.") % {"file": file})
        manifest = _write_part(folder / f"{file.name}{PART}", desk)
        os.rename(f"{file}{PART}", file)
        databases.sync(folder)
        note(MARK, file=str(file), bytes=file.stat().st_size, seconds=round(time.monotonic() - began, 1),
             sha256=manifest.sha256, made_at=manifest.made_at)
    return file, manifest


def thin_out(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest `keep` backups of a folder; files of other names are none of ours."""
    found = sorted(file for file in folder.iterdir() if NAME.fullmatch(file.name))
    for file in (old := found[:-keep]):
        file.unlink()
    return old


@contextmanager
def workspace():
    """A folder of the data folder, which is as well guarded as the database; one backup or restore at a time.

    Copies in it are not enciphered. What one that was killed left behind goes when the next one begins.
    """
    desk = settings.DATA_DIR / "backup-desk"
    with ExitStack() as held:
        try:
            held.enter_context(locks.alone("backup.lock"))
        except locks.Held:
            raise Refusal(_("Another backup is being written or restored. Wait until it has ended.")) from None
        shutil.rmtree(desk, ignore_errors=True)
        desk.mkdir(mode=0o700)
        held.callback(shutil.rmtree, desk, ignore_errors=True)
        yield desk


def _clear_parts(folder):
    for part in folder.glob(f"registry-*.backup{PART}"):
        part.unlink()


def _write_part(part: Path, desk: Path) -> Manifest:
    # Made before it is filled, so that nobody else on the machine can read it for a moment.
    handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            manifest = _fill(enciphered.Writer(file), desk)
            file.flush()
            os.fsync(file.fileno())
        return manifest
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _fill(writer, desk) -> Manifest:
    """The rows, compressed, then the manifest, whose checksum is known only then."""
    source = databases.database(connection.settings_dict)
    with source.moment(desk, connection) as (cursor, stream):
        manifest = Manifest(
            made_at=timezone.localtime().isoformat(timespec="seconds"), database=source.kind,
            rows=databases.rows_of(cursor, source.TABLES), heads=databases.heads_of(cursor),
            migrations=databases.migrations_of(cursor),
        )
        digest, squeezed = sha256(), zlib.compressobj(level=1)
        for piece in databases.pieces(stream):
            digest.update(piece)
            manifest.bytes += len(piece)
            writer.write(squeezed.compress(piece))
    # Written only now: a dump that failed raised when its stream was left.
    manifest.sha256 = digest.hexdigest()
    writer.write(squeezed.flush() + json.dumps(asdict(manifest)).encode())
    writer.close()
    return manifest
