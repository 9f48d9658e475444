"""Addresses of results for those who may see them before they are published."""

from django.urls import path

from tera.portal.results import views
from tera.portal.results.correcting import views as correcting
from tera.portal.results.methods import views as methods

urlpatterns = [
    path("wilayah/<slug:slug>/", views.region, name="region"),
    path("<slug:code>/", views.result, name="result"),
    path("<slug:code>/ketelitian/", views.precision, name="precision"),
    path("<slug:code>/sahkan/", views.certify, name="certify"),
    path("<slug:code>/koreksi/", correcting.correct, name="correct"),
    path("<slug:code>/metode/", methods.sheet, name="methods"),
    path("<slug:code>/metode/isi/", methods.fill, name="fill-methods"),
    path("<slug:code>/jawaban.csv", views.answers_csv, name="answers-csv"),
    path("<slug:code>/unduh/", views.export, name="export"),
    path("<slug:code>/unduh/audit/", views.audit, name="audit-bundle"),
]
