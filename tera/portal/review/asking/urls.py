"""Addresses."""

from django.urls import path

from tera.portal.review.asking import views

urlpatterns = [
    path("pertanyaan/", views.questions, name="questions"),
    path("pertanyaan/ajukan/", views.ask_unit, name="ask-unit"),
    path("pertanyaan/jawab/", views.answer_questions, name="answer-questions"),
    path("kirim-ulang/", views.resubmit, name="resubmit"),
]
