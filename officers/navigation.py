"""The frame around every page: where the officer is, and where to go from there."""

from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from laborreg import clock
from officers import demo
from officers.roles import VILLAGE

# Groups of entries under a heading; the first and the last stand without one.
# An entry: (label, icon, url name, power that shows it, address prefix that marks it as current).
GROUPS = [
    (None, [
        (lambda: _("Home"), "house", "home", None, None),
        (lambda: _("Messages"), "bell", "messages", None, "/messages/"),
    ]),
    (lambda: _("Work"), [
        (lambda: _("People"), "users", "people", "see people", "/people/"),
        (lambda: _("Import"), "file-spreadsheet", "sheets", "import sheets", "/people/sheets/"),
        (lambda: _("Moves"), "arrow-right-left", "moves", "enter records", "/people/moves/"),
        (lambda: _("Monthly returns"), "clipboard-list", "returns", "see people", "/returns/"),
        (lambda: _("Review queue"), "list-checks", "queue_home", "approve", "/queue/"),
        (lambda: _("Month and lock"), "stamp", "board_home", "lock", "/board/"),
        (lambda: _("Unnamed groups"), "users-round", "groups", "see people", "/groups/"),
        (lambda: _("Data quality"), "shield-check", "quality_home", "see people", "/quality/"),
        (lambda: _("Labor brokers"), "handshake", "brokers", "see people", "/brokers/"),
        (lambda: _("Labor brokers"), "handshake", "association", "see totals", "/brokers/"),
        (lambda: _("Cooperation points"), "map-pin", "points", "see people", "/points/"),
        (lambda: _("Training"), "graduation-cap", "trainings", "see people", "/trainings/"),
    ]),
    (lambda: _("Numbers"), [
        (lambda: _("Overview"), "chart-column", "totals_home", "see totals", "/totals/"),
        (lambda: _("Analysis"), "chart-spline", "analysis_home", "see totals", "/analysis/"),
        (lambda: _("Tables"), "table-2", "tables", "see totals", "/tables/"),
        (lambda: _("Targets"), "target", "targets_home", "see totals", "/targets/"),
        (lambda: _("Briefs"), "newspaper", "briefs", "read briefs", "/briefs/"),
        (lambda: _("Province's workbooks"), "file-output", "blanks", "export", "/blanks/"),
    ]),
    (lambda: _("Management"), [
        (lambda: _("Accounts"), "id-card", "accounts", "issue accounts", "/accounts/"),
        (lambda: _("Places"), "map", "places", "change settings", "/places/"),
        (lambda: _("County settings"), "sliders-horizontal", "settings", "change settings", "/settings/"),
        (lambda: _("Audit trail"), "scroll-text", "audit", "see audit", "/audit/"),
        (lambda: _("Health"), "heart-pulse", "health", "see health", "/health/"),
    ]),
    (None, [
        (lambda: _("My settings"), "settings", "me", None, "/me/"),
    ]),
]
TABS = {
    "village": ["home", "people", "returns", "messages"],
    "township": ["home", "people", "queue_home", "messages"],
    "county": ["home", "board_home", "totals_home", "messages"],
    "leader": ["home", "totals_home", "messages", "me"],
    "admin": ["home", "accounts", "places", "me"],
}


def shell(request):
    """Context for templates/base.html; nothing is asked of the database until the frame is drawn."""
    context = {"product_name": settings.PRODUCT_NAME, "demo": SimpleLazyObject(_demo)}
    officer = getattr(request, "user", None)
    if officer is None or not officer.is_authenticated:
        return context
    groups = _groups(request, officer)
    entries = [entry for group in groups for entry in group["entries"]]
    tabs = [entry for name in TABS[officer.role] for entry in entries if entry["name"] == name]
    place_name, place_line = _place(officer)
    return context | {
        "officer": officer, "nav": groups, "tabs": tabs, "place_name": place_name, "place_line": place_line,
        "unread": next(e["count"] for e in entries if e["name"] == "messages"),
        "add_url": reverse("departure_new") if officer.may("enter records") else None,
    }


def _demo():
    return {"today": clock.today(), "switch_url": reverse("doors")} if demo.is_demo() else None


def _groups(request, officer) -> list[dict]:
    """Each group with the entries that this officer has; a group without any is left out."""
    counts = {"messages": officer.messages.filter(read_at__isnull=True).count()}
    current = _current_prefix(request.path)
    groups = [
        {"heading": heading() if heading else "", "entries": [
            _entry(entry, request.path, current, counts) for entry in entries if _is_shown(entry, officer)
        ]}
        for heading, entries in GROUPS
    ]
    return [group for group in groups if group["entries"]]


def _current_prefix(path: str) -> str:
    """One page stands under another's address: the longest fits. Around the register of brokers stand pages of another room."""
    prefixes = [prefix for _heading, entries in GROUPS for *_entry, prefix in entries if prefix]
    fitting = [prefix for prefix in prefixes if path.startswith(prefix)]
    return max(fitting, key=len, default="/brokers/" if path.startswith("/support/") else "")


def _is_shown(entry, officer) -> bool:
    _label, _icon, name, power, _prefix = entry
    if power and power not in officer.powers:
        return False
    # A village's own totals lead there; in its menu they are two entries too many.
    if officer.role == VILLAGE and name in ("analysis_home", "tables"):
        return False
    # Numbers for who sees no register of brokers.
    return not (name == "association" and "see people" in officer.powers)


def _entry(entry, path: str, current: str, counts: dict) -> dict:
    label, icon, name, _power, prefix = entry
    return {
        "label": label(), "icon": icon, "name": name, "url": reverse(name), "count": counts.get(name, 0),
        "is_current": prefix == current if prefix else path == reverse(name),
    }


def _place(officer):
    """The officer's first place, and the place above it."""
    place = officer.place
    if place is None:
        return settings.PRODUCT_NAME, ""
    above = getattr(place, "township", None) or getattr(place, "county", None)
    return place.label, above.label if above else ""
