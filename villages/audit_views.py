"""The pages of the audit trail. They stand here and not with the trail itself, because they name places."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from laborreg import clock
from laborreg.downloads import download
from laborreg.refusals import Refusal
from laborreg.sheets.writing import write_csv
from officers import audit as trail
from officers import runs, watch
from officers.models import AuditEvent, Unusual
from officers.pages import page
from officers.patterns import PATTERNS
from officers.verbs import KINDS
from villages.audit_search import AuditFilter, sees_people, with_words

A_PAGE = 50
# A file is for reading on; whoever needs more narrows it, month by month.
MOST_IN_FILE = 5_000


@page("see audit")
def audit(request):
    """Newest first. A chain is a county's, so the officer's posts name the chains to read."""
    form, events = _asked(request)
    page_obj = page_of(request, events)
    return render(request, "villages/audit.html", {
        "form": form, "page_obj": page_obj, "about": _about(request), "sees_people": sees_people(request.user),
        "open": Unusual.objects.visible_to(request.user).filter(looked_by__isnull=True).count(),
    })


def _asked(request):
    form = AuditFilter(request.GET, by=request.user)
    form.is_valid()
    events = form.narrowed(AuditEvent.objects.visible_to(request.user))
    if about := _about(request):
        events = events.filter(subject_kind=about[0], subject_id=about[1])
    return form, newest_first(events)


def _about(request) -> tuple[str, str] | None:
    """One row's own trail: ?about=kind:number"""
    kind, _colon, number = request.GET.get("about", "").partition(":")
    return (kind, number) if kind in KINDS and number else None


def newest_first(events):
    return events.select_related("by").order_by("county_code", "-number")


def page_of(request, events):
    """A page of entries, each with its words."""
    found = Paginator(events, A_PAGE).get_page(request.GET.get("page"))
    found.object_list = with_words(found.object_list, request.user)
    return found


@page("see audit")
@require_POST
def audit_export(request):
    """The entries that the search shows, as a file; taking it away is an entry itself."""
    if not request.user.posts:
        raise Http404
    form, events = _asked(request)
    if events.count() > MOST_IN_FILE:
        raise Refusal(_("A file holds at most %(most)s entries: narrow the search.") % {"most": MOST_IN_FILE})
    rows = [_row(event) for event in with_words(events, request.user)]
    content = _csv(rows)
    filters = form.as_words(request.GET.get("about", ""), found=bool(rows))
    trail.record_file(
        "exported the trail", content, by=request.user, place=request.user.posts[0],
        detail={"rows": len(rows), "filter": filters},
    )
    return download(content, f"{_('Audit trail')} {clock.today().isoformat()}.csv", "text/csv; charset=utf-8")


def _csv(rows) -> bytes:
    headings = [_("Number"), _("When"), _("Who"), _("Account"), _("What"), _("About"), _("Where"), _("Details"), _("Address")]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "entries.csv"
        write_csv(path, [(heading, "text", 20) for heading in headings], rows)
        return path.read_bytes()


def _row(event) -> tuple:
    by, about = event.by, f"{event.about} {event.named or event.subject_id}".strip()
    return (
        event.number, f"{timezone.localtime(event.at):%Y-%m-%d %H:%M:%S}", by.name if by else _("the system"),
        by.username if by else "", str(event.what), about, event.where,
        " · ".join(f"{name}: {value}" for name, value in event.told), event.from_address,
    )


@page("see audit")
def unusual(request):
    """What the nightly look found; first what nobody has looked at."""
    found = Unusual.objects.visible_to(request.user).select_related("officer", "looked_by")
    is_done = request.GET.get("done") == "1"
    shown = Paginator(found.filter(looked_by__isnull=not is_done), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "villages/unusual.html", {
        "page_obj": shown, "patterns": PATTERNS, "is_done": is_done, "open": found.filter(looked_by__isnull=True).count(),
        "last": runs.last("watch_audit"),
    })


@page("see audit")
def unusual_one(request, pk):
    """One of them, opened to the entries behind it; a note says that somebody has looked."""
    found = get_object_or_404(
        Unusual.objects.visible_to(request.user).select_related("officer", "looked_by"), pk=pk
    )
    note, error = request.POST.get("note", ""), ""
    if request.method == "POST":
        try:
            watch.look_at(found, note, by=request.user)
            messages.success(request, _("Noted."))
            return redirect("unusual")
        except Refusal as refusal:
            error = refusal.message
    events = AuditEvent.objects.visible_to(request.user).filter(county_code=found.county_code, number__in=found.numbers)
    return render(request, "villages/unusual_one.html", {
        "found": found, "note": note, "error": error,
        "pattern": PATTERNS[found.pattern], "page_obj": page_of(request, newest_first(events)),
        "sees_people": sees_people(request.user), "is_own": watch.is_own(found, request.user),
        "note_is_shown": sees_people(request.user) or found.looked_by_id == request.user.pk,
    })
