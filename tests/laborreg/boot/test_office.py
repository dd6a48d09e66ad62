"""A real installation from nothing: begun once, started again, never on a demo; nothing is left behind."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request

import pytest
from django.conf import settings
from django.db import connection

from laborreg.boot import steps

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="an office on one machine keeps SQLite")
ANSWERS = ["--places", steps.EXAMPLE_PLACES, "--county", "630121", "--admin", "chen", "--name", "陈"]


@pytest.fixture
def office(tmp_path):
    """Start ./run on a folder of its own; what it said until it was ready, or until its end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    surroundings = os.environ | {
        "LABORREG_DATA": str(tmp_path / "var"), "LABORREG_KEYS": str(tmp_path / "keys.json"), "PORT": str(port),
        "LANG": "C.UTF-8",
    }
    started = []

    def start(*options):
        child = subprocess.Popen(
            [sys.executable, "-m", "laborreg.boot", *options], env=surroundings, cwd=settings.BASE_DIR, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        started.append(child)
        said = []
        for line in child.stdout:
            said.append(line)
            if line.startswith("Ready"):
                break
        return child, "".join(said)

    start.address = f"http://127.0.0.1:{port}"
    start.database = tmp_path / "var" / "registry.sqlite3"
    yield start
    for child in started:
        child.kill()
        child.stdout.close()
        child.wait()


def stop(child):
    child.send_signal(signal.SIGINT)
    assert child.wait(20) == 0


def kill(child):
    child.kill()
    child.wait()


def is_served(address):
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=20) as answer:
            return answer.status == 200
    except OSError:
        return False


def is_gone_soon(address):
    """Where ./run cannot say goodbye itself, the system ends the server a moment later."""
    return any(not is_served(address) or time.sleep(0.25) for _attempt in range(40))


def test_a_real_office_begins_once_and_leaves_nothing_behind(office):
    child, said = office("--empty", *ANSWERS)
    assert "First password:" in said
    assert "Demo" not in said
    assert is_served(office.address)
    stop(child)
    assert not is_served(office.address)

    child, said = office("--empty")
    assert "This registry has its accounts already" in said
    assert is_served(office.address)
    kill(child)
    assert is_gone_soon(office.address)

    with sqlite3.connect(office.database) as database:
        database.execute("INSERT INTO officers_demo (today) VALUES ('2026-11-04')")
    child, said = office("--empty")
    assert child.wait(20) == 2
    assert "real data never go into a demo" in said
