"""The doubts of the demo's ledger, found as the night finds them; some were looked at and are right.

It draws from a source of chance of its own, so that the rest of the demo stays as it is.
"""

import random
from datetime import timedelta

from laborreg import clock
from officers import audit
from reports.seed.story import Story
from villages.models import Village
from workers.doubts import SUSPECT, WRONG, finding, of_severity
from workers.models import Doubt

SHARE = 0.25
WHY = {
    "contract_is_over": ["已口头续签，单位确认", "本人来电：合同已续，纸质件未寄回", "季节工，合同每年补签"],
    "student_wants_to_go": ["今年毕业，暑假后外出", "职校实习，学校同意"],
    "no_head": ["户主刚去世，家里还没商定", "户主随子女落户，待分户"],
}
ASKED = "电话核实过，情况属实"


class Doubts:
    """In the story's village whoever was asked answered: open doubts would be a fourth task."""

    def __init__(self, seed: int, officer_of, today, story: Story):
        self.rng, self.officer_of, self.today, self.story = random.Random(seed), officer_of, today, story

    def settle(self) -> int:
        for code in Village.objects.under(self.story.village[:6]).order_by("code").values_list("code", flat=True):
            finding.find(code)
        self._found_before()
        self._set_aside()
        return Doubt.objects.count()

    def _found_before(self):
        """The ledger was looked through every night: not all of it was found today."""
        rows = list(Doubt.objects.order_by("pk"))
        for doubt in rows:
            doubt.found_on = self.today - timedelta(days=self.rng.randint(0, 45))
        Doubt.objects.bulk_update(rows, ["found_on"], batch_size=500)

    def _set_aside(self):
        grave = Doubt.objects.filter(rule__in=[*of_severity(WRONG), *of_severity(SUSPECT)]).order_by("pk")
        looked_at = [
            doubt for doubt in grave
            if (doubt.village_id == self.story.village or self.rng.random() < SHARE)
            and self.officer_of(doubt.village_id)
        ]
        for doubt in looked_at:
            moment = clock.now() - timedelta(days=self.rng.randint(0, (self.today - doubt.found_on).days))
            doubt.settled_at, doubt.settled_by = moment, self.officer_of(doubt.village_id)
            doubt.settled_why = self.rng.choice(WHY.get(doubt.rule, [ASKED]))
        Doubt.objects.bulk_update(looked_at, ["settled_at", "settled_by", "settled_why"], batch_size=500)
        audit.record("recorded the demo's ledger", by=None, place=self.story.village[:6], detail={"settled": len(looked_at)})
