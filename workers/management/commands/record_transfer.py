"""Record a departure from the command line: the same action, checks and powers as the screens."""

import sys

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from laborreg.refusals import Refusal
from officers.commands import OfficeCommand
from officers.models import Officer
from workers import actions, codes, columns, places
from workers.actions.days import shown


class Command(OfficeCommand):
    help = "Record a departure, and register the person first where the county does not have the ID number."

    def add_arguments(self, parser):
        parser.add_argument("id_number", metavar="ID_NUMBER", help="18 characters; - reads it from standard input")
        parser.add_argument("--as", dest="officer", required=True, metavar="USERNAME", help="who records it")
        parser.add_argument("--village", required=True, metavar="CODE", help="12 digits")
        parser.add_argument("--name", required=True)
        parser.add_argument("--started-on", required=True, metavar="DATE", help="the day the person left: 2026-10-05")
        parser.add_argument("--ended-on", metavar="DATE", help="the first day on which it is over")
        parser.add_argument("--destination", required=True, metavar="CODE", help="division, township or country")
        parser.add_argument("--pay", metavar="YUAN", help="a month, whole yuan")
        parser.add_argument("--channel", choices=[code for code, _label in codes.CHANNELS])
        parser.add_argument("--industry", choices=[code for code, _label in codes.SECTIONS], metavar="A-T")
        parser.add_argument("--form", choices=[code for code, _label in codes.FORMS])

    def handle(self, *, id_number, village, name, **options):
        if id_number == "-":
            id_number = sys.stdin.readline()
        try:
            transfer = actions.register_departure(
                by=_officer(options["officer"]), village=village, person={"name": name, "id_number": id_number},
                transfer=_facts(options),
            )
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
        except ValidationError as complaint:
            raise CommandError(" ".join(complaint.messages)) from None
        self.stdout.write(_sentence(transfer))


def _officer(username) -> Officer:
    found = Officer.objects.filter(username__iexact=username).first()
    if not found:
        raise CommandError(_("There is no account %(account)s.") % {"account": username})
    return found


def _facts(options) -> dict:
    """What was said about the work; what was not said stays unknown."""
    facts = {name: options[name] for name in ("destination", "channel", "industry", "form") if options[name]}
    facts["started_on"] = columns.clean_date(options["started_on"])
    if options["ended_on"]:
        facts["ended_on"] = columns.clean_date(options["ended_on"])
    if options["pay"]:
        facts["pay"], _warning = columns.clean_pay(options["pay"])
    return facts


def _sentence(transfer) -> str:
    words = {
        "name": transfer.worker.name, "village": transfer.worker.village.label,
        "place": places.label(transfer.destination), "started": shown(transfer.started_on),
    }
    if transfer.ended_on is None:
        return _("Recorded: %(name)s, %(village)s, left on %(started)s for %(place)s.") % words
    words["ended"] = shown(transfer.ended_on)
    return _("Recorded: %(name)s, %(village)s, out from %(started)s to %(ended)s at %(place)s.") % words
