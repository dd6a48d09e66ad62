from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from laborreg.refusals import Refusal
from officers import audit
from officers.backups import restoring
from officers.models import AuditHead


class Command(BaseCommand):
    help = "Walk the audit trail of every county; name the first event that was changed, moved or removed."

    def add_arguments(self, parser):
        parser.add_argument("--backup", type=Path, metavar="FILE",
                            help="also find a tail that was cut off since this backup, even with the head put right")

    def handle(self, *, backup, **options):
        faults = [fault for county in audit.counties() if (fault := self._told(county))]
        if backup:
            faults += self._against(backup)
        if faults:
            raise CommandError("The audit trail does not hold. " + "; ".join(faults))

    def _against(self, backup) -> list[str]:
        try:
            heads = restoring.read_manifest(backup).heads
        except (Refusal, OSError) as wrong:
            raise CommandError(f"{wrong}") from wrong
        faults = [fault for county, (number, last, _seal) in heads.items() if (fault := audit.cut_since(county, number, last))]
        for fault in faults:
            self.stdout.write(fault)
        return faults

    def _told(self, county):
        fault = audit.first_fault(county)
        if fault:
            self.stdout.write(fault)
        else:
            head = AuditHead.objects.get(county_code=county)
            # Written down elsewhere, this line shows a later cut that took the head along.
            self.stdout.write(f"{county}: {head.number} events hold, the last is {head.hash[:16]}")
        return fault
