"""Addresses of what minutes say of one survey, under `/tinjauan/<code>/`."""

from django.urls import path

from tera.portal.review.minutes import views

urlpatterns = [
    path("berita-acara/", views.unit_minutes, name="unit-minutes"),
    path("berita-acara.pdf", views.unit_minutes_pdf, name="unit-minutes-pdf"),
]
