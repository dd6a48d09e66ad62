"""The language of an officer: the browser's own choice first, else the one kept with the account."""

from django.conf import settings
from django.utils import translation

from officers.models import Officer

KNOWN = {code for code, _name in settings.LANGUAGES}


class KeptLanguage:
    """Activates the kept language where the browser has not chosen, and keeps what is chosen by the switch."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        officer = request.user
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and officer.is_authenticated and officer.language:
            translation.activate(officer.language)
            request.LANGUAGE_CODE = translation.get_language()
        response = self.get_response(request)
        self._keep(request, response)
        return response

    def _keep(self, request, response):
        match = request.resolver_match
        if request.method != "POST" or match is None or match.url_name != "set_language":
            return
        chosen = response.cookies.get(settings.LANGUAGE_COOKIE_NAME)
        if chosen and chosen.value in KNOWN and request.user.is_authenticated:
            Officer.objects.filter(pk=request.user.pk).update(language=chosen.value)


def set_cookie(response, language: str):
    """As Django's own switch sets it."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH, domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE, httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
