"""The sentences of a brief that turn on a direction or a kind, and its headings."""

from django.utils.translation import gettext_lazy as _

from reports.models import INCOME as INCOME_TARGET
from reports.models import START_UPS, TRAINING, TRANSFERS

TITLES = {
    "headline": _("Working away from home"),
    "year": _("The year so far"),
    "destinations": _("Where they work"),
    "who": _("Who they are"),
    "income": _("Labor income"),
    "homecomings": _("People coming home"),
    "townships": _("Townships"),
    "targets": _("Targets of the year"),
    "completeness": _("Which villages are in"),
    "quality": _("How good the figures are"),
    "standing": _("What the figures rest on"),
}
# What a figure of now is beside those of a month and a year before, where both changed.
BOTH = {
    ("up", "up"): _("That is %(m)s more than a month before (up %(ms)s), and %(y)s more than a year before (up %(ys)s)."),
    ("up", "down"): _("That is %(m)s more than a month before (up %(ms)s), but %(y)s fewer than a year before (down %(ys)s)."),
    ("down", "up"): _("That is %(m)s fewer than a month before (down %(ms)s), but %(y)s more than a year before (up %(ys)s)."),
    ("down", "down"): _(
        "That is %(m)s fewer than a month before (down %(ms)s), and %(y)s fewer than a year before (down %(ys)s)."
    ),
}
ON_MONTH = {
    "up": _("That is %(n)s more than a month before (up %(share)s)."),
    "down": _("That is %(n)s fewer than a month before (down %(share)s)."),
    "flat": _("That is as many as a month before."),
}
ON_YEAR = {
    "up": _("Against a year before it is %(n)s more (up %(share)s)."),
    "down": _("Against a year before it is %(n)s fewer (down %(share)s)."),
    "flat": _("A year before it was the same number."),
}
TRIPS = {
    "up": _("Person-times came to %(trips)s, %(n)s more than a year before (up %(share)s)."),
    "down": _("Person-times came to %(trips)s, %(n)s fewer than a year before (down %(share)s)."),
    "flat": _("Person-times came to %(trips)s, as many as a year before."),
    None: _("Person-times came to %(trips)s."),
}
INCOME = {
    "up": _("Labor income from January to %(month)s came to %(sum)s, %(n)s more than a year before (up %(share)s)."),
    "down": _("Labor income from January to %(month)s came to %(sum)s, %(n)s less than a year before (down %(share)s)."),
    "flat": _("Labor income from January to %(month)s came to %(sum)s, as much as a year before."),
    None: _("Labor income from January to %(month)s came to %(sum)s."),
}
A_HEAD = {
    "up": _("Per transferred person that is %(yuan)s yuan, %(n)s yuan more than a year before (up %(share)s)."),
    "down": _("Per transferred person that is %(yuan)s yuan, %(n)s yuan less than a year before (down %(share)s)."),
    "flat": _("Per transferred person that is %(yuan)s yuan, as much as a year before."),
    None: _("Per transferred person that is %(yuan)s yuan."),
}

PACE = {
    "ahead": _("That is ahead of the line of the season (%(line)s)."),
    "level": _("That is on the line of the season (%(line)s)."),
    "behind": _("That is behind the line of the season (%(line)s)."),
}
DONE = {
    TRANSFERS: _("Of the year's target of %(target)s transferred people, %(done)s are done, which is %(rate)s."),
    TRAINING: _("Of the target of %(target)s people trained, %(done)s are done, which is %(rate)s."),
    INCOME_TARGET: _("Of the target of %(target)s of labor income, %(done)s is done, which is %(rate)s."),
    START_UPS: _("Of the target of %(target)s businesses of their own, %(done)s are done, which is %(rate)s."),
}
