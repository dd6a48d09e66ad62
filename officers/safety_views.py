"""My settings, what keeps an account safe: the second factor, and where the account is signed in."""

import json

from django.contrib import messages as flash
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from laborreg import crypto, marks
from laborreg.refusals import Refusal
from officers import addresses, sessions, sign_in
from officers import second_factor as factor
from officers.forms import SecondFactorForm, check_own_password
from officers.models import OpenSession
from officers.pages import page

# In the session, enciphered: the secret until a code has confirmed it, the recovery codes until they are shown.
SECRET = "second factor"
CODES = "recovery codes"


@page(scoped=False)
@never_cache
@sensitive_post_parameters("password", "token")
def second_factor(request):
    """Turned on already: what is left of the recovery codes; else the secret to be taken up by the phone."""
    if factor.is_on(request.user):
        # A second click on "Turn on" leads to the codes that the first one made.
        return _state(request, _form(request)) if request.method == "GET" else redirect("second_factor_codes")
    secret = _secret(request)
    form = _form(request)
    if request.method == "POST" and (codes := _confirmed(request, form, secret)):
        del request.session[SECRET]
        request.session[sign_in.SHOWN] = True
        # Those that began with the password alone, perhaps somebody else's.
        sessions.end_all(request.user, but=request.session.session_key)
        return _show_codes(request, codes)
    return render(request, "officers/second_factor_setup.html", {
        "form": form, "qr": marks.drawn(factor.uri_of(request.user, secret)), "is_required": factor.is_required(request.user),
        "secret": " ".join(secret[start:start + 4] for start in range(0, len(secret), 4)),
    })


def _form(request):
    return SecondFactorForm(request.POST or None, officer=request.user, address=addresses.address_of(request))


def _secret(request) -> str:
    """The same one until it is confirmed, so that a wrong code or a reloaded page changes nothing on the phone."""
    if SECRET not in request.session or not crypto.knows(request.session[SECRET][1]):
        _put_away(request, SECRET, factor.new_secret())
    return _taken(request, SECRET)


def _put_away(request, name, value):
    cipher, version = crypto.encipher(json.dumps(value))
    request.session[name] = [cipher.hex(), version]


def _taken(request, name):
    cipher, version = request.session[name]
    return json.loads(crypto.decipher(bytes.fromhex(cipher), version))


def _confirmed(request, form, secret):
    """The recovery codes, when password and code are right."""
    if form.is_valid() and _knows_password(form):
        return form.tries(factor.turn_on, request.user, secret, form.cleaned_data["token"], by=request.user)
    return None


def _knows_password(form) -> bool:
    try:
        check_own_password(form.officer, form.cleaned_data["password"], form.address)
    except ValidationError as wrong:
        form.add_error("password", wrong)
    return not form.errors


def _proved(request, form) -> bool:
    """Password and a code; the code is looked at only when the password is right."""
    if not form.is_valid() or not _knows_password(form):
        return False
    try:
        return bool(sign_in.check_code(request, request.user, form.cleaned_data["token"]))
    except Refusal as refusal:
        form.add_error("token", refusal.message)
        return False


def _state(request, form):
    return render(request, "officers/second_factor.html", {
        "form": form, "codes_left": factor.codes_left(request.user), "is_required": factor.is_required(request.user),
    })


@page(scoped=False)
@never_cache
@sensitive_post_parameters("password", "token")
def second_factor_codes(request):
    """The recovery codes, shown once; sending the form makes new ones."""
    if request.method == "POST" and factor.is_on(request.user):
        form = _form(request)
        if not _proved(request, form):
            return _state(request, form)
        return _show_codes(request, factor.renew_codes(request.user, by=request.user))
    if CODES not in request.session:
        return redirect("second_factor")
    codes = _taken(request, CODES)
    del request.session[CODES]
    return render(request, "officers/second_factor_codes.html", {"codes": codes})


def _show_codes(request, codes):
    _put_away(request, CODES, codes)
    return redirect("second_factor_codes")


@page(scoped=False)
@require_POST
@never_cache
@sensitive_post_parameters("password", "token")
def second_factor_off(request):
    if not factor.is_on(request.user):
        return redirect("second_factor")
    form = _form(request)
    if not _proved(request, form):
        return _state(request, form)
    factor.turn_off(request.user, by=request.user)
    flash.success(request, _("The second factor is turned off."))
    return redirect("me")


@page(scoped=False)
@require_POST
def session_end(request, pk):
    others = OpenSession.objects.filter(officer=request.user).exclude(session=request.session.session_key)
    ended = get_object_or_404(others, pk=pk)
    sign_in.end_session(ended, by=request.user)
    flash.success(request, _("Signed out there."))
    return redirect("me")


@page(scoped=False)
@require_POST
def sessions_end(request):
    ended = sign_in.end_other_sessions(request.user, request.session.session_key, by=request.user)
    flash.success(request, ngettext(
        "%(n)s other session is ended.", "%(n)s other sessions are ended.", ended,
    ) % {"n": ended})
    return redirect("me")
