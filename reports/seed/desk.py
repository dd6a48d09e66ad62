"""What lies on the desks of the demo: more time for one village, a township reported up with its signed paper, a move asked for.

All of it away from the story's village, whose figures and tasks stay as the guide tells them; a chance of its own.
"""

import random
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from reports import extending, reporting, scans
from reports.models import APPROVED, LOCKED, SENT_BACK, MonthlyReturn
from workers import actions, standing
from workers.models import Worker

DAY = timedelta(days=1)
DONE = {APPROVED, LOCKED}
# Nobody whose household needs them for its head.
WHO_MARRIES = ["daughter", "granddaughter"]


class Desk:
    def __init__(self, seed: int, county, office, story, today):
        self.rng, self.county, self.office, self.story, self.today = random.Random(seed), county, office, story, today
        self.states: dict[str, set[str]] = {}
        for code, state in self._returns().order_by("village_id").values_list("village_id", "state"):
            self.states.setdefault(code[:9], set()).add(state)

    def lay(self):
        """Each where the demo has room for it: a tiny one may not."""
        self._give_more_time()
        self._report_up()
        self._ask_for_a_move()

    def _returns(self):
        return MonthlyReturn.objects.filter(county=self.county, month=self.story.last)

    def _elsewhere(self, wanted) -> list:
        """Townships besides the story's whose returns are in wanted states only."""
        codes = [code for code, states in self.states.items() if states <= wanted and code != self.story.township]
        return list(self.county.townships.filter(code__in=codes).order_by("code"))

    def _give_more_time(self):
        back = self._returns().filter(state=SENT_BACK).order_by("village_id").values_list("village_id", flat=True)
        if code := next((code for code in back if not code.startswith(self.story.township)), None):
            extending.extend(
                self.county, self.story.last, by=self.office.officers["zhao"], area_code=code,
                due_on=self.today + 5 * DAY, closes_on=self.today + 6 * DAY, reason="大雪封路,入户核实要推迟几天。",
            )

    def _report_up(self):
        if not (done := self._elsewhere(DONE)):
            return
        township = done[0]
        head = self.office.of(township.code)
        reporting.report_up(
            township, self.story.last, by=head, head_name=head.name, missing={},
            seen=reporting.fingerprint(township, self.story.last),
        )
        paper = SimpleUploadedFile("paper.pdf", pdf("Demo: here would be the paper with signature and seal."))
        scans.attach(township, self.story.last, by=head, file=paper)

    def _ask_for_a_move(self):
        """Between two villages of the story's township, so that its station can answer."""
        told = {self.story.village, self.story.deserted}
        villages = self._returns().under(self.story.township).exclude(village_id__in=told)
        codes = sorted(villages.values_list("village_id", flat=True))
        people = Worker.objects.valid().filter(village_id__in=codes, sex="female", relation__in=WHO_MARRIES)
        free = list(standing.at_home(people, self.today).order_by("pk"))
        if free and len(codes) > 1:
            bride = self.rng.choice(free)
            to = self.rng.choice([code for code in codes if code != bride.village_id])
            actions.ask_to_let_go(
                bride, by=self.office.of(bride.village_id), to_village=to, on=self.today.replace(day=1), reason="marriage",
            )


def pdf(text: str) -> bytes:
    """One page with one line in it, of letters that need no font of their own."""
    line = f"BT /F1 14 Tf 60 760 Td ({text}) Tj ET"
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        " /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        f"<< /Length {len(line)} >>\nstream\n{line}\nendstream",
    ]
    body, places = "%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{part}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    head = f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{table}"
    trailer = f"trailer << /Size {len(parts) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return (body + head + trailer).encode("ascii")
