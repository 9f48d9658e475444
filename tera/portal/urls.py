"""All addresses of the portal."""

from allauth.account.views import login
from django.urls import include, path

from tera.portal.accounts.views import logout
from tera.portal.surveys import views as surveys

urlpatterns = [
    path("", include("tera.portal.public.urls")),
    path("masuk/", login, name="login"),
    path("masuk/", login, name="account_login"),  # allauth's own names for the same
    path("keluar/", logout, name="logout"),
    path("keluar/", logout, name="account_logout"),
    path("akun/", include("tera.portal.accounts.urls")),
    path("bahasa/", include("django.conf.urls.i18n")),
    path("unit/", include("tera.portal.offices.urls")),
    path("survei/", include("tera.portal.surveys.urls")),
    path("survei/", include("tera.portal.invitations.urls")),
    path("laporan/", include("tera.portal.results.urls")),
    path("tinjauan/", include("tera.portal.review.urls")),
    path("usulan/", include("tera.portal.proposals.urls")),
    path("impor/", include("tera.portal.imports.urls")),
    path("tiket/", include("tera.portal.tickets.urls")),
    path("pekerjaan/", include("tera.portal.jobs.urls")),
    path("s/isi.<slug:digest>.js", surveys.script, name="script"),
    path("s/kerja.js", surveys.worker, name="worker"),
    path("s/<slug:code>", surveys.no_campaign, name="answer"),
    path("s/<slug:code>/<slug:language>", surveys.no_campaign, name="answer-in"),
    path("orang/", include("tera.portal.people.urls")),
    path("kuesioner/", include("tera.portal.questionnaires.urls")),
    path("demo/", include("tera.portal.demo.urls")),
]
