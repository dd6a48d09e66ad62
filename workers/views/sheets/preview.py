"""What a sheet would do to the ledger, before it does: by verdict, and by what mends it."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from brokers.models import Broker
from jobs.models import CooperationPoint
from villages.models import Village
from workers import codes, places
from workers.models import Household, StagedRow, Worker
from workers.sheets import columns, problems, repairs
from workers.sheets.counts.taking import persons_in
from workers.views.sheets.finding import steps, verdicts

PAGE = 50
# So many groups stand on the page; whoever mends these sees the next.
GROUPS = 40
# More may be written than what is proposed.
OPEN = {"destination"}
_OF_PEOPLE = {columns.WORKERS, columns.TRANSFERS, columns.LEDGER}


def show(request, batch):
    context = {"batch": batch, "preview": Preview(batch, request.GET), "steps": steps("preview")}
    return render(request, "workers/sheets/preview.html", context)


class Preview:
    """The rows of a batch as they would be taken, narrowed by the address's parameters; unknown ones narrow nothing."""

    def __init__(self, batch, asked):
        self.batch, self.counts = batch, batch.counts
        self.matched = {name: int(place) for place, name in batch.columns.items()}
        self.leading = columns.leading(batch.kind, self.matched)
        self.verdicts = verdicts(batch)
        known = [verdict["name"] for verdict in self.verdicts]
        self.verdict = asked.get("show") if asked.get("show") in known else self._first(known)
        self.group = self._group(asked)
        self.page_number = asked.get("page")

    def _first(self, known) -> str:
        """What wants a look comes first."""
        return next((name for name in ("wrong", "doubt") if name in known), known[0] if known else "")

    def _group(self, asked) -> dict | None:
        said = asked.get("problem"), asked.get("column"), asked.get("text")
        return next((group for group in self.groups if (group["code"], group["column"], group["text"]) == said), None)

    @cached_property
    def groups(self) -> list[dict]:
        """Rows that one answer mends, the largest first."""
        return [self._told(*group) for group in self.counts.get("groups", [])]

    def _told(self, code, column, text, rows) -> dict:
        kind = problems.PROBLEMS[code]
        address = urlencode({"show": kind.weight, "problem": code, "column": column, "text": text})
        return {
            "code": code, "column": column, "text": text, "rows": rows, "sentence": kind.sentence, "way_out": kind.way_out,
            "heading": columns.heading_of(column, self.batch.kind), "is_doubt": kind.weight == problems.DOUBT,
            "url": f"{reverse('sheet', args=[self.batch.pk])}?{address}#group",
            "can_be_typed": bool(column) and column not in columns.OWN,
        }

    @property
    def first_groups(self):
        return self.groups[:GROUPS]

    @property
    def has_rows_in_several_groups(self) -> bool:
        return sum(group["rows"] for group in self.groups) > self.not_taken

    @cached_property
    def page_obj(self):
        if group := self.group:
            rows = repairs.rows_of_group(self.batch, group["code"], group["column"], group["text"])
            count = group["rows"]
        else:
            rows = StagedRow.objects.filter(batch=self.batch, verdict=self.verdict).order_by("number")
            count = next((each["count"] for each in self.verdicts if each["name"] == self.verdict), 0)
        shown = Counted(rows, PAGE, count).get_page(self.page_number)
        rows = list(shown.object_list)
        names = Names(rows)
        shown.object_list = [Shown(row, self, names) for row in rows]
        return shown

    @property
    def heads(self) -> list[str]:
        return [columns.heading_of(name, self.batch.kind) for name in self.leading]

    @property
    def repairs(self) -> list[repairs.Repair]:
        """What one click puts into every row of the group."""
        group = self.group
        return repairs.offered(self.batch, group["code"], group["column"], group["text"])

    @property
    def warnings(self) -> list[dict]:
        return [
            {"sentence": problems.PROBLEMS[code].sentence, "way_out": problems.PROBLEMS[code].way_out, "rows": rows}
            for code, rows in self.counts.get("warnings", {}).items()
        ]

    @property
    def normalized(self) -> list[tuple[str, int]]:
        """Heading of a column, and in how many rows it was put into our form."""
        found = self.counts.get("normalized", {}).items()
        return [(columns.heading_of(name, self.batch.kind), rows) for name, rows in sorted(found, key=lambda each: -each[1])]

    @property
    def taken(self) -> int:
        """Rows that would change the ledger."""
        return sum(each["count"] for each in self.verdicts if each["name"] in ("new", "changed"))

    @property
    def writes(self) -> list[tuple[str, int]]:
        """What the rows that are taken make of people and of their departures, or of persons who are not named."""
        if self.batch.kind == columns.GROUPS:
            return [(_("New unnamed groups"), self.taken), (_("Unnamed persons"), persons_in(self.batch))]
        persons, trips = self.counts.get("persons", {}), self.counts.get("trips", {})
        if self.batch.kind not in _OF_PEOPLE:
            return [(each["label"], each["count"]) for each in self.verdicts if each["name"] in ("new", "changed")]
        found = [
            (_("New people"), persons.get("new")), (_("People changed"), persons.get("changed")),
            (_("Departures"), trips.get("new")), (_("Homecomings"), trips.get("home")),
            (_("Departures changed"), trips.get("changed")),
        ]
        return [(label, count) for label, count in found if count]

    @property
    def leaves(self) -> list[dict]:
        return [each for each in self.verdicts if each["name"] not in ("new", "changed")]

    @property
    def not_taken(self) -> int:
        return sum(each["count"] for each in self.verdicts if each["name"] in ("wrong", "doubt"))


class Counted(Paginator):
    """The batch knows how many rows there are; nobody counts a hundred thousand at each look."""

    def __init__(self, rows, size, known):
        super().__init__(rows, size)
        self.count = known


class Names:
    """How the brokers, points and households are called whose numbers stand in the changes of some rows."""

    def __init__(self, rows):
        self.numbers = {
            name: {number for row in rows for number in row.changes.get(name, ()) if number} for name in _NAMED
        }
        self.numbers["village"] = {row.values["village"] for row in rows if "village" in row.values}

    def of(self, name, number) -> str:
        return self._found[name].get(number, "–")

    @cached_property
    def _found(self) -> dict[str, dict[int, str]]:
        return {name: read(self.numbers[name]) if self.numbers[name] else {} for name, read in _NAMED.items()}


def _names_in(model):
    return lambda numbers: dict(model.objects.filter(pk__in=numbers).values_list("pk", "name"))


def _households(numbers) -> dict[int, str]:
    heads = Prefetch("members", Worker.objects.valid().filter(relation="head"))
    found = Household.objects.filter(pk__in=numbers).prefetch_related(heads)
    return {household.pk: household.number or str(household) for household in found}


def _villages(codes) -> dict[str, str]:
    return {village.code: village.short_name for village in Village.objects.filter(pk__in=codes)}


_NAMED = {
    "broker": _names_in(Broker), "point": _names_in(CooperationPoint), "household": _households, "village": _villages,
}


class Shown:
    """A staged row as the page tells it."""

    def __init__(self, row, preview, names=None):
        self.row, self.preview, self.names = row, preview, names or Names([row])
        self.number, self.verdict = row.number, row.verdict
        self.first, self.second = (self.cell(name) for name in preview.leading)

    def cell(self, name) -> str:
        place = self.preview.matched.get(name)
        return self.row.cells[place] if place is not None and place < len(self.row.cells) else ""

    @property
    def tells(self) -> list[dict]:
        """Column, what was found, and what is to be said of it."""
        return [
            {"heading": self.heading(column), "found": text, "words": self._words(code, words), "tone": self._tone(code)}
            for column, code, words, text in self.row.problems
        ]

    def _words(self, code, words):
        """Kept in the language of who brought the file; whoever reads another one gets the plain sentence."""
        kept = self.preview.batch.uploaded_by.language
        return words if kept in ("", get_language()) else problems.PROBLEMS[code].sentence

    def _tone(self, code) -> str:
        return {"wrong": "bad", "doubt": "warn"}.get(problems.PROBLEMS[code].weight, "info")

    def heading(self, column) -> str:
        others = {"household": _("Household"), "month_only": _("Only the month is known")}
        return columns.heading_of(column, self.preview.batch.kind) or others.get(column, "")

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """Heading, how the ledger has it, how the sheet has it; in the order of our columns, as JSON has none."""
        ours = [*columns.BY_NAME[_form_of(self.preview.batch.kind)]]
        changed = sorted(self.row.changes.items(), key=lambda item: (ours.index(item[0]) if item[0] in ours else -1, item[0]))
        return [(self.heading(name), *self._as_read(name, old, new)) for name, (old, new) in changed]

    def _as_read(self, name, old, new) -> tuple[str, str]:
        if name not in _NAMED:
            kind = _form_of(self.preview.batch.kind)
            return as_read(name, old, kind), as_read(name, new, kind)
        begun = _("A new household") if name == "household" else "–"
        return self.names.of(name, old) if old else "–", self.names.of(name, new) if new else begun

    @property
    def normalized(self) -> list[tuple[str, str, str]]:
        return [(self.heading(name), old, new) for name, old, new in self.row.normalized]

    @property
    def label(self) -> str:
        return str(dict(codes.VERDICTS)[self.verdict])

    @property
    def cells(self) -> list[dict]:
        """Each column of ours: heading, what stands in it, what is to be said of it, and what may be chosen instead."""
        told = {column: self._words(code, words) for column, code, words, _text in reversed(self.row.problems)}
        return [
            {"name": name, "heading": self.heading(name), "text": self.cell(name), "words": told.get(name, ""),
             "is_secret": name in columns.SECRET, "is_open": name in OPEN, "choices": self._choices(name, name in told)}
            for name in self.preview.matched
        ]

    def _choices(self, name, has_fault) -> list[tuple[str, str]]:
        if name in OPEN and not has_fault:
            return []
        text = self.cell(name)
        found = repairs.choices(self.preview.batch, name, text)
        if not has_fault:  # a place by its name stands for the code that would be written
            found = [(text if label == text else written, label) for written, label in found]
        is_told = name in OPEN or not found or text in ("", *(written for written, _label in found))
        return found if is_told else [(text, text), *found]

    @property
    def repairs(self) -> list[repairs.Repair]:
        """What one click does to this row, by its weightiest problem."""
        if not self.row.problems:
            return [repairs.Repair(repairs.SKIP, _("Leave this row out"))]
        column, code, _words, text = self.row.problems[0]
        offered = repairs.offered(self.preview.batch, code, column, text)
        return [each._replace(label=_("Leave this row out")) if each.key == repairs.SKIP else each for each in offered]

    @property
    def brief(self) -> str:
        """Of a row that changes nothing known: where, since when, at what."""
        names = [name for name in ("village", "destination", "started_on", "ended_on", "employer") if self.cell(name)]
        return " · ".join(self._in_words(name) for name in names)

    def _in_words(self, name) -> str:
        """A place whose code was put into the cell, by its name."""
        text, value = self.cell(name), self.row.values.get(name)
        if text != value or not text.isdigit():
            return text
        return places.label(value) if name == "destination" else self.names.of("village", value)


def _form_of(kind) -> str:
    """The sheet of workers with their departures has all columns of those that are parts of it."""
    return columns.LEDGER if kind in _OF_PEOPLE else kind


def as_read(name, value, kind=columns.LEDGER) -> str:
    """A value of the ledger or of a register in words."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if name == "destination":
        return places.label(value)
    column = columns.BY_NAME[kind].get(name)
    return str(dict(column.choices).get(value, value) if column else value)
