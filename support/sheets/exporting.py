"""A register written out under the headings under which it is read in.

What is written in full and brought back changes nothing.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from brokers.models import Attendance, Broker, Membership
from laborreg.columns import words
from laborreg.identity import mask_account, mask_id, mask_phone
from laborreg.refusals import plain_words
from laborreg.sheets.writing import write_csv, write_rows
from officers import audit
from support.models import Claim
from support.sheets.columns import BROKERS, COLUMNS, COURSES, MEMBERS, PAYMENTS
from support.sheets.resources import RESOURCES
from workers import codes
from workers.models import ExportRequest
from workers.sheets import approving

MASKS = {"id_number": mask_id, "phone": mask_phone, "account": mask_account}
# Where an entry stands; it changes by its own steps, not by a sheet.
TOLD_BESIDES = {
    BROKERS: [
        (_l("Filing"), lambda broker: broker.get_state_display()),
        (_l("Stopped on"), lambda broker: broker.stopped_on.isoformat() if broker.stopped_on else ""),
    ],
    PAYMENTS: [(_l("State"), lambda claim: claim.get_state_display())],
}
WRITERS = {"xlsx": write_rows, "csv": write_csv}


@dataclass(frozen=True)
class Wanted:
    """A register as a file: of the officer's places, masked unless there is a reason to show numbers in full."""

    kind: str
    is_full: bool = False
    reason: str = ""
    file_type: str = "xlsx"


def rows_for(kind, officer):
    """The rows of a register that the officer sees."""
    return {
        BROKERS: lambda: Broker.objects.visible_to(officer).valid().select_related("village__township"),
        MEMBERS: lambda: Membership.objects.visible_to(officer).select_related("broker__village__township")
        .prefetch_related("posts"),
        COURSES: lambda: Attendance.objects.visible_to(officer).select_related("course", "broker__village__township"),
        PAYMENTS: lambda: Claim.objects.visible_to(officer).select_related("scheme", "broker__village__township"),
    }[kind]()


def listed(wanted: Wanted) -> approving.Listed:
    return approving.Listed(wanted.kind, {}, [], wanted.is_full, wanted.file_type)


def ask(wanted: Wanted, *, by, reason) -> ExportRequest:
    """The register put before a second person."""
    place = by.posts[0] if by.posts else "-"
    if wanted.is_full:
        by.must("reveal numbers", at=place)
    rows = rows_for(wanted.kind, by).count()
    return approving.ask(listed(wanted), rows, by=by, place=place, reason=reason)


@transaction.atomic
def export(wanted: Wanted, *, by) -> tuple[bytes, str]:
    """The file and its name; who took how many rows, and the file's hash, stay in the audit trail."""
    by.must("export rosters", at=by.posts[0])
    with plain_words():
        reason = words(200, missing=_("Say what the numbers in full are needed for") if wanted.is_full else "")(wanted.reason)
    if wanted.is_full:
        by.must("reveal numbers", at=by.posts[0])
    resource = RESOURCES[wanted.kind](by=by, place=by.posts[0])
    rows = [_cells(wanted, resource, entry) for entry in rows_for(wanted.kind, by)]
    content, told = approving.let_out(listed(wanted), len(rows), lambda: _written(wanted, rows), by=by)
    detail = {"kind": wanted.kind} | ({"reason": reason} if reason else {}) | told
    audit.record_file("exported a register", content, by=by, place=by.posts[0], detail=detail)
    name = dict(codes.SHEET_KINDS)[wanted.kind]
    return content, f"{name}.{wanted.file_type}"


def _written(wanted, rows) -> bytes:
    columns = [(column.heading, _kind(column), 16) for column in COLUMNS[wanted.kind]]
    columns += [(heading, "text", 12) for heading, _told in TOLD_BESIDES.get(wanted.kind, [])]
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"register.{wanted.file_type}"
        named = {"sheet_name": str(dict(codes.SHEET_KINDS)[wanted.kind])} if wanted.file_type == "xlsx" else {}
        WRITERS[wanted.file_type](path, columns, rows, **named)
        return path.read_bytes()


def _kind(column) -> str:
    if column.problem == "bad_date":
        return "day"
    return "number" if column.name in ("hours", "amount") else "text"


def _cells(wanted, resource, entry) -> tuple:
    told = dict(zip((field.column_name for field in resource.get_export_fields()), resource.export_resource(entry), strict=True))
    shown = [_shown(column, _masked(wanted, column, told[column.name])) for column in COLUMNS[wanted.kind]]
    return *shown, *[str(told(entry)) or None for _heading, told in TOLD_BESIDES.get(wanted.kind, [])]


def _masked(wanted, column, value):
    return MASKS[column.name](value) if column.name in MASKS and not wanted.is_full else value


def _shown(column, value):
    """Words for codes; days and numbers as they are."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        value = "yes" if value else "no"
    choices = dict(column.choices)
    if value in choices:
        return str(choices[value])
    return value if isinstance(value, date | int) else str(value)
