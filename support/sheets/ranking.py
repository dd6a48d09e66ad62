"""The ranking of brokers as a workbook."""

from urllib.parse import urlencode

from django.db import transaction

from officers import audit
from support.ranking import write
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
        listed(chosen, found), len(found.rows), lambda: write(found, by.place.label, chosen.label), by=by, place=by.posts[0],
    )
    narrowed = chosen.days | {"township": found.township, "sort": found.sort}
    detail = told | {"filter": urlencode(narrowed)}
    audit.record_file("exported a ranking of brokers", content, by=by, place=by.posts[0], detail=detail)
    return content
