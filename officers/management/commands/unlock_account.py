from django.core.management.base import BaseCommand, CommandError

from officers import throttle
from officers.models import Officer


class Command(BaseCommand):
    help = "End the lock of an account after wrong passwords: the way in when nobody above it can sign in."

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, *, username, **options):
        if not Officer.objects.filter(username__iexact=username).exists():
            raise CommandError(f"There is no account {username}.")
        throttle.clear(username)
        self.stdout.write(f"{username} may sign in again.")
