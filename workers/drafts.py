"""What an officer has typed of a record and not saved yet: enciphered, and seen by that officer only."""

import json
from datetime import timedelta

from django.db import transaction

from laborreg import clock, crypto
from workers.actions import looking
from workers.models import Draft

ABANDONED = timedelta(days=30)
# So many wait to be finished at the most; whoever begins more with a new ID number is asking for numbers.
WAITING = 5


def start(officer, kind: str, answers: dict) -> Draft:
    """A new draft; those that the officer left lying for a month are thrown away."""
    officer.drafts.filter(updated_at__lt=clock.now() - ABANDONED).delete()
    if _number_in(answers) and unfinished(officer, kind).count() >= WAITING:
        looking.looked_in_vain(officer)
    cipher, version = crypto.encipher(json.dumps(answers))
    return Draft.objects.create(
        officer=officer, kind=kind, cipher=cipher, key_version=version, updated_at=clock.now()
    )


def answers_of(draft: Draft) -> dict:
    return json.loads(crypto.decipher(draft.cipher, draft.key_version))


def keep(draft: Draft, answers: dict):
    """Replace what the draft holds. An ID number that was told to be new, and gives way to another, was looked for in vain."""
    if _number_in(answers_of(draft)) not in ("", _number_in(answers)):
        looking.looked_in_vain(draft.officer)
    _put(draft, answers)


def must_not_guess(draft: Draft | None, number: str) -> bool:
    """Before it is told of one more ID number, in the place of the draft's, whether it is new."""
    if draft and _number_in(answers_of(draft)) not in ("", number):
        looking.must_not_guess(draft.officer)
    return True


def throw_away(draft: Draft):
    if _number_in(answers_of(draft)):
        looking.looked_in_vain(draft.officer)
    draft.delete()


def _number_in(answers) -> str:
    """The ID number of somebody new."""
    return answers.get("person", {}).get("id_number", "")


def _put(draft, answers):
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
        _put(locked, {})
    return locked.became
