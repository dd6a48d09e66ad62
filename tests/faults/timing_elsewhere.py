"""Whether the time of an answer tells that a number is registered: .venv/bin/python -m tests.faults.timing_elsewhere [--quick]

AC-07: an answer about a number that is registered elsewhere takes as long as one about nobody's, within twenty milliseconds at
the median of 200 each. A village officer enters somebody, sends the same form without a name, and searches (?q=), with a number
of another township, of the village next door, of another county, and of nobody; a station's officer searches. The asks take
turns, each time in another order.

Held against each other is what says the same in words. Whoever enters a number of the own county is told that it is registered
(docs/security.md), and nothing is recorded: those two are held against each other, and another county's against nobody's. How
much longer the page with that sentence takes than the recording is told, and tells nothing that the sentence does not.

Works on a copy of the demo that is configured, with a real server, and throws it away. `--quick` asks 40 times each.
"""

import random
import sys
from statistics import median

from bench import server, sheets

TIMES, QUICK_TIMES = 200, 40
APART = 0.020
ABROAD = "630122"
NOBODY = "nobody's"
KINDS = ["another township's", "next door's", "another county's", NOBODY]
ALIKE = [KINDS]
REFUSED_OR_RECORDED = [KINDS[:2], KINDS[2:]]


def main():
    times = QUICK_TIMES if "--quick" in sys.argv else TIMES
    with server.copied():
        numbers = _Numbers(times)
        with server.serving() as running:
            village, station = (running.port, numbers.village_session), (running.port, numbers.station_session)
            told = [
                ("entered by a village", REFUSED_OR_RECORDED, _asked(numbers, lambda number: _enter(*village, number))),
                ("without a name", ALIKE, _asked(numbers, lambda number: _enter(*village, number, name=""))),
                ("searched by a village", ALIKE, _asked(numbers, lambda number: _search(*village, number))),
                ("searched by a station", ALIKE, _asked(numbers, lambda number: _search(*station, number))),
            ]
    findings = server.Findings()
    for what, groups, answers in told:
        _tell(findings, what, groups, answers)
    findings.leave()


class _Numbers:
    """ID numbers of each kind, no two alike, and the sessions of who asks."""

    def __init__(self, times):
        from officers.models import Officer

        self.times = times
        self.village_session, village = server.officers()[0]
        station = Officer.objects.filter(role="township", is_active=True, postings__place_code=village[:9]).first()
        self.station_session = server.session_of(station)
        unused = _unused()
        self.of = {
            "another township's": _registered(times, within=village[:6], without=village[:9]),
            "next door's": _registered(times, within=village[:9], without=village),
            "another county's": _registered_abroad([next(unused) for _time in range(times + 1)]),
            # Whoever enters one registers it: the searches get those that are left.
            NOBODY: unused,
        }

    def next(self, kind, time):
        return next(self.of[NOBODY]) if kind == NOBODY else self.of[kind][time % len(self.of[kind])]


def _registered(times, *, within, without) -> list[str]:
    """Of people of the one area and not of the other."""
    from workers.models import Worker

    rows = Worker.objects.filter(village__code__startswith=within, id_cipher__isnull=False, voided_at=None)
    rows = rows.exclude(village__code__startswith=without)
    found = [worker.id_number for worker in rows.order_by("pk")[:times]]
    if not found:
        raise SystemExit("There is nobody elsewhere in this demo.")
    return found


def _unused():
    """Numbers that nobody has, without end."""
    from laborreg import crypto
    from workers.models import Worker

    for order in range(100_000):
        number = sheets.id_number(order, man=False)
        if not Worker.objects.filter(id_index=crypto.index(number)).exists():
            yield number


def _registered_abroad(numbers) -> list[str]:
    from officers.models import Officer
    from villages.models import County, CountySettings, Posting, Township, Village
    from workers import actions

    county = County.objects.create(code=ABROAD, name="湟中区", name_latin="Huangzhong")
    CountySettings.objects.create(county=county)
    township = Township.objects.create(code=f"{ABROAD}100", county=county, name="鲁沙尔镇")
    village = Village.objects.create(code=f"{ABROAD}100200", township=township, name="上村村委会", files_from="2000-01")
    officer = Officer.objects.create(username="abroad", name="Abroad", role="county")
    Posting.objects.create(officer=officer, place_code=ABROAD, county=county, from_on="2020-01-01")
    for number in numbers:
        actions.register(by=officer, village=village.pk, name=server.mark()[:8], id_number=number, consent="in_person")
    return numbers


def _enter(port, session, number, name=None):
    typed = {"name": server.mark()[:8] if name is None else name, "consent": "in_person", "id_number": number}
    return server.post(port, session, "/people/new/", typed)


def _search(port, session, number):
    return server.look(port, session, f"/people/?q={number}")


def _asked(numbers, ask) -> dict[str, list]:
    """Answers by kind of number; a first one of each only warms the server."""
    answers = {kind: [] for kind in KINDS}
    for time in range(numbers.times + 1):
        for kind in random.sample(KINDS, len(KINDS)):
            answers[kind].append(ask(numbers.next(kind, time)))
    return {kind: told[1:] for kind, told in answers.items()}


def _tell(findings, what, groups, answers):
    medians = {kind: median(answer.seconds for answer in told) for kind, told in answers.items()}
    apart = max(max(medians[kind] for kind in group) - min(medians[kind] for kind in group) for group in groups)
    alike = all(len({answer.status for kind in group for answer in answers[kind]}) == 1 for group in groups)
    answered = {answer.status for told in answers.values() for answer in told} <= {200, 302}
    figures = ", ".join(f"{kind} {seconds * 1000:.1f}" for kind, seconds in medians.items())
    figure = f"{what}: {figures} ms; at most {apart * 1000:.1f} ms apart where the words are the same, n={len(answers[NOBODY])}"
    findings.say("AC-07", figure, apart < APART and alike and answered)


if __name__ == "__main__":
    main()
