"""The list of a training course as a workbook, ID numbers masked."""

from io import BytesIO

from django.db import transaction
from django.utils.translation import gettext as _

from laborreg.sheets.writing import write_rows
from officers import audit
from workers.sheets import approving


def listed(course) -> approving.Listed:
    what = f"{course.subject} · {course.begins_on.isoformat()}"
    return approving.Listed("training", {"course": course.pk, "what": what}, [], False, "xlsx")


@transaction.atomic
def export_training(course, rows, *, by) -> bytes:
    """Who took how many rows, and the file's hash, stay in the audit trail."""
    by.must("export rosters", at=by.posts[0])
    content, told = approving.let_out(listed(course), len(rows), lambda: _written(course, rows), by=by)
    audit.record_file("exported a training", content, course, by=by, place=course.place_code, detail=told)
    return content


def _written(course, rows) -> bytes:
    columns = [
        (_("No."), "number", 6), (_("Name"), "text", 12), (_("Sex"), "text", 6), (_("Age"), "number", 6),
        (_("ID number"), "text", 22), (_("Township"), "text", 16), (_("Village"), "text", 16), (_("Result"), "text", 14),
        (_("Certificate number"), "text", 20),
    ]
    file = BytesIO()
    write_rows(file, columns, [_cells(number, row) for number, row in enumerate(rows, 1)], title_lines=_titles(course))
    return file.getvalue()


def _titles(course) -> list[str]:
    days = f"{course.begins_on.isoformat()} – {course.ends_on.isoformat()}"
    return [f"{course.subject} · {course.get_kind_display()}", " · ".join(filter(None, [days, course.organizer, course.venue]))]


def _cells(number, row) -> tuple:
    who = row.worker
    return (
        number, who.name, str(who.get_sex_display()) or None, who.age, who.masked_id or None, who.village.township.label,
        who.village.label, str(row.get_result_display()) or None, row.certificate_number or None,
    )
