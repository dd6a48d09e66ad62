"""Code lists of labor brokers."""

from django.utils.translation import gettext_lazy as _

KINDS = [("part_time", _("Part-time")), ("full_time", _("Full-time"))]
BACKGROUNDS = [
    ("cadre", _("Village cadre")),
    ("entrepreneur", _("Came home and runs a business")),
    ("craftsman", _("Skilled craftsman")),
    ("other", _("Other")),
]
