"""What a server writes down: one line of JSON an event, by which nobody of the ledger can be known.

Names, ID numbers and phones can only come in with the text of an exception or of a library's message, so every text is
looked through. The words behind an address's question mark are never written.
"""

import json
import logging
import re
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime

# The number of the request that this thread is at; told in the answer's header and on every error page.
request_number: ContextVar[str] = ContextVar("request_number", default="")

PERSONAL = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|\d{15}|1[3-9]\d{9})(?!\d)|[㐀-鿿豈-﫿𠀀-𲎯·]{2,}|[\w.+-]+@[\w-]+\.\w+")
FACTS = ("method", "path", "status", "ms", "officer")


def without_persons(text: str) -> str:
    return PERSONAL.sub("…", text)


class Line(logging.Formatter):
    """{"time", "level", "logger", "request", "message", and of a request: method, path, status, ms, officer}."""

    def format(self, record):
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname, "logger": record.name, "request": request_number.get(),
            "message": without_persons(record.getMessage()),
        }
        said |= {name: getattr(record, name) for name in FACTS if hasattr(record, name)}
        if record.exc_info and record.exc_info[1]:
            said["exception"], said["where"] = _of(record.exc_info[1])
        return json.dumps(said, ensure_ascii=False)


def _of(wrong: BaseException) -> tuple[str, list[str]]:
    """What broke and where. Databases add the row after the first line of their complaint: it is left off."""
    first = (str(wrong).splitlines() or [""])[0]
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(wrong.__traceback__)]
    return without_persons(f"{type(wrong).__name__}: {first}"), where
