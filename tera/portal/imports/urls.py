"""Addresses of the import of old answers."""

from django.urls import path

from tera.portal.imports import views

urlpatterns = [
    path("<slug:slug>/", views.start, name="import"),
    path("<slug:slug>/<str:token>/", views.columns, name="import-columns"),
    path("<slug:slug>/<str:token>/periksa/", views.check, name="import-check"),
]
