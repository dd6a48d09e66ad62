"""RE-04: the disk of the data folder is full while officers save and send sheets, then it has room again.

    .venv/bin/python -m tests.faults.disk_full [--quick]

The data folder lies on a file system in memory, 64 MB larger than what is copied to it, mounted in a name space of its own
(root, or a kernel that lets users have one); then a file fills it to the last byte. Expected: each save is recorded, or
answered 409 or 503 with a sentence and no inside of the program; pages still open; once there is room officers save again,
without a restart; all that was answered with 302 is there, and the database is whole. SQLite only: where PostgreSQL
writes is not this program's.
"""

import errno
import os
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import server, sheets

INSIDE = "LABORREG_IN_NAME_SPACE"
ROOM = 64 * 2**20
# Journals have room for some saves more; so many are sent at most before, and so many are refused then.
AT_MOST, REFUSED, QUICK_REFUSED = 1_000, 100, 10
# A 500 tells nobody what to do.
IN_WORDS = (409, 503)
FULL = ("disk is full", "磁盘已满")
RECOVER_GOAL = 10


def main():
    _in_a_name_space()
    wanted = QUICK_REFUSED if "--quick" in sys.argv else REFUSED
    with _small_disk() as folder, server.copied(folder):
        trial = Trial(server.officers(), folder)
        with server.serving() as running:
            trial.save(running.port, 3)
            filler = folder / "filler"
            _fill(filler)
            trial.save(running.port, AT_MOST, until_refused=wanted)
            trial.send_sheet(running.port)
            pages = trial.look(running.port)
            filler.unlink()
            recovered = trial.seconds_to_save(running.port)
            trial.save(running.port, 3)
        recorded, halves, whole = server.recorded(trial.notes), server.halves(trial.sent), server.is_whole()
    print(f"answers: {dict(trial.answers)}; the sheet: {trial.sheet}; pages while it was full: {dict(pages)}")
    print(f"{len(trial.notes)} saves answered, {len(recorded)} in the ledger, half-written {len(halves)}, whole: {whole}")
    findings = server.Findings()
    in_words = trial.is_in_words and all(status in (302, *IN_WORDS) for status in trial.answers)
    # A form that could not be done is shown again with its words.
    in_words = in_words and trial.sheet in (200, *IN_WORDS) and not list(folder.glob("sheets/*"))
    is_kept = len(recorded) == len(trial.notes) and not halves and whole
    findings.say(
        "RE-04", f"{trial.refused} saves refused{'' if in_words else ', NOT in words'}, saves again after {recovered:.1f} s",
        trial.refused and in_words and is_kept and set(pages) == {200} and recovered <= RECOVER_GOAL,
    )
    findings.leave()


def _in_a_name_space():
    if os.environ.get(INSIDE):
        return
    as_root = [] if os.geteuid() == 0 else ["--map-root-user"]
    command = ["unshare", "--mount", *as_root, sys.executable, "-m", "tests.faults.disk_full", *sys.argv[1:]]
    sys.exit(subprocess.run(command, env=os.environ | {INSIDE: "yes"}).returncode)


@contextmanager
def _small_disk():
    data = Path(os.environ.get("LABORREG_DATA", "var"))
    size = sum(file.stat().st_size for file in data.glob("registry.sqlite3*")) + ROOM
    with TemporaryDirectory() as folder:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=True)
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


def _fill(path):
    """To the last byte: smaller and smaller pieces until none goes in."""
    with path.open("wb", buffering=0) as file:
        for size in (2**20, 2**12, 1):
            try:
                while True:
                    file.write(b"\1" * size)
            except OSError as full:
                if full.errno != errno.ENOSPC:
                    raise


class Trial:
    def __init__(self, officers, folder):
        self.officers, self.folder, self.sheet = officers, folder, 0
        self.notes, self.sent, self.answers, self.is_in_words = [], [], Counter(), True

    @property
    def refused(self) -> int:
        return self.answers.total() - self.answers[302]

    def save(self, port, times, until_refused=None):
        for number in range(times):
            if self.refused == until_refused:
                return
            self._save(port, number)

    def _save(self, port, number) -> int:
        note = server.mark()
        answer = server.save(port, *self.officers[number % len(self.officers)], note)
        self.answers[answer.status] += 1
        self.sent.append(note)
        if answer.status == 302:
            self.notes.append(note)
        else:
            self._judge(answer)
        return answer.status

    def _judge(self, answer):
        text = answer.body.decode(errors="replace")
        is_page = "</main>" in text and "Traceback" not in text and "sqlite" not in text.lower()
        self.is_in_words = self.is_in_words and is_page

    def send_sheet(self, port):
        """As the page sends it; written outside, where there is room."""
        with TemporaryDirectory(dir="/dev/shm") as folder:
            path = Path(folder) / "sheet.xlsx"
            sheets.write(path, 2_000, [("桥头镇", "向阳堡")])
            content = path.read_bytes()
        answer = server.send_file(port, self.officers[0][0], "/people/sheets/new/",
            {"kind": "ledger", "place": self.officers[0][1]}, "file", content)
        self.sheet = answer.status
        self._judge(answer)
        self.is_in_words = self.is_in_words and any(word in answer.body.decode() for word in FULL)

    def look(self, port) -> Counter:
        session, village = self.officers[0]
        return Counter(server.look(port, session, page).status for page in server.pages("village", village))

    def seconds_to_save(self, port) -> float:
        begun = time.monotonic()
        while self._save(port, 1) != 302 and time.monotonic() - begun < 60:
            time.sleep(0.1)
        return time.monotonic() - begun


if __name__ == "__main__":
    main()
