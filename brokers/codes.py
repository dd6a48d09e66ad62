"""Code lists of labor brokers."""

from django.utils.translation import gettext_lazy as _

SEXES = [("male", _("Male")), ("female", _("Female"))]
KINDS = [("part_time", _("Part-time")), ("full_time", _("Full-time"))]
BACKGROUNDS = [
    ("cadre", _("Village cadre")),
    ("entrepreneur", _("Came home and runs a business")),
    ("craftsman", _("Skilled craftsman")),
    ("other", _("Other")),
]
YES_NO = [("yes", _("Yes")), ("no", _("No"))]

# The filing: recommended by the village, trained, published for objection, filed by the county (domain.md 4.2, Sichuan).
STATES = [
    ("registered", _("Registered")),
    ("recommended", _("Recommended")),
    ("trained", _("Trained")),
    ("published", _("Published")),
    ("filed", _("Filed")),
    ("suspended", _("Suspended")),
    ("revoked", _("Revoked")),
]
TONES = {
    "registered": "none", "recommended": "info", "trained": "info", "published": "info", "filed": "ok",
    "suspended": "warn", "revoked": "bad",
}
BEFORE_FILING = ["registered", "recommended", "trained", "published"]
SINCE_FILING = ["filed", "suspended", "revoked"]
BARRED = ["suspended", "revoked"]
STEPS = [
    ("recommended", _("recommended")),
    ("trained", _("trained")),
    ("published", _("published for objection")),
    ("filed", _("filed")),
    ("suspended", _("suspended")),
    ("restored", _("restored")),
    ("revoked", _("revoked")),
    ("set_back", _("set back")),
    ("withdrawn", _("list withdrawn")),
    ("corrected", _("name or ID number corrected")),
]
WITH_REASON = ["suspended", "revoked", "restored", "set_back", "withdrawn", "corrected"]
PUBLICATIONS = [("brokers", _("Filing of brokers")), ("claims", _("Pay of brokers"))]
# What the village vouches for when it recommends (domain.md 4.1, Sichuan).
CONDITIONS = [
    ("healthy", _("In good health")),
    ("honest", _("Honest, without a criminal record")),
    ("digital", _("Uses computer and smartphone")),
    ("organizes", _("Can organize people")),
]

COMPLAINTS = [("objection", _("Objection")), ("complaint", _("Complaint"))]
OUTCOMES = [("upheld", _("Upheld")), ("dismissed", _("Dismissed")), ("settled", _("Settled between them"))]

POSTS = [
    ("president", _("President")),
    ("vice", _("Vice president")),
    ("secretary", _("Secretary")),
    ("council", _("Member of the council")),
    ("branch_head", _("Head of the branch")),
]
