"""What somebody writes with a deed, and the opinion of the inspectorate."""

from django import forms

from tera.portal.proposals.cases.actions import MOST_NOTE


class NoteForm(forms.Form):
    """Why a deed is done; whether it must say so is for the table of deeds."""

    note = forms.CharField(required=False, max_length=MOST_NOTE)


class OpinionForm(forms.Form):
    """For or against a proposal, and why."""

    stand = forms.ChoiceField(choices=(("1", ""), ("0", "")))
    reason = forms.CharField(max_length=MOST_NOTE)
