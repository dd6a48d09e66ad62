from django.urls import path

from brokers.views import register

urlpatterns = [
    path("brokers/", register.brokers, name="brokers"),
    path("brokers/new/", register.broker_new, name="broker_new"),
    path("brokers/<int:pk>/edit/", register.broker_edit, name="broker_edit"),
    path("brokers/<int:pk>/stop/", register.broker_stop, name="broker_stop"),
    path("brokers/<int:pk>/resume/", register.broker_resume, name="broker_resume"),
]
