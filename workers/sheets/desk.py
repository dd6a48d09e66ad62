"""What one batch needs to read its rows: from cells as the file has them to rows that are judged. Nothing is kept here."""

import re
import zipfile
from collections.abc import Iterator
from functools import cached_property
from itertools import islice, zip_longest
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from laborreg import bulk
from laborreg.sheets import archive, book, reading
from workers.sheets import columns
from workers.sheets.cleaning import NOTHING, Cleaned, Memory, clean, folded, text_of, tried
from workers.sheets.columns import PLACE_PARTS, SECRET, WORKERS
from workers.sheets.days import since_1904
from workers.sheets.judging import FileSoFar, judge
from workers.sheets.known import Known
from workers.sheets.places import Places, group_number
from workers.sheets.rows import Row, hidden, put_id, sealed
from workers.sheets.storing import folder

PAGE = bulk.PAGE
_SINCE_1904 = re.compile(rb"""date1904\s*=\s*["'](1|true|on)["']""")
# With these at its start, a row without a person is a sum, a note or a signature.
_FEET = ("合计", "总计", "小计", "填表", "填报", "说明", "注", "备注", "审核", "制表", "单位负责人", "total")
# Such a cell, in whatever column, and the row is of nobody: unless something like an ID number stands in it.
_SUMS = {"合计", "总计", "小计", "total"}
_SIGNATURES = ("填表人", "填报人", "审核人", "制表人", "负责人签字", "单位负责人")
_LIKE_AN_ID = 15


class Desk:
    """What one batch needs to read its rows: its columns with their memories, the places of its county, the ledger."""

    def __init__(self, batch):
        self.batch = batch
        self.columns = columns.BY_NAME[batch.kind]
        self.places = Places(batch.county_id, batch.place_code)
        self.known = self._ledger()
        self.matched = {name: int(place) for place, name in batch.columns.items() if name in self.columns}
        self.width = max(self.matched.values(), default=-1) + 1
        self.plan = [self._planned(name, place) for name, place in self.matched.items() if name not in SECRET]
        self.secret = [(place, name) for name, place in self.matched.items() if name in SECRET]
        self.parts = [name for name in PLACE_PARTS if name in self.matched]
        self.only_village = self._only_village(batch.place_code)
        self._destination = Memory(self.places.read_destination, "unknown_place")
        self._villages: dict[tuple[str, str], Cleaned | None] = {}
        self.headings = {folded(each) for name in columns.telling(batch.kind) for each in self._headings(name)}

    def _ledger(self) -> Known:
        """What the rows are compared with."""
        known = Known(self.batch.county_id, self.batch.place_code)
        known.stopped, known.barred = self.places.stopped, self.places.barred
        return known

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
        return place, name, Memory(read, column.problem)

    @cached_property
    def counts_from_1904(self) -> bool:
        path = folder() / self.batch.stored_as
        return path.is_file() and counts_from_1904(path)

    def _headings(self, name):
        column = self.columns.get(name)
        return [str(column.heading), *column.synonyms] if column else []

    def pages_of_file(self) -> Iterator[list[Row]]:
        """The rows below the header, cleaned."""
        path = folder() / self.batch.stored_as
        kind = book.kind_of(path, self.batch.file_name)
        header = self.batch.header_row or 0
        lines = (line for line in reading.lines(path, kind, self.batch.sheet) if line[0] > header)
        while page := list(islice(lines, PAGE)):
            yield self.page(*zip(*page, strict=True))

    def row(self, number, cells, decided=None) -> Row:
        return self.page([number], [cells], [decided or {}])[0]

    def page(self, numbers, lines, decided=()) -> list[Row]:
        """Rows cleaned column by column: a text that came before costs one look into a dict."""
        columns = self._columns(lines)
        found = [[NOTHING] * len(lines)] * self.width
        for place, _name, memory in self.plan:
            found[place] = memory.column(columns[place])
        secrets = {name: self._read_secrets(name, columns[place]) for place, name in self.secret}
        for place, name in self.secret:
            found[place] = [each.shown for each in secrets[name]]
        rows = self._rows(numbers, found)
        self._put_secrets(rows, secrets)
        self._decide(rows, decided)
        self._tell(rows, found)
        for row, cells in zip(rows, lines, strict=True):
            if self._is_nobody(row, cells):
                row.decided = row.decided | {"no_person": True}
            self._settle(row)
        return rows

    def _columns(self, lines) -> list:
        """The cells column by column, as far as ours reach; short rows, and columns that are not there, are empty."""
        columns = list(islice(zip_longest(*lines), self.width))
        return columns + [[None] * len(lines)] * (self.width - len(columns))

    def _rows(self, numbers, found) -> list[Row]:
        """Each with what its cells say, under the names of our columns."""
        rows, ours = [], [(name, place) for place, name, _memory in self.plan]
        for number, cells in zip(numbers, zip(*found, strict=True), strict=True):
            row = Row(number, self.matched, cells)
            row.said = {name: value for name, place in ours if (value := cells[place].value) is not None}
            rows.append(row)
        return rows

    def _tell(self, rows, found):
        """What was normalized, and what is wrong with a cell."""
        for place, name, memory in self.plan:
            if memory.has_told:
                for row, cell in zip(rows, found[place], strict=True):
                    if cell.written or cell.problem:
                        self._tell_of(row, name, cell)

    def _decide(self, rows, decided):
        """What the officer said of the rows, also of columns that the sheet does not have."""
        for row, answers in zip(rows, decided, strict=False):
            row.decided = answers
            for name, text in answers.get("said", {}).items():
                column = self.columns[name]
                cell = clean(text, column.reader(self.places), column.problem)
                if cell.value is not None:
                    row.said[name] = cell.value
                self._tell_of(row, name, cell)

    def _tell_of(self, row, name, cell):
        if cell.written:
            row.normalized.append([name, cell.text, cell.written])
        if cell.problem:
            row.say(name, *cell.problem)
        for other, value in cell.also:
            self._take(row, other, value)

    def _take(self, row, name, value):
        """What the cell of another column tells besides; where the own cell says otherwise, nobody knows which is right."""
        if name in self.columns and _meant(name, row.said.setdefault(name, value)) != _meant(name, value):
            row.say(name, "cells_differ", _("Another cell of the row says otherwise: %(text)s.") % {"text": value})

    def _read_secrets(self, name, cells) -> list["Secret"]:
        column = self.columns[name]
        return [_secret(cell, column.clean, column.problem) for cell in cells]

    def _put_secrets(self, rows, secrets):
        """ID numbers and accounts: kept enciphered, shown masked."""
        for name, column in secrets.items():
            for row, secret in zip(rows, column, strict=True):
                if secret is not NO_SECRET:
                    self._put_secret(row, name, secret)

    def _put_secret(self, row, name, secret):
        if secret.number:
            self._put_number(row, name, secret.number)
        else:
            _seal(row, name, secret.text)
        if secret.written:
            row.normalized.append([name, secret.shown.text, hidden(secret.written)])
        if secret.problem:
            row.say(name, *secret.problem)

    def _put_number(self, row, name, number):
        if name == "id_number":
            put_id(row, number)
            return
        if name != "head_id":
            _seal(row, name, number)
            return
        head = Row(row.number, {}, [])
        put_id(head, number)
        row.said |= {f"head_{key}": head.said[key] for key in ("id_index", "id_cipher", "id_key")}

    def _is_nobody(self, row, cells) -> bool:
        """The foot of the sheet, or its headings once more."""
        said = row.said
        if "id_index" in said:
            return False
        if len(row.text("id_number")) < _LIKE_AN_ID and any(_is_of_foot(cell) for cell in cells):
            return True
        if "name" in said:
            return said["name"].casefold() in self.headings
        if row.text("name"):
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
        if (township, text) not in self._villages:
            found = self.places.village_in(township, text) if text and not text.isdigit() else None
            self._villages[(township, text)] = found and Cleaned(text, *found)
        if village := self._villages[(township, text)]:
            row.said["village"] = village.value
            kept = [problem for problem in row.problems if problem[0] != "village"]
            if len(kept) < len(row.problems):
                row.problems = kept
                self._tell_of(row, "village", village)

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
            row.said["destination"] = found.value
        if found.problem:
            column = "destination" if "destination" in self.matched else self.parts[-1]
            row.say(column, *found.problem, text=found.text)

    # Judging.

    def begin_file(self):
        return FileSoFar(self.batch.kind, follows_heads=self.follows_heads)

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
        if "household_number" in self.matched:
            self.known.read_households({row.said["village"] for row in page if "village" in row.said})
        places = self._households(page)
        flagged = set()
        if "status" in self.matched:
            flagged = places | {each.household for each in self.known.by_number.values() if each.household}
        self.known.read_facts(trips=self.batch.kind != WORKERS, places=places, flagged=flagged)

    def _households(self, page) -> set[int]:
        """Of the ledger those of whose head or spouse the rows may say something new."""
        known, follows = self.known, self.follows_heads
        found = {each.household for each in known.by_number.values() if follows or each.id_index not in known.people}
        for row in page:
            said = row.said
            person, head = known.people.get(said.get("id_index")), known.people.get(said.get("head_id_index"))
            household = known.households.get((said.get("village"), said.get("household_number")))
            household = household or (head and head.household) or (person and person.household)
            if person is None or (person.household, person.relation) != (household, said.get("relation", person.relation)):
                found |= {household, person and person.household}
        return found - {None}

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

    def of_the_same(self, page) -> Q:
        """Which other rows tell of the same people, by ID number or name; or are heads and spouses of the same households."""
        indexes = {row.said["id_index"] for row in page if "id_index" in row.said}
        names = {row.said["name"] for row in page if "id_index" not in row.said and "name" in row.said}
        numbers = {row.said["household_number"] for row in page if "household_number" in row.said}
        heads = {row.said["head_id_index"] for row in page if "head_id_index" in row.said}
        alike = Q(values__id_index__in=list(indexes)) if indexes else Q(pk__in=[])
        alike |= Q(values__name__in=list(names), values__id_index__isnull=True) if names else Q(pk__in=[])
        same_house = Q(values__household_number__in=list(numbers)) if numbers else Q(pk__in=[])
        same_house |= Q(values__head_id_index__in=list(heads)) if heads else Q(pk__in=[])
        return alike | same_house & Q(values__relation__in=["head", "spouse"])


class Secret(NamedTuple):
    """A cell with a secret number, once read: as it is shown, as it was typed, and the number if it can be one."""

    shown: Cleaned
    text: str = ""
    number: str | None = None
    written: str = ""
    problem: tuple[str, str] | None = None


NO_SECRET = Secret(NOTHING)


def _seal(row, name, text):
    prefix = SECRET[name]
    row.said[f"{prefix}_cipher"], row.said[f"{prefix}_key"] = sealed(text)


def _secret(cell, read, code) -> Secret:
    cell = reading.tidy(cell)
    text = text_of(cell)
    if not text or text.isspace():
        return NO_SECRET
    number, written, problem, _also = tried(cell, read, code)
    masked = hidden(text)
    return Secret(Cleaned(masked, None, "", None), text, number, written, problem)


def _meant(name, value) -> str:
    return group_number(value) if name == "group_name" else value


def counts_from_1904(path) -> bool:
    """Whether bare numbers of days in the workbook begin with 1904, as old ones from a Mac do."""
    if not zipfile.is_zipfile(path):
        return False
    with archive.opened(path) as parts:
        workbook = archive.part_named(parts, "xl/workbook.xml")
        return bool(workbook and _SINCE_1904.search(archive.text_of(parts, workbook)))


def _is_of_foot(cell) -> bool:
    return isinstance(cell, str) and (folded(cell) in _SUMS or folded(cell).startswith(_SIGNATURES))


def is_foot(found, cells) -> bool:
    """No cell of ours, or the foot of the sheet: a sum, a note, a signature."""
    if all(each is NOTHING for each in found):
        return True
    first = next((cell for cell in cells if isinstance(cell, str) and cell), "")
    return folded(first).startswith(_FEET)
