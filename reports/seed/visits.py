"""What the village officers of the demo asked by phone: most people within three months, some not for longer.

It draws from a source of chance of its own, so that the rest of the demo stays as it is.
"""

import random
from datetime import date, timedelta

from laborreg import bulk
from officers import audit
from reports.seed.story import Story
from workers import standing
from workers.models import Transfer, Verification

DAY = timedelta(days=1)
ANSWERED = ["self"] * 6 + ["family"] * 3 + ["other"]
HOW = ["phone"] * 7 + ["wechat"] * 2 + ["visit"]
NEEDS = [[], [], ["job"], ["training"], ["job", "training"], ["loan"], ["rights"]]
FOLLOWED = 60
COLUMNS = ["worker", "on", "how", "answered_by", "outcome", "by", "needs", "next_call_on"]


class Visits:
    """`today` is the demo's. In the story's village nobody is left unasked for long: it would be a fourth task."""

    def __init__(self, seed: int, officer_of, today: date, story: Story):
        self.rng, self.officer_of, self.today, self.story = random.Random(seed), officer_of, today, story
        self.month = today.replace(day=1)

    def record(self) -> int:
        rows = [row for transfer in self._away() for row in self._asked(*transfer)]
        rows += [row for transfer in self._home() for row in self._followed(*transfer)]
        rows = [row[1:] for row in rows if not self._is_deserted(*row[:3])]
        bulk.insert(Verification, COLUMNS, rows)
        audit.record("recorded the demo's ledger", by=None, place=self.story.village[:6], detail={"visits": len(rows)})
        return len(rows)

    def _away(self):
        return self._facts(standing.away_transfers(Transfer.objects.all(), self.today))

    def _home(self):
        return self._facts(standing.homecomings(Transfer.objects.all(), self.today, FOLLOWED), "ended_on")

    def _facts(self, transfers, since="started_on"):
        return transfers.order_by("pk").values_list("worker_id", "village_id", since)

    def _asked(self, worker, village, since):
        """The last success, if any, and what was tried since in this month."""
        chance = self.rng.random()
        ago = self._ago(chance, village == self.story.village)
        if ago is not None and since < self.today - ago * DAY:
            yield self._row(worker, village, self.today - ago * DAY, "no_change")
        if 0.3 < chance < 0.38 and since < self.month:
            for _time in range(self.rng.randint(1, 2)):
                outcome = "wrong_number" if self.rng.random() < 0.25 else "no_answer"
                yield self._row(worker, village, self._this_month(), outcome)

    def _ago(self, chance, is_told) -> int | None:
        """Days since the last success: in this month, within three, longer ago, never."""
        if chance < 0.3:
            return (self.today - self._this_month()).days
        if chance < 0.88 or is_told:
            return self.rng.randint(self.today.day + 6, 88)
        return self.rng.randint(95, 210) if chance < 0.97 else None

    def _this_month(self) -> date:
        return self.month + self.rng.randrange(self.today.day) * DAY

    def _followed(self, worker, village, ended_on):
        """Half of those who came home lately were asked what they need."""
        on = ended_on + self.rng.randint(2, 20) * DAY
        if on > self.today or self.rng.random() < 0.4:
            return
        call_on = on + self.rng.randint(7, 40) * DAY if self.rng.random() < 0.5 else None
        yield self._row(worker, village, on, "at_home", self.rng.choice(NEEDS), call_on)

    def _row(self, worker, village, on, outcome, needs=(), call_on=None) -> tuple:
        officer = self.officer_of(village)
        how, who = self.rng.choice(HOW), self.rng.choice(ANSWERED)
        return village, worker, on, how, who, outcome, officer.pk, list(needs), call_on

    def _is_deserted(self, village, _worker, on) -> bool:
        """Nobody asks after the village lost its officer."""
        return village == self.story.deserted and on >= self.story.deserted_on
