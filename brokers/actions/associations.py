"""The association of brokers: founding it, joining a branch and leaving it, and who holds which post."""

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from brokers import codes
from brokers.columns import ASSOCIATION
from brokers.models import Association, Broker, Membership, Post
from laborreg import clock
from laborreg.columns import clean_date
from laborreg.refusals import Refusal, plain_words
from officers import audit

BRANCH_HEAD = "branch_head"
# Held by one at a time: in the county, in a branch.
BY_ONE = {"president": ("county",), BRANCH_HEAD: ("county", "township")}


@transaction.atomic
def found_association(county, *, by, name, founded_on) -> Association:
    """The one association of the county; every township is a branch of it from that day on."""
    by.must("keep branches", at=county.pk)
    facts = _cleaned(name, founded_on)
    association, is_new = Association.objects.get_or_create(county=county, defaults=facts)
    if not is_new:
        raise Refusal(_("The county has an association already: %(name)s.") % {"name": association.name})
    audit.record("founded the association", association, by=by, place=county.pk, detail={"on": str(facts["founded_on"])})
    return association


@transaction.atomic
def edit_association(association, *, by, name, founded_on) -> Association:
    """Put name or day right; nobody can have joined before the day."""
    by.must("keep branches", at=association.county_id)
    facts = _cleaned(name, founded_on)
    first = Membership.objects.filter(county=association.county_id).order_by("joined_on").first()
    if first and first.joined_on < facts["founded_on"]:
        raise Refusal(_("Somebody joined on %(day)s already, before this day.") % {"day": first.joined_on})
    Association.objects.filter(pk=association.pk).update(**facts)
    audit.record("edited the association", association, by=by, place=association.county_id,
                 detail={"on": str(facts["founded_on"])})
    return Association.objects.get(pk=association.pk)


def _cleaned(name, founded_on) -> dict:
    with plain_words():
        facts = {column.name: column.clean(value) for column, value in zip(ASSOCIATION, (name, founded_on), strict=True)}
    _past(facts["founded_on"])
    return facts


@transaction.atomic
def join(brokers, *, by, joined_on=None) -> list[Membership]:
    """All of them, or none, become members of the branch of their township from that day on."""
    numbers = [broker.pk for broker in brokers]
    brokers = list(Broker.objects.select_for_update(no_key=True).filter(pk__in=numbers).order_by("pk"))
    if not brokers:
        raise Refusal(_("Choose whoever joins."))
    for broker in brokers:
        by.must("keep branches", at=broker.village_id)
    day = _past(joined_on or clock.today())
    _must_be_founded(brokers[0].county_id, day)
    earlier = _by_broker(brokers)
    for broker in brokers:
        _may_join(broker, day, earlier.get(broker.pk, []))
    return _joined(brokers, day, by)


def _by_broker(brokers) -> dict[int, list[Membership]]:
    found: dict[int, list[Membership]] = {}
    for membership in Membership.objects.filter(broker__in=brokers):
        found.setdefault(membership.broker_id, []).append(membership)
    return found


def _may_join(broker, day, earlier):
    told = {"name": broker.name}
    if broker.merged_into_id or broker.stopped_on:
        raise Refusal(_("%(name)s does not work as a broker any more.") % told)
    if broker.is_barred:
        raise Refusal(_("%(name)s is suspended or revoked and cannot join.") % told)
    for membership in earlier:
        if membership.left_on is None:
            sentence = _("%(name)s is a member already, since %(day)s.")
            raise Refusal(sentence % (told | {"day": membership.joined_on}))
        if membership.left_on > day:
            sentence = _("%(name)s was a member until %(day)s; join from that day on.")
            raise Refusal(sentence % (told | {"day": membership.left_on}))


def _joined(brokers, day, by) -> list[Membership]:
    facts = {"joined_on": day, "by": by, "at": clock.now()}
    made = [Membership(county_id=b.county_id, township_id=b.village_id[:9], broker=b, **facts) for b in brokers]
    try:
        with transaction.atomic():
            made = Membership.objects.bulk_create(made)
    except IntegrityError as error:
        raise Refusal(_("One of them has just become a member. Look at the list again.")) from error
    audit.record_many([
        ("joined the association", membership, membership.broker.village_id, {"on": day.isoformat()}, by)
        for membership in made
    ])
    return made


@transaction.atomic
def leave(membership, *, by, left_on=None) -> Membership:
    """The last day is the one before; posts that are still held end with it."""
    by.must("keep branches", at=membership.township_id)
    day = _past(left_on or clock.today())
    membership = Membership.objects.select_for_update(no_key=True, of=("self",)).select_related("broker").get(pk=membership.pk)
    if day <= membership.joined_on:
        raise Refusal(_("The day of leaving must lie after the day of joining (%(day)s).") % {"day": membership.joined_on})
    open_posts = list(membership.posts.current())
    for post in open_posts:
        _must_end_after(post, day)
    if not Membership.objects.filter(pk=membership.pk, left_on__isnull=True).update(left_on=day):
        raise Refusal(_("%(name)s has left already.") % {"name": membership.broker.name})
    membership.posts.current().update(to_on=day)
    membership.refresh_from_db()
    detail = {"on": day.isoformat(), "posts": [post.kind for post in open_posts]}
    audit.record("left the association", membership, by=by, place=membership.broker.village_id, detail=detail)
    return membership


@transaction.atomic
def give_post(membership, kind, *, by, from_on=None) -> Post:
    """Heads of branches are named by station or county, the rest by the county."""
    by.must("keep branches", at=_named_at(kind, membership))
    if kind not in dict(codes.POSTS):
        raise Refusal(_("Choose the post."))
    day = _past(from_on or clock.today())
    # Held, so that nobody leaves at the same moment.
    membership = Membership.objects.select_for_update(no_key=True, of=("self",)).select_related("broker").get(pk=membership.pk)
    if membership.broker.is_barred or membership.broker.stopped_on:
        raise Refusal(_("%(name)s is suspended, revoked or has stopped, and is given no post.") % {
            "name": membership.broker.name,
        })
    if membership.left_on:
        raise Refusal(_("%(name)s has left already.") % {"name": membership.broker.name})
    if day < membership.joined_on:
        raise Refusal(_("%(name)s joined on %(day)s, after this day.")
                      % {"name": membership.broker.name, "day": membership.joined_on})
    _must_be_free(membership, kind, day)
    return _given(membership, kind, day, by)


def _named_at(kind, membership) -> str:
    return membership.township_id if kind == BRANCH_HEAD else membership.county_id


def _must_be_free(membership, kind, day):
    """Says who holds the post, now or still on that day."""
    place = {column: getattr(membership, f"{column}_id") for column in BY_ONE.get(kind, ())}
    of = Q(**place) if place else Q(membership=membership)
    not_over = Q(to_on__isnull=True) | Q(to_on__gt=day)
    held = Post.objects.filter(of, not_over, kind=kind).select_related("membership__broker").last()
    if held is None:
        return
    told = {"name": held.membership.broker.name, "post": held.get_kind_display(), "day": held.to_on or held.from_on}
    if held.to_on:
        raise Refusal(_("%(post)s until %(day)s: %(name)s. Give it from that day on.") % told)
    raise Refusal(_("%(post)s since %(day)s: %(name)s. End that first.") % told)


def _given(membership, kind, day, by) -> Post:
    place = {"county_id": membership.county_id, "township_id": membership.township_id}
    try:
        with transaction.atomic():
            post = membership.posts.create(kind=kind, from_on=day, by=by, at=clock.now(), **place)
    except IntegrityError as error:
        raise Refusal(_("Somebody else has just given this post. Look at the page again.")) from error
    detail = {"kind": kind, "on": day.isoformat()}
    audit.record("gave a post", post, by=by, place=membership.broker.village_id, detail=detail)
    return post


@transaction.atomic
def end_post(post, *, by, to_on=None) -> Post:
    """The last day in the post is the one before."""
    by.must("keep branches", at=_named_at(post.kind, post.membership))
    day = _past(to_on or clock.today())
    _must_end_after(post, day)
    if not Post.objects.filter(pk=post.pk, to_on__isnull=True).update(to_on=day):
        raise Refusal(_("This post has ended already."))
    post.refresh_from_db()
    detail = {"kind": post.kind, "on": day.isoformat()}
    audit.record("ended a post", post, by=by, place=post.membership.broker.village_id, detail=detail)
    return post


def _must_end_after(post, day):
    if day <= post.from_on:
        told = {"post": post.get_kind_display(), "day": post.from_on}
        raise Refusal(_("%(post)s since %(day)s: the post can end from the day after on.") % told)


def _past(day):
    with plain_words():
        day = clean_date(day)
    if day > clock.today():
        raise Refusal(_("The day is in the future."))
    return day


def _must_be_founded(county_code, day):
    association = Association.objects.filter(pk=county_code).first()
    if association is None:
        raise Refusal(_("The county has no association yet; the county bureau founds it."))
    if day < association.founded_on:
        raise Refusal(_("The association was founded on %(day)s, after this day.") % {"day": association.founded_on})
