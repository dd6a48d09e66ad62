"""What leaves the office: the list that hangs out for objection, and the pay list for the bank."""

from io import BytesIO

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brokers.actions import id_number_of
from brokers.models import Publication
from laborreg import clock
from laborreg.downloads import download
from laborreg.identity import mask_id, mask_name
from laborreg.refusals import Refusal
from laborreg.sheets.writing import write_rows
from officers.pages import page
from support import actions
from support.forms.claims import AccountsForm
from support.models import Claim
from support.views.claims import show, ticked


@page("confirm claims", "pay brokers")
def claims_paper(request, pk):
    """A4: who is to be paid how much for how many; ID numbers masked. A station prints the claims of its township."""
    lists = Publication.objects.filter(county=request.user.county_code, subject="claims")
    publication = get_object_or_404(lists.select_related("county"), pk=pk)
    claims = Claim.objects.visible_to(request.user).filter(publication=publication)
    claims = claims.select_related("scheme", "township", "broker__village")
    claims = list(claims.order_by("township", "broker__village", "broker__name"))
    publication.place = publication.county
    for claim in claims:
        claim.masked_id, claim.masked_name = mask_id(id_number_of(claim.broker)), mask_name(claim.broker.name)
    return render(request, "support/claims_paper.html", {
        "publication": publication, "claims": claims, "first": claims[0] if claims else None,
        "days": (publication.to_on - publication.from_on).days + 1,
        "townships": sorted({claim.township for claim in claims}, key=lambda township: township.code),
        "persons": sum(claim.persons for claim in claims), "yuan": sum(claim.amount for claim in claims),
    })


@page("pay brokers")
@require_POST
def pay_list(request):
    """The approved claims that were ticked, with account numbers in full, for a reason that is kept."""
    form = AccountsForm(request.POST)
    try:
        chosen = ticked(request, "approved")
    except Refusal as refusal:
        form.add_error(None, refusal.message)
    rows = form.tries(actions.pay_list, chosen, by=request.user, **form.cleaned_data) if form.is_valid() else None
    if rows is None:
        return show(request, "approved", accounts=form, refused=form)
    words = _("Pay list of labor brokers")
    return download(_workbook(chosen[0], rows), f"{words}-{chosen[0].year}-{clock.today():%Y%m%d}.xlsx")


def _workbook(claim, rows) -> bytes:
    columns = [
        (_("No."), "number", 6), (_("Labor broker"), "text", 14), (_("ID number"), "text", 22),
        (_("Township"), "text", 24), (_("Village"), "text", 24), (_("Bank"), "text", 24), (_("Account number"), "text", 26),
        (_("Workers"), "number", 10), (_("Amount, yuan"), "number", 14),
    ]
    total = (None, _("Total"), "", "", "", "", "", sum(row[-2] for row in rows), sum(row[-1] for row in rows))
    titles = [_("Pay of labor brokers, %(year)d: %(scheme)s") % {"year": claim.year, "scheme": claim.scheme.name}]
    written = BytesIO()
    numbered = [(number, *row) for number, row in enumerate(rows, start=1)]
    write_rows(written, columns, [*numbered, total], title_lines=titles, sheet_name=_("Pay list"))
    return written.getvalue()
