"""Addresses of one's own account, under `/akun/`. The names are allauth's where the views are."""

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as spare
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect.views import callback
from django.urls import path, re_path

from tera.portal.accounts import views
from tera.portal.accounts.login import SSO

PROVIDER = {"provider_id": SSO}
LINK = r"^sandi/lupa/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$"

urlpatterns = [
    path("", views.mine, name="account"),
    path("perangkat/", views.sessions, name="sessions"),
    path("sandi/", account.password_change, name="account_change_password"),
    path("sandi/baru/", account.password_set, name="account_set_password"),
    path("sandi/lupa/", views.forgotten, name="account_reset_password"),
    path("sandi/lupa/terkirim/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "sandi/lupa/selesai/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(LINK, account.password_reset_from_key, name="account_reset_password_from_key"),
    path("yakin/", account.reauthenticate, name="account_reauthenticate"),
    path("nonaktif/", account.account_inactive, name="account_inactive"),
    path("langkah-dua/", factors.index, name="mfa_index"),
    path("langkah-dua/masuk/", factors.authenticate, name="mfa_authenticate"),
    path("langkah-dua/yakin/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("langkah-dua/aplikasi/", totp.activate_totp, name="mfa_activate_totp"),
    path("langkah-dua/aplikasi/hapus/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("langkah-dua/cadangan/", spare.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("langkah-dua/cadangan/baru/", spare.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("langkah-dua/cadangan/unduh/", spare.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("kunci/", keys.list_webauthn, name="mfa_list_webauthn"),
    path("kunci/tambah/", keys.add_webauthn, name="mfa_add_webauthn"),
    path("kunci/masuk/", keys.login_webauthn, name="mfa_login_webauthn"),
    path("kunci/yakin/", keys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("kunci/<int:pk>/hapus/", keys.remove_webauthn, name="mfa_remove_webauthn"),
    path("kunci/<int:pk>/nama/", keys.edit_webauthn, name="mfa_edit_webauthn"),
    path("sso/", views.sso, PROVIDER, name="openid_connect_login"),
    path("sso/kembali/", callback, PROVIDER, name="openid_connect_callback"),
    path("sso/sambungan/", social.connections, name="socialaccount_connections"),
    path("sso/batal/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("sso/gagal/", social.login_error, name="socialaccount_login_error"),
]
