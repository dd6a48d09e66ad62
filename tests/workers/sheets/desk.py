"""A desk with office files: rows as somebody typed them, on their way to a preview. All people are invented."""

import tempfile
from pathlib import Path

from django.test import override_settings
from openpyxl import Workbook

from laborreg import clock
from tests.cast import COUNTY, HOME
from tests.workers.desk import Desk, id_number
from workers.models import Batch
from workers.sheets import matching, staging, storing

__all__ = ["COUNTY", "HOME", "SheetDesk", "id_number"]


class SheetDesk(Desk):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        settings = override_settings(DATA_DIR=Path(folder.name))
        settings.enable()
        self.addCleanup(settings.disable)

    def batch(self, kind, headings, rows, *, by=None, place=COUNTY, change=None) -> Batch:
        """A workbook with these headings in its first row, matched by what they say."""
        by = by or self.zhao
        book = Workbook()
        book.active.append(headings)
        for row in rows:
            book.active.append(row)
        if change:
            change(book)
        name = f"{Batch.objects.count()}.xlsx"
        book.save(storing.folder() / name)
        matches = matching.propose(headings, [[str(cell or "") for cell in row] for row in rows[:20]], kind)
        return Batch.objects.create(
            county_id=COUNTY, place_code=place, kind=kind, file_name=name, file_size=1, sha256="0" * 64, stored_as=name,
            uploaded_at=clock.now(), uploaded_by=by, sheet=book.sheetnames[0], header_row=1, columns=matching.as_columns(matches),
        )

    def staged(self, kind, headings, rows, **options):
        """The batch, staged, and its rows in order."""
        batch = staging.stage(self.batch(kind, headings, rows, **options))
        return batch, list(batch.rows.order_by("number"))

    def verdicts(self, kind, headings, rows, **options):
        return [(row.verdict, row.problem) for row in self.staged(kind, headings, rows, **options)[1]]
