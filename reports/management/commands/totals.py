import json

from django.core.management.base import CommandError

from laborreg.months import Month
from officers.commands import OfficeCommand
from reports.totals import totals
from villages.areas import area_at
from workers.ledger import FIGURES


class Command(OfficeCommand):
    help = "The figures of an area for a month: a village, township, county, prefecture (4 digits) or province (2)."

    def add_arguments(self, parser):
        parser.add_argument("area_code")
        parser.add_argument("month", help="YYYY-MM")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, area_code, month, as_json, **options):
        area = area_at(area_code)
        if area is None:
            raise CommandError(f"There is no area {area_code}.")
        try:
            month = Month.parse(month)
        except ValueError as wrong:
            raise CommandError(str(wrong)) from wrong
        total = totals(area_code, month)
        if as_json:
            self.stdout.write(json.dumps(total.as_json()))
            return
        self.stdout.write(f"{area.label}, {month.label}: {total.received} of {total.expected} villages, {total.source}")
        for figure in FIGURES:
            self.stdout.write(f"{figure.key:32} {total.figures[figure.key]:>14,}  {figure.label}")
