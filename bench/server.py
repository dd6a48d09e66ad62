"""A real server on a copy of the demo, as docs/deploy.md has it, and what is asked of it; for bench and tests/faults.

`copied` first, then `begin`; only then are the models there. A script that is killed takes its servers with it.
"""

import ctypes
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode, urlsplit

TOKEN = "b" * 32
START_SECONDS = 60
PR_SET_PDEATHSIG = 1


# The copy.


@contextmanager
def copied(folder=None):
    """The database that is configured is a copy of its own, as long as this lasts; Django is set up on it.

    PostgreSQL copies a database only while nobody else is connected to it, and by an owner who may.
    """
    with TemporaryDirectory() as made:
        folder = Path(folder or made)
        address = os.environ.get("DATABASE_URL", "")
        if "LABORREG_KEYS" not in os.environ and Path(".keys/keys.json").exists():
            os.environ["LABORREG_KEYS"] = str(Path(".keys/keys.json").resolve())
        with _copied_database(address) if address.startswith("postgres") else _copied_file(folder):
            os.environ["LABORREG_DATA"] = str(folder)
            begin()
            must_hold_a_county()
            _count_on()
            _with_static_files()
            yield folder


def must_hold_a_county():
    """In words, before a script stumbles over tables that are not there."""
    from django.db import connection

    from villages.models import County

    if County._meta.db_table not in connection.introspection.table_names() or not County.objects.exists():
        raise SystemExit("This database holds no county: ./run fills one with a demo, or manage.py seed small.")


def _count_on():
    """A PostgreSQL that was filled by copying tables may give numbers that are taken."""
    from django.apps import apps

    from laborreg import bulk

    bulk.count_on(apps.get_models(include_auto_created=True))


def _with_static_files():
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)


def begin():
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "laborreg.settings")
    django.setup()


@contextmanager
def _copied_file(folder):
    for file in Path(os.environ.get("LABORREG_DATA", "var")).glob("registry.sqlite3*"):
        shutil.copy(file, folder)
    yield


@contextmanager
def _copied_database(address):
    source = urlsplit(address)
    copy = f"copy_{os.getpid()}"
    say_to_server(address, f'CREATE DATABASE {copy} TEMPLATE "{source.path[1:]}"')
    os.environ["DATABASE_URL"] = source._replace(path=f"/{copy}").geturl()
    try:
        yield
    finally:
        forget_connections()
        drop(address, copy)


def drop(address, name):
    """By force only where somebody is still there: PostgreSQL sends its own processes away without, and not with it."""
    import psycopg2

    try:
        say_to_server(address, f"DROP DATABASE {name}")
    except psycopg2.errors.ObjectInUse:
        say_to_server(address, f"DROP DATABASE {name} WITH (FORCE)")


def say_to_server(address, command):
    """Outside a transaction, from the database that every server has."""
    import psycopg2

    with closing(psycopg2.connect(urlsplit(address)._replace(path="/postgres").geturl())) as server:
        server.autocommit = True
        server.cursor().execute(command)


def forget_connections():
    from django.db import connections

    connections.close_all()


def is_sqlite() -> bool:
    from django.db import connection

    return connection.vendor == "sqlite"


def is_whole() -> bool:
    """SQLite looks through every page and index of the file; PostgreSQL answers for its own."""
    from django.db import connection

    with connection.cursor() as cursor:
        if not is_sqlite():
            return True
        cursor.execute("PRAGMA integrity_check")
        return cursor.fetchall() == [("ok",)]


# The servers.


class Running:
    """A command with processes of its own, which end with this one; `code` is the folder of another release."""

    def __init__(self, command, code=None, **surroundings):
        self.process = subprocess.Popen(
            command, cwd=code, env=os.environ | surroundings, start_new_session=True, preexec_fn=_end_with_parent
        )

    def kill(self):
        """As the power switch does: all its processes at once, without a word."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def end(self):
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(20)
        self.kill()

    def megabytes(self) -> float:
        """What its processes hold in memory of their own, with a fair share of what they share."""
        return sum(_proportional(pid) for pid in _of_group(self.process.pid))

    def seconds_of_cpu(self) -> float:
        return sum(map(cpu_of, _of_group(self.process.pid)))


def _end_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _of_group(group) -> list[int]:
    return [pid for pid in numbers_of_processes() if _group_of(pid) == group]


def numbers_of_processes() -> list[int]:
    return [int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit()]


def _group_of(pid):
    with suppress(ProcessLookupError):
        return os.getpgid(pid)


def _proportional(pid) -> float:
    with suppress(OSError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    return 0


def cpu_of(pid) -> float:
    with suppress(OSError):
        said = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(said[11]) + int(said[12])) / os.sysconf("SC_CLK_TCK")
    return 0


class Server(Running):
    """gunicorn as docs/deploy.md starts it."""

    def __init__(self, port=None, code=None, **surroundings):
        self.port = port or free_port()
        super().__init__([
            sys.executable, "-m", "gunicorn", "laborreg.wsgi", "--bind", f"127.0.0.1:{self.port}",
            "--worker-class", "gthread", "--workers", "2", "--threads", "16", "--no-control-socket", "--log-level", "critical",
        ], code=code, **surroundings)

    def wait(self) -> float:
        """Seconds until it says that it can serve."""
        begun = time.monotonic()
        while time.monotonic() - begun < START_SECONDS:
            if ask(self.port, "/healthz", timeout=5).status == 200:
                return time.monotonic() - begun
            time.sleep(0.05)
        raise SystemExit("The server did not start.")


def worker(*options) -> Running:
    return Running([sys.executable, "manage.py", "work", *options])


@contextmanager
def serving(**surroundings):
    server = Server(**surroundings)
    try:
        server.wait()
        yield server
    finally:
        server.end()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


# What is asked of it.


@dataclass
class Answer:
    """`status` 0: there was no answer at all."""

    status: int
    body: bytes
    seconds: float


def ask(port, path, method="GET", body=None, headers=None, timeout=90) -> Answer:
    begun = time.monotonic()
    connection = HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        status, body = answer.status, answer.read()
    except (OSError, HTTPException) as wrong:
        status, body = 0, str(wrong).encode()
    finally:
        connection.close()
    return Answer(status, body, time.monotonic() - begun)


def look(port, session, path, **how) -> Answer:
    return ask(port, path, headers={"Cookie": f"sessionid={session}"}, **how)


def post(port, session, path, typed, **how) -> Answer:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"sessionid={session}; csrftoken={TOKEN}"}
    return ask(port, path, "POST", urlencode({"csrfmiddlewaretoken": TOKEN} | typed), headers, **how)


def send_file(port, session, path, typed, field, content, name="sheet.xlsx") -> Answer:
    limit = secrets.token_hex(16)
    fields = {"csrfmiddlewaretoken": TOKEN} | typed
    parts = [f'--{limit}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{said}\r\n' for key, said in fields.items()]
    parts.append(f'--{limit}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n')
    body = "".join(parts).encode() + content + f"\r\n--{limit}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={limit}",
               "Cookie": f"sessionid={session}; csrftoken={TOKEN}"}
    return ask(port, path, "POST", body, headers)


def mark() -> str:
    """A note that no other group has; without digits, which might be somebody's number."""
    return "".join(secrets.choice("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥") for _letter in range(16))


def save(port, session, village, note=None, **how) -> Answer:
    """An unnamed group; 302 says that it is recorded."""
    typed = {"village": village, "persons": 3, "destination": "4403", "left_month": "2026-10", "note": note or mark()}
    return post(port, session, "/groups/new/", typed, **how)


def recorded(notes) -> list[str]:
    """Of these notes, those whose group is in the ledger: once, registered, and told once in the trail."""
    from officers.models import AuditEvent
    from workers.models import UnnamedGroup

    groups = {note: pk for pk, note in UnnamedGroup.objects.filter(note__in=notes).values_list("pk", "note")}
    numbers = [str(pk) for pk in groups.values()]
    told = Counter(AuditEvent.objects.filter(
        subject_kind="unnamedgroup", verb="recorded group", subject_id__in=numbers
    ).values_list("subject_id", flat=True))
    registered = set(UnnamedGroup.objects.filter(
        pk__in=groups.values(), registrations__isnull=False
    ).values_list("pk", flat=True))
    return [note for note, pk in groups.items() if told[str(pk)] == 1 and pk in registered]


def halves(notes) -> list[str]:
    """Of these notes, those of which something is in the ledger, but not all."""
    from workers.models import UnnamedGroup

    there = set(UnnamedGroup.objects.filter(note__in=notes).values_list("note", flat=True))
    return sorted(there - set(recorded(notes)))


# Who asks.


def officers() -> list[tuple[str, str]]:
    """(session, village) of one officer for each village."""
    from officers import demo
    from villages.models import Posting

    demo.begin()
    postings = Posting.objects.on_today().filter(officer__role="village").select_related("officer")
    found = {posting.place_code: posting.officer for posting in postings}
    return [(session_of(officer), village) for village, officer in sorted(found.items())]


def session_of(officer) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    session = SessionStore()
    session[SESSION_KEY] = str(officer.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = officer.get_session_auth_hash()
    session["began"] = session["seen"] = timezone.now().timestamp()
    session.save()
    return session.session_key


def county_session() -> str:
    from officers.models import Officer

    return session_of(Officer.objects.get(username="zhao"))


def newest_month(village):
    from reports.models import MonthlyReturn

    return max(MonthlyReturn.objects.filter(village=village).values_list("month", flat=True))


PAGES = {
    "village": ["/", "/people/", "/people/visits/", "/returns/{village}/{month}/", "/groups/"],
    "county": ["/totals/{county}/{month}/", "/people/", "/queue/{month}/", "/people/sheets/"],
}


def pages(role, village) -> list[str]:
    where = {"village": village, "county": village[:6], "month": newest_month(village)}
    return [page.format(**where) for page in PAGES[role]]


# What came of it.


def percentile(times, of_hundred) -> float:
    times = sorted(times)
    return times[min(len(times) - 1, int(len(times) * of_hundred / 100))]


class Findings:
    """One line for each goal, `ID  figure  pass|FAIL`; `leave` ends the script, with 1 where a goal is missed."""

    def __init__(self):
        self.is_met = True

    def say(self, goal, figure, met):
        self.is_met = self.is_met and bool(met)
        print(f"{goal}  {figure}  {'pass' if met else 'FAIL'}", flush=True)

    def leave(self):
        """The machine's load is told: what counts seconds is worth no more than the machine is quiet."""
        print(f"(load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)")
        sys.exit(not self.is_met)
