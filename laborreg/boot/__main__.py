"""./run: makes what is missing, step by step, with the port open from the first moment; then serves until stopped."""

import argparse
import errno
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from laborreg.boot import environment, page, processes, steps
from laborreg.boot.steps import Refused
from laborreg.boot.words import say

HOUR = 3600
FAILURE_SHOWN_SECONDS = 20
START_AGAIN = "Start again: what is there already is kept."
MEND = "Mend what the last lines say and start again."
DISK = ("See that the disk has room and that the data folder can be written, then start again. "
        "What is there already is kept.")


class Step(NamedTuple):
    title: str
    take: Callable
    advice: str


BEFORE = [
    Step("Python environment", steps.make_environment,
         "Python's venv module is missing or the disk is full. On Debian and Ubuntu: apt install python3-venv. "
         "Then start again."),
    Step("Packages", steps.install_packages,
         "If this machine has no way to the internet: on one that has, with the same Python, run "
         "“pip download -r requirements.txt -d wheels”, copy the folder wheels next to ./run and start again."),
    Step("Database", steps.make_database, DISK),
]
DEMO = [Step("Demo county: everybody in it is invented", steps.invent_demo, DISK)]
EMPTY = [
    Step("Places of the county", steps.load_places, MEND),
    Step("First administrator", steps.issue_first_account, MEND),
]
AFTER = [
    Step("Styles and icons", steps.collect_static, DISK),
    Step("Months", steps.open_month, START_AGAIN),
    Step("Server", steps.start_server, START_AGAIN),
]


def main():
    options = read_options()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        return run(options)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 2
    except Stopped:
        print(say("Stopped."))
        return 0
    finally:
        processes.stop_all()


class Stopped(BaseException):
    """Ctrl-C, or a polite signal to end."""


def _stop(number, frame):
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise Stopped


def read_options():
    parser = argparse.ArgumentParser(
        prog="./run", description="Starts the labor transfer registry on http://127.0.0.1:8000.",
        epilog="PORT=8001 takes another port. LABORREG_DATA=/path keeps the data elsewhere than in var/. "
               "DATABASE_URL=postgres://… uses PostgreSQL. LABORREG_TODAY=2026-11-04 pins the day.")
    parser.add_argument("--empty", action="store_true", help="begin a real installation: no demo")
    parser.add_argument("--places", metavar="FILE", help="with --empty: the county's places, a CSV file")
    parser.add_argument("--county", metavar="CODE", help="with --empty: the county of the first administrator")
    parser.add_argument("--admin", metavar="USERNAME", help="with --empty: account of the first administrator")
    parser.add_argument("--name", help="with --empty: name of the first administrator")
    return parser.parse_args()


def run(options):
    began = time.monotonic()
    steps.look_at(options)
    listener = open_port(os.environ.get("PORT") or "8000")
    address = "http://127.0.0.1:{}/".format(listener.getsockname()[1])
    todo = [*BEFORE, *(EMPTY if options.empty else DEMO), *AFTER]
    progress = page.Progress([step.title for step in todo])
    shown = page.show(progress, listener)
    print(say("Open {address} to watch.", address=address), flush=True)
    office = steps.Office(options, progress.tell, listener)
    if not take(todo, progress, office, began):
        return show_failure(address)
    shown.shutdown()
    listener.close()
    print(say("Ready after {seconds} s: {address}   (Ctrl-C stops it)", address=address,
              seconds=round(time.monotonic() - began)), flush=True)
    threading.Thread(target=look_for_new_months, args=[office], daemon=True).start()
    office.server.wait()
    print(say("The server stopped by itself; its last words stand above."), file=sys.stderr)
    return 1


def open_port(port):
    if not (port.isdecimal() and 1 <= int(port) <= 65535):
        raise Refused(say("PORT must be a number from 1 to 65535, not “{port}”.", port=port))
    try:
        return page.listen(int(port))
    except PermissionError:
        raise Refused(say("This process may not open port {port}. Choose one from 1024 on: PORT=8000 ./run",
                          port=port)) from None
    except OSError as wrong:
        if wrong.errno != errno.EADDRINUSE:
            raise
        raise Refused(say("Port {port} is in use, perhaps by the registry in another window. "
                          "Choose another: PORT={other} ./run", port=port, other=int(port) % 65535 + 1)) from None


def take(todo, progress, office, began) -> bool:
    """Take the steps in turn; False where one failed, which page and terminal then tell."""
    for step in todo:
        progress.begin(step.title)
        print(f"{time.monotonic() - began:6.1f} s  {say(step.title)}", flush=True)
        try:
            step.take(office)
        except processes.Failed as failed:
            progress.fail(step.advice, [f"$ {failed}", *failed.tail])
            print("\n".join([*progress.tail, "", say("This step failed:") + " " + say(step.title),
                             say(step.advice)]), file=sys.stderr, flush=True)
            return False
    return True


def show_failure(address):
    """Leave the page up for whoever watches the browser: in a terminal until Ctrl-C, else for a short while."""
    if sys.stdin.isatty():
        print(say("The page {address} shows this too. Ctrl-C ends it.", address=address), file=sys.stderr)
        signal.pause()
    time.sleep(FAILURE_SHOWN_SECONDS)
    return 1


def look_for_new_months(office):
    while True:
        time.sleep(HOUR)
        try:
            steps.open_month(office)
        except processes.Failed as failed:
            print("\n".join([say("The hourly look for a new month failed:"), *failed.tail]), file=sys.stderr)


if __name__ == "__main__":
    # Unusable environments (a folder that cannot be written) are told in a sentence as well.
    try:
        sys.exit(main())
    except OSError as wrong:
        sys.exit(f"{wrong.strerror}: {wrong.filename or environment.ROOT}")
