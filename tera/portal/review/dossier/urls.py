"""Addresses of the dossier of a survey."""

from django.urls import path

from tera.portal.review.dossier import views

urlpatterns = [
    path("", views.dossier, name="dossier"),
    path("komentar/", views.comments, name="comments"),
]
