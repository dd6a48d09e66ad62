"""Pages and saves of an office while a large sheet comes in: .venv/bin/python -m bench.beside [ROWS]

On a copy of the demo that is configured, as bench.rush has it, with a real server. A workbook of ROWS new people (20,000;
a full county brings 210,000) is taken in by `manage.py import_sheet`, the wizard's road, in processes of its own, while
officers look at pages without a pause and one saves an unnamed group every second. What counts: every answer is there,
and how much longer than before the import it takes, while the file is read and while it is written.
"""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import rush, sheets

READERS, ALONE = 2, 20
# Goals of reads, in seconds.
SLOWEST = 1.0
PAGES = {
    "village": ["/", "/people/", "/people/visits/", "/returns/{village}/{month}/", "/groups/"],
    "county": ["/totals/{county}/{month}/", "/people/", "/queue/{month}/", "/people/sheets/"],
}


def main(rows=20_000):
    with TemporaryDirectory() as folder, rush._copied(Path(folder)):
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "laborreg.settings")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("collectstatic", interactive=False, verbosity=0)
        path = Path(folder) / "roster.xlsx"
        sheets.write(path, rows, places())
        office = Office(rush._free_port())
        try:
            rush._wait_for(office.port)
            office.keep_busy("alone", lambda: time.sleep(ALONE))
            took = office.keep_busy("read", lambda: bring_in(path, office))
        finally:
            office.end()
        print(f"{rows} people taken in within {took:.0f} s")
        sys.exit(not office.tell())


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

    def __init__(self, port):
        self.port, self.phase, self.failed = port, "", 0
        self.times: dict[tuple[str, str], list[float]] = {}
        self.village = rush._officers()[0]
        self.sessions = {"village": self.village[0], "county": county_session()}
        code = self.village[1]
        where = {"village": code, "county": code[:6], "month": newest_month(code)}
        self.pages = {role: [page.format(**where) for page in pages] for role, pages in PAGES.items()}
        self.server = rush._serve(port)

    def keep_busy(self, phase, work) -> float:
        """Seconds that the work took, with officers at their pages."""
        self.phase, done = phase, threading.Event()
        readers = [threading.Thread(target=self._look, args=[role, done]) for role in [*PAGES] * (READERS // 2)]
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
        headers = {"Cookie": f"sessionid={self.sessions[role]}"}
        while not done.is_set():
            for page in self.pages[role]:
                self._time("reads", 200, lambda page=page: rush._ask(self.port, "GET", page, headers=headers).status)
                time.sleep(0.1)

    def _save(self, done):
        while not done.wait(1):
            self._time("saves", 302, lambda: rush._send(self.port, *self.village))

    def _time(self, kind, expected, ask):
        phase, begun = self.phase, time.monotonic()
        self.failed += ask() != expected
        self.times.setdefault((phase, kind), []).append(time.monotonic() - begun)

    def end(self):
        self.server.terminate()
        self.server.wait()

    def tell(self) -> bool:
        for (phase, kind), times in sorted(self.times.items()):
            times.sort()
            late, longest = times[int(len(times) * 0.95)], times[-1]
            print(f"{phase}, {len(times)} {kind}: 95 of 100 within {late:.2f} s, the longest {longest:.2f} s")
        reads = [sorted(times) for (_phase, kind), times in self.times.items() if kind == "reads"]
        is_quick = all(times[int(len(times) * 0.95)] <= SLOWEST for times in reads)
        print(f"reads within {SLOWEST:.0f} s: {sheets.verdict(is_quick)}; answers that failed: {self.failed}")
        return is_quick and not self.failed


def newest_month(village):
    from reports.models import MonthlyReturn

    return max(MonthlyReturn.objects.filter(village=village).values_list("month", flat=True))


def county_session() -> str:
    from officers.models import Officer

    return rush._session_of(Officer.objects.get(username="zhao"))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
