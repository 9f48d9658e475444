"""What layers are called on a page."""

from django.utils.translation import gettext_lazy as _

from tera.portal.review.models.checks import Layer

LAYERS = {
    Layer.UNIT: _("Unit"),
    Layer.REGION: _("Kantor wilayah"),
    Layer.INSPECTORATE: _("Inspektorat"),
    Layer.MINISTRY: _("Kementerian"),
}


def layer_name(layer: str) -> str:
    """Return what a layer is called in the language of the page."""
    return str(LAYERS[Layer(layer)])
