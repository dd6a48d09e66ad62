"""./run: makes what is missing, step by step, with the port open from the first moment; then serves."""

import argparse
import errno
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import NamedTuple

from laborreg.boot import environment, page, processes, steps
from laborreg.boot.steps import Refused
from laborreg.boot.words import say

HOUR = 3600
FAILURE_SHOWN_SECONDS = 20


class Step(NamedTuple):
    """Title and advice are names of sentences in words.py."""

    title: str
    take: Callable
    advice: str


BEFORE = [
    Step("environment", steps.make_environment, "get venv"),
    Step("packages", steps.install_packages, "bring wheels"),
    Step("database", steps.make_database, "see the disk"),
]
DEMO = [Step("demo", steps.invent_demo, "see the disk")]
EMPTY = [
    Step("places", steps.load_places, "mend"),
    Step("first account", steps.issue_first_account, "mend"),
]
AFTER = [
    Step("static", steps.collect_static, "see the disk"),
    Step("months", steps.open_month, "start again"),
    Step("server", steps.start_server, "start again"),
]
# What is said where one of them fails.
HOURLY = [("no month", steps.open_month), ("nothing thrown away", steps.throw_away)]
DAILY = [
    ("no doubts found", steps.find_doubts), ("nobody erased", steps.retain),
    ("no look at the trail", steps.watch_audit), ("trail not verified", steps.verify_audit),
]
ENDINGS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


class Stopped(BaseException):
    """Ctrl-C, or another polite wish that this should end."""


def main():
    options = read_options()
    for number in ENDINGS:
        signal.signal(number, _stop)
    try:
        return run(options)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 2
    except Stopped:
        print(say("stopped"))
        return 0
    finally:
        processes.stop_all()


def _stop(number, frame):
    for ending in ENDINGS:
        signal.signal(ending, signal.SIG_IGN)
    raise Stopped


def read_options():
    parser = argparse.ArgumentParser(
        prog="./run",
        description="Starts the labor transfer registry on http://127.0.0.1:8000.",
        epilog="PORT=8001 takes another port. LABORREG_DATA=/path keeps the data elsewhere than in var/. "
               "DATABASE_URL=postgres://… uses PostgreSQL. LABORREG_TODAY=2026-11-04 pins the day.",
    )
    parser.add_argument("--empty", action="store_true", help="begin a real installation: no demo")
    parser.add_argument("--places", metavar="FILE", help="with --empty: the county's places, a CSV file")
    parser.add_argument("--county", metavar="CODE", help="with --empty: the first administrator's county")
    parser.add_argument("--admin", metavar="USERNAME", help="with --empty: the first administrator's account")
    parser.add_argument("--name", help="with --empty: the first administrator's name")
    return parser.parse_args()


def run(options):
    began = time.monotonic()
    steps.look_at(options)
    listener = open_port(os.environ.get("PORT") or "8000")
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    progress = page.Progress([step.title for step in [*BEFORE, *AFTER]])
    shown = page.show(progress, listener)
    print(say("watch", address=address), flush=True)
    office = steps.Office(options, progress.tell, listener)
    if not (take(BEFORE, progress, office, began) and take(remaining(progress, office), progress, office, began)):
        return show_failure(address)
    shown.shutdown()
    listener.close()
    print(say("ready", address=address, seconds=round(time.monotonic() - began)), flush=True)
    processes.keep_running(steps.start_worker)
    threading.Thread(target=look_every_hour, args=[office], daemon=True).start()
    office.server.wait()
    print(say("server ended"), file=sys.stderr)
    return 1


def open_port(port):
    if not (port.isdecimal() and 1 <= int(port) <= 65535):
        raise Refused(say("port is no number", port=port))
    try:
        return page.listen(int(port))
    except PermissionError:
        raise Refused(say("port not allowed", port=port)) from None
    except OSError as wrong:
        if wrong.errno != errno.EADDRINUSE:
            raise
        raise Refused(say("port in use", port=port, other=int(port) % 65535 + 1)) from None


def remaining(progress, office) -> list[Step]:
    """What follows once it is known whether the database is a new one."""
    first = [] if office.holds != "new" else EMPTY if office.options.empty else DEMO
    progress.insert([step.title for step in first])
    return [*first, *AFTER]


def take(todo, progress, office, began) -> bool:
    """Take the steps in turn; False where one failed, which page and terminal then tell."""
    for step in todo:
        progress.begin(step.title)
        print(f"{time.monotonic() - began:6.1f} s  {say(step.title)}", flush=True)
        try:
            step.take(office)
        except processes.Failed as failed:
            progress.fail(step.advice, [f"$ {failed}", *failed.tail])
            told = [*progress.tail, "", f"{say('step failed')} {say(step.title)}", say(step.advice)]
            print("\n".join(told), file=sys.stderr, flush=True)
            return False
    return True


def show_failure(address):
    """Leave the page up for whoever watches it: in a terminal until Ctrl-C, else for a short while."""
    if steps.has_terminal():
        print(say("failure stays", address=address), file=sys.stderr)
        signal.pause()
    time.sleep(FAILURE_SHOWN_SECONDS)
    return 1


def look_every_hour(office):
    """The first time at once: until then the page of the server's health knows of nothing that was done."""
    with suppress(processes.Ending):
        for hour in count():
            look(office, HOURLY + DAILY if hour % 24 == 0 else HOURLY)
            time.sleep(HOUR)


def look(office, looks):
    for words, step in looks:
        try:
            step(office)
        except processes.Failed as failed:
            print("\n".join([say(words), *failed.tail]), file=sys.stderr)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except OSError as wrong:  # such as a folder that cannot be written
        sys.exit(f"{wrong.strerror}: {wrong.filename or environment.ROOT}")
