"""Addresses of what is looked through before a result is verified."""

from django.urls import path

from tera.portal.review import views

urlpatterns = [
    path("wilayah/<slug:slug>/", views.region, name="signals-region"),
    path("wilayah/<slug:slug>/ambang/", views.heaps, name="heaps"),
    path("<slug:code>/tanda/", views.signals, name="signals"),
]
