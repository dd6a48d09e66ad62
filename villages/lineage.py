"""What a village was before and what it became: merged, split, given a new code or a new name, each from a day on.

Here stands what concerns the places: their rows, the months in which they file, who is posted there. The people and
what else is kept of a village follow in workers/actions/lineage.py.
"""

import re
from collections import defaultdict
from datetime import timedelta

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from pypinyin import lazy_pinyin

from laborreg import clock
from laborreg.codes import under
from laborreg.columns import clean_words
from laborreg.months import Month
from laborreg.refusals import Refusal, plain_words
from officers import messages
from villages.models import County, Lineage, Posting, Township, Village

DAY = timedelta(days=1)


# Questions.


def successor_of(code: str) -> Lineage | None:
    """What the village became, where nobody is registered in it any more."""
    return Lineage.objects.filter(old=code, kind__in=Lineage.ENDING).select_related("new").first()


def code_now(code: str) -> str:
    """The code under which the people of a village are kept today."""
    while found := successor_of(code):
        code = found.new_id
    return code


def codes_before(code: str) -> list[str]:
    """Codes that became part of the village as a whole, directly or over others. One query."""
    into = defaultdict(list)
    rows = Lineage.objects.filter(under("new_id", code[:6]), kind__in=Lineage.ENDING).values_list("new_id", "old_id")
    for new, old in rows:
        into[new].append(old)
    found, waiting = [], [code]
    while waiting:
        older = into[waiting.pop()]
        found += older
        waiting += older
    return sorted(found)


def entries_of(code: str) -> list[Lineage]:
    """Every change that the village was part of, the newest first."""
    rows = Lineage.objects.filter(Q(old=code) | Q(new=code)).select_related("old", "new", "by")
    return list(rows.order_by("-from_on", "-pk"))


def told(entry: Lineage) -> str:
    """An entry as a sentence."""
    words = {
        "old": entry.old.label, "old_code": entry.old_id, "new": entry.new.label, "new_code": entry.new_id,
        "before": entry.name_before,
    }
    return {
        Lineage.RECODE: _("%(old)s (%(old_code)s) got a new code: %(new)s (%(new_code)s)"),
        Lineage.MERGE: _("%(old)s (%(old_code)s) became part of %(new)s (%(new_code)s)"),
        Lineage.SPLIT: _("%(new)s (%(new_code)s) was split from %(old)s (%(old_code)s)"),
        Lineage.RENAME: _("%(new)s got a new name; before: %(before)s"),
    }[entry.kind] % words


def hold(codes):
    """Until the transaction ends, a change of these villages waits; others who put people there do not.

    Before households and people are held, as a change holds them. Foreign keys do not do it: they are looked at when the
    transaction ends. SQLite lets one write after the other.
    """
    if connection.vendor == "postgresql":
        table = connection.ops.quote_name(Village._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT code FROM {table} WHERE code = ANY(%s) ORDER BY code FOR SHARE", [list(codes)])


def must_last(code: str):
    """Nobody is put into a village that is no more; from here on it is held, and lasts until the transaction ends."""
    hold([code])
    if gone := successor_of(code):
        words = {"village": gone.old.label, "new": gone.new.label, "day": gone.from_on.isoformat()}
        raise Refusal(_("%(village)s is kept as %(new)s since %(day)s.") % words)


# Checks before a change.


def day_of(county: County, from_month: Month, villages: list[Village]):
    """The first day of the month, which must have come, and no older than the last change of the villages."""
    day = county.first_day(from_month)
    if day > clock.today():
        raise Refusal(_("%(month)s has not begun. Record the change from %(day)s on.") % {
            "month": from_month.label, "day": day.isoformat(),
        })
    for village in villages:
        must_last(village.code)
        newest = next((entry for entry in entries_of(village.code) if entry.kind != Lineage.RENAME), None)
        if newest and newest.from_on > day:
            raise Refusal(_("%(village)s was changed on %(day)s. Choose a month from then on.") % {
                "village": village.label, "day": newest.from_on.isoformat(),
            })
    return day


def clean_name(name) -> str:
    """The official name, such as 大煤洞村委会."""
    with plain_words():
        name = clean_words(name, length=60)
    if not name:
        raise Refusal(_("Enter the official name."))
    return name


def clean_code(code, county: County) -> str:
    """A code of a village of the county that no village has or had."""
    code = (code or "").strip()
    if not re.fullmatch("[0-9]{12}", code):
        raise Refusal(_("A village's code has 12 digits."))
    if not Township.objects.filter(county=county, pk=code[:9]).exists():
        raise Refusal(_("The county has no township %(code)s.") % {"code": code[:9]})
    if taken := Village.objects.filter(pk=code).first():
        raise Refusal(_("%(code)s is the code of %(village)s already; a code is never used again.") % {
            "code": code, "village": taken.label,
        })
    return code


# What changes of the places.


def found_village(old: Village, code: str, name: str, month: Month) -> Village:
    """A new village in the manner of an old one; it files from the month on where the old one does."""
    files = old.files_in(month)
    return Village.objects.create(
        code=code, township_id=code[:9], name=name, name_latin=_latin(old, name), kind=old.kind,
        files_from=month if files else None, files_to=old.files_to if files else None,
    )


def name_anew(village: Village, name: str):
    village.name_latin, village.name = _latin(village, name), name
    village.save(update_fields=["name", "name_latin"])


def _latin(old: Village, name: str) -> str:
    """The same words in pinyin for the same name; else as the list of places writes them: 大煤洞村委会 is Dameidong Village."""
    if name == old.name:
        return old.name_latin
    named = Village(name=name).short_name
    stem = named.removesuffix("社区").removesuffix("村") or named
    kinds = {Village.COMMUNITY: "Community", Village.HERDING: "Herding Village"}
    return f"{''.join(lazy_pinyin(stem)).capitalize()} {kinds.get(old.kind, 'Village')}"[:80]


def stop_before(village: Village, month: Month):
    """Its last month is the one before; one that would begin later never files."""
    if not village.files_from:
        return
    if village.files_from >= month:
        village.files_from = village.files_to = None
    elif not village.files_to or village.files_to >= month:
        village.files_to = month.previous
    village.save(update_fields=["files_from", "files_to"])


def enter(kind: str, old: Village, new: Village, day, *, by, reason: str, name_before: str = "") -> Lineage:
    return Lineage.objects.create(
        old=old, new=new, kind=kind, from_on=day, name_before=name_before or old.name, reason=reason, by=by, at=clock.now()
    )


def postings_at(code: str):
    """Of village officers: those of today, and those that begin later."""
    not_over = Q(to_on__isnull=True) | Q(to_on__gt=clock.today())
    return Posting.objects.filter(not_over, place_code=code).select_related("officer")


def post_on(old: Village, new: Village, day, *, by, leaves: bool) -> int:
    """Who keeps the old village keeps the new one from the day on; gives how many they are.

    Where the old village ends, they stay until its last month is closed, so that they can still file it.
    """
    there = set(Posting.objects.filter(place_code=new.code, to_on__isnull=True).values_list("officer_id", flat=True))
    posted = list(postings_at(old.code))
    for posting in posted:
        if posting.officer_id not in there:
            _post(posting, new, day, by)
        if leaves:
            _leave(posting, _closing(old, day), by)
    officers = [posting.officer for posting in posted]
    text = gettext_noop("From %(day)s on you keep %(new)s, which was part of %(village)s or is what became of it.")
    messages.send(officers, text, values={"day": day, "new": new.short_name, "village": old.short_name}, url="/")
    return len({officer.pk for officer in officers})


def _post(posting, new, day, by):
    begins = max(day, posting.from_on)
    if Posting.objects.filter(officer=posting.officer_id, place_code=new.code, from_on=begins).exists():
        return
    fresh = Posting(
        officer=posting.officer, place_code=new.code, county_id=posting.county_id, from_on=begins, to_on=posting.to_on
    )
    fresh._history_user = by
    fresh.save()


def _leave(posting, closing, by):
    ends = max(closing, posting.from_on + DAY)
    if posting.to_on and posting.to_on <= ends:
        return
    posting.to_on, posting._history_user = ends, by
    posting.save()


def _closing(old: Village, day):
    """The day after the county's last for the month before; today, where that is over."""
    county = old.township.county
    before = day - DAY
    return max(before + (county.rules_from(county.month_of(before)).county_days + 1) * DAY, clock.today())
