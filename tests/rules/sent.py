# ruff: noqa
"""Lines on which the rules of sent.yaml are tried: `ruleid` above one that has to be found, `ok` above one that must not."""

import logging
import os
import subprocess
from importlib import import_module

logger = logging.getLogger(__name__)
ORDERS = {"name": "name_pinyin"}


def statements(request, cursor, rows):
    asked = request.GET.get("place")
    # ruleid: sent-is-a-statement
    cursor.execute(f"SELECT name FROM villages_village WHERE code = '{asked}'")
    # ruleid: sent-is-a-statement
    rows.raw("SELECT * FROM officers_officer ORDER BY " + request.POST["order"])
    # ok: sent-is-a-statement
    cursor.execute("SELECT name FROM villages_village WHERE code = %s", [asked])
    # ok: sent-is-a-statement
    cursor.execute(f"SELECT name FROM villages_village LIMIT {int(asked)}")


def columns(request, form, rows, person):
    order = request.GET["order"] or "pk"
    # ruleid: sent-names-a-column
    rows.order_by("village_id", order)
    # ruleid: sent-names-a-column
    rows.filter(**{form.cleaned_data["column"]: True})
    # ruleid: sent-names-a-column
    getattr(person, request.POST["field"])
    # ruleid: sent-names-a-column
    rows.filter(Q(**{order: 1}))
    # ruleid: sent-names-a-column
    rows.update(**{order: 1})
    # ruleid: sent-names-a-column
    rows.aggregate(most=Max(order))
    # ruleid: sent-names-a-column
    rows.dates(order, "month")
    # ruleid: sent-names-a-column
    rows.order_by(ORDERS.get(order, order))
    # ok: sent-names-a-column
    rows.order_by(ORDERS.get(order))
    # ok: sent-names-a-column
    rows.order_by(ORDERS[order])
    # ok: sent-names-a-column
    rows.filter(name=order).order_by("pk")


def ways(request):
    next_page = request.POST.get("next", "/")
    # ruleid: sent-leads-away
    redirect(next_page)
    # ruleid: sent-leads-away
    HttpResponseRedirect(f"{next_page}?done")
    # ok: sent-leads-away
    redirect(f"{reverse('claims')}?{request.GET.urlencode()}")
    # ok: sent-leads-away
    redirect(reverse("claims") + next_page)
    # ok: sent-leads-away
    redirect("sheet", next_page)


def files(request, folder):
    name = request.GET["file"]
    # ruleid: sent-names-a-file-or-program
    open(folder + name)
    # ruleid: sent-names-a-file-or-program
    (folder / name).read_text()
    # ruleid: sent-names-a-file-or-program
    folder.joinpath(name)
    # ruleid: sent-names-a-file-or-program
    os.remove(name)
    # ruleid: sent-names-a-file-or-program
    subprocess.run(["convert", name])
    # ruleid: sent-names-a-file-or-program
    import_module(name)
    # ok: sent-names-a-file-or-program
    open(folder / "roster.xlsx")


def markup(request):
    said = request.POST["note"]
    # ruleid: sent-is-markup
    mark_safe(f"<b>{said}</b>")
    # ruleid: sent-is-markup
    format_html("<b>" + said + "</b>")
    # ok: sent-is-markup
    format_html("<b>{}</b>", said)


def logs(request, form):
    # ruleid: sent-is-logged
    logger.info("sent: %s", request.POST)
    # ruleid: sent-is-logged
    logger.warning("refused %s", form.cleaned_data["id_number"])
    # ruleid: sent-is-logged
    audit.logger.info(request.body)
    # ok: sent-is-logged
    logger.info("refused %s", form.instance.pk)
