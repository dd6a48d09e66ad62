"""Lines to officers inside the product."""

from django.utils import timezone

from officers.models import Message


def send(officers, text: str, *, values: dict | None = None, url: str = ""):
    """Tell each officer. `text` is the English sentence, marked at the call with `gettext_noop`, not yet filled:
    `send(station, gettext_noop("%(village)s submitted %(month)s."), values={...}, url=...)`.
    Each reads it in the own language; a value named `month` is a month as text."""
    values = {name: str(value) for name, value in (values or {}).items()}
    Message.objects.bulk_create(
        [Message(officer=officer, text=text, values=values, url=url) for officer in officers if officer.is_active]
    )


def mark_read(messages):
    """Messages of one officer, read now."""
    messages.filter(read_at__isnull=True).update(read_at=timezone.now())
