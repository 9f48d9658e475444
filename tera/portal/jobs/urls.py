"""Addresses of the jobs that somebody ordered."""

from django.urls import path

from tera.portal.jobs import views

urlpatterns = [
    path("", views.jobs, name="jobs"),
    path("<int:pk>/", views.job, name="job"),
    path("<int:pk>/keadaan/", views.state, name="job-state"),
    path("<int:pk>/berkas/", views.file, name="job-file"),
]
