"""One return on one page, for village, station and county; and the list of returns."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from laborreg import clock
from laborreg.forms import row_number
from laborreg.months import Month
from laborreg.refusals import Refusal
from officers.pages import page
from reports import actions
from reports.deadlines import newest_open_month
from reports.forms import AnswerForm, SendBackForm
from reports.models import MonthlyReturn
from reports.views.desk import Desk, Queue, tag_of
from reports.views.finding import own_return_or_404, return_or_404
from villages.models import County, Township, Village

PAGE = 60
MONTHS_A_PAGE = 24


@page("see people")
def return_page(request, village, month):
    return show(request, return_or_404(request, village, month))


@page("submit", "submit for a village")
def return_submit(request, village, month):
    ret = own_return_or_404(request, village, month)
    if request.method != "POST":
        return _to(ret)
    desk = Desk(request, ret)
    form = desk.submit_form(request.POST)
    if form is None:
        messages.error(request, desk.stops_submitting or desk.changed_meanwhile)
        return _to(ret)
    if form.is_valid() and (version := _submitted(request, ret, form)):
        messages.success(request, _submitted_words(desk, version))
        return _to(ret)
    return show(request, return_or_404(request, village, month), submit_form=form)


def _submitted(request, ret, form):
    """The new version; None when the action refuses, its sentences then stand on the form."""
    said = form.cleaned_data
    try:
        return actions.submit(
            [ret], by=request.user, explanations=form.explanations, is_nil=said["is_nil"], seen=said["seen"] or None,
            filed_for_reason=said.get("filed_for_reason", ""),
        )[0]
    except actions.NotSubmitted as held_back:
        for finding in held_back.findings:
            form.add_error(None, finding.text)
    except Refusal as refusal:
        form.add_error(None, refusal.message)
    return None


def _submitted_words(desk, version) -> str:
    away = ngettext("%(n)s person away", "%(n)s persons away", version.away) % {"n": f"{version.away:,}"}
    values = {"month": version.month.label, "away": away}
    if not (desk.previous and desk.previous.newest):
        return _("%(month)s is submitted: %(away)s.") % values
    change = version.away - desk.previous.newest.away
    if not change:
        return _("%(month)s is submitted: %(away)s, as many as last month.") % values
    values["change"] = f"+{change:,}" if change >= 0 else f"−{-change:,}"
    return _("%(month)s is submitted: %(away)s, %(change)s on last month.") % values


@page("approve")
def return_approve(request, village, month):
    ret = own_return_or_404(request, village, month)
    if request.method != "POST":
        return _to(ret)
    try:
        actions.must_be_newest(ret, row_number(request.POST.get("version")))
        actions.approve([ret], by=request.user)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return _to(ret)
    return _on_to_the_next(request, ret)


def _on_to_the_next(request, ret):
    """The next return that waits, so that a station works through its queue; else the one just approved."""
    queue = Queue(request.user, ret)
    words = {"village": ret.village.label, "month": ret.month.label, "n": queue.waiting}
    if following := queue.next or queue.previous:
        messages.success(request, _("%(village)s, %(month)s is approved. Still waiting: %(n)d.") % words)
        return _to(following)
    messages.success(request, _("%(village)s, %(month)s is approved. No other is waiting.") % words)
    return _to(ret)


@page("send back")
def return_send_back(request, village, month):
    ret = own_return_or_404(request, village, month)
    if request.method != "POST":
        return _to(ret)
    form = SendBackForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.must_be_newest(ret, said["version"])
            actions.send_back(ret, by=request.user, reason=said["reason"], cells=form.cells)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            words = {"village": ret.village.label, "month": ret.month.label}
            messages.success(request, _("%(month)s is sent back to %(village)s.") % words)
            return _to(ret)
    return show(request, return_or_404(request, village, month), send_back_form=form)


@page("submit", "submit for a village")
def return_answer(request, village, month, pk):
    ret = own_return_or_404(request, village, month)
    question = get_object_or_404(ret.cell_messages.select_related("ret"), pk=pk)
    if request.method != "POST":
        return _to(ret)
    form = AnswerForm(request.POST, prefix=f"q{pk}")
    if form.is_valid():
        try:
            actions.answer(question, by=request.user, text=form.cleaned_data["text"])
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Your answer is kept. Submit the return when all questions are answered."))
            return _to(ret)
    return show(request, return_or_404(request, village, month), answer_form=(pk, form))


def _to(ret: MonthlyReturn):
    return redirect(actions.return_url(ret))


def show(request, ret, *, submit_form=None, send_back_form=None, answer_form=(None, None)):
    """The page; the forms that are given carry what was typed and what is wrong with it."""
    desk = Desk(request, ret)
    submit = desk.submit_form()
    if submit is not None and submit_form is not None:
        submit = submit_form
    context = {
        "desk": desk, "ret": ret, "source": desk.source, "days": desk.days, "today": clock.today(),
        "submit_form": submit, "questions": desk.questions(*answer_form),
        "review": desk.review(send_back_form),
        "forms": [form for form in (submit_form, send_back_form, answer_form[1]) if form is not None],
    }
    return render(request, "reports/return.html", context)


@page("see people")
def returns(request):
    """A village's months, newest first; for station and county one month, village by village."""
    return _months(request) if request.user.role == "village" else _villages(request)


def _months(request):
    villages = list(Village.objects.visible_to(request.user).order_by("code"))
    chosen = next((v for v in villages if v.pk == request.GET.get("village")), villages[0] if villages else None)
    rows = MonthlyReturn.objects.visible_to(request.user).filter(village=chosen).order_by("-month")
    page_obj = _page(request, rows, MONTHS_A_PAGE)
    context = {"villages": villages, "village": chosen, "page_obj": page_obj}
    return render(request, "reports/returns_village.html", context)


def _villages(request):
    county = get_object_or_404(County, pk=request.user.county_code)
    months = list(county.months.order_by("-month").values_list("month", flat=True))
    month = next((m for m in months if str(m) == request.GET.get("month")), newest_open_month(county))
    townships = list(Township.objects.visible_to(request.user).order_by("code"))
    township = next((t for t in townships if t.pk == request.GET.get("township")), None)
    rows = MonthlyReturn.objects.visible_to(request.user).filter(month=month).order_by("village_id")
    page_obj = _page(request, rows.under(township.pk) if township else rows, PAGE)
    _add_change(page_obj.object_list, month)
    context = {
        "month": month, "months": months, "townships": townships, "township": township, "page_obj": page_obj,
    }
    return render(request, "reports/returns.html", context)


def _page(request, rows, size):
    rows = rows.select_related("village__township", "newest__submitted_by")
    page_obj = Paginator(rows, size).get_page(request.GET.get("page"))
    page_obj.object_list = list(page_obj.object_list)
    for ret in page_obj.object_list:
        ret.tag, ret.url = tag_of(ret), actions.return_url(ret)
    return page_obj


def _add_change(returns, month: Month | None):
    """How many more are away than on last month's return."""
    if month is None:
        return
    before = dict(MonthlyReturn.objects.filter(
        village_id__in=[ret.village_id for ret in returns], month=month.previous, newest__isnull=False
    ).values_list("village_id", "newest__away"))
    for ret in returns:
        if ret.newest and ret.village_id in before:
            ret.change = ret.newest.away - before[ret.village_id]
