"""The verbs of the audit trail in the officers' words: the filter of its page, and their translation."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    # officers, villages
    "signed in": _("signed in"),
    "locked an account": _("locked an account"),
    "chose a password": _("chose a password"),
    "changed own settings": _("changed own settings"),
    "issued an account": _("issued an account"),
    "reset a password": _("reset a password"),
    "disabled an account": _("disabled an account"),
    "enabled an account": _("enabled an account"),
    "posted an officer": _("posted an officer"),
    "ended a posting": _("ended a posting"),
}
KINDS = {
    "officer": _("account"),
    "posting": _("posting"),
    "village": _("village"),
    "township": _("township"),
    "county": _("county"),
    "broker": _("labor broker"),
    "cooperationpoint": _("cooperation point"),
    "household": _("household"),
    "worker": _("worker"),
    "transfer": _("transfer"),
    "unnamedgroup": _("unnamed group"),
    "registration": _("registration"),
    "monthlyreturn": _("monthly return"),
    "countysettings": _("settings"),
}
