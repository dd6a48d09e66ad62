"""What an officer has typed of a record and not saved yet: enciphered, and seen by that officer only."""

import json
from datetime import timedelta

from django.db import transaction

from laborreg import clock, crypto
from workers.models import Draft

ABANDONED = timedelta(days=30)


def start(officer, kind: str, answers: dict) -> Draft:
    """A new draft; those that the officer left lying for a month are thrown away."""
    officer.drafts.filter(updated_at__lt=clock.now() - ABANDONED).delete()
    cipher, version = crypto.encipher(json.dumps(answers))
    return Draft.objects.create(
        officer=officer, kind=kind, cipher=cipher, key_version=version, updated_at=clock.now()
    )


def answers_of(draft: Draft) -> dict:
    return json.loads(crypto.decipher(draft.cipher, draft.key_version))


def keep(draft: Draft, answers: dict):
    """Replace what the draft holds."""
    draft.cipher, draft.key_version = crypto.encipher(json.dumps(answers))
    draft.updated_at = clock.now()
    draft.save()


def unfinished(officer, kind: str):
    """The officer's drafts of a kind that became nothing yet, newest first."""
    return officer.drafts.filter(kind=kind, became="").order_by("-updated_at")


@transaction.atomic
def turn_into(draft: Draft, record) -> str:
    """The number of what `record()` makes. A draft becomes one record: a second save answers with the first one's."""
    locked = Draft.objects.select_for_update(no_key=True).get(pk=draft.pk)
    if not locked.became:
        locked.became = str(record().pk)
        keep(locked, {})
    return locked.became
