"""The certificate of a filed broker on A4 and as a card, and the public page that its QR code opens."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse

from brokers import actions, filing
from brokers.models import Broker
from brokers.views.rows import broker_or_404
from laborreg import clock, marks
from laborreg.identity import mask_id, mask_name
from officers.pages import page, public


@page("check brokers", "file brokers")
def certificate(request, pk):
    return _printed(request, pk, "brokers/certificate.html")


@page("check brokers", "file brokers")
def certificate_card(request, pk):
    return _printed(request, pk, "brokers/certificate_card.html")


def _printed(request, pk, template):
    broker = broker_or_404(request, pk)
    if not filing.has_certificate(broker):
        raise Http404
    return render(request, template, {
        "broker": broker, "masked_id": mask_id(actions.id_number_of(broker)), "now": clock.now(),
        "qr": marks.qr(request, reverse("certificate_check", args=[broker.certificate_word])),
    })


@public
def certificate_check(request, word):
    """Whether a certificate holds: no name in full, no ID number, no village."""
    broker = Broker.objects.valid().select_related("county").filter(certificate_word=word).first()
    if broker is None:
        return _closed(render(request, "brokers/certificate_unknown.html", status=404))
    return _closed(render(request, "brokers/certificate_check.html", {
        "standing": filing.standing(broker), "since": filing.standing_since(broker), "filed_on": broker.filed_on,
        "name": mask_name(broker.name), "office": broker.county.label,
        "now": clock.now(),
    }))


def _closed(response):
    """Kept by no browser and found by no search engine."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
