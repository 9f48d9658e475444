"""What each address of the portal asks for. An address without a row fails the tests."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

READ, FORM, POST = ("GET", "HEAD"), ("GET", "HEAD", "POST"), ("POST",)
ANYBODY, SOMEBODY = "anybody", "somebody"  # without logging in; whoever logged in


@dataclass(frozen=True, slots=True)
class Row:
    """One address.

    Attributes:
        asks: the id of a permission, or ANYBODY, or SOMEBODY.
        about: what its address names: a unit, campaign, meeting, schedule, job, role, person; "" for nothing.
        methods: those that it answers.
        somewhere: that the permission is needed for any unit at all, and the page shows what it reaches.
        passes: with what it answers those who may, whatever the world of the matrix holds.
        asks_to_post: the id of the permission to POST, where that is another.
    """

    asks: str
    about: str = ""
    methods: Sequence[str] = READ
    somewhere: bool = False
    passes: Sequence[int] = (200, 302, 400)
    asks_to_post: str = ""


UNIT, CAMPAIGN, NOTHING = "unit", "campaign", (404,)
ROWS = {
    # Everybody: results, receipts, the ledger, answering, logging in.
    **dict.fromkeys(("landing", "public-results", "verify", "receipts", "health"), Row(ANYBODY)),
    "public-proposals": Row(ANYBODY),
    "public-proposal": Row(ANYBODY, UNIT, passes=NOTHING),
    "receipt-qr": Row(ANYBODY, passes=(200, 400, 404)),
    **dict.fromkeys(
        (
            *("public-result", "public-precision", "public-methods", "public-methods-data"),
            "public-certificate",
            "former-certificate",
        ),
        Row(ANYBODY, CAMPAIGN, passes=NOTHING),
    ),
    **dict.fromkeys(("receipt", "proof", "log"), Row(ANYBODY, passes=(200, 400, 404))),
    **dict.fromkeys(("script", "worker"), Row(ANYBODY)),
    **dict.fromkeys(("answer", "answer-in"), Row(ANYBODY, CAMPAIGN, FORM, passes=NOTHING)),
    # Units.
    "units": Row("see-units", somewhere=True),
    "export-units": Row("see-units", somewhere=True),
    "unit": Row("see-units", UNIT),
    "import-units": Row("reorganise", methods=FORM, somewhere=True),
    "found-unit": Row("reorganise", methods=FORM, somewhere=True),
    "merge-units": Row("reorganise", methods=FORM, somewhere=True),
    **dict.fromkeys(("change-unit", "end-unit", "split-unit"), Row("reorganise", UNIT, FORM)),
    "unit-services": Row("edit-services", UNIT, FORM),
    # Surveys.
    **dict.fromkeys(("home", "surveys"), Row(SOMEBODY)),
    "open-campaign": Row("open-survey", UNIT, FORM),
    "open-below": Row("open-surveys-below", UNIT, FORM),
    "end-schedule": Row("open-survey", "schedule", POST),
    "calendar": Row("see-surveys", UNIT),
    "campaign": Row("see-surveys", CAMPAIGN),
    "extend": Row("extend-survey", CAMPAIGN, FORM),
    **dict.fromkeys(("invitations", "poster"), Row("see-surveys", CAMPAIGN)),
    "logo": Row("invite", CAMPAIGN, POST),  # whoever sees the survey may GET it: there is none here
    "send-invitations": Row("invite", CAMPAIGN, POST),
    "demo-fill": Row("open-survey", CAMPAIGN, POST),  # in a demo, which this one is
    **dict.fromkeys(("questionnaires", "preview", "compare"), Row(SOMEBODY)),
    # Results.
    **dict.fromkeys(("region", "eligible"), Row("compare-units", UNIT)),
    **dict.fromkeys(("eligible-file", "eligible-pdf", "eligible-docx"), Row("compare-units", UNIT)),
    "result": Row("see-results", CAMPAIGN),
    "certify": Row("certify", CAMPAIGN, POST),
    "correct": Row("certify", CAMPAIGN, FORM),
    "precision": Row("see-results", CAMPAIGN),
    "methods": Row("see-results", CAMPAIGN),
    "fill-methods": Row("fill-methods", CAMPAIGN, FORM),
    "answers-csv": Row("export-answers", CAMPAIGN, passes=(200, 404)),  # fewer than k are not exported
    "export": Row("export-answers", CAMPAIGN, FORM),
    "audit-bundle": Row("audit-bundle", CAMPAIGN, POST),
    # Proposals: which criteria of a title a unit meets.
    "eligibility": Row("see-proposals", UNIT),
    # Signals.
    "signals": Row("see-signals", CAMPAIGN),
    "signals-region": Row("compare-units", UNIT),
    "heaps": Row("see-heaps", UNIT),
    # Checks, visits and call-backs.
    "checks": Row("see-dossier", CAMPAIGN),
    **{
        f"assess-{layer}": Row(f"assess-{layer}", CAMPAIGN, FORM)
        for layer in ("unit", "region", "inspectorate", "ministry")
    },
    "visit": Row("visit-unit", CAMPAIGN, FORM),
    "visit-photo": Row("see-dossier", CAMPAIGN, passes=NOTHING),  # no visit has a photo yet
    **dict.fromkeys(("visit-script", "visit-worker"), Row(ANYBODY)),
    "calls": Row("call-back", CAMPAIGN, FORM),
    "dossier": Row("see-dossier", CAMPAIGN),
    "comments": Row("see-dossier", CAMPAIGN, FORM, asks_to_post="mask-comments"),
    # Questions to a unit, its survey sent in again, and what should not count.
    "questions": Row("see-dossier", CAMPAIGN),
    "ask-unit": Row("ask-unit", CAMPAIGN, FORM),
    "answer-questions": Row("answer-questions", CAMPAIGN, FORM),
    "resubmit": Row("resubmit", CAMPAIGN, FORM),
    "exclusions": Row("see-dossier", CAMPAIGN, FORM, asks_to_post="exclude-responses"),
    # Minutes: none are in the world of the matrix; tests/portal/test_minutes.py tells of them.
    **dict.fromkeys(
        ("minutes", "minutes-pdf", "minutes-document"), Row("see-meetings", "meeting", passes=NOTHING)
    ),
    "sign-minutes": Row("sign-minutes", "meeting", FORM, passes=NOTHING),
    "unit-minutes": Row("see-dossier", CAMPAIGN, FORM, passes=NOTHING, asks_to_post="sign-for-unit"),
    "unit-minutes-pdf": Row("see-dossier", CAMPAIGN, passes=NOTHING),
    "check-minutes": Row(ANYBODY, passes=NOTHING),
    "check-minutes-start": Row(ANYBODY),
    # Meetings.
    "meetings": Row("see-meetings", UNIT, FORM, asks_to_post="hold-meetings"),
    "meeting": Row("see-meetings", "meeting", FORM, asks_to_post="hold-meetings"),
    "meeting-item": Row("see-meetings", "meeting", FORM, asks_to_post="hold-meetings"),
    "meeting-screen": Row("see-meetings", "meeting"),
    "meeting-now": Row("see-meetings", "meeting"),
    # Proposals: cases.
    "proposals": Row(SOMEBODY),
    "begin-proposal": Row("begin-proposal", UNIT, POST),
    "proposal": Row("see-proposals", "case"),
    "act-on-proposal": Row("see-proposals", "case", POST),  # and what the deed asks for
    "announce-proposal": Row("decide-proposal", "case", POST),
    "give-opinion": Row("score-inspectorate", "case", POST),
    "score-proposal": Row("score-unit", "case", FORM),  # the address of the unit's own; each layer its own
    "proposal-evidence": Row("see-proposals", "case", passes=NOTHING),  # no proposal has a file yet
    # Letters: the one in the world of the matrix is empty; tests/portal/test_letters.py tells of others.
    "letters": Row("see-proposals", UNIT),
    **dict.fromkeys(("write-letter", "letter-template"), Row("write-letters", UNIT, FORM)),
    **dict.fromkeys(("letter", "letter-pdf", "letter-docx"), Row("see-proposals", "letter", passes=NOTHING)),
    "void-letter": Row("write-letters", "letter", POST, passes=NOTHING),
    "import": Row("import-answers", UNIT, FORM),
    **dict.fromkeys(("import-columns", "import-check"), Row("import-answers", UNIT, FORM, passes=NOTHING)),
    "tickets": Row("see-surveys", UNIT),
    "issue-tickets": Row("issue-tickets", UNIT, POST),
    # Jobs belong to who ordered them.
    "jobs": Row(SOMEBODY),
    **dict.fromkeys(("job", "job-state"), Row(SOMEBODY, "job")),
    "job-file": Row(SOMEBODY, "job", passes=NOTHING),
    # People.
    "people": Row("see-accounts", somewhere=True),
    "permissions": Row("see-accounts", somewhere=True),
    "new-person": Row("give-roles", methods=FORM, somewhere=True),
    "person": Row("see-accounts", "person", FORM, asks_to_post="give-roles"),
    **dict.fromkeys(
        ("new-password", "take-factors-off", "close-account", "open-account"),
        Row("give-roles", "person", POST),
    ),
    "end-role": Row("give-roles", "role", POST),
    "my-roles": Row(SOMEBODY, methods=FORM),
    "trail": Row("see-trail", somewhere=True),
    "trail-csv": Row("see-trail", somewhere=True),
}
# Logging in and what secures one's own account: allauth's pages, of which tests/portal/test_login.py tells.
# They name no unit, campaign or person: whatever is sent there is about the one who sends it.
OWN = {
    *("login", "account_login", "logout", "account_logout", "account", "sessions", "set_language"),
    *("account_change_password", "account_set_password", "account_reset_password", "account_reauthenticate"),
    *("account_reset_password_done", "account_reset_password_from_key", "account_inactive"),
    *("account_reset_password_from_key_done", "mfa_index", "mfa_authenticate", "mfa_reauthenticate"),
    *("mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_list_webauthn"),
    *("mfa_generate_recovery_codes", "mfa_download_recovery_codes", "mfa_add_webauthn"),
    *("mfa_login_webauthn", "mfa_reauthenticate_webauthn", "mfa_remove_webauthn", "mfa_edit_webauthn"),
    *("openid_connect_login", "openid_connect_callback", "socialaccount_connections"),
    *("socialaccount_login_cancelled", "socialaccount_login_error"),
}


def addresses() -> Iterator[tuple[str, URLPattern]]:
    """Yield every address of the portal with its name."""
    todo = [*get_resolver().url_patterns]
    while todo:
        found = todo.pop()
        if isinstance(found, URLResolver):
            todo += found.url_patterns
        else:
            yield str(found.name), found
