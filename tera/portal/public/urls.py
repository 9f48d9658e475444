"""Addresses for everybody."""

from django.urls import path

from tera.portal.public import views

urlpatterns = [
    path("", views.landing, name="landing"),
    path("hasil/<slug:code>/", views.result, name="public-result"),
    path("sehat", views.health, name="health"),
]
