from django.core.management.base import CommandError
from django.db import transaction

from laborreg.refusals import Refusal
from officers import second_factor, sessions
from officers.commands import OfficeCommand
from officers.models import Officer


class Command(OfficeCommand):
    help = "Take off the second factor of an account: for a lost phone when nobody above it can sign in."

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, *, username, **options):
        officer = Officer.objects.filter(username__iexact=username).first()
        if officer is None:
            raise CommandError(f"There is no account {username}.")
        try:
            self._reset(officer)
        except Refusal as refusal:
            raise CommandError(str(refusal.message)) from refusal
        self.stdout.write(f"{officer.username} signs in with the password alone.")

    @transaction.atomic
    def _reset(self, officer):
        sessions.end_all(officer)
        second_factor.reset(officer, by=None, place=officer.posts[0] if officer.posts else "")
