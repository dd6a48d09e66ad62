"""Signing in and out, an officer's own settings and messages, and the doors of the demo."""

from django.contrib import messages as flash
from django.contrib.auth import logout
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from laborreg import clock
from laborreg.refusals import Refusal
from officers import addresses, doors, health, language, messages, second_factor, sessions, sign_in, throttle
from officers.forms import ChangePasswordForm, CodeForm, FirstPasswordForm, SettingsForm, SignInForm
from officers.models import Officer
from officers.pages import page, public

MESSAGES_A_PAGE = 30
# From how many days on an old password is spoken of at each sign-in.
WARNED_DAYS = 7


@public
@never_cache
@sensitive_post_parameters("password")
def sign_in_page(request):
    if request.user.is_authenticated:
        return redirect(_on_this_site(request, "home"))
    form = SignInForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            officer = sign_in.check(request, **form.cleaned_data)
            return _ask_for_code(request, officer) if second_factor.is_on(officer) else _enter(request, officer)
        except Refusal as refusal:
            status = _tell(form, refusal)
    context = {"form": form, "next": _on_this_site(request, ""), "doors_open": doors.are_open(request)}
    return render(request, "officers/sign_in.html", context, status=status)


def _enter(request, officer, **how):
    sign_in.begin(request, officer, **how)
    left = officer.password_days_left
    if left is not None and 0 < left <= WARNED_DAYS:
        flash.warning(request, ngettext(
            "Your password is old: choose another one under My settings within %(days)s day.",
            "Your password is old: choose another one under My settings within %(days)s days.", left,
        ) % {"days": left})
    return redirect(_on_this_site(request, "home"))


def _ask_for_code(request, officer):
    sign_in.wait_for_code(request, officer)
    wanted = _on_this_site(request, "")
    return redirect(reverse("sign_in_code") + (f"?{urlencode({'next': wanted})}" if wanted else ""))


def _tell(form, refusal) -> int:
    """Show a refusal over the form; the status of the answer."""
    form.add_error(None, refusal.message)
    return 429 if isinstance(refusal, throttle.Locked) else 200


@public
@never_cache
@sensitive_post_parameters("token")
def sign_in_code(request):
    """The second step of signing in, where the account has a second factor."""
    officer = sign_in.who_waits(request)
    if officer is None:
        return redirect("sign_in")
    form = CodeForm(request.POST or None)
    status = 200
    if form.is_valid():
        try:
            return _enter(request, officer, how=sign_in.check_code(request, officer, form.cleaned_data["token"]))
        except Refusal as refusal:
            status = _tell(form, refusal)
    return render(request, "officers/sign_in_code.html", {"form": form, "next": _on_this_site(request, "")}, status=status)


def _on_this_site(request, otherwise):
    """Where `next` leads, if it is an address, and of no other site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = "/" in wanted and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else otherwise


@public
@require_POST
def sign_out(request):
    logout(request)
    flash.success(request, _("You are signed out."))
    return redirect("doors" if doors.are_open(request) else "sign_in")


@page(scoped=False)
@never_cache
@sensitive_post_parameters("new_password", "repeated")
def first_password(request):
    officer = request.user
    if not officer.must_change_password:
        return redirect("home")
    initial = {"phone": officer.phone, "large_text": str(int(officer.large_text))}
    form = FirstPasswordForm(request.POST or None, officer=officer, initial=initial)
    if form.is_valid():
        _take_first_password(request, form.cleaned_data)
        return redirect("home")
    return render(request, "officers/first_password.html", {"form": form})


def _take_first_password(request, typed):
    _choose_password(request, typed["new_password"])
    sign_in.change_settings(
        request.user, by=request.user, phone=typed["phone"], large_text=typed["large_text"] == "1"
    )
    sessions.renew(request)
    flash.success(request, _("Your password is changed."))


def _choose_password(request, password):
    try:
        sign_in.choose_password(request.user, password, by=request.user)
    except Refusal:
        # With the password that was replaced its sessions have ended: what is told stands in a new one.
        logout(request)
        raise


@page(scoped=False)
def me(request):
    form = SettingsForm(request.POST or None, initial=_own_settings(request))
    if not form.is_valid():
        return _my_page(request, form=form)
    sign_in.change_settings(request.user, by=request.user, **form.cleaned_data)
    with override(form.cleaned_data["language"]):
        flash.success(request, _("Your settings are saved."))
    response = redirect("me")
    language.set_cookie(response, form.cleaned_data["language"])
    return response


@page(scoped=False)
@require_POST
@sensitive_post_parameters("old_password", "new_password", "repeated")
def change_password(request):
    form = ChangePasswordForm(request.POST, officer=request.user, address=addresses.address_of(request))
    if not form.is_valid():
        return _my_page(request, password_form=form)
    _choose_password(request, form.cleaned_data["new_password"])
    sessions.renew(request)
    flash.success(request, _("Your password is changed. Other computers that were signed in are signed out."))
    return redirect("me")


def _own_settings(request):
    officer = request.user
    return {
        "name": officer.name, "phone": officer.phone, "language": request.LANGUAGE_CODE,
        "large_text": str(int(officer.large_text)),
    }


def _my_page(request, form=None, password_form=None):
    form = form or SettingsForm(initial=_own_settings(request))
    password_form = password_form or ChangePasswordForm(officer=request.user, address="")
    return render(request, "officers/me.html", {
        "form": form, "password_form": password_form, "forms": [form, password_form],
        "postings": request.user.postings.on_today(), "second_factor": second_factor.is_on(request.user),
        "password_days_left": request.user.password_days_left, "here": request.session.session_key,
        "sessions": [(each, sessions.in_words(each.browser)) for each in sessions.open_of(request.user)],
    })


@page(scoped=False)
@require_POST
def text_size(request):
    is_large = request.POST.get("large_text") == "1"
    Officer.objects.filter(pk=request.user.pk).update(large_text=is_large)
    return redirect(_on_this_site(request, "me"))


@page(scoped=False)
def message_list(request):
    shows_all = "all" in request.GET
    found = request.user.messages.all() if shows_all else request.user.messages.filter(read_at__isnull=True)
    page_obj = Paginator(found, MESSAGES_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "officers/messages.html", {"page_obj": page_obj, "shows_all": shows_all})


@page(scoped=False)
@require_POST
def message_open(request, pk):
    message = get_object_or_404(request.user.messages, pk=pk)
    messages.mark_read(request.user.messages.filter(pk=pk))
    is_ours = url_has_allowed_host_and_scheme(message.url, None)
    return redirect(message.url if is_ours else "messages")


@page(scoped=False)
@require_POST
def messages_read(request):
    messages.mark_read(request.user.messages)
    return redirect("messages")


@public
@require_GET
def healthz(request):
    is_well = health.is_well()
    return HttpResponse("ok\n" if is_well else "not ready\n", status=200 if is_well else 503,
                        content_type="text/plain; charset=utf-8")


@page("see health", scoped=False)
@require_GET
def health_page(request):
    found = health.findings()
    states = [one.state for one in found]
    return render(request, "officers/health.html", {
        "found": found, "bad": states.count(health.BAD), "warned": states.count(health.WARN),
    })


@public
@require_GET
def all_doors(request):
    """The doors again, for somebody who is signed in and wants another role."""
    return door(request)


def door(request):
    """The first page of a demo; the home page of `reports` shows it to visitors who are not signed in."""
    if not doors.are_open(request):
        raise Http404
    return render(request, "officers/door.html", {"doors": doors.found(), "today": clock.today()})


@public
@require_POST
def demo_sign_in(request):
    if not doors.are_open(request):
        raise Http404
    officer = get_object_or_404(doors.officers(), username=request.POST.get("username", ""))
    if request.user.is_authenticated:
        logout(request)
    sign_in.begin(request, officer, how="demo")
    return redirect("home")
