"""The list of people as a file: which columns, then the file for a week."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.forms import row_number
from laborreg.sheets.writing import XLSX
from officers.pages import page
from workers import codes
from workers.forms import RosterForm
from workers.listing import Query
from workers.sheets import ordering, rosters
from workers.sheets.approving import NeedsApproval, limit, why_nobody
from workers.sheets.roster_columns import BY_KIND, COLUMNS, NATIONAL, USUAL, presets
from workers.sheets.storing import KEPT_DAYS
from workers.views.rows import posted

TYPES = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8"}


@dataclass(frozen=True)
class Choice:
    """A column that can be ticked, and its place in the order."""

    name: str
    words: str
    place: int | None

    @property
    def is_chosen(self) -> bool:
        return self.place is not None


@page("export rosters")
def roster_new(request):
    """The list as its address narrows it: what of it, in which order, masked or in full."""
    query = Query(request.user, _asked(request), clock.today())
    if query.ticked == []:
        messages.info(request, _("Tick the people first, then export them."))
        return redirect(f"{reverse('people')}?{_without_ticks(request)}")
    kind = request.GET.get("kind") if request.GET.get("kind") in COLUMNS else "ledger"
    again = _again(request)
    columns = _columns(request, kind, again)
    initial = {"file_type": again.file_type} if again else None
    form = RosterForm(posted(request), initial=initial, may_reveal=request.user.may("reveal numbers"))
    wanted = rosters.Wanted(kind, query, columns)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        asked = rosters.Wanted(kind, query, columns, said["numbers"] == "full", said["reason"], said["file_type"])
        if form.is_asking:
            if waiting := form.tries(ordering.ask, asked, by=request.user, reason=said["reason"]):
                messages.success(request, _("The county bureau is asked. When it has decided, you find a message."))
                return redirect("export_request", waiting.pk)
        elif roster := form.tries(ordering.order, asked, by=request.user):
            return redirect("roster", roster.pk)
    people, rows = wanted.size
    most = limit(request.user.county_code, is_full=False)
    needs_approval = form.is_asking or isinstance(form.refusal, NeedsApproval) or rows > most
    return render(request, "workers/sheets/roster_new.html", {
        "form": form, "query": query, "kind": kind, "kinds": codes.ROSTER_KINDS, "choices": _choices(kind, columns),
        "presets": [(name, words) for name, (words, _columns) in presets(kind).items()],
        "people": people, "rows": rows, "words": [rosters.areas(wanted.places), *rosters.in_words(wanted)],
        "is_national": columns == NATIONAL, "is_long": wanted.is_long, "many": rosters.MANY, "days": KEPT_DAYS,
        "needs_approval": needs_approval, "most": most, "nobody": needs_approval and why_nobody(request.user),
        "list_address": _without_ticks(request), "mine": _own(request)[:10],
    })


def _asked(request) -> dict[str, str]:
    """The parameters of the address; all rows that were ticked in one."""
    asked = request.GET.dict()
    return asked | {"ticked": ",".join(request.GET.getlist("ticked"))} if "ticked" in asked else asked


def _without_ticks(request) -> str:
    """The list as it was narrowed before."""
    address = request.GET.copy()
    for name in ("ticked", "kind", "preset", "again"):
        address.pop(name, None)
    return address.urlencode()


def _again(request):
    """The earlier export whose columns and format are taken once more."""
    number = row_number(request.GET.get("again"))
    return _own(request).filter(pk=number).first() if number else None


def _columns(request, kind, again) -> list[str]:
    """Those ticked, by their numbers; on a page that was only opened those of a preset, of an earlier export, or the last."""
    known = BY_KIND[kind]
    if request.method == "POST":
        ticked = [name for name in request.POST.getlist("column") if name in known]
        places = {name: row_number(request.POST.get(f"place_{name}")) for name in ticked}
        return sorted(dict.fromkeys(ticked), key=lambda name: (places[name] is None, places[name] or 0))
    preset = presets(kind).get(request.GET.get("preset"))
    if preset:
        return preset[1]
    names = again.columns if again else rosters.last_columns(request.user, kind)
    return [name for name in names if name in known] or USUAL[kind]


def _choices(kind, columns) -> list[Choice]:
    """Those chosen in their order, then the others."""
    known = BY_KIND[kind]
    chosen = [Choice(name, known[name].words, place) for place, name in enumerate(columns, start=1)]
    return chosen + [Choice(column.name, column.words, None) for column in COLUMNS[kind] if column.name not in columns]


def _own(request):
    """Of the rosters of the officer's places those that the officer asked for."""
    return rosters.own(request.user)


@page("export rosters")
def roster(request, pk):
    """Whether it is ready, what it holds, and the file."""
    roster = get_object_or_404(_own(request), pk=pk)
    known = BY_KIND[roster.kind]
    done = rosters.rows_done(roster) if roster.state == "waiting" else 0
    return render(request, "workers/sheets/roster.html", {
        "roster": roster, "days": KEPT_DAYS, "done": done,
        "columns": [known[name].words for name in roster.columns if name in known],
    })


@page("export rosters")
def roster_again(request, pk):
    """The same list once more, as it is today: its filter, columns and format; the rest is asked as always."""
    roster = get_object_or_404(_own(request), pk=pk)
    asked = rosters.query_of(roster, clock.today()).asked
    return redirect(f"{reverse('roster_new')}?{urlencode(asked | {'kind': roster.kind, 'again': roster.pk})}")


@page("export rosters")
def roster_file(request, pk):
    """The file itself, for who asked for it only."""
    roster = get_object_or_404(_own(request), pk=pk, state="ready")
    path = rosters.path_of(roster)
    return FileResponse(
        path.open("rb"), content_type=TYPES[roster.file_type], as_attachment=True, filename=rosters.file_name(roster),
    )
