from django.urls import path

from support.views import card, led, ranking

urlpatterns = [
    path("support/brokers/<int:pk>/", card.broker, name="broker"),
    path("support/brokers/<int:pk>/led/", led.broker_led, name="broker_led"),
    path("support/ranking/", ranking.ranking, name="ranking"),
    path("support/ranking/led/", led.ranking_led, name="ranking_led"),
    path("support/ranking/export/", ranking.ranking_export, name="ranking_export"),
]
