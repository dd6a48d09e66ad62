"""Who does the work for each kind of sheet: of people a row each, or of counts, where a row is of several persons.

Rooms further on add the sheets of their registers when the program starts.
"""

from typing import NamedTuple

from workers.sheets.brought import Brought
from workers.sheets.columns import BY_NAME, GROUPS, LEDGER, TRANSFERS, WORKERS
from workers.sheets.counts.desk import CountsDesk
from workers.sheets.counts.taking import CountsTaker
from workers.sheets.counts.undoing import BroughtCounts
from workers.sheets.desk import Desk
from workers.sheets.taking import Taker


class Kind(NamedTuple):
    """`desk` reads the rows, `taker` writes them, `brought` takes them back; each is made for a batch.

    `tells_who`: columns with which it changes who is meant, so that answers given before hold no longer. `brought`: None
    where the rows are corrected one by one. `power`: what it takes besides bringing sheets. `shown_at`: the page where
    what was written is found.
    """

    desk: type
    taker: type
    brought: type | None
    tells_who: set[str]
    power: str = "import sheets"
    shown_at: str = "people"

    @property
    def can_be_undone(self) -> bool:
        return self.brought is not None


_PEOPLE = Kind(Desk, Taker, Brought, {"id_number", "name", "village", "birth_date", "household_number", "head_id"})
KINDS = {
    WORKERS: _PEOPLE, TRANSFERS: _PEOPLE, LEDGER: _PEOPLE,
    GROUPS: Kind(CountsDesk, CountsTaker, BroughtCounts, set(BY_NAME[GROUPS]), shown_at="groups"),
}


def open_to(officer) -> list[str]:
    """The kinds of sheets that an officer may bring."""
    return [name for name, kind in KINDS.items() if officer.may(kind.power)]
