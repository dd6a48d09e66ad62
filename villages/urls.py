from django.urls import path

from villages import accounts_views, audit_views, places_views

urlpatterns = [
    path("accounts/", accounts_views.accounts, name="accounts"),
    path("accounts/new/", accounts_views.account_new, name="account_new"),
    path("accounts/<int:pk>/", accounts_views.account, name="account"),
    path("accounts/<int:pk>/reset/", accounts_views.account_reset, name="account_reset"),
    path("accounts/<int:pk>/password/", accounts_views.account_slip, name="account_slip"),
    path("accounts/<int:pk>/second-factor/", accounts_views.account_second_factor, name="account_second_factor"),
    path("accounts/<int:pk>/sessions/", accounts_views.account_sessions, name="account_sessions"),
    path("accounts/<int:pk>/disable/", accounts_views.account_disable, name="account_disable"),
    path("accounts/<int:pk>/enable/", accounts_views.account_enable, name="account_enable"),
    path("accounts/<int:pk>/postings/", accounts_views.posting_add, name="posting_add"),
    path("accounts/postings/<int:pk>/end/", accounts_views.posting_end, name="posting_end"),
    path("audit/", audit_views.audit, name="audit"),
    path("audit/file/", audit_views.audit_export, name="audit_export"),
    path("audit/unusual/", audit_views.unusual, name="unusual"),
    path("audit/unusual/<int:pk>/", audit_views.unusual_one, name="unusual_one"),
    path("places/", places_views.places, name="places"),
    path("places/townships/<slug:code>/", places_views.place_township, name="place_township"),
    path("places/villages/<slug:code>/", places_views.place_village, name="place_village"),
    path("places/villages/<slug:code>/start/", places_views.filing_start, name="filing_start"),
    path("places/villages/<slug:code>/stop/", places_views.filing_stop, name="filing_stop"),
]
