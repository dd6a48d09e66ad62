"""ID numbers at rest: enciphered with AES-SIV, found again by a keyed index. Keys: laborreg.keys."""

import hmac
from functools import lru_cache
from hashlib import sha256

from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings

from laborreg import keys


class UnknownKey(Exception):
    """The version that a text was enciphered under is not in the keys file: it was dropped, or this is another file."""


class Ring:
    """The ciphers of the keys file, by version. While the office works, a rotation adds a version to it."""

    def __init__(self):
        self._stamp, self._ciphers = None, {}

    def newest(self) -> tuple[AESSIV, int]:
        """What is written from now on; the file's stamp is asked each time, which takes two millionths of a second."""
        self._read_again()
        version = max(self._ciphers)
        return self._ciphers[version], version

    def of(self, version: int) -> AESSIV:
        if version not in self._ciphers:
            self._read_again()
        if version not in self._ciphers:
            raise UnknownKey(f"There is no key of version {version} in the keys file.")
        return self._ciphers[version]

    def versions(self) -> list[int]:
        self._read_again()
        return sorted(self._ciphers)

    def _read_again(self):
        """The file as it is now; where it cannot be read any more, what was read before holds."""
        stamp = keys.stamp(settings.KEYS_FILE)
        if self._ciphers and stamp in (None, self._stamp):
            return
        read = keys.load(settings.KEYS_FILE, make=False) if stamp else settings.KEYS
        self._ciphers = {int(version): AESSIV(bytes.fromhex(key)) for version, key in read["cipher"].items()}
        self._stamp = stamp


_ring = Ring()


def encipher(text: str) -> tuple[bytes, int]:
    """The cipher text and the version of its key."""
    cipher, version = _ring.newest()
    return cipher.encrypt(text.encode(), None), version


def knows(version: int) -> bool:
    """Whether what lies under this key can be read: a session may outlive a key that was dropped."""
    return version in _ring.versions()


def decipher(cipher: bytes, version: int) -> str:
    return _ring.of(version).decrypt(bytes(cipher), None).decode()


def versions() -> list[int]:
    """Of the keys in the file, oldest first."""
    return _ring.versions()


def newest_version() -> int:
    return versions()[-1]


def index(text: str, *, purpose: str = "id") -> str:
    """A keyed digest: equal texts have equal indexes, and nobody without the key can guess from one."""
    digest = _begun(purpose).copy()
    digest.update(text.encode())
    return digest.hexdigest()


@lru_cache
def _begun(purpose):
    return hmac.new(bytes.fromhex(settings.KEYS["index"]), f"{purpose}:".encode(), sha256)
