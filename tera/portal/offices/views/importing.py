"""The import of units: a file, what it would change, and the change."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tera.portal.accounts.models import User
from tera.portal.accounts.queries import signed_in
from tera.portal.offices import actions
from tera.portal.offices.exchange.plan import Plan
from tera.portal.offices.exchange.planning import plan_of
from tera.portal.offices.forms.upload import ConfirmForm, UploadForm, carried
from tera.portal.offices.present import show_beginnings, show_changes
from tera.portal.offices.queries import load_tree, reach_of
from tera.portal.offices.wording import told
from tera.portal.units.actions import CannotReorganise
from tera.portal.units.models import UnitKind
from tera.recount.export import delimited

MOST_SHOWN = 300


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def import_units(request: HttpRequest) -> HttpResponse:
    """Take a file, show what it would change, and change it when that is confirmed."""
    user, today = signed_in(request), timezone.localdate()
    actions.holding(user)
    if request.method != "POST":
        return _ask(request, UploadForm())
    if "content" not in request.POST:
        form = UploadForm(request.POST, request.FILES)
        return _preview(request, user, form.content()) if form.is_valid() else _ask(request, form, 400)
    again = ConfirmForm(request.POST)
    if not again.is_valid():
        return _ask(request, UploadForm(), 400)
    content: bytes = again.cleaned_data["content"]
    if "laporan" in request.POST:
        return _report(plan_of(content, load_tree(), today, reach_of(user, today)))
    done = _carry_out(content, again.cleaned_data["fingerprint"], user, today)
    if done is None:
        return _preview(request, user, content, has_changed=True)
    messages.success(request, _counted(done))
    return redirect("units")


def _carry_out(content: bytes, fingerprint: str, user: User, today: date) -> Plan | None:
    """Do what was previewed and return it; None where the tree has changed meanwhile."""
    try:
        with transaction.atomic():
            plan = plan_of(content, load_tree(), today, reach_of(user, today))
            if plan.findings or plan.fingerprint != fingerprint:
                return None
            actions.import_units(plan, user, today)
    except (CannotReorganise, IntegrityError):  # somebody else was at it in the same moment
        return None
    return plan


def _ask(request: HttpRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "kinds": UnitKind.choices}
    return render(request, "offices/upload.html", context, status=status)


def _preview(request: HttpRequest, user: User, content: bytes, *, has_changed: bool = False) -> HttpResponse:
    tree, today = load_tree(), timezone.localdate()
    plan = plan_of(content, tree, today, reach_of(user, today))
    rows = {finding.row for finding in plan.findings}
    context = {
        "plan": plan,
        "carried": carried(content) if plan.is_carried else "",
        "findings": [told(finding) for finding in plan.findings[:MOST_SHOWN]],
        "refused": len(rows),
        "beginnings": show_beginnings(plan.beginnings[:MOST_SHOWN]),
        "changes": show_changes(plan.changes[:MOST_SHOWN], tree),
        "most": MOST_SHOWN,
        "has_changed": has_changed,
    }
    return render(request, "offices/preview.html", context, status=400 if plan.findings else 200)


def _counted(plan: Plan) -> str:
    begun, changed = len(plan.beginnings), len(plan.changes)
    parts = [
        ngettext("%(n)s unit baru", "%(n)s unit baru", begun) % {"n": begun},
        ngettext("%(n)s unit berubah", "%(n)s unit berubah", changed) % {"n": changed},
        ngettext("%(n)s unit tetap", "%(n)s unit tetap", plan.unchanged) % {"n": plan.unchanged},
    ]
    return _("Impor selesai: %(parts)s.") % {"parts": ", ".join(parts)}


def _report(plan: Plan) -> HttpResponse:
    """Hand over all findings as a table; a value that a spreadsheet would calculate is written as text."""
    header = (_("Baris"), _("Kolom"), _("Isi"), _("Yang salah"), _("Yang boleh"))
    findings = map(told, plan.findings)
    lines = [(each.row or "", each.column, each.value, each.problem, each.allowed) for each in findings]
    headers = {"Content-Disposition": 'attachment; filename="laporan-impor-unit.csv"'}
    content = delimited.text([header, *lines]).encode("utf-8-sig")
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)
