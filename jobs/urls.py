from django.urls import path

from jobs import views

urlpatterns = [
    path("points/", views.points, name="points"),
    path("points/new/", views.point_new, name="point_new"),
    path("points/<int:pk>/", views.point_edit, name="point_edit"),
    path("points/<int:pk>/stop/", views.point_stop, name="point_stop"),
    path("points/<int:pk>/resume/", views.point_resume, name="point_resume"),
]
