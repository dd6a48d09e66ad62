from django.core.management.base import CommandError
from django.utils import translation

from laborreg.months import Month
from officers.commands import OfficeCommand
from reports.headline import headline
from villages.areas import area_at


class Command(OfficeCommand):
    help = "An area's year up to a month in one sentence."

    def add_arguments(self, parser):
        parser.add_argument("area_code")
        parser.add_argument("month", help="YYYY-MM")
        parser.add_argument("--language", choices=["en", "zh-hans"], default="en")

    def handle(self, *, area_code, month, language, **options):
        area = area_at(area_code)
        if area is None:
            raise CommandError(f"There is no area {area_code}.")
        try:
            month = Month.parse(month)
        except ValueError as wrong:
            raise CommandError(str(wrong)) from wrong
        with translation.override(language):
            self.stdout.write(headline(area, month))
