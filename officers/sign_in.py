"""Signing in: the one door to a session, and the first password behind it."""

from django.contrib import auth
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from laborreg import clock, crypto
from laborreg.refusals import Refusal
from officers import addresses, audit, throttle
from officers.models import Officer


def check(request, username: str, password: str) -> Officer:
    """The officer whose name and password these are. An unknown name costs the same hash as a known one."""
    address = addresses.address_of(request)
    attempt = throttle.reserve(username, address)
    officer = auth.authenticate(request, username=username, password=password)
    if officer is None:
        _note_refusal(attempt)
        raise Refusal(_("The account or the password is wrong."))
    throttle.clear(username)
    _refuse_an_old_first_password(officer)
    return officer


def _note_refusal(attempt):
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


@transaction.atomic
def begin(request, officer: Officer, *, how: str = "password"):
    """Start a session under a new key, with its two limits (officers.pages)."""
    auth.login(request, officer, backend="django.contrib.auth.backends.ModelBackend")
    now = timezone.now().timestamp()
    request.session["began"] = request.session["seen"] = now
    # Django notes the wall clock's day; in a demo it is the pinned one that the pages speak of.
    Officer.objects.filter(pk=officer.pk).update(last_login=clock.now())
    detail = {"address": addresses.address_of(request), "how": how}
    audit.record("signed in", officer, by=officer, place=_post_of(officer), detail=detail)


def _post_of(officer) -> str:
    return officer.posts[0] if officer.posts else ""


@transaction.atomic
def choose_password(officer: Officer, password: str, *, by: Officer):
    """Replace the officer's own password; every other session of the account ends."""
    is_first = officer.must_change_password
    officer.set_password(password)
    officer.must_change_password = False
    officer.first_password_until = None
    officer.save(update_fields=["password", "must_change_password", "first_password_until"])
    detail = {"privacy duty": "accepted"} if is_first else {}
    audit.record("chose a password", officer, by=by, place=_post_of(officer), detail=detail)


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
