from django.urls import path

from support.views import card, claim, claims, drawing, led, merging, papers, ranking, schemes, sheets

urlpatterns = [
    path("support/brokers/<int:pk>/", card.broker, name="broker"),
    path("support/brokers/<int:pk>/led/", led.broker_led, name="broker_led"),
    path("support/ranking/", ranking.ranking, name="ranking"),
    path("support/ranking/led/", led.ranking_led, name="ranking_led"),
    path("support/ranking/export/", ranking.ranking_export, name="ranking_export"),
    path("support/brokers/<int:pk>/twins/", merging.broker_twins, name="broker_twins"),
    path("support/brokers/<int:pk>/twins/<int:other>/", merging.broker_twin, name="broker_twin"),
    path("support/sheets/<slug:kind>/", sheets.register_export, name="register_export"),
    path("support/schemes/", schemes.schemes, name="schemes"),
    path("support/schemes/new/", schemes.scheme_new, name="scheme_new"),
    path("support/schemes/<int:pk>/", schemes.scheme, name="scheme"),
    path("support/schemes/<int:pk>/edit/", schemes.scheme_edit, name="scheme_edit"),
    path("support/schemes/<int:pk>/amounts/", schemes.scheme_amounts, name="scheme_amounts"),
    path("support/schemes/<int:pk>/copy/", schemes.scheme_copy, name="scheme_copy"),
    path("support/schemes/<int:pk>/delete/", schemes.scheme_delete, name="scheme_delete"),
    path("support/claims/", claims.claims, name="claims"),
    path("support/claims/draw/", drawing.claims_draw, name="claims_draw"),
    path("support/claims/drop/", drawing.claims_drop, name="claims_drop"),
    path("support/claims/confirm/", claims.claims_confirm, name="claims_confirm"),
    path("support/claims/publish/", claims.claims_publish, name="claims_publish"),
    path("support/claims/approve/", claims.claims_approve, name="claims_approve"),
    path("support/claims/paid/", claims.claims_paid, name="claims_paid"),
    path("support/claims/pay-list/", papers.pay_list, name="pay_list"),
    path("support/claims/cross-check/", claims.cross_check, name="cross_check"),
    path("support/claims/lists/<int:pk>/", papers.claims_paper, name="claims_paper"),
    path("support/claims/<int:pk>/", claim.claim, name="claim"),
    path("support/claims/<int:pk>/send-back/", claim.claim_send_back, name="claim_send_back"),
    path("support/claims/<int:pk>/again/", claim.claim_again, name="claim_again"),
]
