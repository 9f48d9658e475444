"""Addresses of what invites people to answer."""

from django.urls import path

from tera.portal.invitations import views

urlpatterns = [
    path("<slug:code>/undangan/", views.invitations, name="invitations"),
    path("<slug:code>/undangan/poster.pdf", views.poster, name="poster"),
    path("<slug:code>/undangan/logo/", views.logo, name="logo"),
    path("<slug:code>/undangan/kirim/", views.send, name="send-invitations"),
]
