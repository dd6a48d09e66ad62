"""Bring a sheet into the ledger from the command line: the road of the pages, with their checks and powers."""

import json
from pathlib import Path

from django.core.files import File
from django.core.management.base import CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from laborreg.refusals import Refusal
from laborreg.sheets import header
from officers.commands import OfficeCommand
from officers.models import Officer
from workers import codes
from workers.models import Batch, Matching
from workers.sheets import background, batches, committing, matching
from workers.sheets.columns import heading_of
from workers.sheets.problems import PROBLEMS
from workers.views.sheets.matching import Matched

FIRST_GROUPS = 20


class Command(OfficeCommand):
    help = "Bring a sheet into the ledger: read, compared with what is known, and written in one go."

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=[code for code, _label in codes.SHEET_KINDS])
        parser.add_argument("file", metavar="FILE", help=".xlsx, .xls, .ods or .csv")
        parser.add_argument("--as", dest="officer", required=True, metavar="USERNAME", help="who brings it")
        parser.add_argument("--area", metavar="CODE", help="whose sheet it is, where the officer has several posts")
        parser.add_argument("--mapping", metavar="NAME", help="how the columns were matched before, by its name")
        parser.add_argument("--dry-run", action="store_true", help="only say what would become of the rows")
        parser.add_argument("--all-or-nothing", action="store_true", help="write nothing if any row is wrong or in doubt")
        parser.add_argument("--json", action="store_true", help="the numbers as JSON")

    def handle(self, *, kind, file, officer, **options):
        by = _officer(officer)
        with translation.override(by.language or translation.get_language()):
            try:
                batch = _staged(kind, file, options["area"] or _post(by), by, options["mapping"])
                written = self._write(batch, by, options)
            except Refusal as refused:
                raise CommandError(refused.message) from None
            self._tell(batch, written, options["json"])

    def _write(self, batch, by, options) -> dict | None:
        if options["dry_run"]:
            batches.cancel(batch, by=by)
            return None
        return committing.commit(batch, by=by, all_or_nothing=options["all_or_nothing"])

    def _tell(self, batch, written, as_json):
        counts = batch.counts
        if as_json:
            told = {"batch": batch.pk, "rows": batch.rows_in_all, "verdicts": counts["verdicts"], "groups": counts["groups"],
                    "written": written}
            return self.stdout.write(json.dumps(told, ensure_ascii=False))
        labels = dict(codes.VERDICTS)
        for verdict, rows in counts["verdicts"].items():
            self.stdout.write(f"{labels[verdict]}: {rows}")
        for code, column, text, rows in counts["groups"][:FIRST_GROUPS]:
            self.stdout.write(f"  {_group(code, column, text, batch.kind)}: {rows}")
        if written is None:
            self.stdout.write(_("Nothing was written: this was a dry run."))
        else:
            self.stdout.write(_("Written as sheet %(number)s.") % {"number": batch.pk})


def _officer(username) -> Officer:
    found = Officer.objects.filter(username__iexact=username).first()
    if not found:
        raise CommandError(_("There is no account %(account)s.") % {"account": username})
    return found


def _post(by) -> str:
    if len(by.posts) != 1:
        raise Refusal(_("Say with --area for which of your places the sheet is."))
    return by.posts[0]


def _group(code, column, text, kind) -> str:
    parts = [heading_of(column, kind) if column else "", str(PROBLEMS[code].sentence), f"“{text}”" if text else ""]
    return " · ".join(part for part in parts if part)


def _staged(kind, path, place, by, mapping) -> Batch:
    """The file, sent, matched as it was before or as it is proposed, and read."""
    batch = _uploaded(kind, path, place, by)
    matched = Matched(batch, {})
    if mapping:
        matched.saved = _mapping(mapping, kind, matched, by)
    matched.must_be_complete()
    facts = {"sheet": matched.sheet.name, "header_row": matched.header.last_row, "columns": matching.as_columns(matched.matches)}
    with background.at_hand(batch):
        Batch.objects.filter(pk=batch.pk).update(state="staging", failure="", **facts)
        background.stage.call(batch.pk, by.pk, translation.get_language())
    batch.refresh_from_db()
    if batch.state != "staged":
        raise Refusal(batch.failure)
    return batch


def _uploaded(kind, path, place, by) -> Batch:
    try:
        with open(path, "rb") as opened:
            return batches.upload(by=by, place=place, kind=kind, file=File(opened, name=Path(path).name))
    except OSError as missing:
        raise CommandError(f"{path}: {missing.strerror}") from None
    except batches.AlreadyHere as here:
        return batches.again(here.batch, by=by)


def _mapping(name, kind, matched, by) -> Matching:
    found = Matching.objects.filter(kind=kind, name=name, shape=header.shape(matched.header.headings))
    for each in found:
        if by.is_posted_over(each.place_code) or any(post.startswith(each.place_code) for post in by.posts):
            return each
    raise Refusal(_("No matching of this kind and these headings is kept as “%(name)s”.") % {"name": name})
