"""Every address of the product; its first part names the room."""

from django.urls import include, path, register_converter
from django.views.i18n import set_language

from laborreg.months import MonthConverter

register_converter(MonthConverter, "month")

urlpatterns = [
    path("language/", set_language, name="set_language"),
    path("", include("officers.urls")),
    path("", include("villages.urls")),
    path("", include("brokers.urls")),
    path("", include("jobs.urls")),
    path("", include("workers.urls")),
    path("", include("support.urls")),
    path("", include("reports.urls")),
]

handler400 = "laborreg.views.bad_request"
handler500 = "laborreg.views.server_error"
