"""Writing a brief: started, edited paragraph by paragraph, generated anew, issued."""

import json
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.months import Month
from laborreg.refusals import Refusal
from laborreg.sheets.text import readable
from officers import audit
from officers.models import Officer
from reports.briefs import facts as gathering
from reports.briefs import sentences
from reports.models import Brief, BriefVersion
from villages.models import County

MOST_TEXT, MOST_TITLE, MOST_OWN = 3_000, 60, 20


class Changed(Refusal):
    """Somebody else changed the brief since the page was opened; `current` is how it stands now."""

    def __init__(self, current: Brief):
        self.current = current
        super().__init__(_("Somebody changed this brief after you opened it. Look at it again, then repeat your change."))


@transaction.atomic
def start(area: County, month: Month, *, by: Officer, as_last_month: bool = False) -> Brief:
    """The draft of a month; the one that is there, where somebody started it before.

    `as_last_month`: own paragraphs of last month's brief come along, and its order: what is written every month is
    written once.
    """
    by.must("write briefs", at=area)
    County.objects.select_for_update(no_key=True).get(pk=area.code)
    if there := Brief.objects.filter(county=area, area_code=area.code, month=month).first():
        return there
    facts = gathering.gather(area, month)
    if not facts["standing"]["received"]:
        raise Refusal(_("No return of %(month)s is in yet: there is nothing to write about.") % {"month": month.label})
    brief = Brief.objects.create(
        county=area, area_code=area.code, month=month, created_by=by, created_at=clock.now(), facts=facts, facts_at=clock.now(),
        paragraphs=_as_last_month(area, month) if as_last_month else [_generated(key) for key in sentences.TITLES],
    )
    audit.record("drafted a brief", brief, by=by, place=area.code, detail={"month": str(month)})
    return brief


def _as_last_month(area, month) -> list[dict]:
    """Last month's order, and what was hidden, without the words that were typed over its figures."""
    before = Brief.objects.filter(county=area, area_code=area.code, month=month.previous).first()
    if before is None:
        return [_generated(key) for key in sentences.TITLES]
    kept = [each if is_own(each) else _generated(each["key"]) | {"hidden": each["hidden"]} for each in before.paragraphs]
    return kept + [_generated(key) for key in sentences.TITLES if before.paragraph(key) is None]


def _generated(key: str) -> dict:
    return {"key": key, "title": "", "text": "", "hidden": False, "over": {}}


def is_own(paragraph: dict) -> bool:
    """Added by an officer: there is nothing generated behind it."""
    return paragraph["key"] not in sentences.TITLES


def changing(brief: Brief, *, by: Officer, version: int) -> Brief:
    """The brief, held for a change; refused when it is not the one that the page showed."""
    by.must("write briefs", at=brief.area_code)
    held = Brief.objects.select_for_update(no_key=True, of=["self"]).select_related("county").get(pk=brief.pk)
    if held.version != version:
        raise Changed(held)
    return held


def _save(brief: Brief, what: str, place: int | None = None, *, by: Officer):
    """`place`: which paragraph it was, from 0."""
    brief.version += 1
    brief.save()
    detail = {"month": str(brief.month), "what": what} | ({} if place is None else {"paragraph": place + 1})
    audit.record("edited a brief", brief, by=by, place=brief.area_code, detail=detail)


def _paragraph_of(brief: Brief, key: str) -> dict:
    paragraph = brief.paragraph(key)
    if paragraph is None:
        raise Refusal(_("This paragraph is not in the brief any more."))
    return paragraph


def _text(text: str) -> str:
    # What is pasted may hold signs that no Word file can.
    text = "\n".join(readable(line).strip() for line in text.strip().splitlines()).strip()
    if not text:
        raise Refusal(_("Write the paragraph, or hide it."))
    if len(text) > MOST_TEXT:
        raise Refusal(_("A paragraph has room for %(n)d characters.") % {"n": MOST_TEXT})
    return text


def _title(title: str) -> str:
    title = " ".join(readable(title).split())
    if not title:
        raise Refusal(_("Give the paragraph a heading."))
    if len(title) > MOST_TITLE:
        raise Refusal(_("A heading has room for %(n)d characters.") % {"n": MOST_TITLE})
    return title


@transaction.atomic
def write(brief: Brief, key: str, *, text: str, by: Officer, version: int, title: str = ""):
    """The officer's own words in place of a generated paragraph, or new ones in an own paragraph."""
    brief = changing(brief, by=by, version=version)
    paragraph = _paragraph_of(brief, key)
    text = _text(text)
    if is_own(paragraph):
        paragraph |= {"text": text, "title": _title(title)}
    else:
        # Said as it is generated, nothing is the officer's own.
        over = sentences.in_both(brief.known, key)
        is_as_generated = text == sentences.here(over)
        paragraph |= {"text": "", "over": {}} if is_as_generated else {"text": text, "over": over}
    _save(brief, "wrote", brief.paragraphs.index(paragraph), by=by)


@transaction.atomic
def add(brief: Brief, *, title: str, text: str, by: Officer, version: int):
    """An own paragraph at the end."""
    brief = changing(brief, by=by, version=version)
    own = [each["key"] for each in brief.paragraphs if is_own(each)]
    if len(own) >= MOST_OWN:
        raise Refusal(_("A brief has room for %(n)d paragraphs of your own.") % {"n": MOST_OWN})
    key = f"own-{max([0, *(int(each.removeprefix('own-')) for each in own)]) + 1}"
    brief.paragraphs.append(_generated(key) | {"title": _title(title), "text": _text(text)})
    _save(brief, "added", len(brief.paragraphs) - 1, by=by)


def _reset(brief, paragraph):
    paragraph |= {"text": "", "over": {}}


def _keep(brief, paragraph):
    """The own words stay, whatever is generated now: they are looked at."""
    paragraph["over"] = sentences.in_both(brief.known, paragraph["key"])


def _hide(brief, paragraph):
    paragraph["hidden"] = True


def _show(brief, paragraph):
    paragraph["hidden"] = False


def _move(brief, paragraph, by):
    rows = brief.paragraphs
    place = rows.index(paragraph)
    to = min(max(place + by, 0), len(rows) - 1)
    rows.insert(to, rows.pop(place))


def _up(brief, paragraph):
    _move(brief, paragraph, -1)


def _down(brief, paragraph):
    _move(brief, paragraph, 1)


def _remove(brief, paragraph):
    brief.paragraphs.remove(paragraph)


# What a button of a paragraph does; generated ones are hidden, own ones removed.
STEPS = {"hide": _hide, "show": _show, "up": _up, "down": _down}
STEPS_OF_GENERATED = STEPS | {"reset": _reset, "keep": _keep}
STEPS_OF_OWN = STEPS | {"remove": _remove}


@transaction.atomic
def arrange(brief: Brief, key: str, step: str, *, by: Officer, version: int):
    brief = changing(brief, by=by, version=version)
    paragraph = _paragraph_of(brief, key)
    steps = STEPS_OF_OWN if is_own(paragraph) else STEPS_OF_GENERATED
    if step not in steps:
        raise Refusal(_("A paragraph has no such step."))
    place = brief.paragraphs.index(paragraph)
    steps[step](brief, paragraph)
    _save(brief, step, place, by=by)


@transaction.atomic
def generate(brief: Brief, *, by: Officer, version: int):
    """The figures of now in every paragraph at once: a brief never speaks of two moments. Own words stay."""
    brief = changing(brief, by=by, version=version)
    brief.facts, brief.facts_at = gathering.gather(brief.county, brief.month), clock.now()
    _save(brief, "generated", by=by)


@transaction.atomic
def issue(brief: Brief, *, by: Officer, version: int) -> BriefVersion:
    """Freeze what the brief says as its next version (签发)."""
    brief = changing(brief, by=by, version=version)
    paragraphs = issued_paragraphs(brief)
    if not paragraphs:
        raise Refusal(_("Every paragraph is hidden: there is nothing to issue."))
    if is_sealed_since(brief, gathering.gather(brief.county, brief.month)):
        raise Refusal(_("The month was sealed after the figures of this brief were taken. Take in the figures of now first."))
    number = brief.versions.count() + 1
    issued = BriefVersion.objects.create(
        brief=brief, county_id=brief.county_id, area_code=brief.area_code, month=brief.month, number=number,
        facts=brief.facts, facts_at=brief.facts_at, paragraphs=paragraphs, seal_number=brief.facts["standing"]["seal"],
        hash=digest(brief.area_code, brief.month, number, brief.known, paragraphs), issued_by=by, issued_at=clock.now(),
    )
    brief.version += 1
    brief.save(update_fields=["version"])
    audit.record("issued a brief", issued, by=by, place=brief.area_code,
                 detail={"month": str(brief.month), "number": number, "hash": issued.hash})
    return issued


def is_sealed_since(brief: Brief, now: dict) -> bool:
    """Whether the month was sealed, or sealed anew, since its figures were taken; `now` are the facts of now."""
    return now["standing"]["seal"] not in (None, brief.facts["standing"]["seal"])


def issued_paragraphs(brief: Brief) -> list[dict]:
    """What is shown, in both languages where it was generated; own words stand in both as they were typed."""
    found = []
    for paragraph in brief.paragraphs:
        own = dict.fromkeys(sentences.LANGUAGES, paragraph["text"]) if paragraph["text"] else None
        texts = own or sentences.in_both(brief.known, paragraph["key"])
        if not paragraph["hidden"] and all(texts.values()):
            found.append({"key": paragraph["key"], "titles": sentences.titles(paragraph), "texts": texts})
    return found


def digest(area_code: str, month: Month, number: int, known: dict, paragraphs: list) -> str:
    """SHA-256 of all that a version says and of the figures behind it, with their moment."""
    said = [area_code, str(month), number, known, paragraphs]
    return sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
