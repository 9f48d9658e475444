"""A new installation begins with its top unit and an administrator, once."""

import os
import subprocess
import sys
from pathlib import Path

from tests.homes import installed

LOOK = """
import sys
import django
django.setup()
from django.test import Client
from tera.portal.accounts.models import User
admin = User.objects.get(username="adi")
[unit] = admin.units_held("give-roles")
print(unit.slug, admin.must_have_second_factor(), admin.has_usable_password())
page = Client().get(sys.argv[1], follow=True, headers={"host": "localhost"})
print(page.status_code, 'name="password1"' in page.content.decode())
"""
BEGIN = ("begin", "--unit", "kemenkumham", "--name", "Kementerian Hukum", "--admin", "adi")


def environment(home: Path) -> dict[str, str]:
    settings = {"TERA_HOME": str(home), "TERA_DATABASE_URL": "", "TERA_DEMO": ""}
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "tera.portal.settings", **settings}


def tera(home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "tera", *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, env=environment(home))


def test_the_first_administrator_sets_a_password_by_the_link_that_is_printed(tmp_path: Path) -> None:
    begun = tera(tmp_path, *BEGIN)
    assert begun.returncode == 0, begun.stderr
    link = begun.stdout.split()[-1]
    assert link.startswith("/akun/sandi/lupa/")
    command = [sys.executable, "-c", LOOK, link]
    seen = subprocess.run(command, check=True, capture_output=True, text=True, env=environment(tmp_path))
    assert seen.stdout == "kemenkumham True False\n200 True\n"
    again = tera(tmp_path, *BEGIN)
    assert again.returncode == 2
    assert "has an administrator already" in again.stderr


def test_what_cannot_be_is_told_in_a_line_and_nothing_is_made(tmp_path: Path) -> None:
    home = installed(tmp_path)
    for wrong, says in (("--kind", "not a valid choice"), ("--unit", "slug"), ("--admin", "valid username")):
        arguments = [*BEGIN, wrong, "ini salah!"]
        refused = tera(home, *arguments)
        assert refused.returncode == 2
        assert says in refused.stderr
        assert refused.stderr.count("\n") == 1
    assert tera(home, *BEGIN).returncode == 0


def test_cookies_go_over_tls_alone_once_a_host_of_the_outside_is_named(tmp_path: Path) -> None:
    names = "SESSION_COOKIE_SECURE, CSRF_COOKIE_SECURE, SECURE_HSTS_SECONDS > 0"
    ask = f"from tera.portal.settings import *; print({names})"
    said = {}
    for hosts in ("localhost,127.0.0.1", "survei.contoh.go.id"):
        settings = {**environment(tmp_path), "TERA_ALLOWED_HOSTS": hosts}
        command = [sys.executable, "-c", ask]
        said[hosts] = subprocess.run(command, check=True, capture_output=True, text=True, env=settings).stdout
    assert list(said.values()) == ["False False False\n", "True True True\n"]
