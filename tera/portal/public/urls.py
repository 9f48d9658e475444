"""Addresses for everybody."""

from django.urls import path

from tera.portal.public import proposal_views, views

urlpatterns = [
    path("", views.landing, name="landing"),
    path("hasil/", views.results, name="public-results"),
    path("hasil/verifikasi/", views.verify, name="verify"),
    path("hasil/usulan/", proposal_views.public_proposals, name="public-proposals"),
    path("hasil/usulan/<slug:slug>/<int:number>/", proposal_views.public_proposal, name="public-proposal"),
    path("hasil/<slug:code>/", views.result, name="public-result"),
    path("hasil/<slug:code>/ketelitian/", views.precision, name="public-precision"),
    path("hasil/<slug:code>/metode/", views.methods, name="public-methods"),
    path("hasil/<slug:code>/metode.json", views.methods_data, name="public-methods-data"),
    path("hasil/<slug:code>/sertifikat.json", views.certificate, name="public-certificate"),
    path(
        "hasil/<slug:code>/sertifikat-<int:number>.json", views.former_certificate, name="former-certificate"
    ),
    path("berita-acara/", views.minutes_start, name="check-minutes-start"),
    path("berita-acara/<str:code>/", views.minutes, name="check-minutes"),
    path("r/", views.receipt, name="receipts"),
    path("r/kode.svg", views.receipt_qr, name="receipt-qr"),
    path("r/<str:code>", views.receipt, name="receipt"),
    path("r/<str:code>/bukti.json", views.proof, name="proof"),
    path("log/<path:path>", views.log, name="log"),
    path("sehat", views.health, name="health"),
]
