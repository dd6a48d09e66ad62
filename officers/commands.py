"""Commands keep the office's clock: on a demo they work on its day, as the pages do."""

from django.core.management.base import BaseCommand

from officers import demo


class OfficeCommand(BaseCommand):
    def execute(self, *args, **options):
        demo.begin()
        return super().execute(*args, **options)
