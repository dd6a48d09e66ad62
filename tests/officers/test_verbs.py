"""Every verb that an action leaves in the trail has words on its page."""

import re
from pathlib import Path

from django.test import SimpleTestCase

from officers.verbs import VERBS
from reports.actions import STEPS
from support.actions.claims import STEPS as CLAIM_STEPS

ROOT = Path(__file__).resolve().parents[2]
WRITTEN = re.compile(r'(?:\brecord|tell)\(\s*"([^"]+)"|\bverb="([^"]+)"')


class Verbs(SimpleTestCase):
    def test_every_written_verb_can_be_read(self):
        written = {step.verb for steps in (STEPS, CLAIM_STEPS) for step in steps.values()}
        for room in ("officers", "villages", "brokers", "jobs", "workers", "support", "reports"):
            for path in (ROOT / room).rglob("*.py"):
                written |= {first or second for first, second in WRITTEN.findall(path.read_text())}
        self.assertEqual(written - set(VERBS), set())
