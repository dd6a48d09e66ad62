"""What is unusual in a county's trail: one small function a pattern, from entries to hits. No database, no clock.

A day here is a whole day of the office, with the night that follows it: from 6 o'clock to 6 o'clock the next morning.
Each pattern says in one sentence what it looks for and why from so many on; that sentence stands on the page.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from officers.verbs import IN_VAIN, OPENED, SHOWN

EVENING, MORNING = 22, 6
NIGHT_ACTS = 10
HOUR_REVEALS, DAY_REVEALS, TIMES_USUAL, DAY_REVEALS_MOST = 20, 30, 3, 60
# A row with numbers in full weighs as for the second person: ten times.
DAY_ROWS, DAY_FILES, FULL_WEIGHS = 2_000, 10, 10
MINUTES_APART = timedelta(minutes=10)
REFUSED_ACCOUNTS = 5
UNUSED = timedelta(days=90)
APPROVALS, SECONDS_APART = 10, timedelta(seconds=5)
NUMBERS_IN_VAIN = 10

SIGNED_IN, REFUSED = "signed in", "refused a sign-in"
# Files with names of people in them, or with their numbers.
FILES = {
    "exported a roster", "exported a register", "exported a training", "exported a ranking of brokers", "listed accounts",
    "fetched a marked sheet", "exported the trail",
}
APPROVED = {"approved", "approved a claim", "confirmed a claim", "confirmed move", "approved an export"}
# Whoever keeps the server can cut off the end of a trail, or the way to read it.
OF_THE_SERVER = {"restored a backup", "changed keys", "dropped keys"}
# What nobody does at night because of a due day.
GRAVE = FILES | APPROVED | SHOWN | {
    "issued an account", "reset a password", "disabled an account", "enabled an account", "posted an officer",
    "reset a second factor", "changed settings", "voided worker", "undid a sheet", "reopened",
}


class Entry(NamedTuple):
    """One event of the trail as the patterns read it; `at` is the office's local time, `about` an account's number or digest.

    `rows` of a file, and whether numbers stand in them `in_full`.
    """

    number: int
    at: datetime
    by: int | None
    verb: str
    about: str = ""
    address: str = ""
    rows: int = 0
    in_full: bool = False

    @property
    def day(self) -> date:
        return (self.at - timedelta(hours=MORNING)).date()


class Hit(NamedTuple):
    """`key` tells it from others of its pattern and day; `counted` may be more than the entries (rows of files)."""

    key: str
    officer: int | None
    entries: list[Entry]
    counted: int


class Trail(NamedTuple):
    """What a pattern is given: the entries of the day, those of thirty days before that tell what is usual or who had whose
    account, and each account's earlier sign-in.
    """

    today: list[Entry]
    before: list[Entry]
    last_signed_in: dict[int, datetime]


class Pattern(NamedTuple):
    title: str
    why: str
    find: Callable[[Trail], Iterable[Hit]]


def night(trail):
    for officer, entries in _by_officer(trail.today):
        late = [entry for entry in entries if entry.at.hour >= EVENING or entry.at.hour < MORNING]
        if len(late) >= NIGHT_ACTS or any(entry.verb in GRAVE for entry in late):
            yield _hit(officer, late)


def many_numbers_in_a_day(trail):
    usual = _usual_reveals(trail.before)
    for officer, entries in _by_officer(trail.today):
        shown = _of(entries, SHOWN)
        if len(shown) >= min(max(DAY_REVEALS, TIMES_USUAL * usual[officer]), DAY_REVEALS_MOST):
            yield _hit(officer, shown)


def many_numbers_in_an_hour(trail):
    for officer, entries in _by_officer(trail.today):
        for crowd in _crowds(_of(entries, SHOWN), timedelta(hours=1), HOUR_REVEALS):
            yield _hit(officer, crowd, f"{officer} {crowd[0].number}")


def many_files(trail):
    for officer, entries in _by_officer(trail.today):
        files = _of(entries, FILES)
        rows = sum(entry.rows for entry in files)
        weight = sum(entry.rows * FULL_WEIGHS if entry.in_full else entry.rows for entry in files)
        if weight >= DAY_ROWS or len(files) >= DAY_FILES:
            yield _hit(officer, files)._replace(counted=max(rows, len(files)))


def several_addresses(trail):
    for officer, entries in _by_officer(trail.today):
        arrivals = [entry for entry in _of(entries, {SIGNED_IN}) if entry.address]
        apart = [
            pair for pair in pairwise(arrivals)
            if pair[0].address != pair[1].address and pair[1].at - pair[0].at <= MINUTES_APART
        ]
        if apart:
            yield _hit(officer, sorted({entry for pair in apart for entry in pair}))


def many_accounts_tried(trail):
    tried = defaultdict(list)
    for entry in _of(trail.today, {REFUSED}):
        tried[entry.address].append(entry)
    for address, entries in tried.items():
        for crowd in _crowds(entries, timedelta(hours=1), REFUSED_ACCOUNTS):
            accounts = len({entry.about for entry in crowd})
            if accounts >= REFUSED_ACCOUNTS:
                yield Hit(f"{address} {crowd[0].number}", None, crowd, accounts)


def long_unused(trail):
    for officer, entries in _by_officer(trail.today):
        arrivals, last = _of(entries, {SIGNED_IN}), trail.last_signed_in.get(officer)
        if arrivals and last and arrivals[0].at - last >= UNUSED:
            yield _hit(officer, arrivals)._replace(counted=(arrivals[0].at - last).days)


def approved_in_a_row(trail):
    for officer, entries in _by_officer(trail.today):
        for row in _rows(_of(entries, APPROVED), SECONDS_APART):
            if len(row) >= APPROVALS:
                yield _hit(officer, row, f"{officer} {row[0].number}")


def many_numbers_in_vain(trail):
    for officer, entries in _by_officer(trail.today):
        tried = _of(entries, {IN_VAIN})
        if len(tried) >= NUMBERS_IN_VAIN:
            yield _hit(officer, tried)


def two_accounts_one_hand(trail):
    """Who set the password of another account, and what that account then did from the same address."""
    for opened in _of([*trail.before, *trail.today], OPENED):
        used = [
            entry for entry in _of(trail.today, GRAVE | {"asked for an export"})
            if str(entry.by) == opened.about and entry.at >= opened.at and entry.address == opened.address != ""
        ]
        if opened.by is not None and used:
            yield _hit(opened.by, [opened, *used], f"{opened.by} {opened.number}")._replace(counted=len(used))


def of_the_server(trail):
    if entries := _of(trail.today, OF_THE_SERVER):
        yield _hit(None, entries)


def _by_officer(entries) -> list[tuple[int, list[Entry]]]:
    found = defaultdict(list)
    for entry in entries:
        if entry.by is not None:
            found[entry.by].append(entry)
    return sorted(found.items())


def _of(entries, verbs) -> list[Entry]:
    return [entry for entry in entries if entry.verb in verbs]


def _hit(officer, entries, key="") -> Hit:
    return Hit(key or str(officer), officer, entries, len(entries))


def _usual_reveals(before) -> dict[int, float]:
    """The median of an officer's days with a number shown; one busy day does not become the usual."""
    days = defaultdict(lambda: defaultdict(int))
    for entry in _of(before, SHOWN):
        days[entry.by][entry.day] += 1
    return defaultdict(int, {officer: median(counts.values()) for officer, counts in days.items()})


def _crowds(entries, within: timedelta, least: int) -> Iterable[list[Entry]]:
    """Runs of at least so many within the time; a run that goes on is one, and its entries are in no other."""
    first, taken = 0, []
    for last, entry in enumerate(entries):
        while entry.at - entries[first].at > within:
            first += 1
        if last - first + 1 >= least:
            if taken and first > taken[-1]:
                yield entries[taken[0]:taken[-1] + 1]
                taken = []
            taken = [taken[0] if taken else first, last]
    if taken:
        yield entries[taken[0]:taken[-1] + 1]


def _rows(entries, apart: timedelta) -> Iterable[list[Entry]]:
    """Entries one after the other, each at most so long after the one before."""
    row = entries[:1]
    for earlier, later in pairwise(entries):
        if later.at - earlier.at > apart:
            yield row
            row = []
        row.append(later)
    if row:
        yield row


PATTERNS = {
    "night": Pattern(
        _("Work at night"),
        _("Between 22 and 6 o'clock: any number shown in full, list taken away, approval, change of accounts or settings; of "
          "other work ten entries, as a due day keeps a village up late."),
        night,
    ),
    "many_numbers_in_a_day": Pattern(
        _("Many numbers shown in a day"),
        _("Thirty numbers shown in full by one officer, and three times as many as on that officer's usual day of the last "
          "thirty; sixty in any case: a round of calls has twenty."),
        many_numbers_in_a_day,
    ),
    "many_numbers_in_an_hour": Pattern(
        _("Many numbers shown in an hour"),
        _("Twenty numbers shown in full within an hour: whoever calls each of them needs longer."),
        many_numbers_in_an_hour,
    ),
    "many_files": Pattern(
        _("Large or many lists taken away"),
        _("Two thousand lines, two hundred with numbers in full, or ten files with names in a day by one officer: a village "
          "has a few hundred people."),
        many_files,
    ),
    "several_addresses": Pattern(
        _("One account from several addresses"),
        _("Signed in from another address within ten minutes: a phone beside a PC does so, and so do two people with one "
          "password."),
        several_addresses,
    ),
    "many_accounts_tried": Pattern(
        _("Many accounts tried from one address"),
        _("Sign-ins to five accounts refused within an hour from one address: somebody tries one password on many."),
        many_accounts_tried,
    ),
    "long_unused": Pattern(
        _("An account unused for long"),
        _("Signed in after ninety days without: the officer may have left, and somebody else have the password."),
        long_unused,
    ),
    "approved_in_a_row": Pattern(
        _("Approvals within seconds"),
        _("Ten approvals by one officer, each within five seconds of the one before: so fast nobody reads them."),
        approved_in_a_row,
    ),
    "many_numbers_in_vain": Pattern(
        _("Many numbers tried in vain"),
        _("Ten tries in a day of whole ID numbers or phones that are not in the ledger: so what a mask hides can be guessed; "
          "or somebody goes through a list on paper."),
        many_numbers_in_vain,
    ),
    "two_accounts_one_hand": Pattern(
        _("Two accounts in one hand"),
        _("An officer set the password of another account, and within thirty days that account took lists, showed numbers or "
          "approved from the same address: where two persons are asked for, it may be one."),
        two_accounts_one_hand,
    ),
    "of_the_server": Pattern(
        _("Backup restored or keys changed"),
        _("Every time: a restored backup can lack the end of the trail. Ask whoever keeps the server what it was for."),
        of_the_server,
    ),
}
