from django.core.management.base import CommandError

from officers import audit, throttle
from officers.commands import OfficeCommand
from officers.models import Officer


class Command(OfficeCommand):
    help = "End the lock of an account after wrong passwords: the way in when nobody above it can sign in."

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, *, username, **options):
        officer = Officer.objects.filter(username__iexact=username).first()
        if officer is None:
            raise CommandError(f"There is no account {username}.")
        throttle.clear(username)
        audit.record("unlocked an account", officer, by=None, place=officer.posts[0] if officer.posts else "")
        self.stdout.write(f"{username} may sign in again.")
