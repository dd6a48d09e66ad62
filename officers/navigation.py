"""The frame around every page: where the officer is, and where to go from there."""

from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from laborreg import clock
from officers import demo

# (label, icon, url name, power that shows it, address prefix that marks it as current)
ENTRIES = [
    (lambda: _("Home"), "house", "home", None, None),
    (lambda: _("People"), "users", "people", "see people", "/people/"),
    (lambda: _("Import"), "file-spreadsheet", "sheets", "import sheets", "/people/sheets/"),
    (lambda: _("Moves"), "arrow-right-left", "moves", "enter records", "/people/moves/"),
    (lambda: _("Monthly returns"), "clipboard-list", "returns", "see people", "/returns/"),
    (lambda: _("Review queue"), "list-checks", "queue_home", "approve", "/queue/"),
    (lambda: _("Month and lock"), "stamp", "board_home", "lock", "/board/"),
    (lambda: _("Totals"), "chart-column", "totals_home", "see totals", "/totals/"),
    (lambda: _("Unnamed groups"), "users-round", "groups", "see people", "/groups/"),
    (lambda: _("Data quality"), "shield-check", "quality_home", "see people", "/quality/"),
    (lambda: _("Labor brokers"), "handshake", "brokers", "see people", "/brokers/"),
    (lambda: _("Labor brokers"), "handshake", "association", "see totals", "/brokers/"),
    (lambda: _("Cooperation points"), "map-pin", "points", "see people", "/points/"),
    (lambda: _("Accounts"), "id-card", "accounts", "issue accounts", "/accounts/"),
    (lambda: _("Places"), "map", "places", "change settings", "/places/"),
    (lambda: _("County settings"), "sliders-horizontal", "settings", "change settings", "/settings/"),
    (lambda: _("Audit trail"), "scroll-text", "audit", "see audit", "/audit/"),
    (lambda: _("Messages"), "bell", "messages", None, "/messages/"),
    (lambda: _("My settings"), "settings", "me", None, "/me/"),
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
    entries = _entries(request, officer)
    tabs = [entry for name in TABS[officer.role] for entry in entries if entry["name"] == name]
    place_name, place_line = _place(officer)
    return context | {
        "officer": officer, "nav": entries, "tabs": tabs, "place_name": place_name, "place_line": place_line,
        "unread": next(e["count"] for e in entries if e["name"] == "messages"),
        "add_url": reverse("departure_new") if officer.may("enter records") else None,
    }


def _demo():
    return {"today": clock.today(), "switch_url": reverse("doors")} if demo.is_demo() else None


def _entries(request, officer):
    counts = {"messages": officer.messages.filter(read_at__isnull=True).count()}
    # One page stands under another's address: the longest fits. Around the register of brokers stand pages of another room.
    fitting = [prefix for *_entry, prefix in ENTRIES if prefix and request.path.startswith(prefix)]
    current = max(fitting, key=len, default="/brokers/" if request.path.startswith("/support/") else "")
    entries = []
    for label, icon, name, power, prefix in ENTRIES:
        if power and power not in officer.powers:
            continue
        # Numbers for who sees no register of brokers.
        if name == "association" and "see people" in officer.powers:
            continue
        is_current = prefix == current if prefix else request.path == reverse(name)
        entries.append({
            "label": label(), "icon": icon, "name": name, "url": reverse(name), "is_current": is_current,
            "count": counts.get(name, 0),
        })
    return entries


def _place(officer):
    """The officer's first place, and the place above it."""
    place = officer.place
    if place is None:
        return settings.PRODUCT_NAME, ""
    above = getattr(place, "township", None) or getattr(place, "county", None)
    return place.label, above.label if above else ""
