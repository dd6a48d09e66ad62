"""manage.py load_places FILE.csv: counties, townships and villages under their official codes."""

from django.core.management.base import CommandError

from laborreg.refusals import Refusal
from officers.commands import OfficeCommand
from villages import loading


class Command(OfficeCommand):
    help = (
        "Load the places of one or several counties from a CSV file with the columns code, name, level, kind, "
        "parent, name_latin. A file with a bad line loads nothing; the same file twice changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", help="the CSV file, in UTF-8 or GBK")

    def handle(self, *, file, **options):
        try:
            self.stdout.write(str(loading.load(file)))
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
