"""Network address used by rate limits: that of the client, never one that the client sends."""

import pytest
from django.test import RequestFactory

from participation.socle.http.requete import adresse_client


def adresse(remote: str, transmise: str | None = None) -> str:
    entetes = {} if transmise is None else {"HTTP_X_FORWARDED_FOR": transmise}
    return adresse_client(RequestFactory().get("/", REMOTE_ADDR=remote, **entetes))


def test_without_proxy_the_header_is_ignored(settings):
    settings.TRUSTED_PROXIES = []
    assert adresse("203.0.113.9", "198.51.100.1") == "203.0.113.9"


def test_an_unknown_peer_cannot_speak_for_somebody_else(settings):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    assert adresse("203.0.113.9", "198.51.100.1") == "203.0.113.9"


@pytest.mark.parametrize(
    ("transmise", "attendue"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("6.6.6.6, 198.51.100.1", "198.51.100.1"),  # the left part was sent by the client
        ("6.6.6.6, 198.51.100.1, 10.2.0.1", "198.51.100.1"),  # two of our proxies
        ("2001:db8::1", "2001:db8::1"),
        ("::ffff:198.51.100.1", "198.51.100.1"),
        (None, "10.0.0.7"),
        ("", "10.0.0.7"),
        ("10.2.0.1", "10.0.0.7"),
        ("198.51.100.1, n’importe quoi", "10.0.0.7"),
        ("<script>", "10.0.0.7"),
    ],
)
def test_a_trusted_proxy_names_the_client_from_the_right(settings, transmise, attendue):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    assert adresse("10.0.0.7", transmise) == attendue


def test_a_socket_without_address_is_not_a_crash(settings):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    assert adresse("", "198.51.100.1") == ""
