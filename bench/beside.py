"""Pages and saves of an office while a large sheet comes in: .venv/bin/python -m bench.beside [ROWS [FILES]]

On a copy of the demo that is configured, with a real server. A workbook of ROWS new people (20,000; a full county brings
210,000), or as many in FILES one after the other, is taken in by `manage.py import_sheet`, the wizard's road, in a process of
its own, while officers look at pages without a pause and one saves an unnamed group every second. What counts: every answer
is there, and how much longer than before the import it takes, while the file is read and while it is written.
"""

import resource
import subprocess
import sys
import threading
import time

from bench import server, sheets

READERS, ALONE = 2, 20
# Goals: seconds of a read, minutes of a county's import, megabytes of its processes.
SLOWEST, MINUTES, MEGABYTES = 1.0, 10, 500
COUNTY_ROWS = 210_000


def main(rows=20_000, files=1):
    with server.copied() as folder:
        paths = [folder / f"roster{n}.xlsx" for n in range(files)]
        each = rows // files // 3 * 3  # whole households
        for n, path in enumerate(paths):
            sheets.write(path, each, places(), first=n * each)
        office = Office()
        try:
            office.server.wait()
            office.keep_busy("alone", lambda: time.sleep(ALONE))
            took = office.keep_busy("read", lambda: [bring_in(path, office) for path in paths])
            held = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        finally:
            office.server.end()
        slowest = office.tell()
        findings = server.Findings()
        figure = f"{each} people in each of {files}, {took:.0f} s, at most {held:.0f} MB a process; pages p95 {slowest:.2f} s"
        most = MINUTES * 60 * max(1, rows / COUNTY_ROWS)
        findings.say("IM-10", f"{figure}; {office.failed} answers failed",
                     took <= most and held <= MEGABYTES and slowest <= SLOWEST and not office.failed)
    findings.leave()


def places() -> list[tuple[str, str]]:
    from villages.models import Village

    return [(village.township.name, village.short_name) for village in Village.objects.select_related("township")]


def bring_in(path, office):
    """Until it is in the ledger; meanwhile it is told whether it is being read or written."""
    from workers.models import Batch

    command = [sys.executable, "manage.py", "import_sheet", "ledger", str(path), "--as", "zhao"]
    work = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while work.poll() is None:
        state = Batch.objects.filter(file_name=path.name).values_list("state", flat=True).first()
        office.phase = "written" if state in ("staged", "committing") else "read"
        time.sleep(0.2)
    if work.returncode:
        raise SystemExit("The sheet was not taken in.")


class Office:
    """A server, officers who look at pages, and one who saves; how long each answer took, by phase and kind."""

    def __init__(self):
        self.phase, self.failed = "", 0
        self.times: dict[tuple[str, str], list[float]] = {}
        self.village = server.officers()[0]
        self.sessions = {"village": self.village[0], "county": server.county_session()}
        self.pages = {role: server.pages(role, self.village[1]) for role in server.PAGES}
        self.server = server.Server()

    def keep_busy(self, phase, work) -> float:
        """Seconds that the work took, with officers at their pages."""
        self.phase, done = phase, threading.Event()
        readers = [threading.Thread(target=self._look, args=[role, done]) for role in [*server.PAGES] * (READERS // 2)]
        everybody = [*readers, threading.Thread(target=self._save, args=[done])]
        begun = time.monotonic()
        for each in everybody:
            each.start()
        try:
            work()
        finally:
            done.set()
            for each in everybody:
                each.join()
        return time.monotonic() - begun

    def _look(self, role, done):
        while not done.is_set():
            for page in self.pages[role]:
                self._note("reads", 200, server.look(self.server.port, self.sessions[role], page))
                time.sleep(0.1)

    def _save(self, done):
        while not done.wait(1):
            self._note("saves", 302, server.save(self.server.port, *self.village))

    def _note(self, kind, expected, answer):
        self.failed += answer.status != expected
        self.times.setdefault((self.phase, kind), []).append(answer.seconds)

    def tell(self) -> float:
        """The 95th of a hundred reads, in the phase in which it is latest."""
        for (phase, kind), times in sorted(self.times.items()):
            late = server.percentile(times, 95)
            print(f"{phase}, {len(times)} {kind}: 95 of 100 within {late:.2f} s, the longest {max(times):.2f} s")
        return max(server.percentile(times, 95) for (_phase, kind), times in self.times.items() if kind == "reads")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
