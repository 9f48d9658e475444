"""Addresses of the lists, under `/usulan/daftar/`."""

from django.urls import path

from tera.portal.proposals.listing import views

urlpatterns = [
    path("<slug:slug>/", views.eligible, name="eligible"),
    path("<slug:slug>/daftar.xlsx", views.eligible_file, name="eligible-file"),
    path("<slug:slug>/daftar.pdf", views.eligible_pdf, name="eligible-pdf"),
    path("<slug:slug>/daftar.docx", views.eligible_docx, name="eligible-docx"),
]
