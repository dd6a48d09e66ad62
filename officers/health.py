"""Whether this server can serve (`is_well`, asked by machines), and what its keepers should know of it (`findings`)."""

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from officers import demo, runs

OK, WARN, BAD = "ok", "warn", "bad"
# A worker beats every half minute; a run of the night may be late by two hours.
BEAT_MOST = timedelta(minutes=2)
DAILY_MOST = timedelta(hours=26)
WAITS_MOST = timedelta(minutes=10)
LOOKS_BACK = timedelta(days=7)
# A backup needs a copy of the database beside it for a while.
FREE_LEAST, FREE_SHARE = 2 << 30, 0.1
GIGABYTE = 1 << 30

_migrated: list[bool] = []


@dataclass
class Finding:
    """One thing looked at: `state` is ok, warn or bad; `says` what is found, `do` what to do about it, if anything."""

    code: str
    title: str
    state: str
    says: str
    do: str = ""


def is_well() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return _is_migrated()
    except Error:
        return False


def _is_migrated():
    """Reading every migration is slow and its answer never turns back, so a yes is kept."""
    if not _migrated:
        if _missing_migrations():
            return False
        _migrated.append(True)
    return True


def _missing_migrations() -> list:
    executor = MigrationExecutor(connection)
    return executor.migration_plan(executor.loader.graph.leaf_nodes())


def findings() -> list[Finding]:
    """All that is looked at, the worst first."""
    order = [BAD, WARN, OK]
    return sorted(_all(), key=lambda finding: order.index(finding.state))


def _all() -> Iterator[Finding]:
    yield _database()
    yield _migrations()
    yield _worker()
    yield _disk()
    yield _backup()
    yield _waiting()
    yield _failed()
    yield _daily("find_doubts", _("Looking for doubts"))
    yield _daily("throw_away", _("Throwing old sheets away"))
    yield _daily("open_month", _("Opening months"))
    yield _trail()
    yield _daily("watch_audit", _("Looking through the audit trail"))
    yield _daily("retain", _("Erasing people whose time is over"))


def _database():
    began = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    ms = (time.monotonic() - began) * 1000
    says = _("%(kind)s answers in %(ms)s ms.") % {"kind": connection.display_name, "ms": f"{ms:.1f}"}
    return Finding("database", _("Database"), OK, says)


def _migrations():
    title, missing = _("Tables of the database"), 0 if _is_migrated() else len(_missing_migrations())
    if missing:
        return Finding("migrations", title, BAD, _("%(n)s changes of the tables are missing.") % {"n": missing},
                       _("Run manage.py migrate."))
    return Finding("migrations", title, OK, _("As this version of the product needs them."))


def _worker():
    title, beat = _("Work in the background"), runs.last("work")
    start = _("Sheets are not read and lists not written meanwhile. Start it: systemctl start registry-work, or ./run.")
    if beat is None:
        return Finding("worker", title, BAD, _("It has never run."), start)
    if _age(beat) > BEAT_MOST:
        return Finding("worker", title, BAD, _("It does not run; it last did %(when)s.") % {"when": _when(beat)}, start)
    return Finding("worker", title, OK, _("It runs."))


def _disk():
    usage = shutil.disk_usage(settings.DATA_DIR)
    says = _("%(free)s of %(total)s GB are free.") % {
        "free": f"{usage.free / GIGABYTE:.1f}", "total": f"{usage.total / GIGABYTE:.1f}"}
    if usage.free < max(FREE_LEAST, usage.total * FREE_SHARE):
        return Finding("disk", _("Space for data"), WARN if usage.free > FREE_LEAST else BAD, says,
                       _("When it is full, nothing can be saved. Move old backups to another machine, or get a larger disk."))
    return Finding("disk", _("Space for data"), OK, says)


def _backup():
    title, last = _("Backup"), runs.last("backup")
    if last is None and demo.is_demo():
        return Finding("backup", title, OK, _("None was made: a demo needs none."))
    if last is None:
        return Finding("backup", title, BAD, _("None was ever made here."),
                       _("Let manage.py backup run every night: docs/deploy.md, Backups."))
    says = _("The last one is of %(when)s, %(size)s MB.") % {"when": _when(last), "size": f"{last.get('bytes', 0) / 1e6:,.0f}"}
    if _age(last) > DAILY_MOST:
        return Finding("backup", title, BAD, says,
                       _("Last night's failed or did not run: look into its log, then run manage.py backup by hand."))
    return Finding("backup", title, OK, says)


def _waiting():
    ready = DBTaskResult.objects.ready()
    oldest = ready.order_by("enqueued_at").values_list("enqueued_at", flat=True).first()
    says = _("%(n)s wait to be done.") % {"n": ready.count()}
    if oldest and timezone.now() - oldest > WAITS_MOST:
        return Finding("waiting", _("Tasks that wait"), WARN, says,
                       _("One has waited for more than ten minutes: look whether the work in the background runs."))
    return Finding("waiting", _("Tasks that wait"), OK, says)


def _failed():
    failed = DBTaskResult.objects.failed().filter(finished_at__gte=timezone.now() - LOOKS_BACK).count()
    says = _("%(n)s failed in the last seven days.") % {"n": failed}
    if failed:
        return Finding("failed", _("Tasks that failed"), WARN, says,
                       _("Whoever gave the task was told and can begin again. The log of registry-work names the reason."))
    return Finding("failed", _("Tasks that failed"), OK, says)


def _trail():
    """Found broken once, it stays so until it was looked through again and holds."""
    title, last = _("Verifying the audit trail"), runs.last("verify_audit")
    if last and last.get("holds") is False:
        return Finding("verify_audit", title, BAD, _("It did not hold on %(when)s.") % {"when": _when(last)},
                       _("Run manage.py verify_audit, which names the first event, and go on by docs/deploy/when.md."))
    return _daily("verify_audit", title)


def _daily(name, title):
    last = runs.last(name)
    do = _("Its timer: docs/deploy.md, Every hour and every night. By hand: manage.py %(name)s.") % {"name": name}
    if last is None:
        return Finding(name, title, WARN, _("No run is known."), do)
    says = _("Last run: %(when)s.") % {"when": _when(last)}
    return Finding(name, title, WARN, says, do) if _age(last) > DAILY_MOST else Finding(name, title, OK, says)


def _age(run) -> timedelta:
    return timezone.now() - run["at"]


def _when(run) -> str:
    return f"{timezone.localtime(run['at']):%Y-%m-%d %H:%M}"
