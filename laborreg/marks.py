"""Marks on printed sheets: a signed word in a QR code, by which the office knows its own sheet again."""

import segno
from django.core import signing
from django.utils.safestring import mark_safe


def word_of(said: list, salt: str) -> str:
    return signing.Signer(salt=salt).sign_object(said)


def said_by(word: str, salt: str) -> list | None:
    """What a word was made of; None for one that this office did not write."""
    try:
        return signing.Signer(salt=salt).unsign_object(word)
    except signing.BadSignature:
        return None


def qr(request, address: str) -> str:
    """The code that opens an address of this office."""
    return drawn(request.build_absolute_uri(address))


def drawn(text: str) -> str:
    """A QR code of any text."""
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(scale=2, border=2, svgclass="qr", lineclass=None, omitsize=True)
    # The style sheet says how large.
    return mark_safe(drawn)  # nosec B308 B703  # made here, of squares only
