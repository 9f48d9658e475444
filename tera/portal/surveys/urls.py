"""Addresses for the people who run surveys."""

from django.urls import path

from tera.portal.surveys import views

urlpatterns = [
    path("", views.home, name="home"),
    path("buka/<slug:unit>/", views.open_campaign, name="open-campaign"),
    path("<slug:code>/", views.campaign, name="campaign"),
]
