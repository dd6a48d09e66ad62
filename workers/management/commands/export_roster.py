"""Export a list from the command line: the same road, powers and trail as the page."""

import os
import shutil
from pathlib import Path

from django.core.management.base import CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.refusals import Refusal
from officers.commands import OfficeCommand
from officers.models import Officer
from workers import codes
from workers.listing import VIEWS, Query
from workers.sheets import ordering, rosters
from workers.sheets.approving import NeedsApproval
from workers.sheets.roster_columns import BY_KIND, presets


class Command(OfficeCommand):
    help = "Export the people of an officer's places, with their households or departures, as .xlsx or .csv."

    def add_arguments(self, parser):
        parser.add_argument("kind", metavar="KIND", choices=[code for code, _label in codes.ROSTER_KINDS])
        parser.add_argument("file", metavar="FILE", type=Path, help="ends with .xlsx or .csv")
        parser.add_argument("--as", dest="officer", required=True, metavar="USERNAME", help="who exports it")
        parser.add_argument("--area", default="", metavar="CODE", help="a township or village of the officer's")
        parser.add_argument("--view", default="", choices=list(VIEWS), help="a tab of the list of people")
        parser.add_argument("--preset", default="usual", choices=["usual", "national", "template"])
        parser.add_argument("--columns", metavar="A,B,C", help="in this order, instead of a preset")
        parser.add_argument("--full", action="store_true", help="numbers in full; needs the right and a reason")
        parser.add_argument("--reason", default="")
        parser.add_argument("--ask", action="store_true", help="ask the county bureau to approve a long list; needs a reason")

    def handle(self, *, kind, file, officer, area, view, full, reason, **options):
        if file.suffix not in (".xlsx", ".csv"):
            raise CommandError(_("The file must end with .xlsx or .csv."))
        by = _officer(officer)
        with translation.override(by.language or "zh-hans"):
            try:
                query = _query(by, area, view)
                columns = _columns(kind, **options)
                wanted = rosters.Wanted(kind, query, columns, full, reason, file.suffix[1:])
                if options["ask"]:
                    self._ask(wanted, by, reason)
                    return
                roster = ordering.at_once(wanted, by=by)
                _copy(rosters.path_of(roster), file)
            except NeedsApproval as wrong:
                how = _("From the command line: the same with --ask and --reason.")
                raise CommandError(f"{wrong} {how}") from None
            except (Refusal, OSError) as wrong:
                raise CommandError(str(wrong)) from None
            self.stdout.write(_("%(rows)s rows, SHA-256 %(hash)s") % {"rows": roster.rows, "hash": roster.sha256})

    def _ask(self, wanted, by, reason):
        waiting = ordering.ask(wanted, by=by, reason=reason)
        self.stdout.write(_("Asked for, as number %(number)s: %(rows)s rows. Once approved, run the same without --ask.") % {
            "number": waiting.pk, "rows": waiting.rows,
        })


def _officer(username) -> Officer:
    found = Officer.objects.filter(username__iexact=username).first()
    if not found:
        raise CommandError(_("There is no account %(account)s.") % {"account": username})
    return found


def _query(by, area, view) -> Query:
    query = Query(by, {"village": "" if area in by.posts else area, "view": view}, clock.today())
    if area and area not in (query.place, *by.posts):
        raise Refusal(_("%(code)s is no township or village of this account.") % {"code": area})
    return query


def _columns(kind, *, columns, preset, **_options) -> list[str]:
    if not columns:
        found = presets(kind).get(preset)
        if found is None:
            raise Refusal(_("This list has no such preset."))
        return found[1]
    names = columns.split(",")
    if unknown := [name for name in names if name not in BY_KIND[kind]]:
        known = ", ".join(BY_KIND[kind])
        raise Refusal(_("Unknown columns: %(unknown)s. Known are: %(known)s") % {"unknown": ", ".join(unknown), "known": known})
    return names


def _copy(source, target):
    """Readable by nobody else, as it may hold numbers in full."""
    with source.open("rb") as read, open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as written:
        shutil.copyfileobj(read, written)
