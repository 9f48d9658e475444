"""Addresses of the pages of tickets."""

from django.urls import path

from tera.portal.tickets import views

urlpatterns = [
    path("<slug:slug>/", views.tickets, name="tickets"),
    path("<slug:slug>/terbit/", views.issue, name="issue-tickets"),
]
