"""The second factor: a phone app that shows a new code each half minute, and ten recovery codes for a lost phone."""

import re
import secrets
import unicodedata
from base64 import b32encode

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from laborreg.refusals import Refusal
from officers import audit, messages, sessions, throttle
from officers.models import Authenticator, FailedSignIn, Officer, RecoveryCodes

CODES = 10
# Without the signs that are taken for one another on paper. Ten of them hold 49 bits; guessing is counted besides.
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
FROM_APP = re.compile("[0-9]{6}")
LAST_ONES = 3


def is_on(officer: Officer) -> bool:
    return Authenticator.objects.filter(user=officer).exists()


def is_required(officer: Officer) -> bool:
    return officer.role in settings.SECOND_FACTOR_ROLES


def codes_left(officer: Officer) -> int:
    found = RecoveryCodes.objects.filter(user=officer).first()
    return found.token_set.count() if found else 0


def new_secret() -> str:
    """160 bits in base32, as RFC 4226 recommends and every app takes them."""
    return b32encode(secrets.token_bytes(20)).decode()


def uri_of(officer: Officer, secret: str) -> str:
    """What the QR code tells the app (otpauth://)."""
    return Authenticator.of(officer, secret).config_url


@transaction.atomic
def proves(officer: Officer, typed: str) -> str:
    """By what the code was right: "app" or "recovery code"; empty when it was not. Each code works once."""
    code = _plain(typed)
    kind, how = (Authenticator, "app") if FROM_APP.fullmatch(code) else (RecoveryCodes, "recovery code")
    # Locked, so that of two who send one code at the same moment one is refused.
    device = kind.objects.select_for_update(no_key=True).filter(user=officer).first()
    return how if device and device.verify_token(code) else ""


def forgive(attempt: FailedSignIn, officer: Officer):
    """The password was right; of wrong codes only a right one forgives, else who knows the password could try on for ever."""
    if is_on(officer):
        attempt.delete()
    else:
        throttle.clear(attempt.username)


def _plain(typed):
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed)).casefold()


@transaction.atomic
def turn_on(officer: Officer, secret: str, typed: str, *, by: Officer) -> list[str]:
    """From the next sign-in on a code is asked; the recovery codes, which are told this once."""
    sessions.hold(officer)
    if is_on(officer):
        raise Refusal(_("The second factor is turned on already."))
    app = Authenticator.of(officer, secret)
    if not app.verify_token(_plain(typed)):
        raise Refusal(wrong_code())
    codes = _fresh_codes(officer)
    audit.record("turned on the second factor", officer, by=by)
    return codes


def wrong_code() -> str:
    return _("This code is not right. Take the newest one, and look whether the clock of the phone is right.")


@transaction.atomic
def renew_codes(officer: Officer, *, by: Officer) -> list[str]:
    """Ten new recovery codes; those told before work no more."""
    codes = _fresh_codes(officer)
    audit.record("made new recovery codes", officer, by=by)
    return codes


def _fresh_codes(officer):
    RecoveryCodes.objects.filter(user=officer).delete()
    kept = RecoveryCodes.objects.create(user=officer, name="recovery codes")
    codes = ["".join(secrets.choice(SIGNS) for _n in range(10)) for _code in range(CODES)]
    for code in codes:
        kept.token_set.create(token=kept.digest(code))
    return [f"{code[:5]}-{code[5:]}" for code in codes]


@transaction.atomic
def turn_off(officer: Officer, *, by: Officer):
    if is_required(officer):
        raise Refusal(_("Your role works with a second factor only. It cannot be turned off."))
    _remove(officer)
    audit.record("turned off the second factor", officer, by=by)


@transaction.atomic
def reset(officer: Officer, *, by: Officer | None, place: str = ""):
    """For a lost phone without recovery codes. `by`: the level above, which has asked who is calling; None at the console."""
    if not is_on(officer):
        raise Refusal(_("This account has no second factor."))
    _remove(officer)
    text = gettext_noop("Your second factor was taken off. If you did not ask for that, call the level above you.")
    messages.send([officer], text, url="/me/second-factor/")
    audit.record("reset a second factor", officer, by=by, place=place)


def _remove(officer):
    for kind in (Authenticator, RecoveryCodes):
        kind.objects.filter(user=officer).delete()


def tell_few_left(officer: Officer):
    """A letter when the recovery codes run out."""
    left = codes_left(officer)
    if left <= LAST_ONES:
        text = gettext_noop("%(left)s of your recovery codes are left. Make new ones under My settings.")
        messages.send([officer], text, values={"left": left}, url="/me/second-factor/")
