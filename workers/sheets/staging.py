"""From a matched file to staged rows: read, clean, judge, keep. The ledger is only read.

A page of rows at a time, so that memory stays flat and the ledger is asked a handful of times a page, whatever the rows.
"""

import gc
import re
import zipfile
from contextlib import contextmanager
from functools import cached_property
from hashlib import sha256

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from laborreg import bulk, clock
from laborreg.refusals import Refusal
from laborreg.sheets import archive, book, reading
from workers.models import Batch, StagedRow
from workers.sheets import columns
from workers.sheets.cleaning import NOTHING, Cleaned, Memory, clean, encoded, folded, read_id, since_1904, text_of, tried
from workers.sheets.columns import PLACE_PARTS, SECRET, WORKERS
from workers.sheets.judging import FileSoFar, judge
from workers.sheets.known import Known
from workers.sheets.places import Places
from workers.sheets.rows import Row, hidden, put_id, sealed
from workers.sheets.storing import folder
from workers.sheets.tally import Tally

PAGE = bulk.PAGE
_SINCE_1904 = re.compile(rb"""date1904\s*=\s*["'](1|true|on)["']""")
FIELDS = [
    "batch", "number", "cells", "values", "verdict", "problem", "problems", "normalized", "changes", "worker_number",
    "worker_version", "written",
]
# With these at its start, a row without a person is a sum, a note or a signature.
_FEET = ("合计", "总计", "小计", "填表", "填报", "说明", "注", "备注", "审核", "制表", "单位负责人", "total")


class Canceled(Exception):
    """The officer called it off while the file was read."""


def stage_number(number):
    """`stage`, for a child process."""
    stage(Batch.objects.get(pk=number))


def stage(batch) -> Batch:
    """Read the file of a batch and stage its rows; the state is "staging" before and "staged" after."""
    try:
        _begin(batch)
        with in_words_of(batch), without_collecting():
            fingerprint, tally = _stage(batch)
        _put(batch, "staging", state="staged", counts=tally.as_json(), rows_hash=f"{fingerprint:064x}", staged_at=clock.now(),
             rows_in_all=batch.rows_done)
    except Canceled:
        batch.rows.all().delete()
        batch.refresh_from_db()
    return batch


def _begin(batch):
    if not {"name", "id_number"} & set(batch.columns.values()):
        raise Refusal(_("Say first in which column the names stand."))
    _put(batch, "uploaded", "staging", "staged", "failed", state="staging", rows_done=0, counts={}, rows_hash="", failure="")
    batch.rows.all().delete()


def _put(batch, *states, **facts):
    """Change the batch unless it is in another state meanwhile: then the officer called it off."""
    if not Batch.objects.filter(pk=batch.pk, state__in=states).update(**facts):
        raise Canceled
    for name, value in facts.items():
        setattr(batch, name, value)


@contextmanager
def in_words_of(batch):
    """Problems are kept in the language of the officer who brought the file."""
    with translation.override(batch.uploaded_by.language or translation.get_language()):
        yield


@contextmanager
def without_collecting():
    """Rows hold no cycles: looking for some costs a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


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
    _put(batch, "staging", rows_done=batch.rows_done + count)


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
        self.only_village = self._only_village(batch.place_code)
        self._destination = Memory("destination", self.places.read_destination, "unknown_place")
        self.headings = {folded(each) for name in ("name", "id_number") for each in self._headings(name)}

    def _only_village(self, place) -> str:
        """The village of an office of one village; none where it was merged into one of another office."""
        kept = self.places.lasting(place)
        return kept if len(place) == 12 and kept.startswith(place) else ""

    @property
    def follows_heads(self) -> bool:
        """Whether the rows after a head are of the household: in a sheet of households without household numbers."""
        named = {"household_number", "head_id"} & self.matched.keys()
        return self.batch.kind == WORKERS and "relation" in self.matched and not named

    def _planned(self, name, place):
        column = self.columns[name]
        read = column.reader(self.places)
        if column.problem == "bad_date" and self.counts_from_1904:
            read = since_1904(read)
        return place, name, Memory(name, read, column.problem)

    @cached_property
    def counts_from_1904(self) -> bool:
        path = folder() / self.batch.stored_as
        return path.is_file() and counts_from_1904(path)

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
        read = [NOTHING] * self.width
        row = Row(number, self.matched, read)
        if decided:
            row.decided = decided
        said, parts, length = row.said, row.parts, len(cells)
        troubles = None
        for place, name, memory in self.plan:
            if place >= length or (cell := cells[place]) is None:
                continue
            if cell is True or cell is False:
                # As a key it would pass for 1 or 0.
                cell = reading.as_text(cell)
            read[place] = found = memory[cell]
            _text, value, written, problem, _shown, part = found
            if value is not None:
                said[name] = value
                parts[name] = part
            if written or problem is not None:
                troubles = [*(troubles or ()), (name, found)]
        for place, name in self.secret:
            if place < length and cells[place] is not None:
                self._read_secret(row, place, name, cells[place])
        if decided and "said" in decided:
            troubles = self._add_said(row, decided["said"], troubles)
        if troubles:
            self._tell(row, troubles)
        if self._is_nobody(row, cells):
            row.decided = row.decided | {"no_person": True}
        self._settle(row)
        return row

    def _add_said(self, row, said, troubles):
        """What the officer said of columns that the sheet does not have."""
        for name, text in said.items():
            column = self.columns[name]
            found = clean(text, name, column.reader(self.places), column.problem)
            if found.value is not None:
                row.put(name, found.value)
            if found.problem:
                troubles = [*(troubles or ()), (name, found)]
        return troubles

    def _tell(self, row, troubles):
        for name, found in troubles:
            if found.written:
                row.normalized.append([name, found.text, found.written])
            if found.problem:
                row.say(name, *found.problem)

    def _read_secret(self, row, place, name, cell):
        """An ID number: kept enciphered, shown masked."""
        text = text_of(cell)
        if not text or text.isspace():
            return
        number, written, problem = tried(cell, read_id, "bad_id")
        masked = hidden(text)
        row.found[place] = Cleaned(masked, None, "", None, encoded(masked), "")
        if number:
            self._put_secret(row, name, number)
        else:
            prefix = "id" if name == "id_number" else name
            row.said[f"{prefix}_cipher"], row.said[f"{prefix}_key"] = sealed(text)
        if written:
            row.normalized.append([name, masked, hidden(written)])
        if problem:
            row.say(name, *problem)

    def _put_secret(self, row, name, number):
        if name == "id_number":
            put_id(row, number)
            return
        head = Row(row.number, {}, [])
        put_id(head, number)
        row.said |= {f"head_{key}": head.said[key] for key in ("id_index", "id_cipher", "id_key")}

    def _is_nobody(self, row, cells) -> bool:
        """The foot of the sheet, or its headings once more."""
        said = row.said
        if "id_index" in said:
            return False
        if "name" in said or row.text("name"):
            return folded(row.text("name")) in self.headings
        return "id_cipher" not in said and is_foot(row.found, cells)

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
        kept = {self.places.lasting(code) for code in found}
        if len(kept) == 1 and (village := kept.pop()).startswith(self.batch.place_code):
            row.put("village", village)
            row.problems = [problem for problem in row.problems if problem[0] != "village"]

    def _settle_destination(self, row):
        """Province, city and county in columns of their own, or before a place that only they make clear."""
        said = row.said
        parts = [said.pop(name) for name in self.parts if name in said]
        if "destination" in said or not parts:
            return
        texts = [*parts, row.text("destination")] if row.text("destination") else parts
        found = self._destination["".join(dict.fromkeys(texts))]
        row.problems = [problem for problem in row.problems if problem[0] != "destination"]
        if found.value is not None:
            row.put("destination", found.value)
        if found.problem:
            column = "destination" if "destination" in self.matched else self.parts[-1]
            row.say(column, *found.problem, text=found.text)

    # Judging.

    def judge(self, page, file):
        """Ask the ledger about the whole page, then judge row by row."""
        self.ask(page)
        self.judge_known(page, file)

    def judge_known(self, page, file):
        for row in page:
            judge(row, self.known, file)

    def ask(self, page):
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


def counts_from_1904(path) -> bool:
    """Whether bare numbers of days in the workbook begin with 1904, as old ones from a Mac do."""
    if not zipfile.is_zipfile(path):
        return False
    with archive.opened(path) as parts:
        workbook = archive.part_named(parts, "xl/workbook.xml")
        return bool(workbook and _SINCE_1904.search(archive.text_of(parts, workbook)))


def is_foot(found, cells) -> bool:
    """No cell of ours, or the foot of the sheet: a sum, a note, a signature."""
    if all(each is NOTHING for each in found):
        return True
    first = next((cell for cell in cells if isinstance(cell, str)), "")
    return folded(first).startswith(_FEET)


# Keeping.

MODULUS = 1 << 256


def keep(batch, page, tally) -> int:
    """Insert a page of judged rows; gives the sum of their fingerprints."""
    kept, total = [], 0
    for row in page:
        tally.add(row)
        if row.decided:
            row.put("decided", row.decided)
        values, changes = row.values_as_json(), encoded(row.changes) if row.changes else "{}"
        kept.append(_as_tuple(batch.pk, row, values, changes))
        total += _fingerprint(row.number, row.verdict, values, changes)
    bulk.insert(StagedRow, FIELDS, kept, is_encoded=True)
    return total


def _as_tuple(batch, row, values, changes):
    person = row.person
    return (
        batch, row.number, row.cells_as_json(), values, row.verdict, row.problem,
        encoded(row.problems) if row.problems else "[]", encoded(row.normalized) if row.normalized else "[]",
        changes, person and person.pk, person and person.version, "{}",
    )


def fingerprint_of(number, verdict, values, changes) -> int:
    """A row's share of Batch.rows_hash: the sum of these, so that a mended row is taken out and put in again."""
    return _fingerprint(number, verdict, encoded(values), encoded(changes))


def _fingerprint(number, verdict, values, changes) -> int:
    return int.from_bytes(sha256(f'{number}:{verdict}:{values}:{changes}'.encode()).digest(), "big")
