"""Which column of the file is which of ours: proposed, looked at, changed, confirmed."""

from django.shortcuts import redirect, render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from laborreg.forms import row_number
from laborreg.refusals import Refusal
from laborreg.sheets import header
from laborreg.sheets.book import SheetInfo
from officers.pages import page
from workers.sheets import batches, columns, masks, matching, storing
from workers.views.sheets.finding import batch_or_404, steps

# The headings stand among the first rows.
HEADER_ROWS = 12


@page("import sheets")
def sheet_columns(request, pk):
    batch = batch_or_404(request, pk)
    if batch.state not in batches.READABLE:
        return redirect("sheet", pk)
    refusal = ""
    try:
        shown = Matched(batch, request.POST or request.GET)
    except Refusal as refused:  # the file is gone
        return render(request, "workers/sheets/over.html", {"batch": batch, "refusal": refused.message})
    if request.method == "POST":
        try:
            shown.read(by=request.user)
            return redirect("sheet", pk)
        except Refusal as refused:
            refusal = refused.message
    context = {"batch": batch, "shown": shown, "refusal": refusal, "steps": steps("columns")}
    return render(request, "workers/sheets/columns.html", context)


def _below(sheet, found) -> list[list[str]]:
    """Of the first rows those that stand below the headings."""
    return [cells for number, cells in sheet.head if number > found.last_row]


class Matched:
    """A sheet of the file, the row of its headings, and for each column what it holds; `said` is what was sent."""

    def __init__(self, batch, said):
        self.batch, self.said = batch, said
        storing.path_of(batch)
        self.book = storing.look(batch.stored_as, batch.file_name)
        self.sheets = sorted(self.book.sheets, key=lambda each: each.is_hidden)
        self.sheet = self._sheet(said.get("sheet", batch.sheet))
        self.header = self._header(row_number(said.get("header", "")))

    def _sheet(self, name) -> SheetInfo:
        """The one that was named; else of those in view the one of whose columns the most are known, then the longest."""
        named = [each for each in self.sheets if each.name == name and each.rows]
        if named:
            return named[0]
        return max(self.sheets, key=lambda each: (bool(each.rows), not each.is_hidden, self._known(each), each.rows))

    def _known(self, sheet) -> int:
        return sum(bool(match.name) for match in self._proposed(sheet, header.find(sheet.head)))

    def _proposed(self, sheet, found, saved=None) -> list[matching.Match]:
        return matching.propose(found.headings, _below(sheet, found), self.batch.kind, saved)

    def _header(self, row) -> header.Header:
        found = header.find(self.sheet.head)
        chosen = next((cells for number, cells in self.sheet.head[:HEADER_ROWS] if number == row), None)
        if chosen is None or row == found.last_row:
            return found
        return header.Header(row, row, [header.plain(cell) for cell in chosen])

    @property
    def header_rows(self) -> list[tuple[int, str]]:
        """Number and beginning of each row where the headings may stand."""
        rows = []
        for number, cells in self.sheet.head[:HEADER_ROWS]:
            words = " · ".join(cell for cell in cells if cell)
            rows.append((number, matching.masked(words)[:60]))
        return rows

    @cached_property
    def saved(self):
        return matching.saved_for(self.header.headings, self.batch.kind, self.batch.place_code)

    @cached_property
    def matches(self) -> list[matching.Match]:
        """Columns that hold anything; as they were sent, else as last time, else as they are guessed."""
        found = self._proposed(self.sheet, self.header, self.saved)
        found = [each._replace(heading=matching.masked(each.heading)) for each in found if each.heading or each.samples]
        if "matched" in self.said:
            return [each._replace(name=self._said(each.place), confidence=0) for each in found]
        return found

    def _said(self, place) -> str:
        name = self.said.get(f"c{place}", "")
        return name if name in columns.BY_NAME[self.batch.kind] else ""

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(column.name, str(column.heading)) for column in columns.COLUMNS[self.batch.kind]]

    @property
    def missing(self) -> list[str]:
        return matching.missing(self.matches, self.batch.kind, self.batch.place_code)

    @property
    def rows_below(self) -> int:
        above = sum(number <= self.header.last_row for number, _cells in self.sheet.head)
        return max(self.sheet.rows - above, 0)

    @property
    def refused(self) -> str:
        """Why no row of it could be taken, as it is matched."""
        if not self.rows_below:
            return _("There is no row below the headings. Fill the sheet in, then choose it again.")
        masked = masks.masked(self.matches, _below(self.sheet, self.header))
        headings = _(", ").join(columns.heading_of(name, self.batch.kind) for name in masked)
        words = _(
            "This is a masked export: the middle of every number is hidden in %(columns)s. Export the list with the numbers "
            "in full and bring that, or choose “Not used” for what is not needed."
        )
        return words % {"columns": headings} if masked else ""

    def must_be_complete(self):
        """Refused while a column is missing or stands twice, and where nothing can be read."""
        if self.refused:
            raise Refusal(self.refused)
        names = [each.name for each in self.matches if each.name]
        twice = [columns.heading_of(name, self.batch.kind) for name in dict.fromkeys(names) if names.count(name) > 1]
        if twice:
            words = _("Two columns of the file cannot both be %(columns)s. Choose one of them.")
            raise Refusal(words % {"columns": "、".join(twice)})
        if self.missing:
            words = _(
                "Still missing: %(columns)s. Choose which column of the file it is; if the file has none, add it there and"
                " upload the file again."
            )
            raise Refusal(words % {"columns": "、".join(self.missing)})

    def read(self, *, by):
        """Hand the file over to be read as it is matched."""
        self.must_be_complete()
        batches.read(
            self.batch, by=by, sheet=self.sheet.name, header_row=self.header.last_row, headings=self.header.headings,
            matched={each.place: each.name for each in self.matches if each.name}, rows=self.rows_below,
        )
