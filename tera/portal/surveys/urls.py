"""Addresses for the people who run surveys."""

from django.urls import path

from tera.portal.surveys import views

urlpatterns = [
    path("", views.home, name="home"),
    path("daftar/", views.listing, name="surveys"),
    path("buka/<slug:unit>/", views.open_campaign, name="open-campaign"),
    path("buka-semua/<slug:unit>/", views.open_below, name="open-below"),
    path("jadwal/<int:pk>/akhiri/", views.end_schedule, name="end-schedule"),
    path("kalender/<slug:unit>/", views.calendar, name="calendar"),
    path("<slug:code>/", views.campaign, name="campaign"),
    path("<slug:code>/perpanjang/", views.extend, name="extend"),
]
