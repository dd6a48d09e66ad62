"""The registers as resources of django-import-export: what a row is about, and which action writes it.

A row holds what its cells say under the names of support.sheets.columns, days as dates; what a sheet does not say is not
in it, and stays as it is.
"""

import re
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from import_export import resources
from import_export.fields import Field

from brokers import actions
from brokers.actions import associations, courses
from brokers.models import Attendance, Broker, Course, Membership
from laborreg import crypto
from laborreg.refusals import Refusal
from support import actions as pay
from support.models import Claim, Scheme
from support.sheets.columns import BROKERS, COURSES, MEMBERS, PAYMENTS
from villages.models import Village

WHO = ["township", "village", "name", "id_number"]
COURSE = ["course", "from_on", "to_on", "hours", "subject", "trainer", "venue"]


class RegisterResource(resources.ModelResource):
    """What it writes goes through the actions, as `by`; a dry run hears what they say and takes everything back."""

    def __init__(self, *, by, place):
        super().__init__()
        self.by, self.place = by, place

    def take_row(self, row, number, *, is_dry=False):
        """What becomes of a row: the library's result, with the instance before and after. Refused: Refusal."""
        result = self.import_row(row, None, dry_run=is_dry, row_number=number)
        for error in result.errors:
            raise error.error
        if wrong := result.validation_error:
            raise Refusal(" ".join(wrong.messages))
        return result

    def changes(self, result, row) -> dict[str, list]:
        """Name of a column → how the register has it, how the row has it."""
        if result.original is None:
            return {}
        fields = {name: field for name, field in self.fields.items() if field.column_name in row}
        pairs = {name: [field.get_value(each) for each in (result.original, result.instance)] for name, field in fields.items()}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}

    def export_field(self, field, instance, **kwargs):
        """The value itself, by its own method where the model has no such field; the sheet knows how to show it."""
        told = getattr(self, f"told_{field.column_name}", None)
        return told(instance) if told else field.get_value(instance)

    def told_township(self, row) -> str:
        return self.who(row).village.township.name

    def told_village(self, row) -> str:
        return self.who(row).village.name

    def told_name(self, row) -> str:
        return self.who(row).name

    def told_id_number(self, row) -> str:
        return actions.id_number_of(self.who(row))

    def who(self, row) -> Broker:
        """The broker that a row of the register is about."""
        return row.broker

    def save_instance(self, instance, is_create, row, **kwargs):
        with transaction.atomic():
            self.write(instance, is_create, row)
            if kwargs["dry_run"]:
                transaction.set_rollback(True)


class Options:
    """What all of them tell the library."""

    skip_unchanged = True
    report_skipped = True
    store_instance = True
    skip_html_diff = True


def of_column(name, attribute=None) -> Field:
    """A column that is no field of the model's own; without an attribute it is only told, or read by `get_instance`."""
    return Field(attribute=attribute, column_name=name)


def broker_of(row, place) -> Broker | None:
    """Who is meant: by the ID number, else by village, name and, where several have it, phone."""
    brokers = Broker.objects.valid().filter(county=place[:6])
    if number := row.get("id_number"):
        if found := brokers.filter(id_index=crypto.index(number)).first():
            return found
        brokers = brokers.filter(id_index__isnull=True)
    named = brokers.filter(name=row.get("name"), village__code__startswith=row.get("village") or place)
    found = list(named[:3])
    if len(found) > 1 and row.get("phone"):
        found = [broker for broker in found if broker.phone == row["phone"]]
    if len(found) > 1:
        raise Refusal(_("Several brokers of this place have this name. Give the ID number."))
    return found[0] if found else None


def known_broker(row, place) -> Broker:
    broker = broker_of(row, place)
    if broker is None or not broker.village_id.startswith(place):
        raise Refusal(_("The register of your office has no such broker. Register the broker first."))
    return broker


class Brokers(RegisterResource):
    village, account = of_column("village", "village_id"), of_column("account", "account")
    township, id_number = of_column("township"), of_column("id_number", "id_number")

    class Meta(Options):
        model = Broker
        fields = [
            *WHO, "phone", "kind", "background", "is_relieved", "trades", "destinations", "project", "policies", "bank",
            "account", "registered_on", "filed_on", "certificate_number",
        ]

    def who(self, row) -> Broker:
        return row

    def told_account(self, broker) -> str:
        return actions.account_of(broker)

    def get_instance(self, loader, row):
        broker = broker_of(row, self.place)
        if broker and not broker.village_id.startswith(self.place):
            raise Refusal(_("This ID number belongs to a broker of another office."))
        if broker:
            broker.account, broker.id_number = actions.account_of(broker), actions.id_number_of(broker)
        return broker

    def write(self, broker, is_new, row):
        """Facts first; then the filing of earlier, where the sheet tells it and the register does not yet."""
        facts = {name: row[name] for name in row.keys() - {"village", "filed_on", "certificate_number"}}
        filing = {name: row[name] for name in ("filed_on", "certificate_number") if row.get(name)}
        if is_new:
            facts = {"registered_on": filing["filed_on"]} | facts if "filed_on" in filing else facts
            broker = actions.register_broker(by=self.by, village=_village(row, self.place), **facts)
            version = 1
        else:
            broker, version = self._edited(broker, row, facts)
        if filing and not Broker.objects.get(pk=broker.pk).filed_on:
            told = {"filed_on": None, "certificate_number": ""} | filing
            if not told["filed_on"]:
                raise Refusal(_("Give the day of the filing, too."))
            actions.file_earlier(broker, by=self.by, version=version, **told)

    def _edited(self, broker, row, facts) -> tuple[Broker, int]:
        now = Broker.objects.get(pk=broker.pk)
        if row.get("village") and row["village"] != now.village_id:
            raise Refusal(_("The register has this broker in another village: %(village)s.") % {"village": now.village.label})
        changed = {name: value for name, value in facts.items() if self._differs(now, name, value)}
        if not changed:
            return now, now.version
        edited = actions.edit_broker(now, by=self.by, version=now.version, **changed)
        return edited, edited.version

    def _differs(self, broker, name, value) -> bool:
        if name == "id_number":
            return broker.id_index != crypto.index(value)
        return (actions.account_of(broker) if name == "account" else getattr(broker, name)) != value


def _village(row, place) -> Village:
    if "village" not in row:
        raise Refusal(_("Say of which village the broker is."))
    return Village.objects.under(place).get(pk=row["village"])


class Members(RegisterResource):
    post = of_column("post", "post_now")
    township, village, name, id_number = (of_column(name) for name in WHO)

    class Meta(Options):
        model = Membership
        fields = [*WHO, "joined_on", "post", "left_on"]

    def told_post(self, membership) -> str:
        kinds = [post.kind for post in membership.posts.all() if post.to_on is None]
        return kinds[-1] if kinds else ""

    def get_instance(self, loader, row):
        self.broker = known_broker(row, self.place)
        if "joined_on" not in row:
            raise Refusal(_("Say when the broker joined."))
        found = self.broker.memberships.filter(joined_on=row["joined_on"]).first()
        if found:
            found.post_now = _post_of(found, row.get("post"))
        return found

    def write(self, membership, is_new, row):
        if is_new:
            [membership] = associations.join([self.broker], by=self.by, joined_on=row["joined_on"])
        else:
            membership = Membership.objects.get(pk=membership.pk)
        if row.get("post") and not membership.posts.filter(kind=row["post"]).exists():
            associations.give_post(membership, row["post"], by=self.by, from_on=row["joined_on"])
        if row.get("left_on") and membership.left_on != row["left_on"]:
            associations.leave(membership, by=self.by, left_on=row["left_on"])


def _post_of(membership, asked) -> str | None:
    """The one that the row tells, where it is held or was; else the newest."""
    kinds = list(membership.posts.values_list("kind", flat=True))
    return asked if asked in kinds else (kinds[-1] if kinds else None)


class Courses(RegisterResource):
    township, village, name, id_number = (of_column(name) for name in WHO)
    course, from_on, to_on, hours, subject, trainer, venue = (of_column(name) for name in COURSE)

    class Meta(Options):
        model = Attendance
        fields = [*COURSE, *WHO, "has_passed", "certificate_number", "expires_on"]

    FACTS = ["to_on", "hours", "subject", "trainer", "venue"]

    def export_field(self, field, instance, **kwargs):
        if field.column_name in COURSE:
            return getattr(instance.course, "name" if field.column_name == "course" else field.column_name)
        return super().export_field(field, instance, **kwargs)

    def get_instance(self, loader, row):
        self.broker = known_broker(row, self.place)
        if "course" not in row or "from_on" not in row:
            raise Refusal(_("Say which course it was, and its first day."))
        self.course = self._course(row)
        return self.course and self.course.attendances.filter(broker=self.broker).first()

    def _course(self, row) -> Course | None:
        return Course.objects.filter(county=self.place[:6], name=row["course"], from_on=row["from_on"]).first()

    def write(self, attendance, is_new, row):
        course = self.course or courses.start_course(
            by=self.by, place_code=self.place, name=row["course"], from_on=row["from_on"],
            **{"to_on": row["from_on"]} | {name: row[name] for name in self.FACTS if name in row},
        )
        told = {name: row[name] for name in ("certificate_number", "expires_on") if row.get(name)}
        passed = row.get("has_passed", bool(told))
        courses.add_result(course, self.broker, courses.Result(was_there=True, has_passed=passed, **told), by=self.by)


class Payments(RegisterResource):
    township, village, name, id_number = (of_column(name) for name in WHO)
    scheme, year, amount = (of_column(name) for name in ("scheme", "year", "amount"))

    class Meta(Options):
        model = Claim
        fields = ["scheme", "year", *WHO, "amount", "paid_on"]

    def told_scheme(self, claim) -> str:
        return claim.scheme.name

    def told_year(self, claim) -> str:
        return str(claim.year)

    def told_amount(self, claim) -> int:
        return claim.amount

    def get_instance(self, loader, row):
        broker = known_broker(row, self.place)
        found = Claim.objects.filter(
            broker=broker, scheme__in=Scheme.objects.filter(county=self.place[:6], name=row.get("scheme", "")),
            year=_whole(row.get("year", "")),
        ).first()
        if found is None:
            raise Refusal(_("The broker has no claim of this scheme and year."))
        if "amount" in row and _whole(row["amount"]) != found.amount:
            raise Refusal(_("The claim is of %(amount)s yuan.") % {"amount": found.amount})
        return found

    def write(self, claim, is_new, row):
        if "paid_on" not in row:
            raise Refusal(_("Say when it was paid."))
        pay.mark_paid([Claim.objects.get(pk=claim.pk)], by=self.by, on=row["paid_on"])


def _whole(text) -> int | None:
    """2025, 1,490, 1490.00, 1490元; None for what is no such number."""
    found = re.fullmatch(r"([0-9]{1,9})(?:[.]0*)?[年元]?", str(text).replace(",", "").replace("，", ""))
    return int(found[1]) if found else None


RESOURCES = {BROKERS: Brokers, MEMBERS: Members, COURSES: Courses, PAYMENTS: Payments}
DAYS = {"registered_on", "filed_on", "joined_on", "left_on", "from_on", "to_on", "expires_on", "paid_on"}


def row_of(said) -> dict:
    """What a sheet's row says, as the resources take it."""
    row = {name: date.fromisoformat(value) if name in DAYS else value for name, value in said.items()}
    return {name: value for name, value in row.items() if value not in (None, "")}
