"""RE-12, the audit trail tampered with by SQL: .venv/bin/python -m tests.faults.audit_tampering [--quick]

A chain of 500 events; each of 100 tamperings is done to it as its own transaction, looked for, and taken back. The verifier
must name the first event that is not as it was. Then a long chain, to see that the walk is linear.
"""

import os
import sys
import time
from random import Random

EVENTS, TAMPERINGS, LONG = 500, 100, [20_000, 80_000]


def main(quick):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "laborreg.settings_test")
    if "DATABASE_URL" not in os.environ:
        os.environ["DATABASE_URL"] = "sqlite:///:memory:"
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import setup_test_environment

    setup_test_environment()
    connection.creation.create_test_db(verbosity=0)
    try:
        passed = [tampered(), kept_head(), linear([size // 10 for size in LONG] if quick else LONG)]
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
    return 0 if all(passed) else 1


def grow(county, events):
    from officers import audit

    for start in range(0, events, 5_000):
        audit.record_many([
            ("signed in", None, county, {"n": n, "where": "桥头镇"}, None) for n in range(start, min(start + 5_000, events))
        ])


def told(line, passed, figure):
    print(f"RE-12  {line}: {figure}  {'pass' if passed else 'FAIL'}", flush=True)
    return passed


def tampered():
    from django.db import transaction

    from officers import audit, kept

    grow("630121", EVENTS)
    chance, wrong = Random(12), []
    for n in range(TAMPERINGS):
        tamper = TAMPERS[n % len(TAMPERS)]
        with transaction.atomic():
            kept.allow_changes()
            expected = tamper(chance)
            fault = audit.first_fault("630121") or "nothing was found"
            transaction.set_rollback(True)
        if f"event {expected} " not in f"{fault} ":
            wrong.append(f"{tamper.__name__}: event {expected} expected, {fault}")
    print("\n".join(wrong), end="\n" if wrong else "")
    whole = audit.first_fault("630121") is None
    return told("tamperings found and named", not wrong and whole, f"{TAMPERINGS - len(wrong)} of {TAMPERINGS}")


def sql(statement, *values):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def change(chance):
    number = chance.randint(1, EVENTS)
    column, value = chance.choice([
        ("at", "2020-01-01 00:00:00+00:00"), ("verb", "approved"), ("subject_id", "9"), ("place_code", "630121101"),
        ("detail", '{"n": -1}'), ("address", "10.0.0.1"), ("before", "0" * 64), ("hash", "0" * 64),
    ])
    sql(f"UPDATE officers_auditevent SET {column} = %s WHERE number = %s", value, number)
    return number


def delete(chance):
    number = chance.randint(1, EVENTS)
    sql("DELETE FROM officers_auditevent WHERE number = %s", number)
    return number


def delete_and_close_the_gap(chance):
    number = chance.randint(1, EVENTS - 1)
    sql("DELETE FROM officers_auditevent WHERE number = %s", number)
    for later in range(number + 1, EVENTS + 1):
        sql("UPDATE officers_auditevent SET number = %s WHERE number = %s", later - 1, later)
    return number


def reorder(chance):
    first, second = sorted(chance.sample(range(1, EVENTS + 1), 2))
    for old, new in ((first, 999_999), (second, first), (999_999, second)):
        sql("UPDATE officers_auditevent SET number = %s WHERE number = %s", new, old)
    return first


def cut_the_tail(chance):
    number = chance.randint(2, EVENTS)
    sql("DELETE FROM officers_auditevent WHERE number >= %s", number)
    return number


def cut_the_tail_and_fit_the_head(chance):
    """Without the key the head's seal does not fit: told at the last event that is left."""
    from officers.models import AuditEvent

    number = chance.randint(2, EVENTS)
    sql("DELETE FROM officers_auditevent WHERE number >= %s", number)
    last = AuditEvent.objects.get(number=number - 1)
    sql("UPDATE officers_audithead SET number = %s, hash = %s", last.number, last.hash)
    return number - 1


def put_one_behind(chance):
    from officers import audit
    from officers.models import AuditEvent

    forged = AuditEvent.objects.get(number=EVENTS)
    forged.pk, forged.number, forged.before = None, EVENTS + 1, forged.hash
    forged.hash = audit.digest(forged)
    forged.save()
    return EVENTS + 1


def forge_from_here_on(chance):
    """Every later hash written anew, and the head's: only the seal tells, at the chain's end."""
    from officers import audit
    from officers.models import AuditEvent, AuditHead

    first, before = chance.randint(EVENTS - 50, EVENTS), None
    for event in AuditEvent.objects.filter(number__gte=first).order_by("number"):
        event.verb, event.before = "approved", before or event.before
        event.hash = before = audit.digest(event)
        event.save()
    AuditHead.objects.update(hash=before)
    return EVENTS


TAMPERS = [
    change, delete, reorder, cut_the_tail, change, delete_and_close_the_gap, cut_the_tail_and_fit_the_head, put_one_behind,
    forge_from_here_on, delete,
]


def kept_head():
    """The whole state of yesterday put back, sealed head included: only a head that lies elsewhere tells."""
    from django.db import transaction

    from officers import audit, kept
    from officers.models import AuditHead

    found = 0
    for more in range(1, 11):
        with transaction.atomic():
            old = AuditHead.objects.values().get(county_code="630121")
            grow("630121", more)
            saved = audit.heads()
            kept.allow_changes()
            sql("DELETE FROM officers_auditevent WHERE number > %s", EVENTS)
            AuditHead.objects.filter(county_code="630121").update(**old)
            alone, against = audit.first_fault("630121"), audit.faults_against(saved)
            found += alone is None and len(against) == 1 and f"event {EVENTS + 1} is missing" in against[0]
            transaction.set_rollback(True)
    return told("rolled back, told by a kept head", found == 10, f"{found} of 10")


def linear(sizes):
    """Time per event of a chain four times as long: the same, within a half."""
    per_event = []
    for number, size in enumerate(sizes):
        county = f"63012{number + 2}"
        grow(county, size)
        per_event.append(timed(county) / size * 1_000_000)
    figure = ", ".join(f"{size:,}: {each:.0f} µs" for size, each in zip(sizes, per_event, strict=True))
    return told("verify_audit, time per event", per_event[1] < 1.5 * per_event[0], figure)


def timed(county) -> float:
    from officers import audit

    began = time.perf_counter()
    if fault := audit.first_fault(county):
        raise SystemExit(fault)
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main("--quick" in sys.argv[1:]))
