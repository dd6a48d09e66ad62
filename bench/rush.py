"""Every village officer saves at one instant, then within one minute, against a real server: .venv/bin/python -m bench.rush

It works on a copy of the demo that is configured, a file or a PostgreSQL database, and drops it afterwards. PostgreSQL
copies a database only while nobody else is connected to it. Each save registers an unnamed group. What counts: no save
lost, none refused for a busy database; and how much longer the slowest hundredth waits than an officer who is alone.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier
from urllib.parse import urlencode, urlsplit

TOKEN = "b" * 32


def main():
    with TemporaryDirectory() as folder, _copied(Path(folder)):
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "laborreg.settings")
        import django

        django.setup()
        officers = _officers()
        port = _free_port()
        server = _serve(port)
        try:
            _wait_for(port)
            before = _groups()
            alone = sorted(_save(port, *officers[0]) for _time in range(20))
            instant = _at_once(port, officers)
            minute = _within(port, officers, 60)
        finally:
            server.terminate()
            server.wait()
        saved = _groups() - before
    expected = 20 + 2 * len(officers)
    print(f"{len(officers)} officers: {saved} of {expected} saves are in the ledger")
    for name, times in (("at one instant", instant), ("within one minute", minute)):
        slowest = times[int(len(times) * 0.99) - 1]
        print(f"{name}: slowest hundredth waits {slowest / alone[10]:.1f} times as long as one alone ({slowest:.2f} s)")
    sys.exit(saved != expected)


def _copied(folder):
    """The database that is configured is a copy of its own, as long as this lasts."""
    address = os.environ.get("DATABASE_URL", "")
    return _copied_database(address) if address.startswith("postgres") else _copied_file(folder)


@contextmanager
def _copied_file(folder):
    data = Path(os.environ.get("LABORREG_DATA", "var"))
    for file in data.glob("registry.sqlite3*"):
        shutil.copy(file, folder)
    if "LABORREG_KEYS" not in os.environ and (Path(".keys") / "keys.json").exists():
        os.environ["LABORREG_KEYS"] = str(Path(".keys/keys.json").resolve())
    os.environ["LABORREG_DATA"] = str(folder)
    yield


@contextmanager
def _copied_database(address):
    source = urlsplit(address)
    copy = f"rush_{os.getpid()}"
    _say_to_server(source, f'CREATE DATABASE {copy} TEMPLATE "{source.path[1:]}"')
    os.environ["DATABASE_URL"] = source._replace(path=f"/{copy}").geturl()
    try:
        yield
    finally:
        from django.db import connections

        connections.close_all()
        _say_to_server(source, f"DROP DATABASE {copy} WITH (FORCE)")


def _say_to_server(source, command):
    """Outside a transaction, from the database that every server has."""
    import psycopg2

    with closing(psycopg2.connect(source._replace(path="/postgres").geturl())) as server:
        server.autocommit = True
        server.cursor().execute(command)


def _officers():
    """(session, village) of one officer for each village."""
    from officers import demo
    from villages.models import Posting

    demo.begin()
    postings = Posting.objects.on_today().filter(officer__role="village").select_related("officer")
    found = {posting.place_code: posting.officer for posting in postings}
    return [(_session_of(officer), village) for village, officer in sorted(found.items())]


def _session_of(officer) -> str:
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


def _groups():
    from workers.models import UnnamedGroup

    return UnnamedGroup.objects.count()


def _free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def _serve(port):
    """As docs/deploy.md has it."""
    command = [sys.executable, "-m", "gunicorn", "laborreg.wsgi", "--bind", f"127.0.0.1:{port}",
               "--worker-class", "gthread", "--workers", "2", "--threads", "16", "--log-level", "error"]
    return subprocess.Popen(command)


def _wait_for(port):
    for _try in range(100):
        try:
            return _ask(port, "GET", "/healthz")
        except OSError:
            time.sleep(0.2)
    raise SystemExit("The server did not start.")


def _ask(port, method, path, body=None, headers=None):
    connection = HTTPConnection("127.0.0.1", port, timeout=90)
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def _save(port, session, village) -> float:
    begun = time.monotonic()
    status = _send(port, session, village)
    if status != 302:
        print(f"{village}: {status}", file=sys.stderr)
    return time.monotonic() - begun


def _send(port, session, village) -> int:
    typed = {"csrfmiddlewaretoken": TOKEN, "village": village, "persons": 3, "destination": "4403",
             "left_month": "2026-10", "note": f"{time.time_ns() % 10**6:06d}"}
    headers = {"Content-Type": "application/x-www-form-urlencoded",
               "Cookie": f"sessionid={session}; csrftoken={TOKEN}"}
    return _ask(port, "POST", "/groups/new/", urlencode(typed), headers).status


def _at_once(port, officers):
    gate = Barrier(len(officers))

    def save(officer):
        gate.wait()
        return _save(port, *officer)

    with ThreadPoolExecutor(len(officers)) as pool:
        return sorted(pool.map(save, officers))


def _within(port, officers, seconds):
    begun = time.monotonic()

    def save(place, officer):
        time.sleep(max(0, begun + seconds * place / len(officers) - time.monotonic()))
        return _save(port, *officer)

    with ThreadPoolExecutor(len(officers)) as pool:
        return sorted(pool.map(save, range(len(officers)), officers))


if __name__ == "__main__":
    main()
