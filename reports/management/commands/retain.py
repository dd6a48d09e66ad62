"""Erase what tells who people were, once their time is over."""

from datetime import timedelta

from laborreg import clock
from officers import runs
from officers.commands import OfficeCommand
from reports import erasing
from villages.models import County


class Command(OfficeCommand):
    help = (
        "Erase names, numbers, phones and histories of people who died, left the county or were voided as many years ago as "
        "the county's settings say. Figures stay. ./run does so every day."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only list who is due, by number and village")
        parser.add_argument("--days-ahead", type=int, default=0, help="with --dry-run: also who is due within so many days")

    def handle(self, *, dry_run, days_ahead, **options):
        for county in County.objects.order_by("code"):
            self._list(county, days_ahead) if dry_run else self._erase(county)
        if not dry_run:
            runs.note("retain")

    def _list(self, county, days_ahead):
        people = erasing.today_due(county, clock.today() + timedelta(days=days_ahead))
        for person in people:
            self.stdout.write(f"{person.pk}  {person.village_id} {person.village.short_name}")
        self.stdout.write(f"{county.code}: {len(people)} people are due.")

    def _erase(self, county):
        self.stdout.write(f"{county.code}: {erasing.retain(county, clock.today())} people were erased.")
