"""The pages of the association: the county's, a branch's, and one broker's membership."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from brokers import branches, codes, training
from brokers.actions import associations as actions
from brokers.forms.associations import AssociationForm, EndPostForm, HeadForm, JoinForm, LeaveForm, PostForm
from brokers.models import Association, Broker, Membership, Post
from laborreg import clock
from laborreg.forms import row_number
from laborreg.identity import mask_phone
from laborreg.templatetags.registry import number, percent
from officers import roles
from officers.pages import page
from villages.models import County, Township, Village

A_PAGE = 50
# Whose branch is the whole of what they see.
AREAS = {roles.TOWNSHIP: Township, roles.VILLAGE: Village}


@page("see totals")
def association(request):
    """The county's association by branches; a station and a village officer come to their own branch."""
    officer = request.user
    if officer.role in AREAS:
        area = AREAS[officer.role].objects.visible_to(officer).first()
        return redirect("branch", area.pk) if area else render(request, "brokers/association_nowhere.html")
    rows = branches.branches(officer)
    whole = branches.whole(rows)
    sees_names = officer.may("see people")
    if not sees_names:
        branches.hide_small(rows, whole)
    headed = sum(row.head is not None for row in rows)
    posts = _in_order(branches.current_posts(officer).exclude(kind=actions.BRANCH_HEAD)) if sees_names else []
    return render(request, "brokers/association.html", {
        "association": _association(officer), "rows": rows, "whole": whole, "sees_names": sees_names,
        "posts": posts, "headed": headed, "tiles": _tiles(whole, headed, len(rows), sees_names),
        "may_keep": officer.may("keep branches"),
    })


def _in_order(posts) -> list:
    """The president first."""
    kinds = [kind for kind, _label in codes.POSTS]
    return sorted(posts, key=lambda post: kinds.index(post.kind))


def _tiles(whole, headed, count, sees_names) -> list[dict]:
    """For the tile part; who sees names opens them."""
    people = reverse("association_people")
    headless = _("%(n)s without") % {"n": count - headed}
    tiles = [
        {"label": _("Brokers who work"), "value": number(whole.brokers), "url": people},
        {"label": _("Members of the association"), "value": number(whole.joined), "url": f"{people}?which=members"},
        {"label": _("Share of members"), "value": percent(whole.share_of_members, 0), "url": f"{people}?which=members"},
        {"label": _("Branches with a head"), "value": number(headed), "url": "#branches", "note": headless},
        {"label": _("Share trained"), "value": percent(whole.share_trained, 0), "url": f"{people}?which=trained"},
    ]
    return tiles if sees_names else [tile | {"url": ""} for tile in tiles]


def _association(officer):
    return Association.objects.filter(pk=officer.county_code).first()


@page("keep branches")
def association_edit(request):
    """Found the association; afterwards put its name or day right."""
    county = get_object_or_404(County.objects.visible_to(request.user), pk=request.user.county_code)
    found = _association(request.user)
    initial = {"name": found.name, "founded_on": found.founded_on} if found else {}
    form = AssociationForm(request.POST or None, initial=initial)
    if form.is_valid():
        action, subject = (actions.edit_association, found) if found else (actions.found_association, county)
        if form.tries(action, subject, by=request.user, **form.cleaned_data):
            messages.success(request, _("The association is recorded."))
            return redirect("association")
    return render(request, "brokers/association_edit.html", {"form": form, "association": found})


# A branch.


@page("see people")
def branch(request, code):
    return _branch(request, _area_or_404(request, code))


def _area_or_404(request, code):
    """A township, or one of its villages: what a village officer sees of the branch."""
    model = {9: Township, 12: Village}.get(len(code))
    if model is None:
        raise Http404
    return get_object_or_404(model.objects.visible_to(request.user), pk=code)


def _branch(request, area, *, join=None, head=None, ticked=()):
    officer = request.user
    township = area if area.level == "township" else area.township
    brokers = Broker.objects.visible_to(officer).valid().under(area.pk)
    members, now = _members(officer, area), clock.today()
    others = brokers.taking_on().exclude(pk__in=members.values("broker")).select_related("village")
    known, members = training.Training(brokers), list(members)
    for row in [*members, *others]:
        _describe(row, known, now)
    heads = branches.current_posts(officer).filter(township=township, kind=actions.BRANCH_HEAD)
    may_keep = officer.may("keep branches", at=township)
    return render(request, "brokers/branch.html", {
        "area": area, "township": township, "association": _association(officer), "members": members,
        "idle": sum(not row.broker.works_on(now) for row in members), "others": others,
        "places": _places(officer), "may_keep": may_keep, "ticked": ticked,
        "head": heads.first(), "share": training.total(known.by_area(now, len(area.pk)).values()),
        "expiring": training.expiring(officer).under(area.pk).count(),
        "join": join or JoinForm(), "head_form": (head or _head_form(None, officer, township)) if may_keep else None,
    })


def _members(officer, area):
    rows = Membership.objects.visible_to(officer).current()
    rows = rows.filter(township=area) if area.level == "township" else rows.filter(broker__village=area)
    posts = Prefetch("posts", Post.objects.current(), to_attr="held")
    return rows.select_related("broker__village").prefetch_related(posts).order_by("broker__village_id", "broker__name")


def _describe(row, known, day):
    """What the list says of a member, or of a broker who is none."""
    broker = getattr(row, "broker", row)
    standing = known.standings.get(broker.pk)
    row.masked_phone = mask_phone(broker.phone)
    row.is_trained = bool(standing and standing.is_trained(day))
    row.has_expired = bool(standing and standing.has_expired(day))


def _places(officer) -> list:
    """The branches or villages among which the officer chooses; one is no choice."""
    model = AREAS.get(officer.role)
    found = list(model.objects.visible_to(officer)) if model and len(officer.posts) > 1 else []
    return found if len(found) > 1 else []


def _head_form(data, officer, township):
    return HeadForm(data, members=_members(officer, township), auto_id="head_%s")


@page("keep branches")
@require_POST
def branch_join(request, code):
    """Everybody who is ticked becomes a member on the same day."""
    area, form = _area_or_404(request, code), JoinForm(request.POST)
    ticked = {pk for text in request.POST.getlist("broker") if (pk := row_number(text))}
    brokers = list(Broker.objects.visible_to(request.user).under(area.pk).filter(pk__in=ticked))
    if form.is_valid() and (made := form.tries(actions.join, brokers, by=request.user, **form.cleaned_data)):
        sentence = ngettext("%(n)s broker has joined.", "%(n)s brokers have joined.", len(made))
        messages.success(request, sentence % {"n": len(made)})
        return redirect("branch", area.pk)
    return _branch(request, area, join=form, ticked=ticked)


@page("keep branches")
@require_POST
def branch_head(request, code):
    township = get_object_or_404(Township.objects.visible_to(request.user), pk=code)
    form = _head_form(request.POST, request.user, township)
    if form.is_valid():
        member, day = form.cleaned_data["member"], form.cleaned_data["from_on"]
        if form.tries(actions.give_post, member, actions.BRANCH_HEAD, by=request.user, from_on=day):
            messages.success(request, _("%(name)s heads the branch.") % {"name": member.broker.name})
            return redirect("branch", township.pk)
    return _branch(request, township, head=form)


@page("see people")
def branch_paper(request, code):
    """The members on A4; phones masked."""
    area = _area_or_404(request, code)
    members, day = list(_members(request.user, area)), clock.today()
    known = training.Training(Broker.objects.visible_to(request.user).under(area.pk))
    for row in members:
        _describe(row, known, day)
    township = area if area.level == "township" else area.township
    return render(request, "brokers/branch_paper.html", {
        "area": area, "township": township, "association": _association(request.user), "members": members,
        "now": clock.now(),
    })


@page("see people")
def association_people(request):
    """The brokers behind a number of the association or of training, on the last day of a year."""
    officer, which = request.user, request.GET.get("which")
    area = _area_or_404(request, request.GET["area"]) if request.GET.get("area") else None
    year = int(text) if (text := request.GET.get("year", "")) in map(str, training.years()) else None
    day, brokers = training.last_day(year or clock.today().year), Broker.objects.visible_to(officer)
    brokers = brokers.under(area.pk) if area else brokers
    known = training.Training(brokers)
    which = which if which in training.WHICH or which in MEMBERSHIP else "brokers"
    behind = known.who(which, day) if which in training.WHICH else _by_membership(which, officer, known, day)
    found = Broker.objects.visible_to(officer).filter(pk__in=behind).select_related("village__township")
    current = Prefetch("memberships", Membership.objects.current(), to_attr="current")
    page_obj = Paginator(found.prefetch_related(current), A_PAGE).get_page(request.GET.get("page"))
    for broker in page_obj.object_list:
        _describe(broker, known, day)
    return render(request, "brokers/association_people.html", {
        "page_obj": page_obj, "area": area, "year": year, "day": day, "title": TITLES[which](),
    })


MEMBERSHIP = ["members", "others"]
TITLES = {
    "brokers": lambda: _("Brokers who work"), "members": lambda: _("Members of the association"),
    "others": lambda: _("Brokers who are not members"), "trained": lambda: _("Brokers who are trained"),
    "untrained": lambda: _("Brokers who are not trained"), "expired": lambda: _("Trained, certificate expired"),
}


def _by_membership(which, officer, known, day) -> list[int]:
    members = set(Membership.objects.visible_to(officer).current().values_list("broker_id", flat=True))
    if which == "members":
        return [pk for pk in known.standings if pk in members]
    return [pk for pk in known.who("brokers", day) if pk not in members]


# One broker's membership.


@page("see people")
def membership(request, pk):
    return _membership(request, _broker_or_404(request, pk))


def _broker_or_404(request, pk):
    return get_object_or_404(Broker.objects.visible_to(request.user).select_related("village__township"), pk=pk)


def _branch_code(officer, broker) -> str:
    """Where the officer sees the broker's branch: of a village only its part."""
    return broker.village_id if officer.role == roles.VILLAGE else broker.village.township_id


def _membership(request, broker, *, ending=None, **forms):
    """The page; `ending` is (post, its form) where ending the post was refused."""
    posts = Prefetch("posts", Post.objects.order_by("-from_on", "-pk"))
    history = list(broker.memberships.prefetch_related(posts).order_by("-joined_on", "-pk"))
    current = next((row for row in history if row.left_on is None), None)
    is_county = request.user.may("keep branches", at=broker.county_id)
    may_keep = request.user.may("keep branches", at=broker.village_id)
    for post in current.posts.all() if current and may_keep else []:
        if post.to_on is None and (is_county or post.kind == actions.BRANCH_HEAD):
            post.form = ending[1] if ending and ending[0] == post else EndPostForm(auto_id=f"end_{post.pk}_%s")
    return render(request, "brokers/membership.html", {
        "broker": broker, "back": _branch_code(request.user, broker), "history": history, "current": current,
        "association": _association(request.user),
        "may_keep": may_keep, "may_register": request.user.may("register brokers", at=broker.village_id),
        "join": forms.get("join") or JoinForm(), "leave": forms.get("leave") or LeaveForm(),
        "post": forms.get("post") or PostForm(is_county=is_county),
    })


@page("keep branches")
@require_POST
def membership_join(request, pk):
    broker, form = _broker_or_404(request, pk), JoinForm(request.POST)
    if form.is_valid() and form.tries(actions.join, [broker], by=request.user, **form.cleaned_data):
        messages.success(request, _("%(name)s has joined.") % {"name": broker.name})
        return redirect("membership", broker.pk)
    return _membership(request, broker, join=form)


@page("keep branches")
@require_POST
def membership_leave(request, pk):
    broker, form = _broker_or_404(request, pk), LeaveForm(request.POST)
    current = get_object_or_404(broker.memberships, left_on__isnull=True)
    if form.is_valid() and form.tries(actions.leave, current, by=request.user, **form.cleaned_data):
        messages.success(request, _("%(name)s has left the association.") % {"name": broker.name})
        return redirect("membership", broker.pk)
    return _membership(request, broker, leave=form)


@page("keep branches")
@require_POST
def post_give(request, pk):
    broker = _broker_or_404(request, pk)
    current = get_object_or_404(broker.memberships, left_on__isnull=True)
    form = PostForm(request.POST, is_county=request.user.may("keep branches", at=broker.county_id))
    if form.is_valid():
        said = form.cleaned_data
        if post := form.tries(actions.give_post, current, said["kind"], by=request.user, from_on=said["from_on"]):
            told = {"name": broker.name, "post": post.get_kind_display()}
            messages.success(request, _("%(name)s: %(post)s.") % told)
            return redirect("membership", broker.pk)
    return _membership(request, broker, post=form)


@page("keep branches")
@require_POST
def post_end(request, pk):
    rows = Post.objects.visible_to(request.user).select_related("membership__broker")
    post = get_object_or_404(rows, pk=pk)
    form = EndPostForm(request.POST, auto_id=f"end_{post.pk}_%s")
    if form.is_valid() and form.tries(actions.end_post, post, by=request.user, **form.cleaned_data):
        messages.success(request, _("The post has ended."))
        return redirect(reverse("membership", args=[post.membership.broker_id]))
    return _membership(request, _broker_or_404(request, post.membership.broker_id), ending=(post, form))
