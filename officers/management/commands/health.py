import json
import sys
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from officers import health


class Command(BaseCommand):
    help = "What the page Health says, for a monitor: ends with status 1 if anything is out of order."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true")

    def handle(self, **options):
        try:
            found = health.findings()
        except Error as away:
            raise CommandError(f"The database does not answer: {str(away).splitlines()[0]}") from away
        self.stdout.write((_as_json if options["json"] else _as_lines)(found))
        if any(one.state == health.BAD for one in found):
            sys.exit(1)


def _as_lines(found) -> str:
    return "\n".join(f"{one.state:4} {one.title}: {one.says} {one.do}".rstrip() for one in found)


def _as_json(found) -> str:
    return json.dumps([asdict(one) for one in found], ensure_ascii=False)
