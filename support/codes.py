"""Code lists of what the state pays."""

from django.utils.translation import gettext_lazy as _

CLAIM_STATES = [
    ("drawn", _("Drawn up")),
    ("confirmed", _("Confirmed")),
    ("published", _("Published")),
    ("approved", _("Approved")),
    ("paid", _("Paid")),
]
# The first rule that speaks against a stay is the one that is told.
VERDICTS = [
    ("counts", _("counts")),
    ("too_short", _("too few days in the year")),
    ("no_pay", _("the pay is not known")),
    ("low_pay", _("the pay is below the floor")),
    ("low_earned", _("earned too little in the year")),
    ("no_contract", _("without a contract")),
    ("no_insurance", _("without social insurance")),
    ("twice", _("counted already for another stay of the year")),
    ("elsewhere", _("counted already in another claim of the year")),
]

SKILLS, START_UP = "skills", "start_up"
TRAINING_KINDS = [(SKILLS, _("Skills")), (START_UP, _("Starting a business"))]
PASSED, FAILED, ABSENT = "passed", "failed", "absent"
RESULTS = [(PASSED, _("passed")), (FAILED, _("not passed")), (ABSENT, _("was not there"))]
