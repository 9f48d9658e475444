"""Addresses of checks and visits."""

from django.urls import path

from tera.portal.review.checks import views
from tera.portal.review.checks.visits import views as visits

urlpatterns = [
    path("periksa/", views.checks, name="checks"),
    path("periksa/unit/", views.assess, {"layer": "unit"}, name="assess-unit"),
    path("periksa/wilayah/", views.assess, {"layer": "region"}, name="assess-region"),
    path("periksa/inspektorat/", views.assess, {"layer": "inspectorate"}, name="assess-inspectorate"),
    path("periksa/kementerian/", views.assess, {"layer": "ministry"}, name="assess-ministry"),
    path("kunjungan/", visits.visit, name="visit"),
    path("kunjungan/foto/<int:number>/", visits.photo, name="visit-photo"),
]
