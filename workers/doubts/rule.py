"""What a rule is, and how what it found is told."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from laborreg import crypto
from workers import codes, places

WRONG, SUSPECT, MISSING = "wrong", "suspect", "missing"
# name → (label, tone of its tag), the gravest first
SEVERITIES = {WRONG: (_("Wrong"), "bad"), SUSPECT: (_("Doubtful"), "warn"), MISSING: (_("Missing"), "none")}

# What a rule tells as a code and an officer reads as a word.
WORDS = {
    "relation": dict(codes.RELATIONS), "sex": dict(codes.SEXES), "ability": dict(codes.ABILITIES),
    "reason": dict(codes.NO_ID_REASONS),
}


@dataclass(frozen=True)
class Rule:
    """One rule: `find` returns the values that trip it, or None.

    Values named with a leading underscore are never shown; `age` is shown, and no change of it is news.
    `page` is the name of the address at which it is mended, by the key of a `person`, `household` or `transfer`.
    """

    code: str
    number: int
    severity: str
    title: str
    value: str
    mend: str
    page: str
    by: str
    field: str
    find: Callable

    def words(self, detail: dict) -> str:
        """The value found, in the language of the reader."""
        return str(self.value) % {name: _word(name, value) for name, value in detail.items()}


def rules(number: int, severity: str, **told):
    """Decorator that makes a Rule of a function and adds it to a list: `into`."""
    into = told.pop("into")

    def add(find):
        into.append(Rule(find.__name__, number, severity, find=find, **told))
        return find

    return add


def _word(name, value) -> str:
    if name in WORDS:
        return str(WORDS[name].get(value, value))
    if name == "place":
        return places.label(value)
    if name == "pay":
        return f"{value:,}"
    if name == "names":
        return str(_(", ")).join(value)
    return str(value)


def shown(values: dict) -> dict:
    return {name: value for name, value in values.items() if not name.startswith("_")}


def fingerprint(code: str, values: dict) -> str:
    """Of what the rule looked at: the same until the record changes. Keyed, so that it tells nothing of the values."""
    kept = {name: value for name, value in values.items() if name != "age"}
    return crypto.index(f"{code}:{json.dumps(kept, sort_keys=True, ensure_ascii=False)}", purpose="doubt")
