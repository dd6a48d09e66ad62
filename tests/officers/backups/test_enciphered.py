"""A byte that was changed, left out, added or moved anywhere in the file of a backup is found before anything is believed."""

import io
import random

import pytest

from laborreg.refusals import Refusal
from officers.backups import enciphered

TEXT = b"Wang Xiuying, Xiangyangbao. " * 40


@pytest.fixture
def file(monkeypatch) -> bytes:
    """A file of many small pieces."""
    monkeypatch.setattr(enciphered, "PIECE", 100)
    return written(TEXT)


def written(text: bytes) -> bytes:
    file = io.BytesIO()
    writer = enciphered.Writer(file)
    for begin in range(0, len(text), 70):
        writer.write(text[begin:begin + 70])
    writer.close()
    return file.getvalue()


def read(file: bytes) -> bytes:
    return b"".join(enciphered.pieces_of(io.BytesIO(file)))


@pytest.mark.parametrize("length", [0, 1, 99, 100, 101, 200, 1120])
def test_what_was_written_is_read(monkeypatch, length):
    monkeypatch.setattr(enciphered, "PIECE", 100)
    text = (TEXT * 2)[:length]
    assert read(written(text)) == text


def test_nothing_of_it_can_be_read_without_the_keys(file, settings):
    assert b"Wang" not in file
    settings.KEYS = {"cipher": {"1": "33" * 64}, "index": "22" * 32}
    with pytest.raises(Refusal, match="other keys"):
        read(file)


def test_a_key_that_is_not_there_is_named(file, settings):
    settings.KEYS = {"cipher": {"2": "11" * 64}, "index": "22" * 32}
    with pytest.raises(Refusal, match="key 1, which the keys file does not hold"):
        read(file)


def test_the_newest_key_is_used_and_older_backups_are_read(file, settings):
    settings.KEYS = {"cipher": {"1": "11" * 64, "2": "44" * 64}, "index": "22" * 32}
    assert read(file) == TEXT
    assert b'"key": 2' in written(TEXT)


def test_two_backups_of_the_same_rows_have_nothing_in_common(file):
    assert written(TEXT)[-100:] != file[-100:]


def test_any_byte_that_was_changed(file):
    for place in range(len(file)):
        spoiled = bytearray(file)
        spoiled[place] ^= 1 << random.Random(place).randrange(8)
        with pytest.raises(Refusal):
            read(bytes(spoiled))


def test_any_byte_that_is_missing_at_the_end(file):
    for length in range(len(file)):
        with pytest.raises(Refusal):
            read(file[:length])


def test_a_piece_that_was_left_out_moved_or_added(file):
    size = 116
    start = file.index(b"}") + 1
    pieces = [file[at:at + size] for at in range(start, len(file), size)]
    moved = [pieces[1], pieces[0], *pieces[2:]]
    for wrong in (pieces[1:], pieces[:-1], moved, [*pieces, pieces[-1]], [*pieces[:3], *pieces[2:]], [*pieces, b"x"]):
        with pytest.raises(Refusal):
            read(file[:start] + b"".join(wrong))


def test_files_that_are_none():
    for other in (b"", b"SQLite format 3\x00" * 100, b"PGDMP" * 99, enciphered.MAGIC, enciphered.MAGIC + b"\xff" * 400):
        with pytest.raises(Refusal, match="no backup of the registry"):
            read(other)
