"""Addresses of proposals, under `/usulan/`."""

from django.urls import include, path

urlpatterns = [
    path("daftar/", include("tera.portal.proposals.listing.urls")),
    path("surat/", include("tera.portal.proposals.letters.urls")),
    path("unit/", include("tera.portal.proposals.eligibility.urls")),
    path("", include("tera.portal.proposals.cases.urls")),
]
