from pathlib import Path

from django.core.management.base import CommandError

from laborreg.months import Month
from officers import audit
from officers.commands import OfficeCommand
from reports.workbook import workbook
from villages.models import County


class Command(OfficeCommand):
    help = "Write a county's monthly report as an Excel workbook."

    def add_arguments(self, parser):
        parser.add_argument("county_code")
        parser.add_argument("month", help="YYYY-MM")
        parser.add_argument("file")
        parser.add_argument("--language", choices=["en", "zh-hans"], default="zh-hans")

    def handle(self, *, county_code, month, file, language, **options):
        county = County.objects.filter(code=county_code).first()
        if county is None:
            raise CommandError(f"There is no county {county_code}.")
        try:
            month = Month.parse(month)
            Path(file).write_bytes(workbook(county, month, language=language))
        except (ValueError, OSError) as wrong:
            raise CommandError(str(wrong)) from wrong
        audit.record("exported", county, by=None, place=county.code, detail={"month": str(month), "language": language})
        self.stdout.write(f"Wrote {file}")
