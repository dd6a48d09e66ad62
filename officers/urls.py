from django.urls import path

from officers import safety_views, views

urlpatterns = [
    path("sign-in/", views.sign_in_page, name="sign_in"),
    path("sign-in/code/", views.sign_in_code, name="sign_in_code"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("first-password/", views.first_password, name="first_password"),
    path("me/", views.me, name="me"),
    path("me/password/", views.change_password, name="change_password"),
    path("me/text-size/", views.text_size, name="text_size"),
    path("me/second-factor/", safety_views.second_factor, name="second_factor"),
    path("me/second-factor/codes/", safety_views.second_factor_codes, name="second_factor_codes"),
    path("me/second-factor/off/", safety_views.second_factor_off, name="second_factor_off"),
    path("me/sessions/end/", safety_views.sessions_end, name="sessions_end"),
    path("me/sessions/<int:pk>/end/", safety_views.session_end, name="session_end"),
    path("messages/", views.message_list, name="messages"),
    path("messages/<int:pk>/", views.message_open, name="message_open"),
    path("messages/read/", views.messages_read, name="messages_read"),
    path("doors/", views.all_doors, name="doors"),
    path("doors/enter/", views.demo_sign_in, name="demo_sign_in"),
    path("healthz", views.healthz, name="healthz"),
    path("health/", views.health_page, name="health"),
]
