"""The address of a unit's page, under `/usulan/unit/`."""

from django.urls import path

from tera.portal.proposals.eligibility import views

urlpatterns = [path("<slug:slug>/", views.eligibility, name="eligibility")]
