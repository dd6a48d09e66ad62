"""Any list out as a sheet: people as the list is narrowed, in any columns, masked or in full.

Rows stream from the database's cursor into the file, with one statement however many there are. Every roster is
recorded with what it held and the hash of its file.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path

from django.db import transaction
from django.db.models import Count, FilteredRelation, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.refusals import Refusal
from laborreg.sheets.writing import write_csv, write_rows
from officers import audit
from villages.areas import LENGTHS, area_at
from villages.models import Posting
from workers import codes, search, standing
from workers.actions.keeping import cleaned_reason
from workers.listing import VIEWS, Query
from workers.models import ExportRequest, HouseholdStatus, Phone, Roster, Transfer, Worker
from workers.sheets import storing
from workers.sheets.approving import filter_in_the_trail, told_of
from workers.sheets.columns import TRANSFERS
from workers.sheets.roster_columns import BY_KIND, NATIONAL, Reader, RosterColumn
from workers.sheets.storing import KEPT_DAYS

# From this many rows on, the worker writes it.
MANY = 2_000
PAGE = 2_000
_FOUR_DIGITS = re.compile(r"\d{4}")


@dataclass(frozen=True)
class Wanted:
    """What a roster is to be."""

    kind: str
    query: Query
    columns: list[str]
    is_full: bool = False
    reason: str = ""
    file_type: str = "xlsx"

    @property
    def places(self) -> list[str]:
        """The place that the list is narrowed to; else every post of the officer."""
        officer, place = self.query.officer, self.query.place
        return [place] if officer.is_posted_over(place) else [post for post in officer.posts if post.startswith(place)]

    @property
    def place(self) -> str:
        return place_over(self.places)

    @cached_property
    def shown(self) -> list[RosterColumn]:
        known = BY_KIND[self.kind]
        names = self.columns if self.is_full else [_beside_a_mask(name) for name in self.columns]
        return [known[name] for name in dict.fromkeys(names) if name in known]

    @property
    def narrowed(self) -> dict[str, str]:
        """What is kept of the filter: nothing of a number, or of a part of one, that was searched for."""
        asked = self.query.asked
        return asked | {"q": audit.HIDDEN} if "q" in asked and _tells_a_number(asked["q"]) else asked

    @property
    def is_national(self) -> bool:
        """Whether its columns are those that the national system takes, in its order."""
        return [column.name for column in self.shown] == NATIONAL

    @cached_property
    def size(self) -> tuple[int, int]:
        """People and rows: where departures are listed, a person has as many rows."""
        if self.kind == TRANSFERS:
            found = _source(self).order_by().aggregate(people=Count("pk", distinct=True), rows=Count("trip"))
            return found["people"], found["rows"]
        people = self.query.rows().order_by().count()
        return people, people

    @property
    def is_long(self) -> bool:
        return self.narrowed.get("q") != audit.HIDDEN and self.size[1] >= MANY


def place_over(posts) -> str:
    """The smallest area over all of them; the county of the first where the registry has none."""
    if not posts:
        return ""
    over = (posts[0][:length] for length in reversed(LENGTHS) if length <= len(posts[0]))
    shared = (code for code in over if all(post.startswith(code) for post in posts))
    return next((code for code in shared if area_at(code)), posts[0][:6])


def _tells_a_number(text) -> bool:
    return search.is_number(text) or bool(_FOUR_DIGITS.search("".join(text.split())))


def _beside_a_mask(name) -> str:
    return "age" if name == "birth_date" else name


# Asking for one.


def checked(wanted, by) -> Wanted:
    """As it may be had: masked without a reason, in full for one."""
    for place in wanted.places or ["-"]:
        by.must("export rosters", at=place)
    if not wanted.shown:
        raise Refusal(_("Choose at least one column."))
    if not wanted.is_full:
        return replace(wanted, reason="")
    for place in wanted.places:
        by.must("reveal numbers", at=place)
    return replace(wanted, reason=cleaned_reason(wanted.reason))


def of(roster, day) -> Wanted:
    """What a roster that waits is to be, for who asked for it, as far as that officer sees today."""
    wanted = Wanted(roster.kind, query_of(roster, day), roster.columns, roster.is_full, roster.reason, roster.file_type)
    if wanted.place != roster.place_code:
        raise unknown()
    return checked(wanted, roster.made_by)


def query_of(roster, day) -> Query:
    """The list as it was narrowed. What is unknown narrows nothing, and would make it one of more people: refused."""
    if roster.narrowed.get("q") == audit.HIDDEN:
        raise Refusal(_("The number that was searched for is not kept. Search for it again, then export the list."))
    query = Query(roster.made_by, roster.narrowed, day)
    if query.asked != roster.narrowed:
        raise unknown()
    return query


def unknown() -> Refusal:
    """Who is posted elsewhere by now has other people behind the same words."""
    return Refusal(_("What the list was narrowed to is no longer known to your account. Export it again."))


def own(officer):
    """What the officer asked for at the places of today's posts."""
    return _of_the_posts(officer).filter(made_by=officer)


def last_columns(officer, kind) -> list[str]:
    """The columns that the office used last. Those of an office above it, which narrows its list to this place, are its own."""
    colleagues = Posting.objects.on_today().filter(place_code__in=officer.posts).values("officer")
    rows = _of_the_posts(officer).filter(kind=kind, made_by__in=colleagues)
    return rows.values_list("columns", flat=True).first() or []


def _of_the_posts(officer):
    return Roster.objects.visible_to(officer) | Roster.objects.filter(place_code=place_over(officer.posts))


# Writing it.


def make(roster, wanted) -> Roster:
    """Write the file under the name that the roster has for it, then record in one go that it is there."""
    path = storing.folder() / roster.stored_as
    try:
        path.touch(mode=0o600)
        rows = write(path, wanted)
        _progress(path).unlink(missing_ok=True)
        return _record(roster, wanted, path, rows)
    except BaseException:
        storing.forget(roster.stored_as)
        raise


def rows_done(roster) -> int:
    """How many rows of a roster that waits were written when it was last noted."""
    try:
        return int(_progress(storing.folder() / roster.stored_as).read_text() or 0)
    except FileNotFoundError:
        return 0


def write(path, wanted) -> int:
    """The file itself; how many rows it has. What goes to the national system is uploaded as it is, without title rows."""
    counted = Counted(rows_of(wanted), path)
    columns = [(column.words, column.kind, column.width) for column in wanted.shown]
    above = [] if wanted.is_national else title_lines(wanted)
    if wanted.file_type == "csv":
        write_csv(path, columns, counted, title_lines=above)
    else:
        write_rows(path, columns, counted, title_lines=above, sheet_name=_kind_in_words(wanted.kind))
    return counted.rows


def _kind_in_words(kind) -> str:
    return str(dict(codes.ROSTER_KINDS)[kind])


class Counted:
    """Rows that are counted as they pass; now and then the count is left beside the file, for who waits."""

    def __init__(self, rows: Iterable, path):
        self._rows, self._progress, self.rows = rows, _progress(path), 0

    def __iter__(self) -> Iterator:
        for row in self._rows:
            self.rows += 1
            if self.rows % 5_000 == 0:
                self._progress.write_text(str(self.rows))
            yield row


def _progress(path) -> Path:
    """Beside the file, as the notes of an uploaded one; thrown away with it."""
    return path.with_name(f"{path.name}.json")


@transaction.atomic
def _record(roster, wanted, path, rows) -> Roster:
    with path.open("rb") as file:
        roster.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    roster.file_size, roster.rows, roster.state = path.stat().st_size, rows, "ready"
    roster.save()
    detail = {
        "kind": roster.kind, "rows": rows, "filter": filter_in_the_trail(roster.narrowed),
        "columns": " ".join(column.name for column in wanted.shown), "numbers": "full" if roster.is_full else "masked",
        "hash": roster.sha256, "bytes": roster.file_size,
    }
    detail |= {"posts": " ".join(wanted.places)} if len(wanted.places) > 1 else {}
    detail |= {"reason": roster.reason} if roster.reason else {}
    detail |= told_of(ExportRequest.objects.filter(roster=roster.pk).select_related("decided_by").first())
    audit.record("exported a roster", roster, by=roster.made_by, place=roster.place_code, detail=detail)
    return roster


# Rows.


def rows_of(wanted) -> Iterator[tuple]:
    """The cells of each row, in the order of the list."""
    reader = Reader(wanted.query.officer, wanted.query.day, is_full=wanted.is_full)
    fields, cells = [], []
    for column in wanted.shown:
        cells.append(column.cell(len(fields), reader))
        fields += column.fields
    found = _source(wanted).values_list(*fields)
    for row in found.iterator(chunk_size=PAGE):
        yield tuple([cell(row) for cell in cells])


def _source(wanted):
    """People with the newest phone, the head, today's flag of the household, and one departure or all of them."""
    query = wanted.query
    of_worker = {"worker": OuterRef("pk")}
    phones = Phone.objects.filter(**of_worker).order_by("-since_on", "-pk")
    flags = HouseholdStatus.objects.filter(household=OuterRef("household"), to_on__isnull=True).order_by("-from_on", "-pk")
    heads = Worker.objects.valid().visible_to(query.officer).filter(household=OuterRef("household"), relation="head")
    people = query.rows().select_related(None).annotate(
        tel=_one("phones", phones), flag=_one("household__statuses", flags), head=_one("household__members", heads),
        is_registered=standing.is_registered(query.day),
    )
    if wanted.kind == TRANSFERS:
        every = FilteredRelation("transfers", condition=Q(transfers__voided_at__isnull=True))
        order = [*people.query.order_by, "trip__started_on", "trip__pk"]
        return people.annotate(trip=every).filter(trip__isnull=False).order_by(*order)
    newest = Transfer.objects.valid().filter(started_on__lte=query.day, **of_worker).order_by("-started_on", "-pk")
    return people.annotate(trip=_one("transfers", newest))


def _one(relation, rows) -> FilteredRelation:
    """Of a relation the first of some rows, joined in the same statement."""
    return FilteredRelation(relation, condition=Q(**{f"{relation}__pk": Subquery(rows.values("pk")[:1])}))


# Words above the list.


def title_lines(wanted) -> list[str]:
    officer = wanted.query.officer
    who = {
        "name": officer.name, "account": officer.username,
        "when": timezone.localtime(clock.now()).strftime("%Y-%m-%d %H:%M"),
    }
    who["numbers"] = _("numbers in full") if wanted.is_full else _("numbers masked")
    return [
        f"{_kind_in_words(wanted.kind)} · {areas(wanted.places)}",
        _("Narrowed to: %(words)s") % {"words": " · ".join(in_words(wanted))},
        _("Exported on %(when)s by %(name)s (%(account)s), %(numbers)s") % who,
    ]


def areas(places) -> str:
    """Each in full: villages of two townships may have one name."""
    return ", ".join(area_at(place).label for place in places)


def told_filter(request, day) -> list[str]:
    """The filter of a list that was asked for, in the words of who reads it."""
    if not request.narrowed:
        return [_("Everybody")]
    if "what" in request.narrowed:
        return [request.narrowed["what"]]
    return _query_in_words(Query(request.asked_by, request.narrowed, day), request.narrowed)


def in_words(wanted) -> list[str]:
    """The filter; nothing of a number that was searched for."""
    return _query_in_words(wanted.query, wanted.narrowed)


def _query_in_words(query, narrowed) -> list[str]:
    if query.ticked is not None:
        return [_("Ticked rows")]
    words = [str(label) for name, label in query.chosen if name != "q"]
    if query.q:
        words.append(_("Search: %(text)s") % {"text": narrowed["q"]})
    return [str(VIEWS[query.view][0]()), *words]


# The file, for a week.


def path_of(roster) -> Path:
    found = storing.folder() / roster.stored_as
    is_over = roster.made_at < clock.now() - timedelta(days=KEPT_DAYS)
    if is_over or not roster.stored_as or not found.is_file():
        raise Refusal(_("The file was thrown away after %(days)s days. Export it again.") % {"days": KEPT_DAYS})
    return found


def file_name(roster) -> str:
    """In the words of who downloads it; without signs that some computer takes for parts of a path."""
    when = f"{timezone.localtime(roster.made_at):%Y%m%d-%H%M}"
    numbers = _("in full") if roster.is_full else _("masked")
    words = "-".join([_kind_in_words(roster.kind), areas([roster.place_code]), when, numbers])
    return f"{get_valid_filename(words)}.{roster.file_type}"


def throw_away() -> int:
    """Files older than a week go; what they held stays on record."""
    old = Roster.objects.filter(made_at__lt=clock.now() - timedelta(days=KEPT_DAYS)).exclude(stored_as="")
    names = list(old.values_list("stored_as", flat=True))
    old.update(stored_as="")
    for name in names:
        storing.forget(name)
    return len(names)
