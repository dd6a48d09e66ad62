"""The steps of ./run, each of which leaves alone what is there already."""

import csv
import os
import subprocess
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from socket import socket

from laborreg.boot import environment, processes
from laborreg.boot.words import say

REQUIREMENTS = "requirements.txt"
EXAMPLE_PLACES = "villages/data/areas-630121-datong.csv"


class Refused(Exception):
    """What was asked for cannot be begun; the sentence says why."""


@dataclass
class Office:
    """What the steps hand on to each other."""

    options: object
    tell: object
    listener: socket
    holds: str = ""
    server: subprocess.Popen | None = None


def look_at(options):
    """Refuse options that do not go together, before anything is made."""
    given = [options.places, options.county, options.admin, options.name]
    if any(given) and not options.empty:
        raise Refused(say("options of empty"))
    if options.places and not Path(options.places).is_file():
        raise Refused(say("no file", file=options.places))


def make_environment(office):
    if not environment.is_current(REQUIREMENTS):
        environment.make(tell=office.tell)


def install_packages(office):
    if not environment.is_current(REQUIREMENTS):
        environment.install(REQUIREMENTS, tell=office.tell)


def make_database(office):
    """Tables, keys, and what the database holds: `new`, `demo` or `real`."""
    data_folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    manage("migrate", "--noinput", tell=office.tell)
    office.holds = manage("installation")[-1]
    if office.options.empty and office.holds == "demo":
        raise Refused(_set_the_demo_aside())
    if office.options.empty and office.holds == "real":
        print(say("begun already"))


def _set_the_demo_aside():
    if os.environ.get("DATABASE_URL"):
        return say("a demo is there")
    return say("a demo is here", data=data_folder())


def invent_demo(office):
    manage("seed", "small", tell=office.tell)


def load_places(office):
    asked = office.options
    if not (has_terminal() or (asked.places and asked.county and asked.admin)):
        raise Refused(say("no terminal"))
    office.tell("waits in terminal")
    asked.places = asked.places or _ask_for_file("ask places", EXAMPLE_PLACES)
    asked.county = asked.county or _ask("ask county", _first_county(asked.places))
    print("\n".join(manage("load_places", asked.places, tell=office.tell)), flush=True)


def issue_first_account(office):
    """The one-time password is told in the terminal and nowhere else."""
    asked = office.options
    office.tell("waits in terminal")
    asked.admin = asked.admin or _ask("ask account", "admin")
    if not asked.name:
        asked.name = _ask("ask name", asked.admin) if has_terminal() else asked.admin
    said = manage("add_officer", asked.admin, "--name", asked.name, "--role", "admin", "--post", asked.county)
    print("\n".join([*said, "", say("keep the keys", keys=_keys_file())]), flush=True)


def collect_static(office):
    """Only when a file or a package changed: compressing takes longer than the rest of a warm start."""
    stamp, digest = data_folder() / "static.digest", _static_digest()
    if not stamp.exists() or stamp.read_text() != digest:
        manage("collectstatic", "--noinput", tell=office.tell)
        stamp.write_text(digest)


def open_month(office):
    manage("open_month", tell=office.tell)


def start_server(office):
    """Start the server on the port that is open already; done when it answers pages."""
    listener = office.listener.fileno()
    reader, writer = os.pipe()
    office.server = processes.start(
        [environment.PYTHON, "-m", "gunicorn", "laborreg.wsgi", "--config", "python:laborreg.boot.server",
         "--bind", f"fd://{listener}"],
        env=_surroundings() | {"LABORREG_READY": str(writer)}, pass_fds=[listener, writer],
        stderr=subprocess.PIPE, **processes.READ)
    last_words = processes.relay(office.server.stderr)
    os.close(writer)
    is_ready = os.read(reader, 1)
    if not is_ready:
        office.server.wait()
        raise processes.Failed(office.server.args, list(last_words))


def start_worker():
    """Start whoever does what runs longer than a request."""
    return processes.start([environment.PYTHON, "manage.py", "work", "--under-run", str(os.getpid())], env=_surroundings())


def throw_away(office):
    manage("throw_away", tell=office.tell)


def retain(office):
    manage("retain", tell=office.tell)


def find_doubts(office):
    manage("find_doubts", tell=office.tell)


def watch_audit(office):
    manage("watch_audit", tell=office.tell)


def verify_audit(office):
    manage("verify_audit", tell=office.tell)


def manage(*command, tell=lambda line: None):
    """One of the product's own commands; the lines that it said."""
    return processes.follow([environment.PYTHON, "manage.py", *command], tell=tell, env=_surroundings())


def data_folder() -> Path:
    return Path(os.environ.get("LABORREG_DATA") or environment.ROOT / "var")


def has_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _keys_file():
    return Path(os.environ.get("LABORREG_KEYS") or environment.ROOT / ".keys" / "keys.json")


def _surroundings():
    # A server with the production settings is started by the machine's own service manager: docs/deploy.md.
    return os.environ | {"DJANGO_SETTINGS_MODULE": "laborreg.settings", "PYTHONUNBUFFERED": "1"}


def _static_digest():
    digest = sha256(environment.digest(REQUIREMENTS).encode())
    for file in sorted((environment.ROOT / "static").rglob("*")):
        if file.is_file():
            digest.update(str(file.relative_to(environment.ROOT)).encode() + file.read_bytes())
    return digest.hexdigest()


def _ask(question, default=""):
    shown = f" [{default}]" if default else ""
    while True:
        if answer := input(f"{say(question)}{shown}: ").strip() or default:
            return answer


def _ask_for_file(question, default):
    while True:
        file = _ask(question, default)
        if Path(file).is_file():
            return file
        print(say("no file", file=file))


def _first_county(places):
    """The first county that the file names, as a proposal."""
    with open(places, encoding="utf-8-sig", newline="") as file:
        codes = [row["code"] for row in csv.DictReader(file) if row.get("level") == "county"]
    return codes[0] if codes else ""
