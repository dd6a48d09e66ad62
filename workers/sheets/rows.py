"""A row on its way: what stood in it, what it means, and what is to be said of it."""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from functools import lru_cache

from laborreg import crypto
from laborreg.identity import FEMALE, MALE, mask_id
from workers.sheets.cleaning import Cleaned
from workers.sheets.problems import DOUBT, LEFT_OUT, PROBLEMS, WARNING, WRONG

_WEIGHTS = {WRONG: 0, DOUBT: 1, LEFT_OUT: 2, WARNING: 3}


class Row:
    """Cells and values of one row, and the verdict on it. The ID number is clear only here, never in the database."""

    __slots__ = (
        "changes", "decided", "found", "id_number", "normalized", "number", "person", "places", "problems", "said", "says",
        "verdict",
    )

    def __init__(self, number, places, found):
        self.number, self.places = number, places
        # What was read, by place; and what came out of it, by name.
        self.found: Sequence[Cleaned] = found
        self.said: dict = {}
        self.says: dict = {}
        self.problems: list = []
        self.normalized: list = []
        self.changes: dict = {}
        self.decided: dict = {}
        self.id_number = ""
        self.person = None
        self.verdict = ""

    def say(self, column, code, words, text=None):
        """A problem; a doubt that the officer answered is none."""
        if PROBLEMS[code].weight == DOUBT and code in self.decided:
            return
        self.problems.append([column, code, str(words), self.text(column) if text is None else text])

    def text(self, column) -> str:
        """What stands in the cell of a column of ours; "" where the sheet has none."""
        place = self.places.get(column)
        return "" if place is None else self.found[place].text

    @property
    def is_wrong(self) -> bool:
        return any(PROBLEMS[code].weight == WRONG for _column, code, _words, _text in self.problems)

    @property
    def is_in_doubt(self) -> bool:
        return any(PROBLEMS[code].weight == DOUBT for _column, code, _words, _text in self.problems)

    @property
    def key(self):
        """Who the row is about, as far as rows of one file can tell."""
        said = self.said
        if self.person is not None:
            return self.person.pk
        return said.get("id_index") or (said.get("village"), said.get("name"), said.get("birth_date"))

    def weigh(self, otherwise):
        """The verdict: the weightiest problem's, or what becomes of the row without one."""
        if self.problems:
            self.problems.sort(key=lambda problem: _WEIGHTS[PROBLEMS[problem[1]].weight])
            weight = PROBLEMS[self.problems[0][1]].weight
            self.verdict = otherwise if weight == WARNING else weight
        else:
            self.verdict = otherwise

    @property
    def problem(self) -> str:
        return self.problems[0][1] if self.problems else ""


# ID numbers.

def put_id(row, number):
    """The ID number as the ledger keeps it, and what follows from it."""
    said = row.said
    row.id_number = number
    said["id_index"] = crypto.index(number)
    said["id_last4_index"] = last4_index(number[-4:])
    said["id_cipher"], said["id_key"] = sealed(number)


@lru_cache(maxsize=20_000)
def last4_index(last4) -> str:
    return crypto.index(last4, purpose="last4")


def sealed(text) -> tuple[str, int]:
    """Enciphered, as JSON can carry it."""
    cipher, version = crypto.encipher(text)
    return b64encode(cipher).decode(), version


def opened(cipher, version) -> str:
    return crypto.decipher(b64decode(cipher), version)


def hidden(text) -> str:
    """An ID number, right or wrong, as pages show it: the birth date between stays hidden, spaces around it do not."""
    if len(text) == 18 and text.isalnum():
        return f"{text[:6]}********{text[14:]}"
    bare = text.strip()
    if len(bare) == 18:
        return text.replace(bare, mask_id(bare))
    return text.replace(bare, f"{bare[:6]}****{bare[-4:]}" if len(bare) > 10 else "****") if len(bare) > 4 else text


def facts_of_id(number) -> tuple[str, str]:
    """As laborreg.identity.id_facts, in the words of JSON."""
    return MALE if number[16] in "13579" else FEMALE, f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
