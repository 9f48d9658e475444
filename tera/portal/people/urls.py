"""Addresses of accounts, roles and the audit trail."""

from django.urls import path

from tera.portal.people import views

urlpatterns = [
    path("", views.people, name="people"),
    path("baru/", views.new, name="new-person"),
    path("hak/", views.permissions, name="permissions"),
    path("peran-saya/", views.my_roles, name="my-roles"),
    path("peran/<int:pk>/akhiri/", views.end_role, name="end-role"),
    path("jejak/", views.trail, name="trail"),
    path("jejak/jejak.csv", views.trail_csv, name="trail-csv"),
    path("akun/<str:name>/", views.person, name="person"),
    path("akun/<str:name>/tutup/", views.close, name="close-account"),
    path("akun/<str:name>/buka/", views.reopen, name="open-account"),
    path("akun/<str:name>/sandi/", views.password, name="new-password"),
    path("akun/<str:name>/langkah-dua/", views.take_factors_off, name="take-factors-off"),
]
