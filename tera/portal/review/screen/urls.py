"""Addresses of the screen, under `/tinjauan/rapat/`."""

from django.urls import path

from tera.portal.review.screen import views

urlpatterns = [
    path("<int:pk>/layar/", views.screen, name="meeting-screen"),
    path("<int:pk>/kini.json", views.now, name="meeting-now"),
]
