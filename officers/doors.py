"""The doors of a demo: one account per role, open on this machine only."""

from ipaddress import ip_address

from django.utils.translation import gettext_lazy as _

from officers import demo
from officers.models import Officer

# username: (what the role does here, what to do first)
DOORS = {
    "li": (
        _("Keeps the ledger of one village: who left for work, who came home."),
        _("Register one departure and see the village's figure change."),
    ),
    "wang": (
        _("Checks the returns of the villages of one township."),
        _("Open a submitted return, look behind a figure, then approve it or send it back."),
    ),
    "zhao": (
        _("Adds up the county, locks the month and writes the workbook."),
        _("Open the county figure of October down to the names behind it."),
    ),
    "sun": (
        _("Reads the figures of the county, without names."),
        _("See which township sent out more people than a year ago."),
    ),
    "admin": (
        _("Issues accounts and keeps places and settings; sees no personal data."),
        _("Issue an account for a township station and look at its slip."),
    ),
}
HERE = {"127.0.0.1", "localhost", "[::1]"}


def are_open(request) -> bool:
    """In a demo, and only for a browser on the same machine."""
    host = request.get_host()
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    return demo.is_demo() and name in HERE and _is_loopback(request.META.get("REMOTE_ADDR", ""))


def _is_loopback(address):
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def officers():
    return Officer.objects.filter(username__in=DOORS, is_active=True)


def found() -> list[dict]:
    """The doors whose account exists, in the order of the levels."""
    by_name = {officer.username: officer for officer in officers()}
    return [_door(by_name[username], *words) for username, words in DOORS.items() if username in by_name]


def _door(officer, does, first):
    return {"officer": officer, "does": does, "first": first, "picture": f"officers/_door_{officer.role}.svg"}
