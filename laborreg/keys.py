"""The secrets of one installation, kept in one file outside the data folder."""

import json
import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def load(path: Path, *, make: bool) -> dict:
    """{"secret": text, "cipher": {version: hex of 64 bytes}, "index": hex of 32 bytes}; made once where allowed."""
    if not path.exists():
        if not make:
            raise ImproperlyConfigured(f"There is no keys file {path}. How to make one: docs/deploy.md.")
        _make(path)
    return json.loads(path.read_text())


def _make(path: Path):
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = {
        "secret": secrets.token_urlsafe(64),
        "cipher": {"1": secrets.token_hex(64)},
        "index": secrets.token_hex(32),
    }
    part = path.with_suffix(f".{os.getpid()}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(fresh, file)
    try:
        os.link(part, path)  # fails where another process was first, and never overwrites a key
    except FileExistsError:
        pass
    finally:
        part.unlink()
