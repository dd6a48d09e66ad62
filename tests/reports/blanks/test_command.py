"""`manage.py fill_template`: a file filled, or what is wrong with it in words."""

import tempfile
from io import StringIO
from pathlib import Path

from django.core.management import CommandError, call_command

from reports import totals
from tests.cast import COUNTY
from tests.reports.blanks.desk import BlankCase, book, opened
from tests.reports.test_actions import SEPTEMBER


class Command(BlankCase):
    def run_it(self, content, area=COUNTY, month="2026-09"):
        with tempfile.TemporaryDirectory() as folder:
            source, out = Path(folder) / "in.xlsx", Path(folder) / "out.xlsx"
            source.write_bytes(content)
            said = StringIO()
            try:
                call_command("fill_template", str(source), area, month, str(out), language="en", stdout=said)
            finally:
                self.is_written = out.exists()
            return opened(out.read_bytes()).active, said.getvalue()

    def test_filled(self):
        sheet, said = self.run_it(book({"A1": "{{away}}", "A2": "{{target.transfers}}"}))
        self.assertEqual(sheet["A1"].value, totals.totals(COUNTY, SEPTEMBER).figures["away"])
        self.assertIn("2 figures, 3 of 3 villages, provisional", said)
        self.assertIn("A2 stays empty", said)

    def test_what_is_wrong_is_told_and_nothing_written(self):
        for content, area, month, sentence in (
            (book({"B2": "{{awai}}"}), COUNTY, "2026-09", "Did you mean {{away}}"),
            (book({"B2": "x"}), COUNTY, "2026-09", "Nothing in this workbook is bound"),
            (b"PK\3\4 broken", COUNTY, "2026-09", "damaged"),
            (book({"B2": "{{away}}"}), "999999", "2026-09", "no area"),
            (book({"B2": "{{away}}"}), COUNTY, "2026-9", "no month"),
            (book({"B2": "{{away}}"}), COUNTY, "2026-10", "Nothing of"),
        ):
            with self.assertRaisesMessage(CommandError, sentence):
                self.run_it(content, area, month)
            self.assertFalse(self.is_written)
