"""What a backup says of itself, all of it read from the same moment as the rows."""

from dataclasses import dataclass
from datetime import datetime

from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from laborreg.refusals import Refusal

FORMAT = 1


@dataclass
class Manifest:
    """`rows`: table → number of rows. `heads`: county code → [number, hash, seal] of the audit trail's last event.

    `migrations`: "room.0001_name" of each that was applied, which tells the version of the product.
    """

    made_at: str
    database: str
    rows: dict[str, int]
    heads: dict[str, list]
    migrations: list[str]
    bytes: int = 0
    sha256: str = ""
    format: int = FORMAT

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.made_at)

    @property
    def kept_heads(self) -> list[dict]:
        """The heads as `audit.faults_against` takes them."""
        return [
            {"county": county, "number": number, "hash": last, "seal": seal, "at": self.made_at}
            for county, (number, last, seal) in self.heads.items()
        ]

    def must_fit(self, kind: str):
        """Refuse a backup of another kind of database or of another version of the product."""
        if self.format != FORMAT:
            raise Refusal(_("The backup was written by another version of the product, or not to its end."))
        if self.database != kind:
            raise Refusal(_(
                "The backup is of a %(theirs)s database and the registry runs on %(ours)s. A backup goes back into a database "
                "of its own kind: set DATABASE_URL accordingly."
            ) % {"theirs": NAMES[self.database], "ours": NAMES[kind]})
        known, applied = known_migrations(), set(self.migrations)
        if newer := sorted(applied - known):
            raise Refusal(_(
                "The backup was written by a newer version of the product (it knows %(name)s). Install that version, then "
                "restore."
            ) % {"name": newer[-1]})
        if missing := sorted(known - applied):
            raise Refusal(_(
                "The backup was written by an older version of the product (without %(name)s). Install that version, restore, "
                "then install this one and run manage.py migrate."
            ) % {"name": missing[0]})


NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def known_migrations() -> set[str]:
    """Every migration of this version of the product; of squashed ones, what stands in their place."""
    return {f"{room}.{name}" for room, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
