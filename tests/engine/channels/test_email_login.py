"""Encryption and login: nothing is sent in plain that was not meant to be, and no password is shown."""

from __future__ import annotations

import base64
import socket
from pathlib import Path

import pytest

from tests.engine.channels.sending import PASSWORD, send, states
from tests.smtp import HOST, Certificates, MailServer, Manners


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates.made_in(tmp_path_factory.mktemp("certificates"))


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("way", ["PLAIN", "LOGIN"])
def test_it_logs_in_over_an_encrypted_connection(certificates: Certificates, security: str, way: str) -> None:
    manners = Manners(security=security, login=("deploy", PASSWORD), login_required=True, login_ways=(way,))
    with MailServer(manners, certificates) as server:
        result = send(server, {"MAIL_PASSWORD": PASSWORD}, username="deploy")
    assert result["result"] == "done"
    assert (server.received[0].encrypted, server.received[0].login) == (True, "deploy")


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_of_an_unknown_authority_is_refused(certificates: Certificates, security: str) -> None:
    with MailServer(Manners(security=security), certificates) as server:
        result = send(server, ca_file="")
    assert states(result) == ["failed"] * 3
    assert f"the certificate of {HOST}:{server.port} is not to be trusted" in result["why"]
    assert not [command for command in server.commands if not command.startswith("EHLO")]


def test_a_certificate_for_another_name_is_refused(tmp_path: Path) -> None:
    with MailServer(Manners(security="tls"), Certificates.made_in(tmp_path, "mail.example.net")) as server:
        result = send(server)
    assert "is not to be trusted: IP address mismatch" in result["why"]


def test_a_server_without_starttls_gets_nothing_in_plain() -> None:
    with MailServer() as server:
        result = send(server, security="starttls")
    assert result["result"] == "failed"
    assert "offers no STARTTLS" in result["why"]
    assert [command.split()[0] for command in server.commands] == ["EHLO"]


def test_a_port_that_does_not_speak_tls_is_said_so() -> None:
    with MailServer() as server:
        result = send(server, security="tls")
    assert "check port and security in [mail]" in result["why"]


def test_a_ca_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with MailServer() as server:
        result = send(server, security="tls", ca_file=str(tmp_path / "none.pem"))
    assert result["why"] == f"ca_file {tmp_path}/none.pem cannot be read: No such file or directory"


def test_a_refused_login_is_tried_once_and_the_echoed_password_is_masked() -> None:
    plain = base64.b64encode(f"\0deploy\0{PASSWORD}".encode()).decode()
    reply = f"535 5.7.8 {PASSWORD} is wrong, {plain} too"
    with MailServer(Manners(login=("deploy", "another"), login_reply=reply)) as server:
        result = send(server, {"MAIL_PASSWORD": PASSWORD}, username="deploy")
    assert result["why"] == "the mail server refused the login of deploy: 535 5.7.8 *** is wrong, *** too"
    assert [command for command in server.commands if command.startswith("AUTH")] == ["AUTH PLAIN"]


@pytest.mark.parametrize(
    ("manners", "secrets", "words"),
    [
        (Manners(), {"MAIL_PASSWORD": PASSWORD}, "no common way to log in: the mail server offers none"),
        (Manners(login=("deploy", PASSWORD)), {}, "there is no password for deploy"),
        (Manners(login_required=True, login=("deploy", PASSWORD)), None, "530 5.7.0 log in first"),
    ],
)
def test_a_login_that_cannot_be_is_explained(manners: Manners, secrets: dict[str, str] | None, words: str) -> None:
    with MailServer(manners) as server:
        result = send(server, secrets, username="deploy" if secrets is not None else "")
    assert states(result) == ["failed"] * 3
    assert words in result["why"]


def test_a_password_never_goes_unencrypted_to_another_host() -> None:
    """Only loopback is excepted; it is the peer's address that counts, not its name."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            sock.connect(("192.0.2.1", 9))  # sends nothing: it only asks which of our addresses would be used
        except OSError:
            pytest.skip("this machine has only loopback")
        ours = sock.getsockname()[0]
    with MailServer(Manners(login=("deploy", PASSWORD)), host=ours) as server:
        result = send(server, {"MAIL_PASSWORD": PASSWORD}, username="deploy")
    assert "never sent over an unencrypted connection" in result["why"]
    assert not [command for command in server.commands if command.startswith("AUTH")]
