"""The file of a backup: enciphered piece by piece, so that a changed, missing or moved byte anywhere is found.

MAGIC · length of the header in 4 bytes · header (JSON) · pieces. A piece is up to PIECE bytes under AES-256-GCM; its
nonce is its number and whether it is the last, so that none can be left out, moved or cut off (the STREAM construction).
The key is derived from the newest cipher key of the installation and a salt of the file's own, and never used twice.
"""

import json
import os
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext as _

from laborreg.refusals import Refusal

MAGIC = b"LABORREG BACKUP 1\n"
PIECE = 1 << 20
TAG = 16
LONGEST_HEADER = 4096


class Writer:
    """Enciphers what is written to it; without `close` the file stays one that nobody can take for whole."""

    def __init__(self, file: BinaryIO):
        version, salt = max(map(int, settings.KEYS["cipher"])), os.urandom(32)
        key, fingerprint = _derive(version, salt)
        header = json.dumps({"key": version, "fingerprint": fingerprint, "salt": salt.hex()}).encode()
        self._start = MAGIC + len(header).to_bytes(4, "big") + header
        self._file, self._cipher, self._held, self._number = file, AESGCM(key), bytearray(), 0
        file.write(self._start)

    def write(self, data: bytes):
        self._held += data
        # The last piece is marked as such, so one is always held back.
        while len(self._held) > PIECE:
            self._put(bytes(self._held[:PIECE]), is_last=False)
            del self._held[:PIECE]

    def close(self):
        self._put(bytes(self._held), is_last=True)

    def _put(self, piece, is_last):
        self._file.write(self._cipher.encrypt(_nonce(self._number, is_last), piece, self._start))
        self._number += 1


def pieces_of(file: BinaryIO) -> Iterator[bytes]:
    """The deciphered pieces in their order; refuses, in words, a file that is not whole, not ours or of other keys."""
    cipher, start = _opened(file)
    number, piece = 0, file.read(PIECE + TAG)
    while True:
        following = file.read(PIECE + TAG)
        try:
            yield cipher.decrypt(_nonce(number, is_last=not following), piece, start)
        except InvalidTag:
            raise Refusal(_(
                "The file is damaged or was cut off: its piece %(number)s is not as it was written. Take another backup."
            ) % {"number": number + 1}) from None
        if not following:
            return
        number, piece = number + 1, following


def _opened(file):
    magic = file.read(len(MAGIC))
    length = int.from_bytes(file.read(4), "big")
    header = file.read(length) if length <= LONGEST_HEADER else b""
    if magic != MAGIC or len(header) != length:
        raise Refusal(_("This is no backup of the registry, or its beginning is damaged."))
    try:
        told = json.loads(header)
        version, salt, fingerprint = int(told["key"]), bytes.fromhex(told["salt"]), told["fingerprint"]
    except (ValueError, KeyError, TypeError):
        raise Refusal(_("This is no backup of the registry, or its beginning is damaged.")) from None
    return AESGCM(_key_for(version, salt, fingerprint)), magic + length.to_bytes(4, "big") + header


def _key_for(version, salt, fingerprint):
    if str(version) not in settings.KEYS["cipher"]:
        raise Refusal(_(
            "The backup was made with key %(version)s, which the keys file does not hold. Name the keys file of that time "
            "in LABORREG_KEYS."
        ) % {"version": version})
    key, ours = _derive(version, salt)
    if ours != fingerprint:
        raise Refusal(_(
            "The backup was made with other keys, or its beginning is damaged. Name the keys file of that installation in "
            "LABORREG_KEYS."
        ))
    return key


def _derive(version: int, salt: bytes) -> tuple[bytes, str]:
    """The file's own key, and eight bytes that tell it from others without telling what it is."""
    secret = bytes.fromhex(settings.KEYS["cipher"][str(version)])
    both = HKDF(SHA256(), 40, salt, b"labor transfer registry: backup").derive(secret)
    return both[:32], both[32:].hex()


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])
