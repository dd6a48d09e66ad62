"""A new key for ID numbers and accounts, while the office works; and the end of the old ones."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError
from django.db import DatabaseError, transaction

from laborreg import crypto, keys, rotating
from officers import audit
from officers.commands import OfficeCommand


class Command(OfficeCommand):
    help = (
        "Put every enciphered number under a new key: made in the keys file, then used row by row while the office works. "
        "Broken off, it goes on when it is run again. --drop-old then takes keys that nothing lies under out of the file."
    )

    def add_arguments(self, parser):
        parser.add_argument("--drop-old", action="store_true", help="drop the versions that no row uses any more")

    def handle(self, *, drop_old, **options):
        try:
            self._drop() if drop_old else self._rotate()
        except (OSError, ImproperlyConfigured) as wrong:
            raise CommandError(f"The keys file {settings.KEYS_FILE} cannot be changed: {wrong}. {AS_WHOM}") from wrong
        except crypto.UnknownKey as wrong:
            raise CommandError(f"{wrong} Put back the copy of the file that has it, then run this again.") from wrong
        except DatabaseError as wrong:
            raise CommandError(f"The database cannot be written: {wrong}. {STAYS}") from wrong

    def _rotate(self):
        """What another run left behind is finished first: it made the key already."""
        version = crypto.newest_version()
        if left := rotating.left_behind(version):
            self.stdout.write(f"Going on with version {version}: {left:,} numbers are left.")
        else:
            version = keys.add_version(settings.KEYS_FILE, version)
            self.stdout.write(f"Made version {version} in {settings.KEYS_FILE}. Copy the file to its safe place now.")
        done = self._encipher_again(version)
        audit.record_everywhere("changed keys", {"version": version, "rows": done})
        self.stdout.write(f"{done:,} rows were enciphered anew under version {version}.")

    def _encipher_again(self, version) -> int:
        """Until nothing is left: while one table is gone through, a process of the office may still write into another."""
        done = 0
        while left := rotating.left_behind(version):
            before = done
            for table, rows in rotating.encipher_again(version):
                done += rows
                self.stdout.write(f"{table}: {done:,} of {max(left, done):,}")
            if done == before:
                break
        return done

    def _drop(self):
        with transaction.atomic():
            rotating.lock()
            newest, used = crypto.newest_version(), rotating.versions_in_use()
            old = [version for version in crypto.versions() if version != newest]
            if still := [version for version in old if used[version]]:
                told = ", ".join(f"version {version}: {used[version]:,} numbers" for version in still)
                raise CommandError(f"Nothing was dropped, keys are in use ({told}). Run rotate_keys first.")
            if not old:
                self.stdout.write("There is no old key in the file.")
                return
            keys.drop_versions(settings.KEYS_FILE, old)
            audit.record_everywhere("dropped keys", {"versions": " ".join(map(str, old))})
        self.stdout.write(f"Dropped {', '.join(map(str, old))}; what is left is version {newest}. {OF_BACKUPS}")


AS_WHOM = "Run this as the user that the file belongs to, and let that user write into its folder. Nothing was lost."
STAYS = "What was written so far stays, under whichever key it names; run this again when the database can be written."
OF_BACKUPS = (
    "Backups from before the change need the old file: keep a copy of it in the safe place for as long as you keep them."
)
