"""The ranking of brokers as a workbook."""

from io import BytesIO
from urllib.parse import urlencode

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.sheets.writing import write_rows
from officers import audit
from support.ranking import RANKED
from workers import led
from workers.sheets import approving


def asked(chosen, found) -> dict[str, str]:
    """What the form of the ranking sends for this one: year, month or none, township or none, and the order."""
    month = str(chosen.month.number) if chosen.month else ""
    return {"year": str(chosen.year), "month": month, "township": found.township, "sort": found.sort}


def listed(chosen, found) -> approving.Listed:
    of = found.townships[found.township].name if found.township else ""
    what = " · ".join(filter(None, [str(chosen.month or chosen.year), of]))
    return approving.Listed("ranking", asked(chosen, found) | {"what": what}, [], False, "xlsx")


@transaction.atomic
def export_ranking(chosen, found, *, by) -> bytes:
    """Who took how many rows of what, and the file's hash, stay in the audit trail."""
    for place in by.posts:
        by.must("export rosters", at=place)
    content, told = approving.let_out(
        listed(chosen, found), len(found.rows), lambda: _written(found, by.place.label, chosen.label), by=by,
    )
    narrowed = chosen.days | {"township": found.township, "sort": found.sort}
    detail = told | {"filter": urlencode(narrowed)}
    audit.record_file("exported a ranking of brokers", content, by=by, place=by.posts[0], detail=detail)
    return content


def _written(found, place: str, label: str) -> bytes:
    """The list of brokers as it is narrowed and sorted."""
    columns = [(_("Name"), "text", 16), (_("Township"), "text", 18)]
    columns += [(led.BY_KEY[key].label, "number", 14) for key in RANKED]
    rows = [(row.label, str(row.broker.village.township), *(row.figures[key] for key in RANKED)) for row in found.rows]
    file = BytesIO()
    write_rows(file, columns, rows, title_lines=_titles(found, place, label), sheet_name=_("Ranking of brokers"))
    return file.getvalue()


def _titles(found, place, label) -> list[str]:
    words = {"name": found.officer.name, "when": timezone.localtime(clock.now()).strftime("%Y-%m-%d %H:%M")}
    narrowed = [found.townships[found.township].label] if found.township else []
    return [
        " · ".join([_("What labor brokers led"), place, *narrowed, label]),
        _("Exported on %(when)s by %(name)s") % words,
    ]
