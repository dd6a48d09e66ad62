"""The pay list for the bank: brokers with ID and account numbers in full, and what each is paid."""

from collections.abc import Iterable
from io import BytesIO

from django.db import transaction
from django.utils.translation import gettext as _

from brokers.actions import account_of, id_number_of
from laborreg import bulk
from laborreg.refusals import Refusal
from laborreg.sheets.writing import write_rows
from officers import audit
from support.models import Claim
from workers.sheets import approving


def payable(claims: Iterable[Claim], *, by) -> list[Claim]:
    """The claims as they are now, in the order of the list: of one scheme and year, approved, the officer's to pay."""
    found = Claim.objects.filter(bulk.among(Claim, "id", [claim.pk for claim in claims]))
    claims = list(
        found.select_related("scheme", "broker__village__township").order_by("township", "broker__village", "broker__name", "pk")
    )
    if not claims:
        raise Refusal(_("No claim is chosen."))
    for claim in claims:
        by.must("pay brokers", at=claim.township_id)
        if (claim.scheme_id, claim.year) != (claims[0].scheme_id, claims[0].year):
            raise Refusal(_("A list holds claims of one scheme and year."))
        if claim.state not in ("approved", "paid"):
            raise Refusal(_("The claim of %(name)s is not approved.") % {"name": claim.broker.name})
    return claims


def listed(claims) -> approving.Listed:
    """The same claims, unchanged, are the same list."""
    chosen = sorted(f"{claim.pk}:{claim.version}" for claim in claims)
    yuan = sum(claim.amount for claim in claims)
    what = f"{claims[0].year} · {claims[0].scheme.name} · ¥{yuan:,}"
    return approving.Listed("pay_list", {"chosen": chosen, "what": what}, [], True, "xlsx")


@transaction.atomic
def export_pay_list(claims: list[Claim], *, by, reason) -> bytes:
    """What `payable` gave, as a workbook; who took it, why and the file's hash stay in the audit trail."""
    content, told = approving.let_out(listed(claims), len(claims), lambda: _written(claims), by=by)
    detail = {"reason": reason, "yuan": sum(claim.amount for claim in claims)} | told
    audit.record_file("listed accounts", content, claims[0].scheme, by=by, place=claims[0].county_id, detail=detail)
    return content


def _written(claims) -> bytes:
    columns = [
        (_("No."), "number", 6), (_("Labor broker"), "text", 14), (_("ID number"), "text", 22),
        (_("Township"), "text", 24), (_("Village"), "text", 24), (_("Bank"), "text", 24), (_("Account number"), "text", 26),
        (_("Workers"), "number", 10), (_("Amount, yuan"), "number", 14),
    ]
    rows = [(number, *_cells(claim)) for number, claim in enumerate(claims, start=1)]
    total = (None, _("Total"), "", "", "", "", "", sum(row[-2] for row in rows), sum(row[-1] for row in rows))
    titles = [_("Pay of labor brokers, %(year)d: %(scheme)s") % {"year": claims[0].year, "scheme": claims[0].scheme.name}]
    written = BytesIO()
    write_rows(written, columns, [*rows, total], title_lines=titles, sheet_name=_("Pay list"))
    return written.getvalue()


def _cells(claim) -> tuple:
    broker = claim.broker
    return (
        broker.name, id_number_of(broker), broker.village.township.label, broker.village.label, broker.bank,
        account_of(broker), claim.persons, claim.amount,
    )
