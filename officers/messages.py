"""Lines to officers inside the product."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils import timezone

from officers.models import Message


class Letter(NamedTuple):
    """One sentence to some officers; what `send` takes."""

    officers: Iterable
    text: str
    values: dict | None = None
    url: str = ""


def send(officers, text: str, *, values: dict | None = None, url: str = ""):
    """Tell each officer. `text` is the English sentence, marked at the call with `gettext_noop`, not yet filled:
    `send(station, gettext_noop("%(village)s submitted %(month)s."), values={...}, url=...)`.
    Each reads it in the own language; a value named `month` is a month as text."""
    send_many([Letter(officers, text, values, url)])


def send_many(letters: Iterable[Letter]):
    """Tell many at once, each letter as `send` does."""
    Message.objects.bulk_create([message for letter in letters for message in _messages(letter)], batch_size=500)


def _messages(letter: Letter) -> list[Message]:
    values = {name: str(value) for name, value in (letter.values or {}).items()}
    told = [officer for officer in letter.officers if officer.is_active]
    return [Message(officer=officer, text=letter.text, values=values, url=letter.url) for officer in told]


def mark_read(messages):
    """Messages of one officer, read now."""
    messages.filter(read_at__isnull=True).update(read_at=timezone.now())
