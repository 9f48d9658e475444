"""Addresses of questionnaires."""

from django.urls import path

from tera.portal.questionnaires import views

urlpatterns = [
    path("", views.questionnaires, name="questionnaires"),
    path("pratinjau/", views.preview, name="preview"),
    path("banding/", views.compare, name="compare"),
]
