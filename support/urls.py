from django.urls import path

from support.views import merging

urlpatterns = [
    path("support/brokers/<int:pk>/twins/", merging.broker_twins, name="broker_twins"),
    path("support/brokers/<int:pk>/twins/<int:other>/", merging.broker_twin, name="broker_twin"),
]
