from django.urls import path

from reports.views import workbook

urlpatterns = [
    path("totals/<slug:county>/<month:month>/workbook.xlsx", workbook.download, name="workbook"),
]
