"""What an officer is told when a thing cannot be done."""

from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class Refusal(Exception):
    """An action that the office does not allow now; its text is shown to the officer as it is."""

    def __init__(self, message):
        super().__init__(str(message))
        self.message = message


class Stale(Refusal):
    """The row was saved by somebody else since the officer opened it; `current` is how it stands now."""

    def __init__(self, current):
        self.current = current
        super().__init__(_("Somebody saved this record after you opened it. Look at it again, then enter your change."))


@contextmanager
def plain_words():
    """A cleaner's complaint becomes a refusal in the same words."""
    try:
        yield
    except ValidationError as complaint:
        raise Refusal(" ".join(complaint.messages)) from complaint
