"""The register of labor brokers: register, edit, stop, take up again."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from brokers.columns import BY_NAME
from brokers.models import Broker, FilingStep
from laborreg import clock, crypto
from laborreg.columns import words
from laborreg.identity import id_facts, mask_id, pinyin
from laborreg.refusals import Refusal, Stale, plain_words
from officers import audit
from villages import lineage

# Kept as ciphers only, so that history, logs and backups tell no number.
ENCIPHERED = ["id_number", "account"]


@transaction.atomic
def register_broker(*, by, village, name, registered_on=None, **facts) -> Broker:
    """A new labor broker of a village, registered today unless told otherwise; the ID number is optional."""
    by.must("register brokers", at=village)
    lineage.must_last(village.code)
    broker = Broker(county_id=village.code[:6], village=village)
    facts = {"kind": "part_time", "name": name, "registered_on": registered_on or clock.today()} | facts
    _write(broker, _cleaned(facts))
    if _namesakes(broker).exists():
        raise Refusal(_("%(name)s is registered as a broker of this village already.") % {"name": broker.name})
    _keep(broker, by)
    audit.record("registered a broker", broker, by=by, place=village.code)
    return broker


@transaction.atomic
def edit_broker(broker, *, by, version, **changes) -> Broker:
    """Change facts of a broker as the officer saw them in `version`."""
    broker = _held(broker, by, version)
    changes = _cleaned(changes)
    corrected = _corrected(broker, changes) if broker.filed_on else []
    if corrected and not by.may("file brokers", at=broker.village_id):
        sentence = _("%(name)s is filed under this name and ID number; the county bureau changes them.")
        raise Refusal(sentence % {"name": broker.name})
    _write(broker, changes)
    if broker.stopped_on and broker.stopped_on < broker.registered_on:
        raise Refusal(_("The broker stopped on %(day)s, before this registration.") % {"day": broker.stopped_on})
    _keep(broker, by)
    if corrected:
        FilingStep.objects.create(
            broker=broker, step="corrected", on=clock.today(), reason=" · ".join(corrected), by=by, at=clock.now()
        )
    audit.record("edited a broker", broker, by=by, place=broker.village_id, detail={"changed": sorted(changes)})
    return broker


@transaction.atomic
def stop_broker(broker, *, by, version, stopped_on=None) -> Broker:
    """From this day the broker takes nobody on; what was led until then stays."""
    broker = _held(broker, by, version)
    _must_be_the_offices(broker, by)
    with plain_words():
        day = BY_NAME["registered_on"].clean(stopped_on or clock.today())
    if broker.stopped_on:
        raise Refusal(_("%(name)s stopped on %(day)s already.") % {"name": broker.name, "day": broker.stopped_on})
    if not broker.registered_on <= day <= clock.today():
        sentence = _("The day must lie between the registration (%(day)s) and today.")
        raise Refusal(sentence % {"day": broker.registered_on})
    broker.stopped_on = day
    _keep(broker, by)
    audit.record("stopped a broker", broker, by=by, place=broker.village_id, detail={"on": day.isoformat()})
    return broker


@transaction.atomic
def resume_broker(broker, *, by, version) -> Broker:
    """The broker works again, as if never stopped."""
    broker = _held(broker, by, version)
    _must_be_the_offices(broker, by)
    if not broker.stopped_on:
        raise Refusal(_("%(name)s has not stopped.") % {"name": broker.name})
    broker.stopped_on = None
    _keep(broker, by)
    audit.record("resumed a broker", broker, by=by, place=broker.village_id)
    return broker


@transaction.atomic
def reveal_broker(broker, *, by, what, reason, address="") -> str:
    """ID number, phone or bank account in full; who asked, from where and why, stays in the audit trail."""
    by.must("reveal numbers", at=broker.village_id)
    with plain_words():
        reason = words(200, missing=_("Say what you need the number for"))(reason)
    number = {"id": id_number_of, "phone": lambda broker: broker.phone, "account": account_of}[what](broker)
    if not number:
        raise Refusal(_("No such number is recorded of %(name)s.") % {"name": broker.name})
    detail = {"what": what, "reason": reason} | ({"address": address} if address else {})
    audit.record("revealed", broker, by=by, place=broker.village_id, detail=detail)
    return number


def id_number_of(broker) -> str:
    """In full; "" where there is none. Pages mask it."""
    return crypto.decipher(broker.id_cipher, broker.id_key_version) if broker.id_cipher else ""


def account_of(broker) -> str:
    """In full; "" where there is none. Pages show its last digits."""
    return crypto.decipher(broker.account_cipher, broker.account_key_version) if broker.account_cipher else ""


def same_account(broker):
    """Other brokers of the county to whose account this one's pay would go, too."""
    others = Broker.objects.valid().filter(county=broker.county_id).exclude(pk=broker.pk)
    return others.filter(account_index=broker.account_index) if broker.account_index else others.none()


def _held(broker, by, version) -> Broker:
    """The row as it is now, locked, if it is the one that the officer saw."""
    current = Broker.objects.select_for_update(no_key=True).get(pk=broker.pk)
    by.must("register brokers", at=current.village_id)
    if current.merged_into_id:
        raise Refusal(_("This entry was merged into another one."))
    if current.version != int(version):
        raise Stale(current)
    current.version += 1
    return current


def _must_be_the_offices(broker, by):
    """Whether a filed broker works is the word of who vouched for the certificate."""
    if broker.filed_on and not by.may("check brokers", at=broker.village_id):
        raise Refusal(_("%(name)s is filed; the station or the county bureau records the stop.") % {"name": broker.name})


def _corrected(broker, changes) -> list[str]:
    """What a certificate says of the person and would say otherwise: before → after, the number masked."""
    found = []
    if changes.get("name", broker.name) != broker.name:
        found.append(f"{broker.name} → {changes['name']}")
    number = changes.get("id_number")
    if number and crypto.index(number) != broker.id_index:
        found.append(f"{mask_id(id_number_of(broker)) or '–'} → {mask_id(number)}")
    return found


def _cleaned(facts) -> dict:
    with plain_words():
        return {name: BY_NAME[name].clean(value) for name, value in facts.items()}


def _write(broker, facts):
    for name, value in facts.items():
        if name not in ENCIPHERED:
            setattr(broker, name, value)
    if number := facts.get("id_number"):
        broker.id_cipher, broker.id_key_version = crypto.encipher(number)
        broker.id_index = crypto.index(number)
        broker.sex, broker.birth_date = id_facts(number)
    if facts.get("account"):
        broker.account_cipher, broker.account_key_version = crypto.encipher(facts["account"])
        broker.account_index = crypto.index(facts["account"], purpose="account")
    if broker.registered_on > clock.today():
        raise Refusal(_("The day of the registration is in the future."))
    full, initials = pinyin(broker.name)
    broker.name_pinyin, broker.name_initials = full[:200], initials[:50]


def _namesakes(broker):
    """Working brokers of the village whom neither ID number nor phone tells apart from this one."""
    if broker.id_index:
        return Broker.objects.none()
    same = Broker.objects.valid().filter(village=broker.village, name=broker.name, phone=broker.phone)
    return same.filter(stopped_on=None)


def _keep(broker, by):
    """Save under the officer's name; the database refuses a second broker with the same ID number."""
    broker._history_user = by
    try:
        with transaction.atomic():
            broker.save()
    except IntegrityError as error:
        other = Broker.objects.exclude(pk=broker.pk).filter(county=broker.county_id, id_index=broker.id_index)
        other = other.select_related("village__township").first()
        if other is None:
            raise
        sentence = _("This ID number belongs to %(name)s, a broker of %(place)s.")
        place = other.village.township.label
        raise Refusal(sentence % {"name": other.name, "place": place}) from error
