"""Addresses of meetings."""

from django.urls import path

from tera.portal.review.meetings import views
from tera.portal.review.meetings.item.views import item

urlpatterns = [
    path("kantor/<slug:slug>/", views.meetings, name="meetings"),
    path("<int:pk>/", views.meeting, name="meeting"),
    path("<int:pk>/unit/<int:number>/", item, name="meeting-item"),
]
