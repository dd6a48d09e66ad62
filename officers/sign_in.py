"""Signing in: the one door to a session, the code behind it where an account has a second factor, and passwords."""

from django.contrib import auth
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from laborreg import clock, crypto
from laborreg.refusals import Refusal
from officers import addresses, audit, late_forms, second_factor, sessions, throttle
from officers.models import Officer, OldPassword, OpenSession
from officers.passwords import KEPT

# Of somebody whose password was right, in a session that is nobody's yet.
WAITS = "waits for a code"
WAITS_SECONDS = 5 * 60
# Who has shown a second factor in this session; settings.SECOND_FACTOR_ROLES ask for it.
SHOWN = "second factor shown"


def check(request, username: str, password: str) -> Officer:
    """The officer whose name and password these are. An unknown name costs the same hash as a known one."""
    address = addresses.address_of(request)
    attempt = throttle.reserve(username, address)
    officer = auth.authenticate(request, username=username, password=password)
    if officer is None:
        note_refusal(attempt)
        raise Refusal(_("The account or the password is wrong."))
    second_factor.forgive(attempt, officer)
    _refuse_an_old_first_password(officer)
    return officer


def note_refusal(attempt):
    """In the trail of the account's county, or of none; what was typed may be a password and is kept as a digest."""
    officer = Officer.objects.filter(username__iexact=attempt.username).first()
    place = _post_of(officer) if officer else ""
    detail = {"address": attempt.address, "account": crypto.index(attempt.username, purpose="account")[:16]}
    audit.record("refused a sign-in", officer, by=None, place=place, detail=detail)
    if officer and throttle.is_now_locked(attempt):
        audit.record("locked an account", officer, by=None, place=place, detail={"address": attempt.address})


def _refuse_an_old_first_password(officer):
    until = officer.first_password_until
    if officer.must_change_password and until and until < clock.now():
        raise Refusal(_("This first password is no longer valid. Ask the level above you for a new one."))


def wait_for_code(request, officer: Officer):
    """The password was right; the session begins after the code."""
    request.session.cycle_key()
    request.session[WAITS] = [officer.pk, officer.get_session_auth_hash(), timezone.now().timestamp()]


def who_waits(request) -> Officer | None:
    """Whose code is awaited here; nobody's after five minutes, or when the password changed meanwhile."""
    number, password_hash, since = request.session.get(WAITS, [None, "", 0])
    if timezone.now().timestamp() - since > WAITS_SECONDS:
        return None
    officer = Officer.objects.filter(pk=number, is_active=True).first()
    return officer if officer and constant_time_compare(officer.get_session_auth_hash(), password_hash) else None


def check_code(request, officer: Officer, typed: str) -> str:
    """By what the code was right; counted like a wrong password when it was not."""
    attempt = throttle.reserve(officer.username, addresses.address_of(request))
    how = second_factor.proves(officer, typed)
    if not how:
        note_refusal(attempt)
        raise Refusal(second_factor.wrong_code())
    throttle.clear(officer.username)
    return how


@transaction.atomic
def begin(request, officer: Officer, *, how: str = "password"):
    """Start a session under a new key, with its two limits (officers.pages)."""
    sessions.hold(officer)
    # Perhaps since the password was looked at; whoever turned it on has ended the sessions that were there.
    if how == "password" and second_factor.is_on(officer):
        raise Refusal(_("The second factor is turned on already."))
    auth.login(request, officer, backend="django.contrib.auth.backends.ModelBackend")
    now = timezone.now().timestamp()
    request.session["began"] = request.session["seen"] = now
    request.session.pop(WAITS, None)
    request.session[SHOWN] = how != "password"
    late_forms.leave_to(request, officer)
    sessions.begin(request, officer)
    # Django notes the wall clock's day; in a demo it is the pinned one that the pages speak of.
    Officer.objects.filter(pk=officer.pk).update(last_login=clock.now())
    if how == "recovery code":
        second_factor.tell_few_left(officer)
    detail = {"address": addresses.address_of(request), "how": how}
    audit.record("signed in", officer, by=officer, place=_post_of(officer), detail=detail)


def _post_of(officer) -> str:
    return officer.posts[0] if officer.posts else ""


@transaction.atomic
def choose_password(officer: Officer, password: str, *, by: Officer):
    """Replace the officer's own password; the caller ends every other session (officers.sessions.renew).

    Refused when it is no longer the one that the officer signed in with: the level above has given a first one meanwhile.
    """
    is_first, before = officer.must_change_password, officer.password
    officer.set_password(password)
    if sessions.hold(officer).password != before:
        raise Refusal(_("You were not signed in any more. What you sent last was not saved."))
    officer.must_change_password = False
    officer.first_password_until = None
    officer.password_chosen_at = clock.now()
    officer.save(update_fields=["password", "must_change_password", "first_password_until", "password_chosen_at"])
    _remember(officer)
    detail = {"privacy duty": "accepted"} if is_first else {}
    audit.record("chose a password", officer, by=by, place=_post_of(officer), detail=detail)


def _remember(officer):
    OldPassword.objects.create(officer=officer, password=officer.password)
    last = officer.old_passwords.values_list("pk", flat=True)[:KEPT]
    officer.old_passwords.exclude(pk__in=list(last)).delete()


@transaction.atomic
def end_session(ended: OpenSession, *, by: Officer):
    """One session of an account, such as on a computer that was left open."""
    ended.session.delete()
    audit.record("ended sessions", ended.officer, by=by, place=_post_of(ended.officer), detail={"sessions": 1})


@transaction.atomic
def end_other_sessions(officer: Officer, here: str, *, by: Officer) -> int:
    ended = sessions.end_all(officer, but=here)
    audit.record("ended sessions", officer, by=by, place=_post_of(officer), detail={"sessions": ended})
    return ended


@transaction.atomic
def change_settings(officer: Officer, *, by: Officer, **changes):
    """The officer's own name, phone, language, letters; the trail names the fields, not what they hold."""
    changed = sorted(name for name, value in changes.items() if getattr(officer, name) != value)
    if not changed:
        return
    for name in changed:
        setattr(officer, name, changes[name])
    officer.save(update_fields=changed)
    audit.record("changed own settings", officer, by=by, place=_post_of(officer), detail={"changed": changed})
