import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from laborreg.refusals import Refusal
from officers import audit, kept, runs
from officers.backups import restoring
from officers.models import AuditHead


class Command(BaseCommand):
    help = "Walk the audit trail of every county; name the first event that was changed, moved or removed."

    def add_arguments(self, parser):
        parser.add_argument("--head", type=Path, metavar="FILE", help="write the heads of the chains, to be kept elsewhere")
        parser.add_argument("--against", type=Path, metavar="FILE",
                            help="hold the trail against heads that were kept, or against those of a backup")
        parser.add_argument("--rehearsed", action="store_true", help="the database is not the office's; Health is told nothing")

    def handle(self, *, head, against, rehearsed, **options):
        faults = [fault for county in audit.counties() if (fault := self._told(county))]
        faults += self._of_database()
        faults += self._against(against) if against else []
        if not rehearsed:
            runs.note("verify_audit", holds=not faults)
        if faults:
            raise CommandError("The audit trail does not hold. " + "; ".join(faults))
        if head:
            self._write(head)

    def _told(self, county):
        fault = audit.first_fault(county, tell=lambda number: self.stderr.write(f"{county}: {number:,} events so far"))
        if fault:
            self.stdout.write(fault)
        else:
            head = AuditHead.objects.get(county_code=county)
            # Written down elsewhere, this line shows a later cut that took the head along.
            self.stdout.write(f"{county}: {head.number} events hold, the last is {head.hash[:16]}")
        return fault

    def _of_database(self):
        acts = kept.missing()
        return [f"the database no longer refuses {', '.join(acts)} on the trail"] if acts else []

    def _against(self, file):
        saved = self._saved(file)
        try:
            faults = audit.faults_against(saved)
        except TypeError as wrong:
            raise CommandError(f"{file} holds no heads of a trail: {wrong}") from wrong
        for fault in faults:
            self.stdout.write(fault)
        if not faults:
            self.stdout.write(f"{len(saved)} kept heads: the trail continues each of them")
        return faults

    def _saved(self, file) -> list[dict]:
        try:
            if restoring.is_backup(file):
                return restoring.read_manifest(file).kept_heads
            return json.loads(file.read_text())
        except (OSError, ValueError, Refusal) as wrong:
            raise CommandError(f"{file} holds no heads of a trail: {wrong}") from wrong

    def _write(self, file):
        """Only of a trail that holds: a kept head of a broken one would prove nothing."""
        heads = audit.heads()
        try:
            file.write_text(json.dumps(heads, indent=1) + "\n")
        except OSError as wrong:
            raise CommandError(f"{file} cannot be written: {wrong}") from wrong
        self.stdout.write(f"Wrote {len(heads)} heads to {file}.")
