"""`{% say %}`: a text in the language of the respondents' page, as `tera/instruments/languages` has it."""

from django import template
from django.template.context import Context

from tera.portal.surveys.page import Page

register = template.Library()


@register.simple_tag(takes_context=True)
def say(context: Context, text: str, **values: object) -> str:
    """Show a text, with values in their places."""
    page: Page = context["page"]
    return page.wording.say(text, **values)
