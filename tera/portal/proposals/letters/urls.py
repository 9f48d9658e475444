"""Addresses of letters, under `/usulan/surat/`."""

from django.urls import path

from tera.portal.proposals.letters import views, writing

urlpatterns = [
    path("lihat/<int:pk>/", views.letter, name="letter"),
    path("lihat/<int:pk>/surat.pdf", views.letter_pdf, name="letter-pdf"),
    path("lihat/<int:pk>/surat.docx", views.letter_docx, name="letter-docx"),
    path("lihat/<int:pk>/batal/", views.void_letter, name="void-letter"),
    path("<slug:slug>/", views.letters, name="letters"),
    path("<slug:slug>/tulis/<str:kind>/", writing.write_letter, name="write-letter"),
    path("<slug:slug>/naskah/<str:kind>/", writing.letter_template, name="letter-template"),
]
