"""Addresses of what is looked through before a result is verified."""

from django.urls import include, path

from tera.portal.review import views
from tera.portal.review.checks.visits import views as visits

urlpatterns = [
    path("wilayah/<slug:slug>/", views.region, name="signals-region"),
    path("wilayah/<slug:slug>/ambang/", views.heaps, name="heaps"),
    path("kunjungan.<slug:digest>.js", visits.script, name="visit-script"),
    path("kerja.js", visits.worker, name="visit-worker"),
    path("rapat/", include("tera.portal.review.meetings.urls")),
    path("rapat/", include("tera.portal.review.minutes.urls")),
    path("rapat/", include("tera.portal.review.screen.urls")),
    path("<slug:code>/tanda/", views.signals, name="signals"),
    path("<slug:code>/", include("tera.portal.review.dossier.urls")),
    path("<slug:code>/", include("tera.portal.review.checks.urls")),
    path("<slug:code>/", include("tera.portal.review.calls.urls")),
    path("<slug:code>/", include("tera.portal.review.asking.urls")),
    path("<slug:code>/", include("tera.portal.review.exclusions.urls")),
    path("<slug:code>/", include("tera.portal.review.minutes.unit_urls")),
]
