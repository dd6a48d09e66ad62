"""The registers' sheets on the road of the wizard: each row is tried at the register, and taken by the same actions."""

from collections import Counter
from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from laborreg.refusals import Refusal
from support.sheets.columns import BROKERS, SECRETS
from support.sheets.resources import RESOURCES, row_of
from workers.sheets.desk import Desk
from workers.sheets.judging import set_aside
from workers.sheets.rows import opened

HIDDEN = "····"
VERDICTS = {"new": "new", "update": "changed", "skip": "same"}
# What identifies a row, besides whose it is: one broker may stand in several rows of a list of courses.
OF_A_BROKER = ["joined_on", "course", "from_on", "scheme", "year"]


class Met(NamedTuple):
    """The row of the register that a row of the sheet is about."""

    pk: int | None
    version: int


class FileSoFar:
    """Who stood in the rows that were read."""

    def __init__(self):
        self.rows: dict[tuple, int] = {}

    def settled(self) -> list[int]:
        return []

    def know(self, other):
        self.rows.setdefault(key_of(other.values), other.number)


def key_of(said) -> tuple:
    who = said.get("id_index") or (said.get("village"), said.get("name"), said.get("phone"))
    return who, *[said.get(name) for name in OF_A_BROKER]


class RegisterDesk(Desk):
    """Reads and tries the rows of one batch."""

    def __init__(self, batch):
        super().__init__(batch)
        self.resource = RESOURCES[batch.kind](by=batch.uploaded_by, place=batch.place_code)

    def _ledger(self):
        """Asked row by row, by the resource."""

    def begin_file(self) -> FileSoFar:
        return FileSoFar()

    def ask(self, page):
        pass

    def judge_known(self, page, file):
        for row in page:
            if not set_aside(row):
                row.weigh(self._tried(row, file))

    def _tried(self, row, file) -> str:
        first = file.rows.setdefault(key_of(row.said), row.number)
        if first != row.number:
            row.say("name", "twin", _("Row %(row)s is about the same.") % {"row": first})
        if "name" not in row.said and ("id_index" not in row.said or self.batch.kind == BROKERS):
            row.say("name", "name_missing", _("Enter the name."))
        if row.is_wrong:
            return ""
        told = facts_of(row.said)
        try:
            result = self.resource.take_row(told, row.number, is_dry=True)
        except Refusal as refused:
            row.say("", "refused", refused.message)
            return ""
        row.changes = _as_json(self.resource.changes(result, told))
        row.person = Met(result.original and result.original.pk, 1)
        return VERDICTS[result.import_type]

    def of_the_same(self, page) -> Q:
        """Which other rows may be about the same broker."""
        indexes = [row.said["id_index"] for row in page if "id_index" in row.said]
        names = [row.said["name"] for row in page if "name" in row.said]
        return Q(values__id_index__in=indexes) | Q(values__name__in=names)


class RegisterTaker:
    """Takes the rows of one batch, as `by`."""

    def __init__(self, batch, by):
        self.resource = RESOURCES[batch.kind](by=by, place=batch.place_code)
        self.tables = {self.resource._meta.model: None}
        self.counts, self.meanwhile = Counter(), self

    def moved(self, page) -> dict[int, str]:
        """Each row is taken at once, so that the next one meets it; who is not taken is told with the sentence that says why."""
        return {row.number: words for row in page if (words := self._taken(row))}

    def _taken(self, row) -> str:
        told = facts_of(row.values)
        try:
            with transaction.atomic():
                result = self.resource.take_row(told, row.number)
                is_as_shown = _as_json(self.resource.changes(result, told)) == row.changes
                if not is_as_shown or (result.original and result.original.pk) != row.worker:
                    raise Refusal(_("The register changed after the file was read."))
        except Refusal as refused:
            return str(refused.message)
        self.counts += Counter({"rows": 1, VERDICTS[result.import_type]: 1})
        return ""

    def take(self, page):
        """Nothing is left to do."""


def facts_of(said) -> dict:
    """The values of a staged row with its numbers in clear, for as long as it is looked at."""
    keys = {key for prefix in SECRETS.values() for key in (f"{prefix}_index", f"{prefix}_last4_index", f"{prefix}_cipher",
                                                           f"{prefix}_key")}
    told = {name: value for name, value in said.items() if name not in keys | {"decided"}}
    for name, prefix in SECRETS.items():
        if cipher := said.get(f"{prefix}_cipher"):
            told[name] = opened(cipher, said[f"{prefix}_key"])
    return row_of(told)


def _as_json(changes) -> dict:
    """Days as text; of a secret number only that it changed."""
    return {
        name: [HIDDEN if pair[0] else None, HIDDEN] if name in SECRETS else [_plain(value) for value in pair]
        for name, pair in changes.items()
    }


def _plain(value):
    return value.isoformat() if isinstance(value, date) else value
