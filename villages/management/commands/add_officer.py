from django.core.management.base import CommandError

from laborreg.refusals import Refusal
from officers import roles
from officers.commands import OfficeCommand
from villages import accounts


class Command(OfficeCommand):
    help = (
        "Issue an account at the server's console, such as the first administrator's. "
        "The last line names the first password; it is valid for seven days."
    )

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--role", required=True, choices=list(roles.POSTED_AT))
        parser.add_argument("--post", required=True, help="code of the village, township or county")
        parser.add_argument("--name", default="", help="name of the officer; else the account's")
        parser.add_argument("--phone", default="")

    def handle(self, *, username, role, post, name, phone, **options):
        try:
            officer, password = accounts.open_account(
                by=None, username=username, name=name or username, phone=phone, role=role, post_code=post
            )
        except Refusal as refusal:
            raise CommandError(str(refusal.message)) from refusal
        place = accounts.labels([post])[post]
        self.stdout.write(f"{officer.username} is {officer.get_role_display()} at {place}.")
        self.stdout.write(f"First password: {password}")
