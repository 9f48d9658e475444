"""The log and the audit bundles of a demo that the program itself grew, sealed, certified and published.

`enter` comes before this module is imported, which needs the settings.
"""

import io
import zipfile
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings

from tera.cli.installation import prepare
from tera.intake.exporting import list_held
from tera.portal.accounts.models import User
from tera.portal.demo import actions as demo
from tera.portal.ledger.publishing import publish_installation
from tera.portal.results import actions as results
from tera.portal.results import bundle
from tera.portal.results.correcting.actions import correct
from tera.portal.results.models import Reason
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit
from tests.portal.deciding import verify
from tests.verifier import ledgers

Files = dict[str, bytes]
AT = datetime(2026, 11, 24, 3, tzinfo=UTC)
EXCLUDED = {"kanim-sambas-2026-1": 3, "lapas-pontianak-2026-1": 14}
LATE = 30
CAMPAIGNS = (*EXCLUDED, "kanim-ketapang-2026-1", "bapas-pontianak-2026-2", "sekadau-2019-s1", "demo")


def grow() -> tuple[Files, list[Files]]:
    """Grow a demo with the keys of the other ledgers, and return the files of its log and of its bundles."""
    for path, key in ((settings.LOG_KEY, ledgers.LOG), (settings.RECEIPT_KEY, ledgers.RECEIPTS)):
        path.write_bytes(_pem(key))
    prepare()
    demo.grow(AT)
    for code, count in EXCLUDED.items():
        _certify_without(code, count)
    _correct("lapas-pontianak-2026-1", LATE)
    publish_installation()
    bundles = []
    for code in CAMPAIGNS:
        stream = io.BytesIO()
        bundle.write(Campaign.objects.select_related("unit").get(code=code), stream)
        with zipfile.ZipFile(stream) as opened:
            bundles.append({name: opened.read(name) for name in opened.namelist()})
    return {name: content for name, content in bundles[0].items() if name.startswith("log/")}, bundles


def _certify_without(code: str, count: int) -> None:
    """Exclude so many responses of a campaign by two offices, name two controls, and certify the rest."""
    ratna, irma = (User.objects.get(username=name) for name in ("ratna", "irma"))
    campaign = Campaign.objects.select_related("unit__parent").get(code=code)
    names = [name for _, (name, _, _) in list_held(settings.INTAKE, code)]
    _exclude(campaign, names[:count])
    itjen = Unit.objects.get(slug="itjen")
    results.reveal_controls(campaign, names[count : count + 2], by=irma, office=itjen)
    verify(campaign)
    results.certify(campaign, by=ratna, at=AT)


def _correct(code: str, count: int) -> None:
    """Exclude so many responses more of a certified campaign, and correct its result."""
    campaign = Campaign.objects.select_related("unit__parent").get(code=code)
    _exclude(campaign, [name for _, (name, _, _) in list_held(settings.INTAKE, code)][-count:])
    correct(campaign, "Petugas mengisi sendiri.", by=User.objects.get(username="ratna"), at=AT)


def _exclude(campaign: Campaign, names: list[bytes]) -> None:
    ratna, irma = (User.objects.get(username=name) for name in ("ratna", "irma"))
    kanwil, itjen = (Unit.objects.get(slug=slug) for slug in ("kanwil-kalbar", "itjen"))
    reasons = {name: list(Reason)[place % len(Reason)] for place, name in enumerate(names)}
    proposed = results.propose_exclusion(campaign, reasons, by=ratna, office=kanwil)
    results.confirm_exclusion(proposed, by=irma, office=itjen)


def _pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
