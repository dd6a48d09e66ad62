from pathlib import Path

from django.core.management.base import CommandError
from django.utils import translation

from laborreg.months import Month
from laborreg.refusals import Refusal
from officers import audit
from officers.commands import OfficeCommand
from reports.blanks import keeping
from reports.blanks.bindings import NotFit
from reports.blanks.filling import fill
from reports.blanks.values import Values
from reports.models import BlankVersion
from villages.areas import MODELS, area_at


class Command(OfficeCommand):
    help = "Fill a workbook whose cells hold keys such as {{away}} with the figures of an area and month."

    def add_arguments(self, parser):
        parser.add_argument("file", help="the workbook as it came, .xlsx")
        parser.add_argument("area", help="code of a county, township or village")
        parser.add_argument("month", help="YYYY-MM")
        parser.add_argument("out", help="where the filled workbook goes")
        parser.add_argument("--by", default="", help="the name that {{filled_by}} shows")
        parser.add_argument("--language", choices=["en", "zh-hans"], default="zh-hans", help="of what is said of faults")

    def handle(self, *, file, area, month, out, by, language, **options):
        with translation.override(language):
            try:
                self._fill(Path(file), area, month, Path(out), by)
            except NotFit as refused:
                raise CommandError("\n".join(map(str, refused.faults))) from refused
            except (Refusal, ValueError, OSError) as refused:
                raise CommandError(str(refused)) from refused

    def _fill(self, file, code, month, out, by):
        area = area_at(code) if len(code) in MODELS else None
        if area is None:
            raise CommandError(f"There is no area {code}.")
        if file.stat().st_size > BlankVersion.MOST_BYTES:
            raise keeping.NotTaken("too_large", size=10)
        values = Values(area, Month.parse(month), by_name=by)
        content = file.read_bytes()
        keeping.checked(content)
        with keeping.readable():
            done = fill(content, [], values)
        made = done.package.content()
        out.write_bytes(made)
        audit.record("filled a blank", area, by=None, place=area.code, detail={
            "month": str(values.month), "bytes": len(made), "hash": keeping.sha256(made).hexdigest(),
        })
        total = values.total
        self.stdout.write(f"Wrote {out}: {done.cells} figures, {total.received} of {total.expected} villages, {values.source}")
        for each in done.left_empty:
            self.stdout.write(f"  {each.sheet} {each.cell} stays empty: {each.label}")
