"""Every verb that an action leaves in the trail has words on its page."""

import re
from pathlib import Path

from django.test import SimpleTestCase

from brokers import codes
from brokers.columns import COLUMNS
from officers.details import VALUES, told
from officers.verbs import VERBS
from reports.actions import STEPS
from support.actions.claims import STEPS as CLAIM_STEPS
from support.columns import CLEANERS
from workers.codes import SHEET_KINDS, STATUS_KINDS
from workers.sheets.roster_columns import COLUMNS as ROSTERS

ROOT = Path(__file__).resolve().parents[2]
WRITTEN = re.compile(r'(?:\brecord|tell)\(\s*"([^"]+)"|\bverb="([^"]+)"')


class Verbs(SimpleTestCase):
    def test_every_written_verb_can_be_read(self):
        written = {step.verb for steps in (STEPS, CLAIM_STEPS) for step in steps.values()}
        for room in ("officers", "villages", "brokers", "jobs", "workers", "support", "reports"):
            for path in (ROOT / room).rglob("*.py"):
                written |= {first or second for first, second in WRITTEN.findall(path.read_text())}
        self.assertEqual(written - set(VERBS), set())

    def test_codes_of_details_are_told_as_on_their_own_pages(self):
        for code, label in [*codes.POSTS, *codes.COMPLAINTS, *STATUS_KINDS, *SHEET_KINDS]:
            self.assertEqual(told("kind", code), str(label))
        for code in [*(column.name for column in COLUMNS), *CLEANERS, "amounts"]:
            self.assertIn(code, VALUES["changed"])
        self.assertEqual(told("changed", ["amounts", "pay_floor"]), "amounts, monthly pay of at least, yuan")
        self.assertEqual(told("numbers", "full"), "in full")
        self.assertEqual(told("rows", 12), "12")
        self.assertEqual(told("missing", {"630121100200": "正在核实", "n": 2}), "630121100200: 正在核实; n: 2")
        self.assertEqual((told("what", "id"), told("what", "phone"), told("figure", "away")), ("ID number", "Phone", "Away"))
        self.assertEqual((told("role", "leader"), told("sharing", "office")), ("County leader", "My office"))

    def test_columns_of_a_list_are_told_as_their_headings(self):
        for columns in ROSTERS.values():
            for column in columns:
                self.assertEqual(told("columns", f"{column.name} {column.name}"), f"{column.words}, {column.words}")
