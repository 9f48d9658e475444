"""Addresses of call-backs."""

from django.urls import path

from tera.portal.review.calls import views

urlpatterns = [path("panggilan/", views.calls, name="calls")]
