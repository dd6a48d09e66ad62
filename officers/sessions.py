"""Where an account is signed in: any number of places at once, each of which it, or the level above, can end."""

from datetime import timedelta

from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext as _

from laborreg import clock
from officers import addresses
from officers.models import Officer, OpenSession

IDLE_SECONDS = 30 * 60
ABSOLUTE_SECONDS = 12 * 60 * 60

# What browsers say of themselves; the first that fits. Several say that they are Chrome and Safari as well.
BROWSERS = [
    ("MicroMessenger", "WeChat"), ("DingTalk", "DingTalk"), ("MQQBrowser", "QQ Browser"), ("QQBrowser", "QQ Browser"),
    ("HuaweiBrowser", "Huawei Browser"), ("UCBrowser", "UC Browser"), ("QihooBrowser", "360 Browser"),
    ("360SE", "360 Browser"), ("MiuiBrowser", "Mi Browser"), ("Edg", "Edge"), ("Firefox", "Firefox"),
    ("Chrome", "Chrome"), ("Safari", "Safari"),
]
SYSTEMS = [
    ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Mac OS", "Mac"), ("Linux", "Linux"),
]


def begin(request, officer: Officer):
    """Note where the session that has just begun is."""
    request.session.save()
    OpenSession.objects.create(
        session_id=request.session.session_key, officer=officer, address=addresses.address_of(request),
        browser=request.headers.get("User-Agent", "")[:300],
    )


def note_seen(request):
    here = OpenSession.objects.filter(session=request.session.session_key)
    here.update(seen_at=clock.now(), address=addresses.address_of(request))


@transaction.atomic
def renew(request):
    """After a new password: this session goes on under a new key, every other one of the account ends.

    One that somebody ended meanwhile stays ended.
    """
    hold(request.user)
    here = OpenSession.objects.filter(session=request.session.session_key).first()
    if here is None:
        logout(request)
        return
    update_session_auth_hash(request, request.user)
    end_all(request.user)
    here.session_id = request.session.session_key
    here.save(force_insert=True)


def hold(officer: Officer) -> Officer:
    """The account as it is now; its sessions begin, go on and end one after the other, before the trail is written."""
    return Officer.objects.select_for_update(no_key=True).get(pk=officer.pk)


def open_of(officer: Officer):
    """Those that still hold."""
    now = clock.now()
    return officer.sessions.filter(
        seen_at__gt=now - timedelta(seconds=IDLE_SECONDS), began_at__gt=now - timedelta(seconds=ABSOLUTE_SECONDS)
    )


@transaction.atomic
def end_all(officer: Officer, *, but: str | None = None) -> int:
    """End the account's sessions, save the one with this key; how many of them still held."""
    hold(officer)
    held = open_of(officer).exclude(session=but).count()
    Session.objects.filter(pk__in=officer.sessions.exclude(session=but).values("session")).delete()
    return held


def in_words(browser: str) -> str:
    """A browser's own line, as people call such a thing: "WeChat, Android"."""
    found = [next((word for sign, word in table if sign in browser), "") for table in (BROWSERS, SYSTEMS)]
    return ", ".join(word for word in found if word) or _("an unknown browser")
