"""What is sent to cover a word of a comment."""

from django import forms


class MaskForm(forms.Form):
    """Which word of which comment, counted from 0."""

    comment = forms.RegexField("^[0-9a-f]{32}$")
    word = forms.IntegerField(min_value=0)
