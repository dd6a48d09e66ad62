"""WF-01: fifty officers answer one return at one instant, half of them approve, half send back; for 200 returns.

    .venv/bin/python -m tests.faults.approvals_at_once [--quick] [--returns N]

On the database that is configured, through the pages of a real server. Expected of each return: one outcome, one line in
the trail, and that line says what the return says.
"""

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from bench import server

RETURNS, QUICK_RETURNS, AT_ONCE = 200, 10, 50
VERBS = {"approved": "approved", "sent_back": "sent back"}


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("--quick", action="store_true")
    asked.add_argument("--returns", type=int)
    asked = asked.parse_args()
    wanted = asked.returns or (QUICK_RETURNS if asked.quick else RETURNS)
    with server.copied():
        waiting = _waiting(wanted)
        with server.serving() as running, ThreadPoolExecutor(AT_ONCE) as pool:
            outcomes = [_race(pool, running.port, *each) for each in waiting]
        kind = "SQLite" if server.is_sqlite() else "PostgreSQL"
    for wrong in filter(None, (said for _outcome, said in outcomes)):
        print(wrong, file=sys.stderr)
    right = sum(not said for _outcome, said in outcomes)
    approved = sum(outcome == "approved" for outcome, _said in outcomes)
    print(f"{approved} approved, {len(outcomes) - approved} sent back")
    findings = server.Findings()
    findings.say("WF-01", f"{right} of {len(outcomes)} returns with one outcome and one line, on {kind}",
                 right == len(outcomes) == wanted)
    findings.leave()


def _waiting(wanted) -> list[tuple]:
    """(return, session of its station), each as it was when it had just been submitted."""
    from officers import demo
    from reports.models import MonthlyReturn, ReturnVersion
    from villages.models import Posting

    demo.begin()
    stations = {
        posting.place_code: server.session_of(posting.officer)
        for posting in Posting.objects.on_today().filter(officer__role="township").select_related("officer")
    }
    rows = MonthlyReturn.objects.filter(newest__isnull=False, state__in=["submitted", "approved"])
    newest = max(rows.values_list("month", flat=True))
    rows = rows.filter(month=newest)
    found = [ret for ret in rows.order_by("village_id") if ret.village_id[:9] in stations][:wanted]
    numbers = [ret.pk for ret in found]
    MonthlyReturn.objects.filter(pk__in=numbers).update(state="submitted")
    ReturnVersion.objects.filter(ret__in=numbers).update(approved_by=None, approved_at=None)
    MonthlyReturn.objects.filter(
        village__in=[ret.village_id for ret in found], month=newest.previous, state="submitted"
    ).update(state="approved")
    return [(ret, stations[ret.village_id[:9]]) for ret in found]


def _race(pool, port, ret, session) -> tuple[str, str]:
    """The state in which the return ended, and what is wrong with that, or nothing."""
    lines = _lines(ret).count()
    gate = Barrier(AT_ONCE)

    def answer(number):
        gate.wait()
        path = f"/returns/{ret.village_id}/{ret.month}/{'approve' if number % 2 else 'send-back'}/"
        typed = {"version": ret.newest.number, "reason": "数字与花名册不符"}
        return server.post(port, session, path, typed).status

    statuses = sorted(pool.map(answer, range(AT_ONCE)))
    written = list(_lines(ret).order_by("number").values_list("verb", flat=True))[lines:]
    ret.refresh_from_db()
    is_right = ret.state in VERBS and written == [VERBS[ret.state]] and set(statuses) <= {200, 302}
    return ret.state, "" if is_right else f"{ret.village_id} {ret.month}: {ret.state}, {written}, {sorted(set(statuses))}"


def _lines(ret):
    from officers.models import AuditEvent

    return AuditEvent.objects.filter(subject_kind="monthlyreturn", subject_id=str(ret.pk))


if __name__ == "__main__":
    main()
