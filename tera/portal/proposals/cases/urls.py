"""Addresses of the pages of proposals."""

from django.urls import path

from tera.portal.proposals.cases import entering, views

urlpatterns = [
    path("", views.proposals, name="proposals"),
    path("mulai/<slug:slug>/", views.begin, name="begin-proposal"),
    path("<int:pk>/", views.proposal, name="proposal"),
    path("<int:pk>/langkah/", views.act, name="act-on-proposal"),
    path("<int:pk>/umumkan/", views.announce, name="announce-proposal"),
    path("<int:pk>/pendapat/", entering.opinion, name="give-opinion"),
    path("<int:pk>/nilai/<str:layer>/", entering.score, name="score-proposal"),
    path("<int:pk>/bukti/<int:number>/", entering.evidence, name="proposal-evidence"),
]
