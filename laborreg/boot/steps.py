"""The steps of ./run, each of which leaves alone what is there already."""

import csv
import os
import select
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from socket import socket
from subprocess import Popen

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
    server: Popen | None = None


def look_at(options):
    """Refuse options that do not go together, before anything is made."""
    given = [options.places, options.county, options.admin, options.name]
    if any(given) and not options.empty:
        raise Refused(say("--places, --county, --admin and --name belong to --empty."))
    if options.places and not Path(options.places).is_file():
        raise Refused(say("There is no file {file}.", file=options.places))


def make_environment(office):
    if not environment.is_current(REQUIREMENTS):
        environment.make(tell=office.tell)


def install_packages(office):
    if not environment.is_current(REQUIREMENTS):
        environment.install(REQUIREMENTS, tell=office.tell)


def make_database(office):
    """Tables, keys, and what the database holds: `new`, `demo` or `real`."""
    data_folder().mkdir(parents=True, exist_ok=True)
    manage("migrate", "--noinput", tell=office.tell)
    office.holds = manage("installation")[-1]
    if office.options.empty and office.holds == "demo":
        raise Refused(_set_the_demo_aside())
    if office.options.empty and office.holds == "real":
        print(say("This registry has its accounts already; starting it."))


def _set_the_demo_aside():
    if os.environ.get("DATABASE_URL"):
        return say("The database that DATABASE_URL names holds a demo, and real data never go into a demo. "
                   "Name another one.")
    return say("This data folder holds a demo, and real data never go into a demo: {data}\n"
               "Set it aside (mv {data} {data}-demo) or name another folder: "
               "LABORREG_DATA=/path/to/data ./run --empty", data=data_folder())


def invent_demo(office):
    if office.holds == "new":
        manage("seed", "small", tell=office.tell)


def load_places(office):
    if office.holds != "new":
        return
    asked = office.options
    _need_a_terminal(asked)
    office.tell(say("Waiting for an answer in the terminal"))
    asked.places = asked.places or _ask("Places of the county (CSV file)", EXAMPLE_PLACES, Path.is_file, Path)
    asked.county = asked.county or _ask("Code of the county (6 digits)", _first_county(asked.places))
    print("\n".join(manage("load_places", asked.places, tell=office.tell)))


def issue_first_account(office):
    """The one-time password is told in the terminal and nowhere else."""
    if office.holds != "new":
        return
    asked = office.options
    office.tell(say("Waiting for an answer in the terminal"))
    asked.admin = asked.admin or _ask("Account of the first administrator", "admin")
    asked.name = asked.name or (_ask("Name of the first administrator", asked.admin) if _has_terminal() else asked.admin)
    said = manage("add_officer", asked.admin, "--name", asked.name, "--role", "admin", "--post", asked.county)
    print("\n".join([*said, say("Keep a copy of {keys} in a safe place apart from the data: without it no ID number "
                                "can be read again.", keys=keys_file())]), flush=True)


def _need_a_terminal(asked):
    if not (_has_terminal() or (asked.places and asked.county and asked.admin)):
        raise Refused(say("--empty needs answers, and there is no terminal to ask in. Give them: "
                          "./run --empty --places FILE.csv --county CODE --admin USERNAME --name NAME"))


def _has_terminal():
    return sys.stdin.isatty()
