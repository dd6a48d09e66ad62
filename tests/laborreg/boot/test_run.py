"""./run as it is typed: what it refuses, in a sentence and before it makes anything."""

import os
import socket
import subprocess
import sys

import pytest
from django.conf import settings

from laborreg.boot import environment, steps


def run(*options, **surroundings):
    return subprocess.run(
        [sys.executable, "-m", "laborreg.boot", *options],
        env=os.environ | {"LANG": "C.UTF-8", "LABORREG_DATA": "/dev/null/data"} | surroundings,
        cwd=settings.BASE_DIR, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60,
    )


def test_a_busy_port_is_named_with_a_way_out():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused = run(PORT=str(port))
    assert refused.returncode == 2
    assert f"Port {port} is in use" in refused.stderr
    assert f"PORT={port + 1} ./run" in refused.stderr


@pytest.mark.parametrize("port", ["abc", "0", "70000", "-1"])
def test_a_port_is_a_number(port):
    refused = run(PORT=port)
    assert refused.returncode == 2
    assert "PORT must be a number" in refused.stderr


def test_options_of_a_real_installation_need_it():
    refused = run("--admin", "chen")
    assert refused.returncode == 2
    assert "belong to --empty" in refused.stderr


def test_a_missing_file_of_places_is_named():
    refused = run("--empty", "--places", "nowhere.csv")
    assert refused.returncode == 2
    assert "There is no file nowhere.csv." in refused.stderr


def test_the_script_finds_a_python_that_is_new_enough():
    found = subprocess.run([settings.BASE_DIR / "laborreg/boot/find_python"], capture_output=True, text=True)
    version = subprocess.run([found.stdout.strip(), "--version"], capture_output=True, text=True).stdout
    assert tuple(map(int, version.split()[1].split(".")[:2])) >= (3, 11)


def test_the_script_says_which_python_is_missing(tmp_path):
    (tmp_path / "python3").write_text("#!/bin/sh\n[ \"$1\" = --version ] && echo Python 3.9.2 || exit 1\n")
    (tmp_path / "python3").chmod(0o755)
    refused = subprocess.run(["/bin/sh", settings.BASE_DIR / "laborreg/boot/find_python"],
                             env={"PATH": str(tmp_path)}, capture_output=True, text=True)
    assert refused.returncode == 2
    assert "needs Python 3.11 or newer; this machine has Python 3.9.2" in refused.stderr


def test_a_file_that_includes_another_changes_with_it(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    (tmp_path / "requirements.txt").write_text("Django\n")
    (tmp_path / "requirements-dev.txt").write_text("-r requirements.txt\npytest\n")
    before = environment.digest("requirements-dev.txt")
    (tmp_path / "requirements.txt").write_text("Django>5\n")
    assert environment.digest("requirements-dev.txt") != before


def test_the_county_that_a_file_names_is_proposed():
    assert steps._first_county(settings.BASE_DIR / steps.EXAMPLE_PLACES) == "630121"
