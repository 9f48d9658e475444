"""All addresses of the portal."""

from django.contrib.auth import views as auth
from django.urls import include, path

from tera.portal.surveys import views as surveys

urlpatterns = [
    path("", include("tera.portal.public.urls")),
    path("masuk/", auth.LoginView.as_view(template_name="accounts/login.html"), name="login"),
    path("keluar/", auth.LogoutView.as_view(), name="logout"),
    path("bahasa/", include("django.conf.urls.i18n")),
    path("survei/", include("tera.portal.surveys.urls")),
    path("survei/", include("tera.portal.invitations.urls")),
    path("laporan/", include("tera.portal.results.urls")),
    path("tiket/", include("tera.portal.tickets.urls")),
    path("s/isi.<slug:digest>.js", surveys.script, name="script"),
    path("s/kerja.js", surveys.worker, name="worker"),
    path("s/<slug:code>", surveys.no_campaign, name="answer"),
    path("s/<slug:code>/<slug:language>", surveys.no_campaign, name="answer-in"),
    path("demo/", include("tera.portal.demo.urls")),
]
