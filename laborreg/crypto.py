"""ID numbers at rest: enciphered with AES-SIV, found again by a keyed index. Keys: laborreg.keys."""

import hmac
from functools import lru_cache
from hashlib import sha256

from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings


@lru_cache
def _keys():
    ciphers = {int(version): AESSIV(bytes.fromhex(key)) for version, key in settings.KEYS["cipher"].items()}
    return ciphers, bytes.fromhex(settings.KEYS["index"])


def encipher(text: str) -> tuple[bytes, int]:
    """The cipher text and the version of its key."""
    ciphers, _ = _keys()
    version = max(ciphers)
    return ciphers[version].encrypt(text.encode(), None), version


def decipher(cipher: bytes, version: int) -> str:
    return _keys()[0][version].decrypt(bytes(cipher), None).decode()


def index(text: str, *, purpose: str = "id") -> str:
    """A keyed digest: equal texts have equal indexes, and nobody without the key can guess from one."""
    digest = _begun(purpose).copy()
    digest.update(text.encode())
    return digest.hexdigest()


@lru_cache
def _begun(purpose):
    return hmac.new(_keys()[1], f"{purpose}:".encode(), sha256)
