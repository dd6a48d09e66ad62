"""Accounts of a place: issued by the level above, posted by date, and taken back by it."""

import re
import secrets
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from laborreg import clock
from laborreg.refusals import Refusal
from officers import audit, messages, roles, second_factor, sessions, throttle
from officers.models import Officer
from villages.models import County, Posting, Township, Village

FIRST_PASSWORD_DAYS = 7
# Without the signs that are taken for one another when read aloud or from paper: 0 o, 1 l i.
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
LEVELS = {6: County, 9: Township, 12: Village}


# Who may act on whom.


def visible_to(officer) -> QuerySet[Officer]:
    """Accounts that the officer issues: posted under the own posts, or posted there last and nowhere now."""
    under = Posting.objects.visible_to(officer).filter(officer=OuterRef("pk"))
    still_posted = Posting.objects.filter(officer=OuterRef("pk")).filter(_not_over())
    accounts = Officer.objects.filter(role__in=roles.ISSUES.get(officer.role, []))
    return accounts.filter(Exists(under.filter(_not_over())) | Exists(under) & ~Exists(still_posted))


def _not_over():
    return Q(to_on__isnull=True) | Q(to_on__gt=clock.today())


def manages(by, officer) -> bool:
    """Whether every place of the account is under the posts of `by`: an account that also opens
    another station's villages is not for this station to reset."""
    if officer.role not in roles.ISSUES.get(by.role, []) or not by.may("issue accounts"):
        return False
    posts = officer.postings.filter(_not_over())
    codes = set((posts if posts.exists() else officer.postings).values_list("place_code", flat=True))
    return bool(codes) and all(by.is_posted_over(code) for code in codes)


def of_bureau(county_code) -> list[Officer]:
    """Who works at a county bureau today."""
    posted = Posting.objects.on_today().filter(place_code=county_code).values("officer")
    return list(Officer.objects.filter(role=roles.COUNTY, is_active=True, pk__in=posted))


def _must_manage(by, officer):
    by.must("issue accounts")
    if not manages(by, officer):
        raise Refusal(_("This account is also posted at places that are not yours. The level above you may change it."))
    if officer.pk == by.pk:
        raise Refusal(_("This is your own account. Another officer must do this."))


def _must_issue(by, role, post_code):
    by.must("issue accounts", at=post_code)
    if role not in roles.ISSUES[by.role]:
        raise Refusal(_("Your level does not issue accounts of this role."))


# Actions.


@transaction.atomic
def issue_account(*, by, username, name, phone="", role, post_code) -> tuple[Officer, str]:
    """A new account at a place; the first password is told once and never stored in clear."""
    _must_issue(by, role, post_code)
    return open_account(by=by, username=username, name=name, phone=phone, role=role, post_code=post_code)


@transaction.atomic
def open_account(*, by, username, name, phone="", role, post_code) -> tuple[Officer, str]:
    """As `issue_account`, without asking who may: for the first administrator, who has nobody above (`by` is None)."""
    _place_for(role, post_code)
    officer = Officer(username=_free_username(username), name=name, phone=phone, role=role, issued_by=by)
    password = _set_first_password(officer)
    _save_new(officer)
    _post(officer, post_code)
    audit.record("issued an account", officer, by=by, place=post_code, detail={"role": role})
    _tell_bureau(officer, post_code, by, gettext_noop("A new account of the county bureau was opened: %(officer)s."))
    return officer, password


def _tell_bureau(officer, place, by, sentence):
    """An account that sees the whole county and lets lists out is opened under everybody's eyes."""
    if officer.role == roles.COUNTY:
        told = [other for other in of_bureau(place[:6]) if other not in (officer, by)]
        messages.send(told, sentence, values={"officer": f"{officer.name} ({officer.username})"})


def _free_username(username):
    plain = username.strip().casefold()
    if not USERNAME.fullmatch(plain):
        raise Refusal(_("An account name has 2 to 40 letters a–z, digits, points, hyphens or underscores."))
    if Officer.objects.filter(username__iexact=plain).exists():
        raise _taken(plain)
    return plain


def _taken(username):
    return Refusal(_("The account name %(username)s is taken. Choose another one.") % {"username": username})


def _save_new(officer):
    """Of two who choose one name at the same moment, the database lets one through."""
    try:
        with transaction.atomic():
            officer.save()
    except IntegrityError as clash:
        raise _taken(officer.username) from clash


def _place_for(role, post_code):
    """The area to post at: it exists, and its level is the role's."""
    if role not in roles.POSTED_AT:
        raise Refusal(_("There is no such role."))
    if len(post_code) != roles.POSTED_AT[role]:
        raise Refusal(_("The place does not fit the role: each level has officers of its own."))
    place = LEVELS[len(post_code)].objects.filter(pk=post_code).first()
    if place is None:
        raise Refusal(_("There is no place with the code %(code)s.") % {"code": post_code})
    return place


def _set_first_password(officer) -> str:
    password = "-".join("".join(secrets.choice(SIGNS) for _n in range(4)) for _group in range(3))
    officer.set_password(password)
    officer.must_change_password = True
    officer.first_password_until = clock.now() + timedelta(days=FIRST_PASSWORD_DAYS)
    return password


def _post(officer, post_code) -> Posting:
    return Posting.objects.create(
        officer=officer, place_code=post_code, county_id=post_code[:6], from_on=clock.today()
    )


@transaction.atomic
def reset_password(officer, *, by) -> str:
    """A new first password; the old one and every session of the account are dead, and a lock ends."""
    _must_manage(by, officer)
    password = _set_first_password(officer)
    officer.save(update_fields=["password", "must_change_password", "first_password_until"])
    throttle.clear(officer.username)
    sessions.end_all(officer)
    audit.record("reset a password", officer, by=by, place=_home(officer))
    _tell_bureau(officer, _home(officer), by, gettext_noop("The password of %(officer)s at the county bureau was set anew."))
    return password


@transaction.atomic
def reset_second_factor(officer, *, by):
    """For a phone that is lost together with the recovery codes: the password alone opens the account again."""
    _must_manage(by, officer)
    sessions.end_all(officer)
    second_factor.reset(officer, by=by, place=_home(officer))
    taken_off = gettext_noop("The second factor of %(officer)s at the county bureau was taken off.")
    _tell_bureau(officer, _home(officer), by, taken_off)


@transaction.atomic
def end_sessions(officer, *, by) -> int:
    """Every computer and phone that is signed in to the account is signed out; how many there were."""
    _must_manage(by, officer)
    ended = sessions.end_all(officer)
    audit.record("ended sessions", officer, by=by, place=_home(officer), detail={"sessions": ended})
    return ended


@transaction.atomic
def disable(officer, *, by):
    """The account opens nothing from its next request on; what it did stays under its name."""
    _must_manage(by, officer)
    if not Officer.objects.filter(pk=officer.pk, is_active=True).update(is_active=False):
        raise Refusal(_("This account is disabled already."))
    officer.is_active = False
    # Else they would come back to life when the account is enabled again.
    sessions.end_all(officer)
    audit.record("disabled an account", officer, by=by, place=_home(officer))


@transaction.atomic
def enable(officer, *, by):
    _must_manage(by, officer)
    if not Officer.objects.filter(pk=officer.pk, is_active=False).update(is_active=True):
        raise Refusal(_("This account is enabled already."))
    officer.is_active = True
    audit.record("enabled an account", officer, by=by, place=_home(officer))
    _tell_bureau(officer, _home(officer), by, gettext_noop("The account of %(officer)s at the county bureau was enabled again."))


@transaction.atomic
def add_posting(officer, *, by, post_code) -> Posting:
    """One more place for the account, from today on."""
    _must_manage(by, officer)
    _must_issue(by, officer.role, post_code)
    _place_for(officer.role, post_code)
    if officer.postings.filter(_not_over(), place_code=post_code).exists():
        raise Refusal(_("The officer is already posted there."))
    posting = _post(officer, post_code)
    audit.record("posted an officer", officer, by=by, place=post_code)
    return posting


@transaction.atomic
def end_posting(posting, *, by):
    """The officer is no longer there from today on. One that began today never held, so it goes."""
    by.must("issue accounts", at=posting.place_code)
    _must_manage(by, posting.officer)
    if posting.is_over:
        raise Refusal(_("This posting has ended already."))
    if posting.from_on >= clock.today():
        _refuse_to_strand(posting)
        posting.delete()
    else:
        posting.to_on = clock.today()
        posting.save(update_fields=["to_on"])
    # They name people of the place, and do not say of which place they are.
    posting.officer.messages.all().delete()
    audit.record("ended a posting", posting.officer, by=by, place=posting.place_code)


def _refuse_to_strand(posting):
    """An account that was never posted anywhere would be in nobody's hands."""
    if not posting.officer.postings.exclude(pk=posting.pk).exists():
        raise Refusal(_("This is the officer's only place and began today. Add the right place first."))


@transaction.atomic
def hand_over(posting, successor, *, by):
    """The place goes from one officer to another on the same day."""
    if posting.officer_id == successor.pk:
        raise Refusal(_("Choose another officer as successor."))
    if successor.role != posting.officer.role:
        raise Refusal(_("The successor must have the same role."))
    end_posting(posting, by=by)
    return add_posting(successor, by=by, post_code=posting.place_code)


def _home(officer) -> str:
    """The place that an event about the account stands under."""
    newest = officer.postings.order_by("-from_on").first()
    return newest.place_code if newest else ""


# Questions.


def vacant_villages(officer):
    """Villages of the officer's area that nobody with an active account is posted at today."""
    held = Posting.objects.on_today().filter(
        place_code=OuterRef("pk"), officer__role=roles.VILLAGE, officer__is_active=True
    )
    return Village.objects.visible_to(officer).lasting().filter(~Exists(held)).select_related("township")


def last_officers(codes) -> dict[str, Posting]:
    """Who was posted last at each of the places, to be called."""
    postings = Posting.objects.filter(place_code__in=codes, officer__role=roles.VILLAGE)
    return {posting.place_code: posting for posting in postings.select_related("officer").order_by("from_on")}


def labels(codes) -> dict[str, str]:
    """Each code's name as a page shows it; a village with its township."""
    found = {}
    for length, model in LEVELS.items():
        areas = model.objects.filter(pk__in={code for code in codes if len(code) == length})
        for area in areas.select_related("township") if length == 12 else areas:
            found[area.code] = f"{area.township.label} {area.label}" if length == 12 else area.label
    return found
