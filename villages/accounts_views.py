"""The pages of accounts: who works where, new ones, first passwords, places without anybody."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from laborreg import crypto
from laborreg.codes import under
from laborreg.refusals import Refusal
from officers import roles, second_factor, sessions
from officers.pages import page
from villages import accounts as actions
from villages.accounts_forms import AccountForm, FilterForm, PlaceForm, SuccessorForm
from villages.models import Posting

A_PAGE = 50
# The first password in the session, between issuing and showing it.
SLIP = "first password"


@page("issue accounts")
def accounts(request):
    if "vacant" in request.GET:
        return _vacant(request)
    form = FilterForm(request.GET, by=request.user)
    form.is_valid()
    found = _narrowed(actions.visible_to(request.user), form.cleaned_data)
    page_obj = _page_of(request, found.prefetch_related(Prefetch("postings", Posting.objects.on_today())))
    return render(request, "villages/accounts.html", {
        "form": form, "page_obj": page_obj, "labels": _labels(page_obj), "vacant": _vacant_count(request.user),
    })


def _narrowed(officers, wanted):
    if q := wanted.get("q"):
        officers = officers.filter(Q(username__icontains=q) | Q(name__icontains=q) | Q(phone__icontains=q))
    if township := wanted.get("township"):
        there = Posting.objects.on_today().filter(under("place_code", township))
        officers = officers.filter(pk__in=there.values("officer"))
    return officers


def _page_of(request, rows):
    return Paginator(rows, A_PAGE).get_page(request.GET.get("page"))


def _labels(officers):
    return actions.labels({posting.place_code for officer in officers for posting in officer.postings.all()})


def _vacant_count(officer):
    """None for a level that does not issue village accounts."""
    return actions.vacant_villages(officer).count() if roles.VILLAGE in roles.ISSUES[officer.role] else None


def _vacant(request):
    page_obj = _page_of(request, actions.vacant_villages(request.user))
    return render(request, "villages/accounts_vacant.html", {
        "page_obj": page_obj, "last": actions.last_officers([village.code for village in page_obj]),
        "vacant": page_obj.paginator.count, "may_issue": roles.VILLAGE in roles.ISSUES[request.user.role],
    })


@page("issue accounts")
@never_cache
def account_new(request):
    form = AccountForm(request.POST or None, by=request.user, initial=_wished(request))
    if form.is_valid():
        try:
            officer, password = actions.issue_account(by=request.user, **form.account)
            return _slip(request, officer, password)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
    return render(request, "villages/accounts_new.html", {"form": form})


def _wished(request):
    """The village that the list of vacant ones leads here with."""
    village = request.GET.get("village", "")
    return {"role": roles.VILLAGE, "village": village} if village else {}


def _slip(request, officer, password):
    """To the page that tells a first password; until it is shown there it is kept enciphered."""
    cipher, version = crypto.encipher(password)
    request.session[SLIP] = [officer.pk, cipher.hex(), version]
    return redirect("account_slip", officer.pk)


@page("issue accounts")
@never_cache
def account_slip(request, pk):
    """A first password, shown once: opened again, the page only says that it was."""
    officer = _account_of(request, pk)
    password = _told_once(request, officer)
    if password is None:
        messages.info(request, _("A first password is shown once. If it was not noted, give a new one."))
        return redirect("account", pk)
    return render(request, "villages/accounts_password.html", {
        "account": officer, "password": password, "place": officer.place, "address": request.build_absolute_uri("/"),
    })


def _told_once(request, officer) -> str | None:
    number, cipher, version = request.session.get(SLIP, [None, "", 0])
    if number != officer.pk:
        return None
    del request.session[SLIP]
    try:
        return crypto.decipher(bytes.fromhex(cipher), version)
    except crypto.UnknownKey:  # the slip lay open while the keys were changed, and the old ones dropped
        return None


@page("issue accounts")
def account(request, pk):
    officer = _account_of(request, pk)
    postings = officer.postings.order_by("-from_on")
    successors = _successors(request.user, officer)
    return render(request, "villages/accounts_one.html", {
        "account": officer, "manages": _may_change(request.user, officer),
        "labels": actions.labels({posting.place_code for posting in postings}),
        "second_factor": second_factor.is_on(officer), "open_sessions": sessions.open_of(officer).count(),
        "place_form": PlaceForm(role=officer.role, by=request.user),
        "postings": [
            (posting, SuccessorForm(successors=successors, auto_id=f"posting-{posting.pk}-%s")) for posting in postings
        ],
    })


def _may_change(by, officer):
    return actions.manages(by, officer) and by.pk != officer.pk


def _account_of(request, pk):
    return get_object_or_404(actions.visible_to(request.user).select_related("issued_by"), pk=pk)


def _successors(by, officer):
    """Colleagues of the same role; for a village, of the same township, as the whole county is too long a list."""
    colleagues = actions.visible_to(by).filter(role=officer.role, is_active=True).exclude(pk=officer.pk)
    posts = officer.posts
    if officer.role != roles.VILLAGE or not posts:
        return colleagues
    near = Posting.objects.filter(under("place_code", posts[0][:9]))
    return colleagues.filter(pk__in=near.values("officer"))


@page("issue accounts")
@require_POST
@never_cache
def account_reset(request, pk):
    officer = _account_of(request, pk)
    return _slip(request, officer, actions.reset_password(officer, by=request.user))


@page("issue accounts")
@require_POST
def account_second_factor(request, pk):
    officer = _account_of(request, pk)
    actions.reset_second_factor(officer, by=request.user)
    messages.success(request, _("The second factor of %(name)s is taken off.") % {"name": officer.name})
    return redirect("account", pk)


@page("issue accounts")
@require_POST
def account_sessions(request, pk):
    ended = actions.end_sessions(_account_of(request, pk), by=request.user)
    messages.success(request, ngettext(
        "%(n)s session is ended.", "%(n)s sessions are ended.", ended,
    ) % {"n": ended})
    return redirect("account", pk)


@page("issue accounts")
@require_POST
def account_disable(request, pk):
    officer = _account_of(request, pk)
    actions.disable(officer, by=request.user)
    messages.success(request, _("The account of %(name)s is disabled.") % {"name": officer.name})
    return redirect("account", pk)


@page("issue accounts")
@require_POST
def account_enable(request, pk):
    officer = _account_of(request, pk)
    actions.enable(officer, by=request.user)
    messages.success(request, _("The account of %(name)s is enabled again.") % {"name": officer.name})
    return redirect("account", pk)


@page("issue accounts")
@require_POST
def posting_add(request, pk):
    officer = _account_of(request, pk)
    form = PlaceForm(request.POST, role=officer.role, by=request.user)
    if not form.is_valid():
        raise Refusal(_("Choose a place of your own area."))
    actions.add_posting(officer, by=request.user, post_code=form.cleaned_data["place"])
    messages.success(request, _("%(name)s has one more place from today on.") % {"name": officer.name})
    return redirect("account", pk)


@page("issue accounts")
@require_POST
def posting_end(request, pk):
    posting = get_object_or_404(Posting.objects.visible_to(request.user).select_related("officer"), pk=pk)
    form = SuccessorForm(request.POST, successors=_successors(request.user, posting.officer))
    if not form.is_valid():
        raise Refusal(_("Choose another officer as successor."))
    if successor := form.cleaned_data["successor"]:
        actions.hand_over(posting, successor, by=request.user)
        messages.success(request, _("The place is handed over to %(name)s.") % {"name": successor.name})
    else:
        actions.end_posting(posting, by=request.user)
        messages.success(request, _("The posting has ended."))
    still_ours = actions.visible_to(request.user).filter(pk=posting.officer_id).exists()
    return redirect("account", posting.officer_id) if still_ours else redirect("accounts")
