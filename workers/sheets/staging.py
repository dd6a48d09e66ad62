"""From a matched file to staged rows: read, clean, judge, keep. The ledger is only read.

A page of rows at a time, so that memory stays flat and the ledger is asked a handful of times a page, whatever the rows.
"""

import json
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from laborreg import bulk, clock
from laborreg.refusals import Refusal
from laborreg.sheets import book, reading
from workers.models import Batch, StagedRow
from workers.sheets import columns
from workers.sheets.cleaning import clean, folded, remembering
from workers.sheets.columns import PLACE_PARTS, SECRET, WORKERS
from workers.sheets.judging import FileSoFar, judge
from workers.sheets.known import Known
from workers.sheets.places import Places
from workers.sheets.rows import Row, hidden, put_id, sealed
from workers.sheets.tally import Tally

PAGE = bulk.PAGE
FIELDS = [
    "batch", "number", "cells", "values", "verdict", "problem", "problems", "normalized", "changes", "worker_number",
    "worker_version", "written",
]
# With these at its start, a row without a person is a sum, a note or a signature.
_FEET = ("合计", "总计", "小计", "填表", "填报", "说明", "注", "备注", "审核", "制表", "单位负责人", "total")
_encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


class Canceled(Exception):
    """The officer called it off while the file was read."""


def folder() -> Path:
    return Path(settings.DATA_DIR) / "sheets"


def stage_number(number):
    """`stage`, for a child process."""
    stage(Batch.objects.get(pk=number))


def stage(batch) -> Batch:
    """Read the file of a batch and stage its rows; the state is "staging" before and "staged" after."""
    batch.rows.all().delete()
    _begin(batch)
    with in_words_of(batch):
        try:
            fingerprint, tally = _stage(batch)
        except Canceled:
            batch.rows.all().delete()
            batch.refresh_from_db()
            return batch
    batch.counts, batch.rows_hash, batch.staged_at = tally.as_json(), f"{fingerprint:064x}", clock.now()
    batch.state, batch.rows_in_all = "staged", batch.rows_done
    if not Batch.objects.filter(pk=batch.pk, state="staging").update(
        counts=batch.counts, rows_hash=batch.rows_hash, staged_at=batch.staged_at, state="staged", rows_done=batch.rows_done,
        rows_in_all=batch.rows_done,
    ):
        batch.rows.all().delete()
        batch.refresh_from_db()
    return batch


def _begin(batch):
    if "name" not in batch.columns.values() and "id_number" not in batch.columns.values():
        raise Refusal(_("Say first in which column the names stand."))
    batch.state, batch.rows_done, batch.counts, batch.rows_hash = "staging", 0, {}, ""
    batch.save(update_fields=["state", "rows_done", "counts", "rows_hash"])


@contextmanager
def in_words_of(batch):
    """Problems are kept in the language of the officer who brought the file."""
    with translation.override(batch.uploaded_by.language or translation.get_language()):
        yield


def _stage(batch):
    desk = Desk(batch)
    file = FileSoFar(batch.kind, follows_heads=desk.follows_heads)
    fingerprint, tally = 0, Tally()
    for page in _pages(desk.rows_of_file()):
        desk.judge(page, file)
        with transaction.atomic():
            fingerprint += keep(batch, page, tally)
            _progress(batch, len(page))
    return fingerprint % MODULUS, tally


def _pages(rows):
    page = []
    for row in rows:
        page.append(row)
        if len(page) == PAGE:
            yield page
            page = []
    if page:
        yield page


def _progress(batch, count):
    batch.rows_done += count
    if not Batch.objects.filter(pk=batch.pk, state="staging").update(rows_done=batch.rows_done):
        raise Canceled


class Desk:
    """What one batch needs to read its rows: its columns with their memories, the places of its county, the ledger."""

    def __init__(self, batch):
        self.batch = batch
        self.columns = columns.BY_NAME[batch.kind]
        self.places = Places(batch.county_id, batch.place_code)
        self.known = Known(batch.county_id, batch.place_code)
        self.known.stopped = self.places.stopped
        self.matched = {name: int(place) for place, name in batch.columns.items() if name in self.columns}
        self.width = max(self.matched.values(), default=-1) + 1
        self.plan = [self._planned(name, place) for name, place in self.matched.items() if name not in SECRET]
        self.secret = [(place, name) for name, place in self.matched.items() if name in SECRET]
        self.parts = [name for name in PLACE_PARTS if name in self.matched]
        self.only_village = self.places.lasting(batch.place_code) if len(batch.place_code) == 12 else ""
        self._destination = remembering(self.places.read_destination, "unknown_place")
        self._village = remembering(self.places.read_village, "unknown_village")
        self.name_place = self.matched.get("name", 0)
        self.headings = {folded(each) for name in ("name", "id_number") for each in self._headings(name)}

    @property
    def follows_heads(self) -> bool:
        """Whether the rows after a head are of the household: in a sheet of households without household numbers."""
        named = {"household_number", "head_id"} & self.matched.keys()
        return self.batch.kind == WORKERS and "relation" in self.matched and not named

    def _planned(self, name, place):
        column = self.columns[name]
        cleaned = remembering(column.reader(self.places), column.problem)
        return place, name, cleaned.memory, cleaned

    def _headings(self, name):
        column = self.columns.get(name)
        return [str(column.heading), *column.synonyms] if column else []

    def rows_of_file(self):
        """The rows below the header, cleaned."""
        path = folder() / self.batch.stored_as
        kind = book.kind_of(path, self.batch.file_name)
        header = self.batch.header_row or 0
        for number, cells in reading.rows(path, kind, self.batch.sheet):
            if number > header:
                yield self.row(number, cells)

    def row(self, number, cells, decided=None) -> Row:
        """One row, cleaned cell by cell: a text that came before costs one look into a dict."""
        row = Row(number, self.matched)
        if decided:
            row.decided = decided
        said, texts = row.said, [""] * self.width
        row.cells = texts
        length = len(cells)
        troubles = None
        for place, name, memory, cleaned in self.plan:
            if place >= length or (cell := cells[place]) is None or cell == "":
                continue
            found = memory.get(cell) if cell is not True and cell is not False else None
            if found is None:
                found = cleaned(cell)
            text, value, written, problem = found
            texts[place] = text
            if value is not None:
                said[name] = value
            if problem is not None or written:
                troubles = [*(troubles or ()), (name, found)]
        for place, name in self.secret:
            if place < length and cells[place] is not None:
                self._read_secret(row, place, name, cells[place])
        if troubles:
            self._tell(row, troubles)
        if "name" not in said and "id_index" not in said and "id_cipher" not in said and is_foot(texts, cells):
            row.decided = {"no_person": True}
        elif self.headings and texts[self.name_place] and folded(texts[self.name_place]) in self.headings:
            row.decided = {"no_person": True}
        self._settle(row)
        return row

    def _tell(self, row, troubles):
        for name, found in troubles:
            if found.written:
                row.normalized.append([name, found.text, found.written])
            if found.problem:
                row.say(name, *found.problem)

    def _read_secret(self, row, place, name, cell):
        """An ID number: kept enciphered, shown masked."""
        found = clean(cell, self.columns[name].clean, "bad_id")
        row.cells[place] = hidden(found.text)
        if found.value:
            self._put_secret(row, name, found.value)
        elif found.text:
            prefix = "id" if name == "id_number" else name
            row.said[f"{prefix}_cipher"], row.said[f"{prefix}_key"] = sealed(found.text)
        if found.written:
            row.normalized.append([name, hidden(found.text), hidden(found.written)])
        if found.problem:
            row.say(name, *found.problem)

    def _put_secret(self, row, name, number):
        if name == "id_number":
            put_id(row, number)
            return
        head = Row(row.number, {})
        put_id(head, number)
        row.said |= {f"head_{key}": head.said[key] for key in ("id_index", "id_cipher", "id_key")}

    # What several cells say together.

    def _settle(self, row):
        said = row.said
        if self.only_village:
            said.setdefault("village", self.only_village)
        if "township" in said:
            self._settle_village(row, said.pop("township"))
        if self.parts:
            self._settle_destination(row)

    def _settle_village(self, row, township):
        """The township of its own column tells villages of one name apart."""
        text = row.text("village")
        found = self.places.village_in(township, text) if text and not text.isdigit() else set()
        if len(found) == 1 and next(iter(found)).startswith(self.batch.place_code):
            row.said["village"] = self.places.lasting(found.pop())
            row.problems = [problem for problem in row.problems if problem[0] != "village"]

    def _settle_destination(self, row):
        """Province, city and county in columns of their own, or before a place that only they make clear."""
        said = row.said
        parts = [said.pop(name) for name in self.parts if name in said]
        if "destination" in said or not parts:
            return
        texts = [*parts, row.text("destination")] if row.text("destination") else parts
        found = self._destination("".join(dict.fromkeys(texts)))
        row.problems = [problem for problem in row.problems if problem[0] != "destination"]
        if found.value is not None:
            said["destination"] = found.value
        if found.problem:
            column = "destination" if "destination" in self.matched else self.parts[-1]
            row.say(column, *found.problem, text=found.text)

    # Judging.

    def judge(self, page, file):
        """Ask the ledger about the whole page, then judge row by row."""
        indexes = {row.said["id_index"] for row in page if "id_index" in row.said}
        self.known.read(indexes | {row.said["head_id_index"] for row in page if "head_id_index" in row.said})
        self.known.read_namesakes(self._strangers(page))
        numbered = {
            (row.said["village"], row.said["household_number"]) for row in page
            if "household_number" in row.said and "village" in row.said
        }
        self.known.read_facts(
            trips=self.batch.kind != WORKERS, status="status" in self.matched, households=numbered
        )
        for row in page:
            judge(row, self.known, file)

    def _strangers(self, page) -> set[tuple[str, str]]:
        """Village and name of everybody whom the ID number does not tell."""
        people, held = self.known.people, self.known.held
        found = set()
        for row in page:
            said = row.said
            index = said.get("id_index")
            if index in people or index in held or "name" not in said or "village" not in said:
                continue
            found.add((said["village"], said["name"]))
        return found


def is_foot(texts, cells) -> bool:
    """No cell of ours, or the foot of the sheet: a sum, a note, a signature."""
    if not any(texts):
        return True
    first = next((cell for cell in cells if isinstance(cell, str)), "")
    return folded(first).startswith(_FEET)


# Keeping.

MODULUS = 1 << 256


def keep(batch, page, tally) -> int:
    """Insert a page of judged rows; gives the sum of their fingerprints."""
    bulk.insert(StagedRow, FIELDS, [_as_tuple(batch.pk, row) for row in page], is_encoded=True)
    total = 0
    for row in page:
        tally.add(row)
        total += fingerprint_of(row.number, row.verdict, row.said, row.changes)
    return total


def _as_tuple(batch, row):
    person = row.person
    return (
        batch, row.number, _encoded(row.cells), _encoded(values_of(row)), row.verdict, row.problem,
        _encoded(row.problems) if row.problems else "[]", _encoded(row.normalized) if row.normalized else "[]",
        _encoded(row.changes) if row.changes else "{}", person and person.pk, person and person.version, "{}",
    )


def values_of(row) -> dict:
    if row.decided:
        row.said["decided"] = row.decided
    return row.said


def fingerprint_of(number, verdict, values, changes) -> int:
    """A row's share of Batch.rows_hash: the sum of these, so that a mended row is taken out and put in again."""
    text = _encoded([number, verdict, values, changes])
    return int.from_bytes(sha256(text.encode()).digest(), "big")
