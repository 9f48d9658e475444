"""What every page knows about the installation."""

from django.conf import settings
from django.http import HttpRequest

from tera import __version__


def installation(request: HttpRequest) -> dict[str, object]:
    """Return whether this is a demo, and the version that static files are asked for with."""
    return {"is_demo": settings.IS_DEMO, "version": __version__}
