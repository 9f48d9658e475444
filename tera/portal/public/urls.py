"""Addresses for everybody."""

from django.urls import path

from tera.portal.public import views

urlpatterns = [
    path("", views.landing, name="landing"),
    path("hasil/<slug:code>/", views.result, name="public-result"),
    path("log/<path:path>", views.log, name="log"),
    path("sehat", views.health, name="health"),
]
