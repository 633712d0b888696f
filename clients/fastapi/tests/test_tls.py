"""An auth server over https: its certificate is verified, by certifi's authorities or by `ssl_context`."""

import ssl
from datetime import datetime, timedelta, timezone
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

from auth_service_fastapi import AuthService

from .support.fake_auth import fake_auth, signed_in
from .support.in_process import request, run
from .support.served import create_production_api


def self_signed(folder: Path) -> Path:
    """A file with a certificate for 127.0.0.1 and its key."""
    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "auth")])
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    pem = serialization.Encoding.PEM
    file = folder / "auth.pem"
    file.write_bytes(
        certificate.public_bytes(pem)
        + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return file


def test_a_certificate_is_accepted_only_from_a_known_authority(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))  # settings of the environment are ignored
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    with fake_auth(lambda _: signed_in(), server) as auth:
        unknown = create_production_api(AuthService(auth.url))
        refused = run(lambda: request(unknown))
        assert (refused.status, refused.json()["reason"]) == (503, "auth_unreachable")
        assert auth.requests == []
        known = create_production_api(
            AuthService(auth.url, ssl_context=ssl.create_default_context(cafile=str(file)))
        )
        assert run(lambda: request(known)).status == 200
        assert len(auth.requests) == 1
