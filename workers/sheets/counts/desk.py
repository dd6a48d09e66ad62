"""What a desk does otherwise where a row is of several persons."""

from django.db.models import Q

from workers.sheets.cleaning import folded
from workers.sheets.counts.judging import FileSoFar, Known, judge
from workers.sheets.desk import Desk

# An office that lists all its villages writes these where nobody left.
_NOBODY = {"", "0", "0人", "无", "零"}
_SUMS = ("合计", "总计", "小计", "total")


class CountsDesk(Desk):
    """For sheets of counts."""

    def _ledger(self) -> Known:
        return Known()

    def begin_file(self) -> FileSoFar:
        return FileSoFar()

    def ask(self, page):
        self.known.read({row.said["village"] for row in page if "village" in row.said})

    def judge_known(self, page, file):
        for row in page:
            judge(row, self.known, file)

    def of_the_same(self, page) -> Q:
        return Q(values__village__in=list({row.said["village"] for row in page if "village" in row.said}))

    def _take(self, row, name, value):
        """Counts are kept by village; a group of the village stands in the note, so that two of them are told apart."""
        if row.said.setdefault("note", value) == value:
            row.normalized.append(["note", "", value])

    def _is_nobody(self, row, cells) -> bool:
        """A sum, the foot of the sheet, its headings once more, or a village from which nobody left."""
        persons = row.text("persons")
        if persons and folded(persons) in _NOBODY | self.headings:
            return True
        if "persons" in row.said and ("village" in row.said or self.only_village):
            first = next((cell for cell in cells if isinstance(cell, str) and cell), "")
            return "village" not in row.said and folded(first).startswith(_SUMS)
        named = folded(row.text("township")), folded(row.text("village"))
        return any(name.startswith(_SUMS) for name in named) or super()._is_nobody(row, cells)
