"""How a form asks for a day."""

from django import forms


class Day(forms.DateInput):
    """Asks for a day with the calendar of the browser."""

    input_type = "date"

    def __init__(self) -> None:
        """Write days as browsers read them."""
        super().__init__(format="%Y-%m-%d")
