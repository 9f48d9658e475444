"""Addresses of minutes, under `/tinjauan/rapat/`."""

from django.urls import path

from tera.portal.review.minutes import views

urlpatterns = [
    path("<int:pk>/berita-acara/", views.minutes, name="minutes"),
    path("<int:pk>/berita-acara.pdf", views.minutes_pdf, name="minutes-pdf"),
    path("<int:pk>/berita-acara.json", views.minutes_document, name="minutes-document"),
    path("<int:pk>/tanda-tangan/", views.sign_minutes, name="sign-minutes"),
]
