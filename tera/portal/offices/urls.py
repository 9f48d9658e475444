"""Addresses of units, under `/unit/`. Those that are words come first; no unit can have one as its slug."""

from django.urls import path

from tera.portal.offices.views import deeds, importing, listing, unit

urlpatterns = [
    path("", listing.units, name="units"),
    path("ekspor/<slug:form>/", listing.export, name="export-units"),
    path("impor/", importing.import_units, name="import-units"),
    path("baru/", deeds.found, name="found-unit"),
    path("gabung/", deeds.merge, name="merge-units"),
    path("<slug:slug>/", unit.unit, name="unit"),
    path("<slug:slug>/ubah/", deeds.change, name="change-unit"),
    path("<slug:slug>/akhiri/", deeds.end, name="end-unit"),
    path("<slug:slug>/pecah/", deeds.split, name="split-unit"),
    path("<slug:slug>/layanan/", deeds.give, name="unit-services"),
]
