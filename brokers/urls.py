from django.urls import path

from brokers import views

urlpatterns = [
    path("brokers/", views.brokers, name="brokers"),
    path("brokers/new/", views.broker_new, name="broker_new"),
    path("brokers/<int:pk>/", views.broker_edit, name="broker_edit"),
    path("brokers/<int:pk>/stop/", views.broker_stop, name="broker_stop"),
    path("brokers/<int:pk>/resume/", views.broker_resume, name="broker_resume"),
]
