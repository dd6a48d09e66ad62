"""The secrets of one installation, kept in one file outside the data folder."""

import fcntl
import json
import os
import secrets
from collections.abc import Iterable
from contextlib import contextmanager
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def load(path: Path, *, make: bool) -> dict:
    """{"secret": text, "cipher": {version: hex of 64 bytes}, "index": hex of 32 bytes}; made once where allowed."""
    if not path.exists():
        if not make:
            raise ImproperlyConfigured(f"There is no keys file {path}. How to make one: docs/deploy.md.")
        _make(path)
    return json.loads(path.read_text())


def stamp(path: Path) -> tuple | None:
    """Tells one content of the file from the next; None where there is no file that can be read."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _make(path: Path):
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = {
        "secret": secrets.token_urlsafe(64),
        "cipher": {"1": _cipher_key()},
        "index": secrets.token_hex(32),
    }
    part = _part(path, fresh)
    try:
        os.link(part, path)  # fails where another process was first, and never overwrites a key
    except FileExistsError:
        pass
    finally:
        part.unlink()


def add_version(path: Path, newest: int) -> int:
    """A new cipher key after `newest`; another rotation that was quicker has made it already."""
    with _held(path):
        known = load(path, make=False)
        if max(map(int, known["cipher"])) == newest:
            known["cipher"][str(newest + 1)] = _cipher_key()
            _replace(path, known)
    return newest + 1


def drop_versions(path: Path, versions: Iterable[int]):
    """Take cipher keys out of the file; the newest is never dropped."""
    with _held(path):
        known = load(path, make=False)
        newest = max(map(int, known["cipher"]))
        gone = {str(version) for version in versions if version != newest}
        known["cipher"] = {version: key for version, key in known["cipher"].items() if version not in gone}
        _replace(path, known)


def _cipher_key() -> str:
    return secrets.token_hex(64)


@contextmanager
def _held(path: Path):
    """One change of the file at a time: a key that is overwritten is lost, with all that it enciphered."""
    folder = os.open(path.resolve().parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
        os.fsync(folder)
    finally:
        os.close(folder)


def _replace(path: Path, known: dict):
    """The whole new file or the whole old one, readable by its owner alone."""
    path = path.resolve()
    before, part = path.stat(), _part(path, known)
    try:
        if (before.st_uid, before.st_gid) != (os.geteuid(), os.getegid()):
            # Changed by root, it still belongs to whom the office's service runs as.
            os.chown(part, before.st_uid, before.st_gid)
        os.replace(part, path)
    except BaseException:
        part.unlink()
        raise


def _part(path: Path, known: dict) -> Path:
    part = path.with_suffix(f".{os.getpid()}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(known, file)
        file.flush()
        os.fsync(file.fileno())
    return part
