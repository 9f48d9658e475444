"""What somebody writes with a deed, and the opinion of the inspectorate."""

from django import forms

from tera.engine.proposal import CORRECTING
from tera.portal.proposals.cases.actions import MOST_NOTE

NATIONAL = ("grant", "deny")
"""The deeds whose note says what the national team decided: its number and date."""
PUBLIC_NOTES = ("propose", "not-propose", *NATIONAL, *CORRECTING)
"""The deeds whose note everybody reads once the decision is announced; who writes one is told so."""


class NoteForm(forms.Form):
    """Why a deed is done; whether it must say so is for the table of deeds."""

    note = forms.CharField(required=False, max_length=MOST_NOTE)


class OpinionForm(forms.Form):
    """For or against a proposal, and why."""

    stand = forms.ChoiceField(choices=(("1", ""), ("0", "")))
    reason = forms.CharField(max_length=MOST_NOTE)
