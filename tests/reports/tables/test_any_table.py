"""manage.py any_table: the page's answer for scripts."""

import json
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

from django.core.management import CommandError, call_command

from reports.tables.counting import Question, counted
from tests.cast import COUNTY, HOME
from tests.reports.tables.many import ManyCase
from tests.reports.test_actions import OCTOBER

SPEC = {"source": "month", "area": COUNTY, "month": "2026-10", "rows": ["township"], "columns": ["sex"], "measure": "away"}


def answer(spec, *args) -> str:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "q.json"
        path.write_text(spec if isinstance(spec, str) else json.dumps(spec), encoding="utf-8")
        out = StringIO()
        call_command("any_table", str(path), *args, stdout=out)
    return out.getvalue()


class AnyTable(ManyCase):
    def test_the_json_has_every_cell_and_the_total(self):
        found = json.loads(answer(SPEC, "--json"))
        true = counted(Question("month", COUNTY, OCTOBER, ("township",), ("sex",)))
        self.assertEqual({(*cell["rows"], *cell["columns"]): cell["value"] for cell in found["cells"]}, true)
        self.assertEqual(found["total"], sum(true.values()))
        self.assertEqual(found["villages"], {"expected": 3, "in": 3})
        self.assertEqual(found["question"], SPEC | {"filter": {}})

    def test_a_mean_and_today(self):
        found = json.loads(answer(SPEC | {"source": "today", "month": None, "measure": "mean_pay"}, "--json"))
        self.assertGreater(found["total"], 0)
        self.assertLess(found["total"], sum(cell["value"] for cell in found["cells"]))

    def test_the_text_has_the_numbers_and_what_they_mean(self):
        text = answer(SPEC)
        self.assertIn("桥头镇", text)
        self.assertIn("Source: the returns of October 2026 as filed; 3 of 3 villages are in it.", text)

    def test_errors_are_words(self):
        for spec, words in (
            ("{", "is not JSON"), ("[" * 50_000, "is not JSON"), (SPEC | {"rows": ["name"]}, "broken down by"),
            (SPEC | {"area": "630199"}, "no area"), (SPEC | {"month": "2020-01"}, "did not open"), (SPEC | {"x": 1}, "has no"),
            (SPEC | {"filter": {"sex": ["m"]}}, "has no"), ("7", "is an object"),
        ):
            with self.assertRaisesMessage(CommandError, words):
                answer(spec)
        with self.assertRaisesMessage(CommandError, "cannot be read"):
            call_command("any_table", "/nowhere/q.json")

    def test_the_input_is_read(self):
        out = StringIO()
        with mock.patch("sys.stdin", StringIO(json.dumps(SPEC | {"area": HOME, "rows": ["region"]}))):
            call_command("any_table", "-", "--json", stdout=out)
        self.assertEqual(json.loads(out.getvalue())["question"]["area"], HOME)
