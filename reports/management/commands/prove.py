import sys

from django.core.management.base import CommandError

from officers.commands import OfficeCommand
from reports.proof import SAYS, Check, Proof, months_of
from villages.models import County


class Command(OfficeCommand):
    help = (
        "Recompute every identity, partition, sum over areas, sum of names and hash of every month, and say what was "
        "checked and what failed. Ends with status 1 if anything failed."
    )

    def add_arguments(self, parser):
        parser.add_argument("--area", default="", help="code of a village, township or county; all counties without it")

    def handle(self, *, area, **options):
        areas = [area] if area else list(County.objects.values_list("code", flat=True))
        whole = {name: Check(name) for name in SAYS}
        months = 0
        for code in areas:
            for month in months_of(code):
                months += 1
                for name, check in Proof(code, month).checks.items():
                    self._add(whole[name], check)
        if not months:
            raise CommandError(f"Nothing was filed under {area or 'any county'}.")
        for check in whole.values():
            self.stdout.write(f"{check.checked:>12,} checked  {check.failed:>6,} failed  {check.says}")
            for failure in check.failures:
                self.stdout.write(f"{'':>14}{failure}")
        checked, failed = (sum(getattr(check, name) for check in whole.values()) for name in ("checked", "failed"))
        self.stdout.write(f"{checked:>12,} checked  {failed:>6,} failed  in {months} months")
        if failed:
            sys.exit(1)

    @staticmethod
    def _add(whole: Check, check: Check):
        whole.checked += check.checked
        whole.failed += check.failed
        whole.failures += check.failures[: 20 - len(whole.failures)]
