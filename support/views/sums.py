"""The sums of subsidies, for who reads figures only."""

from django.shortcuts import render

from officers.pages import page
from support import codes
from support.listing import Query
from support.sums import by_township


@page("see totals")
def claim_sums(request):
    """Persons and yuan by township and state; two queries, however many claims."""
    query, sees_names = Query(request.user, request.GET), request.user.may("see people")
    rows, whole = by_township(query, is_shown=sees_names)
    return render(request, "support/sums.html", {
        "query": query, "rows": rows, "whole": whole, "states": [label for _state, label in codes.CLAIM_STATES],
        "sees_names": sees_names,
    })
