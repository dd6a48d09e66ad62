"""The broker that a page is about, as far as the officer may see it; anybody else's does not exist."""

from django.shortcuts import get_object_or_404

from brokers.models import Broker


def broker_or_404(request, pk) -> Broker:
    visible = Broker.objects.valid().visible_to(request.user)
    return get_object_or_404(visible.select_related("village__township", "county"), pk=pk)


def posted(request):
    """What was sent with a form; None on a page that was only opened."""
    return request.POST if request.method == "POST" else None
