"""What a server refuses to start without, and what the settings promise."""

import json
import os
import sqlite3
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from laborreg import keys
from laborreg.middleware import BehindProxy

CHECK = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
START = [sys.executable, "-c", "from laborreg.wsgi import application"]


@pytest.fixture
def production(tmp_path):
    """The surroundings of a server that lacks nothing."""
    keys.load(tmp_path / "keys.json", make=True)
    clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return clean | {
        "DJANGO_SETTINGS_MODULE": "laborreg.settings_production",
        "SECRET_KEY": "3v#kq9_Zr!x7Lm2p@Tn5w8Yc1Bd4Fg6Hj0Ks&Qa*Ue(Io)Pz-Xv=Cb+Nm",
        "LABORREG_KEYS": str(tmp_path / "keys.json"),
        "LABORREG_DATA": str(tmp_path / "data"),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'registry.sqlite3'}",
        "ALLOWED_HOSTS": "registry.example.cn",
    }


def run(command, surroundings):
    return subprocess.run(command, env=surroundings, cwd=settings.BASE_DIR, capture_output=True, text=True)


def test_a_whole_server_passes_the_deployment_check(production):
    checked = run(CHECK, production)
    assert checked.returncode == 0, checked.stderr


def test_a_whole_server_starts_before_its_first_migration(production):
    started = run(START, production)
    assert started.returncode == 0, started.stderr


@pytest.mark.parametrize("missing", ["SECRET_KEY", "LABORREG_KEYS", "DATABASE_URL", "ALLOWED_HOSTS"])
def test_a_server_names_what_it_lacks(production, missing):
    del production[missing]
    started = run(START, production)
    assert started.returncode != 0
    assert f"Production needs {missing} in the environment." in started.stderr


def test_a_server_wants_a_secret_that_is_one(production):
    started = run(START, production | {"SECRET_KEY": "short"})
    assert started.returncode != 0
    assert "at least 50 characters" in started.stderr


def test_a_server_makes_no_keys_of_its_own(production, tmp_path):
    elsewhere = tmp_path / "elsewhere.json"
    started = run(START, production | {"LABORREG_KEYS": str(elsewhere)})
    assert started.returncode != 0
    assert f"There is no keys file {elsewhere}" in started.stderr
    assert not elsewhere.exists()


def test_a_server_does_not_pin_the_day(production):
    started = run(START, production | {"LABORREG_TODAY": "2026-11-04"})
    assert started.returncode != 0
    assert "LABORREG_TODAY pins the clock" in started.stderr


def test_a_server_does_not_start_on_a_demo(production, tmp_path):
    with sqlite3.connect(tmp_path / "registry.sqlite3") as demo:
        demo.execute("CREATE TABLE officers_demo (id integer PRIMARY KEY, today date)")
        demo.execute("INSERT INTO officers_demo (today) VALUES ('2026-11-04')")
    started = run(START, production)
    assert started.returncode != 0
    assert "This database is a demo" in started.stderr


ASK = """
import io, json, sys
from django.conf import settings
from django.core.management import call_command

# Names without hashes, so that nothing needs to be collected and compressed first.
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
settings.STATIC_ROOT.mkdir()
from laborreg.wsgi import application

call_command("migrate", verbosity=0)
from officers.models import Officer

def ask(method, path):
    told = {}
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "SERVER_NAME": "registry.example.cn", "SERVER_PORT": "443",
               "HTTP_HOST": "registry.example.cn", "HTTP_X_FORWARDED_PROTO": "https", "HTTP_COOKIE": "secret=1",
               "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http", "QUERY_STRING": "q=%E7%8E%8B"}
    body = b"".join(application(environ, lambda status, headers: told.update(status=int(status[:3]), headers=dict(headers))))
    return told["status"], body.decode(errors="replace"), told["headers"]

asked = [("GET", path) for path in ("/nothing/", "/.git/config", "/.git/HEAD", "/static/", "/static/../manage.py",
                                    "/static/..%2fmanage.py",
                                    "/manage.py", "/var/registry.sqlite3", "/.keys/keys.json", "/admin/", "/__debug__/")]
asked += [("TRACE", "/sign-in/"), ("TRACK", "/sign-in/"), ("PUT", "/sign-in/"), ("GET", "/sign-in/")]
print(json.dumps([Officer.objects.count(), {f"{method} {path}": ask(method, path) for method, path in asked}]))
"""


def test_a_server_shows_nothing_of_its_inside_has_no_account_and_logs_a_line_a_request(production):
    done = run([sys.executable, "-c", ASK], production)
    assert done.returncode == 0, done.stderr
    accounts, answers = json.loads(done.stdout)
    assert accounts == 0
    signing_in = answers.pop("GET /sign-in/")
    assert signing_in[0] == 200
    assert signing_in[2]["Strict-Transport-Security"]
    inside = ("Traceback", "urlpatterns", "DEBUG", "secret=1", "[core]", "Index of")
    for asked, (status, body, _headers) in answers.items():
        assert status == (404 if asked.startswith("GET") else 405), asked
        assert [told for told in inside if told in body] == []
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    requests = [line for line in lines if line["logger"] == "laborreg.request"]
    assert [line["status"] for line in requests] == [404] * 11 + [405] * 3 + [200]
    assert requests[-1]["path"] == "/sign-in/"
    assert len({line["request"] for line in requests}) == 15
    assert "王" not in done.stderr
    assert "%E7" not in done.stderr


def test_a_server_trusts_forms_of_its_own_hosts_only(production):
    told = "from django.conf import settings; print(settings.CSRF_TRUSTED_ORIGINS)"
    said = run([sys.executable, "-c", told], production | {"ALLOWED_HOSTS": "a.example.cn, .b.example.cn"})
    assert said.stdout.strip() == "['https://a.example.cn', 'https://*.b.example.cn']"


def test_only_a_server_believes_the_proxy(production, rf):
    told = "from django.conf import settings; print('laborreg.middleware.BehindProxy' in settings.MIDDLEWARE)"
    assert run([sys.executable, "-c", told], production).stdout.strip() == "True"
    assert "laborreg.middleware.BehindProxy" not in settings.MIDDLEWARE
    behind = BehindProxy(lambda request: request.META["REMOTE_ADDR"])
    assert behind(rf.get("/", headers={"X-Real-IP": "10.1.2.3"}, REMOTE_ADDR="127.0.0.1")) == "10.1.2.3"
    assert behind(rf.get("/", REMOTE_ADDR="127.0.0.1")) == "127.0.0.1"


def test_an_office_makes_its_keys_once_and_for_itself(tmp_path):
    path = tmp_path / "keys" / "keys.json"
    made = keys.load(path, make=True)
    assert keys.load(path, make=True) == made
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    assert len(bytes.fromhex(made["cipher"]["1"])) == 64
    assert len(bytes.fromhex(made["index"])) == 32


def test_keys_lie_outside_the_data_folder():
    assert settings.DATA_DIR not in settings.KEYS_FILE.parents


@pytest.mark.skipif(connection.vendor != "postgresql", reason="asks for PostgreSQL's driver")
def test_the_driver_is_the_pinned_one():
    assert connection.Database.__name__ == "psycopg2"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="asks for SQLite's way to begin")
@pytest.mark.django_db
def test_sqlite_takes_its_lock_at_the_start_of_a_transaction():
    connection.ensure_connection()
    assert connection.transaction_mode == "IMMEDIATE"
