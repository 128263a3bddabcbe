"""A certificate that nobody vouches for is no certificate."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.chaos.server import stop_listening

VEILLE = Path(sys.executable).with_name("veille")

CONFIGURATION = """\
contact = "https://veille.example/about"
database = "veille.db"
catalogue = "outlets.toml"
[network]
pace_seconds = 0
allow = ["127.0.0.0/8"]
"""
CATALOGUE = """\
[[outlet]]
id = "a"
name = "A"
home = "https://127.0.0.1:{port}/"
policy = "probe"
feeds = [{{url = "https://127.0.0.1:{port}/feed.xml"}}]
"""


#: Seconds for a handshake, on the slowest machine.
LONGEST = 60


def self_signed(folder: Path) -> Path:
    """A key and a certificate of its own making for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = folder / "server.pem"
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return path


def test_a_server_with_a_certificate_of_its_own_making_is_not_talked_to(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    connections: list[str] = []
    requests: list[bytes] = []

    def serve(listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connections.append("tcp")
            connection.settimeout(LONGEST)  # a stranger may come and say nothing
            try:
                with context.wrap_socket(connection, server_side=True) as secure:
                    requests.append(secure.recv(65536))
            except OSError:
                continue

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        port = listener.getsockname()[1]
        (tmp_path / "veille.toml").write_text(CONFIGURATION)
        (tmp_path / "outlets.toml").write_text(CATALOGUE.format(port=port))
        done = subprocess.run(
            [str(VEILLE), "--config", str(tmp_path / "veille.toml"), "crawl"],
            capture_output=True,
            text=True,
            check=False,
        )
        stop_listening(listener, thread)
    assert done.returncode == 3
    assert "robots.txt unreachable" in done.stderr
    assert connections
    assert [request for request in requests if request] == []
