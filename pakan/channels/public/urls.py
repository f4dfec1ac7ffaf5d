"""Addresses of the public channel: open to anyone, and the ways in of employers and staff."""

from django.urls import path

from pakan.channels.public.pages import (
    check,
    facilities,
    health,
    password,
    service,
    sign_in,
    start,
    verifier,
    verify,
    ways_in,
)

app_name = "public"
urlpatterns = [
    path("", start.home, name="home"),
    path("language/", start.language, name="language"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/second/", sign_in.second, name="second"),
    path("sign-in/authenticator/", sign_in.enrol_totp, name="enrol_totp"),
    path("sign-in/passkey/options/", sign_in.passkey_options, name="passkey_options"),
    path("sign-in/passkey/", sign_in.passkey_check, name="passkey_check"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("ways-in/", ways_in.ways_in, name="ways_in"),
    path("ways-in/prove/", ways_in.prove, name="prove"),
    path("ways-in/end/", ways_in.end, name="end_sign_in"),
    path("ways-in/passkey/options/", ways_in.new_options, name="passkey_new_options"),
    path("ways-in/passkey/new/", ways_in.new_passkey, name="passkey_new"),
    path("ways-in/passkey/drop/", ways_in.drop, name="passkey_drop"),
    path("ways-in/password/", password.password, name="password"),
    path("check/", check.ask, name="check"),
    path("check/<str:number>/", check.answer, name="check_number"),
    path("verify/", verify.verify, name="verify"),
    path("keys.json", verify.keys, name="keys"),
    path("keys.cose", verifier.keys_file, name="keys_file"),
    path("revoked.cose", verifier.revoked_file, name="revoked_file"),
    path("verifier/", verifier.page, name="verifier"),
    path("verifier/worker.js", verifier.worker, name="verifier_worker"),
    path("verifier/manifest.webmanifest", verifier.manifest, name="verifier_manifest"),
    path("verifier/served/", verifier.served, name="served"),
    path("facilities/", facilities.facilities, name="facilities"),
    path("facilities/<slug:province>/", facilities.province, name="province"),
    path("emergency/", facilities.emergency, name="emergency"),
    path("service/", service.service, name="service"),
    path("health", health.health, name="health"),
]
