"""What leaves the office: the list that hangs out for objection, and the pay list for the bank."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brokers.actions import id_number_of
from brokers.models import Publication
from laborreg import clock
from laborreg.identity import mask_id, mask_name
from laborreg.refusals import Refusal
from officers.pages import page
from support.forms.claims import ListForm
from support.models import Claim
from support.sheets import paying
from support.views.claims import show, ticked
from support.views.lists import hand_out


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
    form = ListForm(request.POST)
    try:
        chosen = ticked(request, "approved")
    except Refusal as refusal:
        form.add_error(None, refusal.message)
    claims = form.tries(paying.payable, chosen, by=request.user) if form.is_valid() else None
    if claims is None:
        return show(request, "approved", accounts=form, refused=form)
    name = _("Pay list of labor brokers") + f"-{claims[0].year}-{clock.today():%Y%m%d}.xlsx"
    reason = form.cleaned_data["reason"]
    return hand_out(
        request, paying.listed(claims), len(claims), lambda: paying.export_pay_list(claims, by=request.user, reason=reason),
        name=name, back=f"{reverse('claims')}?{request.GET.urlencode()}",
    )
