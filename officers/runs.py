"""When each regular run ended last: small files in the data folder, where the page of the server's health finds them."""

import json
import os
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone


def note(name: str, **facts):
    """Keep that this run ended well just now, and what is to be told of it."""
    file = _file(name)
    file.parent.mkdir(mode=0o700, exist_ok=True)
    part = file.with_suffix(f".{os.getpid()}")
    part.write_text(json.dumps({"at": timezone.now().isoformat(), **facts}))
    part.replace(file)


def last(name: str) -> dict | None:
    """The facts of the last run that ended well, `at` as a moment; None where none is known."""
    try:
        facts = json.loads(_file(name).read_text())
        return facts | {"at": datetime.fromisoformat(facts["at"])}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _file(name) -> Path:
    return settings.DATA_DIR / "runs" / f"{name}.json"
