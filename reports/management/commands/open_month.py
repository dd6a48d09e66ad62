from django.core.management.base import CommandError

from laborreg import clock
from laborreg.months import Month
from laborreg.refusals import Refusal
from officers.commands import OfficeCommand
from reports import actions, filing
from villages.models import County


class Command(OfficeCommand):
    noted_as = "open_month"
    help = "Open a county's month; without arguments, every month up to today's for the counties that have begun."

    def add_arguments(self, parser):
        parser.add_argument("county", nargs="?")
        parser.add_argument("month", nargs="?", help="YYYY-MM")

    def handle(self, *, county, month, **options):
        if county and not month:
            raise CommandError("Name the month too, for example: open_month 630121 2026-10")
        try:
            opened = self._one(county, Month.parse(month)) if county else self._all()
        except (Refusal, ValueError) as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{opened} new drafts.")

    def _one(self, code, month):
        county = County.objects.filter(code=code).first()
        if not county:
            raise CommandError(f"There is no county {code}. Load its places first: manage.py load_places FILE.csv")
        return actions.open_month(county, month)

    def _all(self):
        return sum(
            actions.open_month(county, month)
            for county in County.objects.filter(months__isnull=False).distinct()
            for month in county.month_of(clock.today()).since(filing.first_month(county))
        )
