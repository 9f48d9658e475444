"""Addresses."""

from django.urls import path

from tera.portal.review.exclusions import views

urlpatterns = [path("pengecualian/", views.exclusions, name="exclusions")]
