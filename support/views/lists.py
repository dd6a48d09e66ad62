"""A list that is handed out at once, or put before a second person where it is too long for one."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from laborreg.downloads import download
from laborreg.refusals import Refusal
from support.forms.claims import ListForm
from workers.sheets import approving

ASK = "ask"


def hand_out(request, listed: approving.Listed, rows: int, make, *, name, back):
    """The file that `make` writes, under a name; a page that asks for a second person's word; or the refusal, at `back`.

    The page sends what was sent once more, and with it the reason.
    """
    try:
        return download(make(), name)
    except approving.NeedsApproval as needed:
        if ASK in request.POST:
            return _ask(request, listed, rows, back)
        return _page(request, ListForm(initial={"reason": request.POST.get("reason", "")}), back, why=needed.message)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect(back)


def _ask(request, listed, rows, back):
    form, by = ListForm(request.POST), request.user
    if form.is_valid() and (asked := form.tries(approving.ask, listed, rows, by=by, place=by.posts[0], **form.cleaned_data)):
        messages.success(request, _("The county bureau is asked. When it has decided, you find a message."))
        return redirect("export_request", asked.pk)
    return _page(request, form, back)


def _page(request, form, back, why=""):
    own = {"csrfmiddlewaretoken", "reason", ASK}
    sent = [(name, value) for name, values in request.POST.lists() if name not in own for value in values]
    return render(request, "support/list_ask.html", {
        "form": form, "why": why, "sent": sent, "back": back, "nobody": approving.why_nobody(request.user),
    })
