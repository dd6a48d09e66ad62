"""What mends a row, or all that suffer from the same: an officer's answer, put into the preview and judged again."""

from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import NamedTuple

from django.utils.translation import gettext as _

from brokers.models import Broker
from jobs.models import CooperationPoint
from laborreg.identity import plain
from laborreg.months import Month
from laborreg.refusals import Refusal
from villages.models import Township, Village
from workers import codes
from workers.columns import pay_range
from workers.sheets import columns
from workers.sheets.days import possible_days, read_start
from workers.sheets.kinds import KINDS
from workers.sheets.likeness import LEAST, alike
from workers.sheets.places import Places
from workers.sheets.problems import AS_NEW, DOUBT, FAULTS, KEEP, LEFT_OUT, PROBLEMS, TAKE, WRONG
from workers.sheets.restaging import mend

# The first word of a repair; what follows a colon is the text that the cell gets.
SET, EMPTY, SKIP, BACK, SAY, TIMES, FIRST_DAY, LAST_DAY = (
    "set", "empty", "skip", "back", "say", "times", "first_day", "last_day"
)
_MAY_BE_EMPTY = {
    "not_listed", "bad_date", "unclear_date", "month_without_day", "bad_phone", "bad_pay", "bad_words", "unknown_broker",
    "unknown_point", "broker_barred",
    "unclear_bearer", "bearer_misfit", "bearer_stopped", "id_differs", "relation_and_sex", "second_head", "second_spouse",
    "two_heads", "two_spouses", "end_missing", "cells_differ",
}


class Repair(NamedTuple):
    """`key` goes to `mend_group`; `label` stands on the button."""

    key: str
    label: str


# One cell, some rows, a whole group.


def mend_cell(batch, number, column, text, *, by):
    """Put another text into one cell, and judge the row again."""
    if column not in batch.columns.values() and column not in columns.BY_NAME[batch.kind]:
        raise Refusal(_("This sheet has no such column."))
    mend(batch, batch.rows.filter(number=number), _change(batch, f"{SET}:{text}", column, ""), by=by)
    return batch.rows.get(number=number)


def mend_group(batch, problem, column, text, repair, *, by, mend=mend) -> int:
    """The same answer for every row of a group; gives how many rows that were."""
    rows = rows_of_group(batch, problem, column, text)
    return mend(batch, rows, _change(batch, repair, column, problem), by=by)


def mend_rows(batch, rows, repair, *, column="", problem="", by) -> int:
    """The same answer for these rows: leave them out, take them back, and what else a group offers.

    Those that do not have the problem any more stay as they are.
    """
    rows = rows.suffering_from([problem]) if problem else rows
    return mend(batch, rows, _change(batch, repair, column, problem), by=by)


def rows_of_group(batch, problem, column, text):
    """Staged rows with this problem, whatever else they have; with a text, those in whose cell it stands."""
    kind = PROBLEMS[problem]
    verdicts = [WRONG] if kind.weight == WRONG else FAULTS if kind.weight == DOUBT else [LEFT_OUT]
    rows = batch.rows.filter(verdict__in=verdicts).order_by("number")
    return rows.suffering_from([problem], column, text if kind.grouped and text else None)


def _change(batch, repair, column, problem):
    """The repair as a change of cells and answers."""
    word, _colon, value = repair.partition(":")
    if word not in _CHANGES or (word in (SET, EMPTY, TIMES, FIRST_DAY, LAST_DAY) and not column):
        raise Refusal(_("This does not mend these rows."))

    def change(cells, decided):
        _CHANGES[word](cells, decided, column, value, problem)
        if column in KINDS[batch.kind].tells_who and word in (SET, EMPTY):
            for code in [code for code in decided if code in PROBLEMS and PROBLEMS[code].weight == DOUBT]:
                del decided[code]

    return change


def _set(cells, decided, column, value, problem):
    if column in cells:
        cells[column] = value
    elif value and column in columns.SECRET:
        # Only a cell keeps its number enciphered.
        raise Refusal(_("The sheet has no column for this number, so it cannot be written here."))
    elif value:
        decided["said"] = decided.get("said", {}) | {column: value}
    elif "said" in decided:
        decided["said"] = {name: text for name, text in decided["said"].items() if name != column}


def _say(cells, decided, column, value, problem):
    """Another column than the one with the problem: `no_id_reason:lost`."""
    name, _colon, text = value.partition(":")
    _set(cells, decided, name, text, problem)


def _empty(cells, decided, column, value, problem):
    _set(cells, decided, column, "", problem)


def _times(cells, decided, column, value, problem):
    """Written in 10,000 yuan where yuan were asked."""
    if number := _number(cells[column]):
        cells[column] = str(round(number * 10_000))


def _number(text) -> Decimal | None:
    try:
        return Decimal(plain(text))
    except InvalidOperation:
        return None


def _first_day(cells, decided, column, value, problem):
    if month := _month(cells[column]):
        cells[column] = f"{month}-01"


def _last_day(cells, decided, column, value, problem):
    if month := _month(cells[column]):
        cells[column] = month.last_day().isoformat()


def _month(text) -> Month | None:
    found = str(read_start(text).value)
    return Month.parse(found) if len(found) == 7 else None


def _skip(cells, decided, column, value, problem):
    decided["left_out"] = True


def _back(cells, decided, column, value, problem):
    decided.pop("left_out", None)


def _answer(word):
    def answer(cells, decided, column, value, problem):
        decided[problem] = word

    return answer


_CHANGES = {
    SET: _set, EMPTY: _empty, SAY: _say, TIMES: _times, FIRST_DAY: _first_day, LAST_DAY: _last_day, SKIP: _skip, BACK: _back,
    TAKE: _answer(TAKE), AS_NEW: _answer(AS_NEW), KEEP: _answer(KEEP),
}


# What is offered.


def offered(batch, problem, column, text) -> list[Repair]:
    """The one-click repairs of a group, the likeliest first."""
    if problem in ("left_out", "no_person"):
        return [Repair(BACK, _("Take these rows again"))] if problem == "left_out" else []
    if PROBLEMS[problem].weight == DOUBT:
        found = [Repair(*pair) for pair in _answers().get(problem, [])]
    else:
        found = list(_OFFERS.get(problem, _nothing)(batch, column, text))
    if problem in _MAY_BE_EMPTY and column not in ("name", "started_on"):
        found.append(Repair(EMPTY, _("Leave the cell empty")))
    return [*found, Repair(SKIP, _("Leave these rows out"))]


def choices(batch, column, text) -> list[tuple[str, str]]:
    """What may be written into a cell of a coded column, and how that is called; nothing of any other column."""
    listed = _choices if columns.BY_NAME[batch.kind][column].choices else _nothing
    offers = _LISTED.get(column, listed)(batch, column, text)
    return [(offer.key.removeprefix(f"{SET}:"), offer.label) for offer in offers]


def _nothing(batch, column, text):
    return ()


def _choices(batch, column, text):
    """Those of the list that look or sound like the text come first."""
    labels = [str(label) for _code, label in columns.BY_NAME[batch.kind][column].choices]
    likeness = {label: alike(plain(text), label) for label in labels}
    for label in sorted(labels, key=lambda label: -likeness[label] if likeness[label] >= LEAST else 0):
        yield Repair(f"{SET}:{label}", label)


def _places(batch, column, text):
    for code, label in Places(batch.county_id, batch.place_code).like(text):
        yield Repair(f"{SET}:{code}", label)


def _villages(batch, column, text):
    """The villages of the office, the likest first."""
    villages = list(Village.objects.under(batch.place_code).lasting())
    near = get_close_matches(plain(text), [village.short_name for village in villages], n=3, cutoff=0.3)
    for village in sorted(villages, key=lambda village: (village.short_name not in near, village.code)):
        yield Repair(f"{SET}:{village.code}", village.label)


def _townships(batch, column, text):
    for name in Township.objects.filter(code__startswith=batch.place_code[:9]).order_by("code").values_list("name", flat=True):
        yield Repair(f"{SET}:{name}", name)


def _all_bearers(batch, column, text):
    model = Broker if column == "broker" else CooperationPoint
    for name in model.objects.filter(county_id=batch.county_id).order_by("name").values_list("name", flat=True).distinct():
        yield Repair(f"{SET}:{name}", name)


def _bearers(batch, column, text):
    known = Places(batch.county_id, batch.place_code)
    names = known.brokers if column == "broker" else known.points
    for name in get_close_matches(plain(text), names, n=3, cutoff=0.4):
        yield Repair(f"{SET}:{name}", name)


def _reasons(batch, column, text):
    for code, label in codes.NO_ID_REASONS:
        yield Repair(f"{SAY}:no_id_reason:{code}", str(label))


def _days(batch, column, text):
    yield Repair(FIRST_DAY, _("The first day of the month"))
    yield Repair(LAST_DAY, _("The last day of the month"))


def _possible(batch, column, text):
    """2026.1: the sheet may have taken the 0 of October. 10/11/12, or a day without its year."""
    year = plain(text)[:4]
    if plain(text) == f"{year}.1":
        for number in ("01", "10"):
            yield Repair(f"{SET}:{year}-{number}", Month.parse(f"{year}-{number}").label)
        return
    for day in possible_days(text):
        yield Repair(f"{SET}:{day}", day)


def _sums(batch, column, text):
    number = _number(text)
    if number and number < 20:
        yield Repair(TIMES, _("It is in 10,000 yuan: %(pay)s yuan") % {"pay": round(number * 10_000)})
    if both := pay_range(text):
        for pay in (sum(both) // 2, *both):
            yield Repair(f"{SET}:{pay}", _("%(pay)s yuan a month") % {"pay": pay})


_OFFERS = {
    "not_listed": _choices, "unknown_place": _places, "unknown_village": _villages, "unclear_village": _villages,
    "village_missing": _villages, "unknown_broker": _bearers, "unknown_point": _bearers, "id_missing": _reasons,
    "month_without_day": _days, "unclear_date": _possible, "bad_date": _possible, "bad_pay": _sums,
}

# Columns whose lists are the county's own.
_LISTED = {
    "township": _townships, "village": _villages, "broker": _all_bearers, "point": _all_bearers, "destination": _places,
}


def _answers() -> dict[str, list[tuple[str, str]]]:
    """What an officer may say of a doubt."""
    return {
        "other_name": [(TAKE, _("Take the name of the sheet")), (KEEP, _("Keep the name of the ledger"))],
        "held_by_village": [(KEEP, _("Keep the village of the ledger"))],
        "namesake": [(TAKE, _("It is this person")), (AS_NEW, _("It is somebody new"))],
        "namesake_in_file": [(AS_NEW, _("They are two people"))],
        "by_name_only": [(TAKE, _("It is this person"))],
        "id_ends_in_zeros": [(TAKE, _("The number is right"))],
        "other_household": [(TAKE, _("Take the household of the sheet")), (KEEP, _("Keep the household of the ledger"))],
        "other_status": [(KEEP, _("Keep the status of the ledger"))],
        "alike_group": [(AS_NEW, _("It is another group"))],
        "twin_counts": [(AS_NEW, _("It is another group"))],
    }
