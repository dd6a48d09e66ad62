"""What every page declares: who may open it. A page that declares nothing, or forgets its scope, does not open."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.contrib.staticfiles import views as staticfiles
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import static
from django.views.i18n import set_language

from officers import addresses, audit, demo, late_forms, scope, second_factor, sessions
from officers.sign_in import SHOWN

SEEN_SECONDS = 5 * 60
# What comes before all other work, and the pages that it is done on.
FIRST_PASSWORD = ["first_password"]
NEXT_PASSWORD = ["me", "change_password"]
SECOND_FACTOR = ["second_factor", "second_factor_codes"]


def public(view):
    """A page for everybody, signed in or not.

    It shows no rows of the registry, save one that a secret word in its address names, and of that one only what
    strangers may know: whether a certificate or a printed sheet still holds, with names masked.
    """
    view.page = {"public": True}
    return view


def page(*powers, scoped=True, signed_out=None, unattended=False):
    """A page for officers who hold one of the powers; `scoped=False` for one that reads no rows of places.

    `signed_out`: the view that others see in its place; without one they are sent to sign in. `unattended`: one that is
    drawn anew by itself; it does not count as use, and alone stays open to a session without any.
    """

    def declare(view):
        view.page = {
            "public": False, "powers": powers, "scoped": scoped, "signed_out": signed_out, "unattended": unattended,
        }
        return view

    return declare


class Gate:
    """Default deny: lets a request through to a page that declares who may open it, and to nobody else."""

    # Django's own language switch, and files.
    OPEN = {set_language, static.serve, staticfiles.serve}

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        scope.asked.set(False)
        came_from = audit.address.set(addresses.address_of(request))
        try:
            return self._answer(request)
        finally:
            audit.address.reset(came_from)

    def _answer(self, request):
        # Before anything asks for the day: in a demo it is the demo's, from the first request on.
        demo.is_demo()
        response = self.get_response(request)
        declared = getattr(request, "page", None)
        if declared and declared.get("scoped") and response.status_code == 200 and not scope.asked.get():
            self._complain(request)
        if request.user.is_authenticated:
            response.setdefault("Cache-Control", "no-store")
            late_forms.fill(request, response)
        return response

    def process_view(self, request, view, args, kwargs):
        if view in self.OPEN:
            return None
        declared = getattr(view, "page", None)
        if declared is None:
            raise ImproperlyConfigured(f"{view.__module__}.{view.__name__} declares neither powers nor public.")
        request.page = declared
        return None if declared["public"] else self._admit(request, declared)

    def _admit(self, request, declared):
        officer = request.user
        if not officer.is_authenticated and request.method == "POST":
            messages.warning(request, _("You were not signed in any more. What you sent last was not saved."))
        if not officer.is_authenticated or not self._session_holds(request):
            return self._turn_away(request, declared["signed_out"])
        # For the log, which tells no names.
        request.officer_number = officer.pk
        first = self._first(request)
        if first and request.resolver_match.url_name not in first:
            return redirect(first[0])
        if request.method == "POST":
            late_forms.let_go(request)
        if declared["powers"] and not any(officer.may(power) for power in declared["powers"]):
            raise Http404
        return None

    def _first(self, request) -> list[str]:
        """The pages that this officer has to go through before any other; none on most days."""
        if request.user.must_change_password:
            return FIRST_PASSWORD
        days_left = request.user.password_days_left
        if days_left is not None and days_left <= 0:
            return NEXT_PASSWORD
        is_short_of = second_factor.is_required(request.user) and not request.session.get(SHOWN)
        return SECOND_FACTOR if is_short_of else []

    def _turn_away(self, request, signed_out):
        if signed_out is None:
            return redirect_to_login(self._page_of(request))
        request.page = {"public": True}
        return signed_out(request)

    def _page_of(self, request):
        """Where to go on after signing in again: a form that was sent cannot be opened, its page can."""
        return request.get_full_path() if request.method == "GET" else self._came_from(request) or "/"

    def _came_from(self, request) -> str:
        page = request.META.get("HTTP_REFERER", "")
        is_ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
        return page if is_ours else ""

    def _session_holds(self, request) -> bool:
        """Idle and absolute limits; the session and `seen_at` are written at most every five minutes."""
        now = timezone.now().timestamp()
        began, seen = request.session.get("began", 0), request.session.get("seen", 0)
        is_unattended = request.page["unattended"]
        is_idle = now - seen > sessions.IDLE_SECONDS and not is_unattended
        if is_idle or now - began > sessions.ABSOLUTE_SECONDS:
            self._end(request)
            return False
        if is_unattended:
            if now - seen > SEEN_SECONDS:
                sessions.note_seen(request)
            return True
        if now - seen > SEEN_SECONDS:
            request.session["seen"] = now
            request.user.__class__.objects.filter(pk=request.user.pk).update(seen_at=timezone.now())
            sessions.note_seen(request)
        return True

    def _end(self, request):
        """Out of time: what was sent is kept for the same officer, where the page that it came from is known."""
        officer = request.user
        logout(request)
        if request.method != "POST":
            said = _("You were signed out after a time.")
        elif self._came_from(request) and late_forms.keep(request, officer):
            said = _("You were signed out after a time. What you sent is not saved yet: sign in, and you find it in its form.")
        else:
            said = _("You were signed out after a time. What you sent last was not saved.")
        messages.warning(request, said)

    def _complain(self, request):
        message = f"{request.path} showed a page without asking visible_to()."
        if settings.DEBUG or getattr(settings, "FAIL_ON_FORGOTTEN_SCOPE", False):
            raise ImproperlyConfigured(message)
