"""Data quality of an area: the score, its numbers, each with its list, and the places below."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from officers.pages import page
from reports.quality import Board, Quality
from reports.views.totals import area_or_404, county_of
from villages.areas import children
from workers.doubts import RULES, SEVERITIES


@page("see people", scoped=False)
def quality_home(request):
    """The officer's own area."""
    posts = request.user.posts
    return redirect("quality", posts[0]) if posts else render(request, "reports/home_nowhere.html")


@page("see people")
def quality(request, area):
    area = area_or_404(request.user, area)
    below = [] if area.level == "village" else children(area)
    board = Board(request.user, area, county_of(area), len(below[0].code) if below else 12)
    rows = [_named(board.of(place.code), place) for place in below if place.code in board.found or _files(place)]
    total = Quality(area.code)
    for row in board.found.values():
        total = total.plus(row)
    context = {
        "area": area, "board": board, "rows": rows, "total": total, "rules": _by_rule(total),
        "is_of_villages": area.level == "township", "message": _message(area, board, rows), "tab": "doubts",
        "of_area": "" if area.level == "county" else f"?village={area.code}",
    }
    return render(request, "reports/quality.html", context)


def _files(place) -> bool:
    return getattr(place, "files_from", True) is not None


def _named(row, place) -> Quality:
    row.label = place.label
    return row


def _by_rule(total) -> list[dict]:
    """The rules with open doubts, the gravest first, then those with most."""
    order = list(SEVERITIES)
    found = [rule for rule in RULES if total.rules[rule.code]]
    found.sort(key=lambda rule: (order.index(rule.severity), -total.rules[rule.code]))
    labels = {name: {"label": label, "tone": tone} for name, (label, tone) in SEVERITIES.items()}
    return [{"rule": rule, "count": total.rules[rule.code]} | labels[rule.severity] for rule in found]


def _message(area, board, rows) -> str:
    """Who has how much to check, for the group chat of the villages or stations."""
    behind = sorted((row for row in rows if row.to_check), key=lambda row: -row.to_check)
    if not behind:
        return ""
    words = {"place": area.label, "day": board.day.isoformat()}
    lines = [_("%(place)s, %(day)s. Please check the doubts in the ledger (wrong or doubtful):") % words]
    return "\n".join([*lines, *(f"{row.label} {row.to_check}" for row in behind)])
