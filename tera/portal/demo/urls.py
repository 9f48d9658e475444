"""Addresses of the demo."""

from django.urls import path

from tera.portal.demo import views

urlpatterns = [path("isi/<slug:code>/", views.fill, name="demo-fill")]
