from django.core.management.base import CommandError

from laborreg.months import Month
from laborreg.refusals import Refusal
from officers.commands import OfficeCommand
from reports import reminding
from reports.deadlines import deadlines, newest_open_month
from reports.models import Seal
from villages.models import County


class Command(OfficeCommand):
    help = (
        "Remind the villages of a county that are not in, once a day at most; without arguments, of every county's"
        " newest month that is over and not sealed."
    )

    def add_arguments(self, parser):
        parser.add_argument("county", nargs="?")
        parser.add_argument("month", nargs="?", help="YYYY-MM")

    def handle(self, *, county, month, **options):
        try:
            chosen = Month.parse(month) if month else None
            for each in self._counties(county):
                if of := chosen or self._newest(each):
                    done = reminding.remind(each, of, by=None, areas=[each.code])
                    self.stdout.write(f"{each.label}, {of.label}: {done.text}")
        except (Refusal, ValueError) as refused:
            raise CommandError(str(refused)) from refused

    def _counties(self, code):
        found = list(County.objects.filter(code=code) if code else County.objects.filter(months__isnull=False).distinct())
        if code and not found:
            raise CommandError(f"There is no county {code}. Load its places first: manage.py load_places FILE.csv")
        return found

    def _newest(self, county):
        """None where there is nothing to remind of."""
        month = newest_open_month(county)
        if month is None or not deadlines(county, month).is_open:
            return None
        return None if Seal.objects.filter(county=county, month=month).exists() else month
