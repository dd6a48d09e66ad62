"""The reminders of a month: who was reminded, with which words, and who is still missing."""

from django.shortcuts import render

from officers.pages import page
from reports import progress, reminding
from reports.deadlines import deadlines
from reports.models import MonthlyReturn
from reports.totals import newest_seal
from reports.views.finding import county_and_month_or_404


@page("approve")
def reminders(request, month):
    county, opened = county_and_month_or_404(request, month)
    of_month = MonthlyReturn.objects.visible_to(request.user).filter(month=month)
    missing, days = progress.missing(of_month), deadlines(county, month)
    sent = reminding.sent(of_month)
    return render(request, "reports/reminders.html", {
        "county": county, "opened": opened, "month": month, "days": days, "seal": newest_seal(county, month),
        "reminders": reminding.history(request.user.posts, county, month), "township": None,
        "sent": reminding.by_township(sent), "villages": len({row.village.code for row in sent}), "times": len(sent),
        "stations": progress.by_station(missing), "missing": len(missing),
        "message": progress.message_to(missing, month, days) if missing else "",
    })
