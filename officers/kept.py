"""The database itself refuses to change or delete an event of the audit trail (GB/T 22239, 8.1.4.3: protect the records).

Whoever owns the database can take the triggers away; that they stand is part of `verify_audit`. A later migration that
makes SQLite build the table anew drops them and must call `refuse_changes` again; a test says so.
"""

from django.db import connection

TABLE = "officers_auditevent"
FUNCTION = "audit_event_stays"
WORDS = "The audit trail is append-only."
ACTS = {"sqlite": ["UPDATE", "DELETE"], "postgresql": ["UPDATE", "DELETE", "TRUNCATE"]}


def refuse_changes(connection=connection):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_function())
        for act in ACTS[connection.vendor]:
            cursor.execute(_trigger(connection.vendor, act))


def allow_changes(connection=connection):
    """Never called by the product: for a migration that must touch the table, and for tests that tamper."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # PostgreSQL drops no trigger of a table whose foreign keys wait for the end of the transaction.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for act in ACTS[connection.vendor]:
            on = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {_name(act)}{on}")


def missing(connection=connection) -> list[str]:
    """The acts that the database would let pass; empty while all triggers stand."""
    asked = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled <> 'D'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(asked, [TABLE])
        found = {name for (name,) in cursor.fetchall()}
    return [act for act in ACTS[connection.vendor] if _name(act) not in found]


def _name(act) -> str:
    return f"audit_event_no_{act.lower()}"


def _trigger(vendor, act) -> str:
    if vendor == "sqlite":
        return (
            f"CREATE TRIGGER IF NOT EXISTS {_name(act)} BEFORE {act} ON {TABLE} "
            f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
        )
    return (
        f"CREATE OR REPLACE TRIGGER {_name(act)} BEFORE {act} ON {TABLE} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()"
    )


def _function() -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
