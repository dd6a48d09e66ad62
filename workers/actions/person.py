"""What is written of a person: name, ID number and what follows from it, phone; and who has an ID number already."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from laborreg import clock, crypto
from laborreg.identity import clean_id_number, clean_name, clean_phone, id_facts, pinyin
from laborreg.refusals import Refusal
from workers.actions.checks import WORKING_AGE
from workers.actions.keeping import keep, only_known
from workers.models import Phone, Worker
from workers.refusals import Elsewhere, plain_words

FACTS = [
    "ethnic_group", "education", "ability", "is_student", "wants_to_go", "skill_grade", "skills", "group_name",
    "consent", "note",
]
WRITTEN = ["name", "id_number", "no_id_reason", "sex", "birth_date", *FACTS]
SHAPED = ["name", "no_id_reason", "sex", "birth_date", "relation", *FACTS]
EARLIEST_BIRTH = date(1900, 1, 1)


def write(worker, facts):
    """Put what was said into the row, cleaned, with what follows from it."""
    only_known(facts, WRITTEN)
    if "name" in facts:
        worker.name = cleaned_name(facts["name"])
        worker.name_pinyin, worker.name_initials = pinyin(worker.name)
    for name in ["sex", "birth_date", *FACTS]:
        if name in facts:
            setattr(worker, name, facts[name])
    if "id_number" in facts:
        _write_id(worker, facts["id_number"], facts.get("no_id_reason", worker.no_id_reason))
    elif "no_id_reason" in facts and not worker.id_index:
        worker.no_id_reason = _required(facts["no_id_reason"])
    if worker.id_index and {"id_number", "sex", "birth_date"} & set(facts):
        _agree_with_the_id(worker, facts)
    if worker.birth_date and not EARLIEST_BIRTH <= worker.birth_date <= clock.today():
        raise Refusal(_("This birth date cannot be right. Check the year."))


def cleaned_name(name) -> str:
    with plain_words():
        return clean_name(name)


def save(worker, by):
    """Keep the person; of two requests at once with one ID number, the database lets one through."""
    try:
        with transaction.atomic():
            keep(worker, by, SHAPED)
    except IntegrityError:
        others = Worker.objects.valid().filter(county=worker.county_id, id_index=worker.id_index).exclude(pk=worker.pk)
        if found := others.first():
            raise elsewhere(found, by) from None
        raise


def holder(county_code, id_number) -> Worker | None:
    """Who has this ID number in the county, wherever registered."""
    with plain_words():
        number, _warning = clean_id_number(id_number)
    return Worker.objects.valid().filter(county=county_code, id_index=crypto.index(number)).first()


def elsewhere(found, by) -> Elsewhere:
    """The refusal of a second registration; names the person only to an officer who may see the row."""
    if not by.is_posted_over(found.village_id):
        return Elsewhere(_(
            "This ID number is already registered in another place of the county; it cannot be registered twice. "
            "If the person moved to your village, ask for the move."
        ))
    words = {"name": found.name, "village": found.village.label}
    return Elsewhere(_("This ID number is already registered: %(name)s, %(village)s.") % words, found)


def must_be_of_age(worker):
    """Only people of working age, or at work, are workers."""
    if worker.birth_date and worker.age < WORKING_AGE:
        raise Refusal(_("Only people of 16 and over, or at work, are registered."))


def put_phone(worker, number, whose="self") -> tuple[Phone | None, bool]:
    """The phone and whether it is new; (None, False) where nothing was typed."""
    with plain_words():
        number = clean_phone(number)
    if not number:
        return None, False
    return Phone.objects.get_or_create(
        worker=worker, number=number, defaults={"last4": number[-4:], "whose": whose, "since_on": clock.today()}
    )


def facts_of(worker) -> dict:
    """Without the number itself: its index tells whether it changed."""
    return {name: getattr(worker, name) for name in ["name", "id_index", "no_id_reason", "sex", "birth_date", *FACTS]}


def _write_id(worker, id_number, no_id_reason):
    """The ID number enciphered and indexed; or none, and the reason for it."""
    if not id_number:
        worker.id_cipher = worker.id_key_version = worker.id_index = None
        worker.id_last4_index, worker.no_id_reason = "", _required(no_id_reason)
        return
    with plain_words():
        number, _warning = clean_id_number(id_number)
    worker.id_cipher, worker.id_key_version = crypto.encipher(number)
    worker.id_index = crypto.index(number)
    worker.id_last4_index = crypto.index(number[-4:], purpose="last4")
    worker.no_id_reason = ""


def _required(no_id_reason) -> str:
    if not no_id_reason:
        raise Refusal(_("Enter the ID number, or say why it is missing."))
    return no_id_reason


def _agree_with_the_id(worker, facts):
    """Sex and birth date follow from the ID number; what was said otherwise is refused, not dropped."""
    sex, birth_date = id_facts(worker.id_number)
    said = facts.get("sex") or sex, facts.get("birth_date") or birth_date
    if said != (sex, birth_date):
        raise Refusal(_("Sex or birth date differ from what the ID number says. Check the ID number."))
    worker.sex, worker.birth_date = sex, birth_date
