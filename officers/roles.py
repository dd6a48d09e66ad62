"""Who may do what: one table, role × power. Where a role holds is a matter of postings."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from laborreg.refusals import Refusal

VILLAGE = "village"
TOWNSHIP = "township"
COUNTY = "county"
LEADER = "leader"
ADMIN = "admin"

ROLES = [
    (VILLAGE, _("Village officer")),
    (TOWNSHIP, _("Township station")),
    (COUNTY, _("County bureau")),
    (LEADER, _("County leader")),
    (ADMIN, _("System administrator")),
]

POWERS = {
    "see people": _("see the people of the ledger"),
    "see totals": _("see totals"),
    "enter records": _("enter records in the ledger"),
    "import sheets": _("bring sheets into the ledger"),
    "export rosters": _("export lists of people"),
    "reveal numbers": _("show an ID number or phone in full"),
    "approve exports": _("approve large exports of others"),
    "give copies": _("give a person a copy of what is kept"),
    "erase people": _("erase people whose time is over, or who were entered by mistake"),
    "register brokers": _("register labor brokers"),
    "recommend brokers": _("recommend labor brokers"),
    "check brokers": _("train labor brokers, publish lists of them and settle complaints"),
    "keep branches": _("keep the branches of the brokers' association"),
    "file brokers": _("file, suspend and revoke labor brokers"),
    "confirm claims": _("confirm the claims of labor brokers"),
    "pay brokers": _("set the subsidies of labor brokers, approve and pay their claims"),
    "register points": _("register cooperation points"),
    "submit": _("submit a monthly return"),
    "submit for a village": _("submit a monthly return after the closing day, or for a village that has nobody"),
    "approve": _("approve a monthly return"),
    "send back": _("send a monthly return back"),
    "report up": _("report a township's month to the county"),
    "lock": _("lock a month"),
    "open months": _("open a month"),
    "export": _("write the county's workbook"),
    "set targets": _("set the targets of the level below"),
    "record training": _("record the training of workers"),
    "check quality": _("draw spot checks and follow up on falling figures"),
    "read briefs": _("read the briefs that were issued"),
    "write briefs": _("write the monthly brief"),
    "issue accounts": _("issue and reset accounts of the level below"),
    "change settings": _("change settings and places"),
    "see audit": _("see the audit trail"),
    "see health": _("see how the server is"),
}

_STATION = {
    "see people", "see totals", "enter records", "import sheets", "export rosters", "reveal numbers", "give copies",
    "register brokers", "recommend brokers", "check brokers", "keep branches", "confirm claims", "register points",
    "submit for a village",
    "approve", "send back", "report up", "issue accounts", "set targets", "record training", "check quality",
}
MAY = {
    VILLAGE: {
        "see people", "see totals", "enter records", "import sheets", "export rosters", "reveal numbers", "register brokers",
        "recommend brokers", "submit",
    },
    TOWNSHIP: _STATION,
    COUNTY: (_STATION - {"submit for a village", "report up", "recommend brokers", "confirm claims"}) | {
        "file brokers", "pay brokers", "approve exports", "erase people",
        "lock", "open months", "export", "read briefs", "write briefs", "change settings", "see audit",
        "see health",
    },
    LEADER: {"see totals", "read briefs"},
    ADMIN: {"issue accounts", "change settings", "see audit", "see health"},
}

# The length of the code at which a role is posted.
POSTED_AT = {VILLAGE: 12, TOWNSHIP: 9, COUNTY: 6, LEADER: 6, ADMIN: 6}

# Whose accounts a role issues and resets.
ISSUES = {
    TOWNSHIP: [VILLAGE],
    COUNTY: [VILLAGE, TOWNSHIP],
    ADMIN: [TOWNSHIP, COUNTY, LEADER, ADMIN],
}


class NotYours(Refusal):
    """The role does not have the power, or not at this place."""

    def __init__(self, power, at=None):
        self.power = power
        super().__init__(_now("Your account may not %(power)s here.") % {"power": POWERS[power]})
