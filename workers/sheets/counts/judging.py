"""What becomes of a row of counts: compared with the unnamed groups of its village and with the other rows of its file."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from laborreg import clock
from workers.actions.groups import misfits
from workers.models import UnnamedGroup
from workers.sheets.judging import set_aside
from workers.sheets.places import OWN_TOWNSHIP

FACTS = (
    "started_on", "ended_on", "destination", "sex", "age_band", "industry", "channel", "form", "status", "pay", "reason", "note",
)
# The note comes last: it tells groups apart in one file, and may be reworded in the ledger.
COMPARED = len(FACTS) - 1


class Group(NamedTuple):
    """A group of the ledger; days as ISO texts, "" for what is not known."""

    pk: int
    persons: int
    facts: tuple


def facts_of(said) -> tuple:
    return tuple("" if said.get(name) is None else said[name] for name in FACTS)


class Known:
    """The groups of some villages that are not voided."""

    def __init__(self):
        self.groups: dict[str, list[Group]] = {}

    def read(self, villages):
        """Forgets the villages of the page before."""
        self.groups = {}
        rows = UnnamedGroup.objects.filter(village__in=villages, voided_at__isnull=True).order_by("pk")
        for village, pk, persons, *facts in rows.values_list("village_id", "pk", "persons", *FACTS):
            said = {name: str(fact) if name.endswith("_on") and fact else fact for name, fact in zip(FACTS, facts, strict=True)}
            self.groups.setdefault(village, []).append(Group(pk, persons, facts_of(said)))

    def alike(self, said) -> list[Group]:
        """Groups that may be of the same persons: no fact differs that both tell, whatever their number."""
        mine = facts_of(said)[:COMPARED]
        return [
            group for group in self.groups.get(said["village"], ())
            if all(one == other or "" in (one, other) for one, other in zip(mine, group.facts[:COMPARED], strict=True))
        ]

    def equal(self, said) -> list[Group]:
        mine = said["persons"], facts_of(said)
        return [group for group in self.groups.get(said["village"], ()) if (group.persons, group.facts) == mine]


class FileSoFar:
    """What the rows before say, so that no group of the ledger and no row is met twice unasked."""

    def __init__(self):
        self.today = clock.today().isoformat()
        # Number of a group of the ledger → the row that is the same; what a row says → the first row that says it.
        self.met: dict[int, int] = {}
        self.rows: dict[tuple, int] = {}

    def know(self, staged):
        """A row that was staged before and stands."""
        values = staged.values
        if "group" in values:
            self.met.setdefault(values["group"], staged.number)
        self.rows.setdefault(_key(values), staged.number)

    def settled(self) -> list[int]:
        """No row waits for another."""
        return []


def _key(said) -> tuple:
    return said.get("village"), said.get("persons"), facts_of(said)


def judge(row, known, file):
    """Fill in the row's verdict, and everything that is to be said of it."""
    if set_aside(row):
        return
    _settle(row)
    for check in (_must_be_complete, _must_hold):
        if not row.is_wrong:
            check(row, file.today)
    row.weigh("wrong" if row.is_wrong else _compared(row, known, file))


def _settle(row):
    """What follows from the cells: a month stands for its first day, the own township for its code, "both" for nothing."""
    said = row.said
    if len(said.get("started_on", "")) == 7:
        said["started_on"] += "-01"
    if said.get("destination") == OWN_TOWNSHIP and "village" in said:
        said["destination"] = said["village"][:9]
    for name in FACTS:
        if said.get(name) == "":
            del said[name]


# The rules of the actions, on plain values.


def _must_be_complete(row, today):
    wanted = {
        "village": ("village_missing", _("Choose the village.")),
        "persons": ("persons_missing", _("Give the number of persons.")),
        "started_on": ("start_missing", _("Enter the day or the month of leaving.")),
        "destination": ("place_missing", _("Enter where the work is.")),
    }
    for name, (code, words) in wanted.items():
        if name not in row.said:
            row.say(name, code, words)


def _must_hold(row, today):
    said = row.said
    for column in ("started_on", "ended_on"):
        day = said.get(column)
        if day and day > today:
            row.say(column, "day_to_come", _("%(day)s lies in the future.") % {"day": day})
    for misfit in misfits(said["village"], said):
        row.say(*misfit)


# The ledger, and the other rows of the file.


def _compared(row, known, file) -> str:
    """The same as a group that no other row is the same as; else new, and in doubt where it may be counted already."""
    said, number = row.said, row.number
    first = file.rows.setdefault(_key(said), number)
    same = next((group for group in known.equal(said) if file.met.setdefault(group.pk, number) == number), None)
    if same:
        said["group"] = same.pk
        return "same"
    alike = known.alike(said)
    if alike:
        said["seen"] = [group.pk for group in alike]
    if first != number:
        row.say("persons", "twin_counts", _("Row %(row)s says the same of as many persons.") % {"row": first})
    if alike:
        _say_alike(row, alike)
    return "new"


def _say_alike(row, alike):
    row.say("persons", "alike_group", _("The ledger has a group like this: %(persons)s persons.") % {
        "persons": ", ".join(str(group.persons) for group in alike),
    })
