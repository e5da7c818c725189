"""The settings file: what it may hold, and what a mistake in it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from backout_tui.errors import BackoutError
from backout_tui.settings import MailSettings, Settings, operator_environment, read_settings

WHOLE = """\
shared_accounts = ["deploy", "root"]
secret_command = ["pass", "show", "backout/{name}"]

[mail]
host = "mail.example.org"
port = 2525
security = "starttls"            # none | starttls | tls
from = "Backout <backout@example.org>"
username = "deploy"
password_command = ["pass", "mail"]
deadline_s = 45
ca_file = "ca.pem"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def read(file: Path, text: str) -> Settings:
    """The settings that `text` makes."""
    file.write_text(text)
    return read_settings(file, {})


def test_everything_that_is_written_is_read(file: Path) -> None:
    settings = read(file, WHOLE)
    assert settings == Settings(
        mail=MailSettings(
            host="mail.example.org",
            port=2525,
            security="starttls",
            sender="Backout <backout@example.org>",
            username="deploy",
            password_command=("pass", "mail"),
            deadline_s=45,
            ca_file=str(file.parent / "ca.pem"),
        ),
        shared_accounts=("deploy", "root"),
        secret_command=("pass", "show", "backout/{name}"),
        path=file,
    )
    assert settings.why_no_mail() is None


def test_an_empty_file_means_the_defaults(file: Path) -> None:
    settings = read(file, "")
    assert settings == Settings(path=file)
    assert settings.why_no_mail() == f"no sender is set: write `from` under [mail] in {file}"


@pytest.mark.parametrize(("security", "port"), [("none", 25), ("starttls", 587), ("tls", 465)])
def test_the_port_is_the_usual_one_of_the_security(file: Path, security: str, port: int) -> None:
    assert read(file, f'[mail]\nsecurity = "{security}"').mail.port == port


def test_a_mark_in_front_of_the_text_does_no_harm(file: Path) -> None:
    file.write_bytes(b'\xef\xbb\xbfshared_accounts = ["deploy"]\r\n')
    assert read_settings(file, {}).shared_accounts == ("deploy",)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[mail\n", 1, "this is not TOML: "),
        ('\nx = "\n', 2, "this is not TOML: "),
        ('[mail]\nhost = "a"\nhost = "b"\n', 3, "this is not TOML: Cannot overwrite a value"),
        ("[mial]\n", 1, "mial is not a setting. Did you mean mail?"),
        ('\n[mail]\n# host\nhots = "x"', 4, "hots in [mail] is not a setting. Did you mean host?"),
        ('[mail]\npassword = "hunter2"', 2, "password in [mail] is not a setting. Did you mean password_env?"),
        ("zzz = 1", 1, "zzz is not a setting. Known here: mail, shared_accounts, secret_command."),
        ('host = "x"\n', 1, "host is not a setting."),
        ("mail = 3", 1, "mail must be a table, [mail]"),
        ('[mail]\nport = "25"', 2, "port in [mail] must be a whole number"),
        ("[mail]\nport = 25.0", 2, "port in [mail] must be a whole number"),
        ("[mail]\nport = true", 2, "port in [mail] must be a whole number"),
        ("[mail]\nport = 0", 2, "port in [mail] is 0, and must be between 1 and 65535"),
        ("[mail]\ndeadline_s = -1", 2, "deadline_s in [mail] is -1, and must be between 1 and 3600"),
        ("[mail]\nhost = 127", 2, "host in [mail] must be text in quotes"),
        ('[mail]\nhost = ""', 2, "host in [mail] must be the name or address of a mail server"),
        ('[mail]\nhost = "a b"', 2, "host in [mail] must be the name or address of a mail server"),
        ('[mail]\nsecurity = "ssl"', 2, 'security in [mail] is "ssl", and must be one of none, starttls, tls'),
        ('[mail]\nfrom = "backout"', 2, "from in [mail] must be an email address"),
        ('[mail]\nfrom = "a@b\\r\\nBcc: c@d"', 2, "from in [mail] holds a line break or a control character"),
        (
            '[mail]\npassword_env = "hunter 2"',
            2,
            "must be the name of an environment variable. It is not the password.",
        ),
        ('[mail]\nusername="x"\npassword_command = "pass"', 3, "must be a list: a command and its arguments"),
        ('[mail]\nusername="x"\npassword_command = [1]', 3, "must be a list: a command and its arguments, each in"),
        ('[mail]\nusername="x"\npassword_command = [""]', 3, "each in quotes and not blank"),
        ('[mail]\nusername="x"\npassword_env="A"\npassword_command=["b"]', 4, "and password_env are both set"),
        ('[mail]\npassword_env = "A"', 2, "password_env in [mail] is set without a username"),
        ('[mail]\nca_file = "~nobody-is-called-this/ca.pem"', 2, "home folder of somebody unknown"),
        ("shared_accounts = [1]", 1, "shared_accounts must be a list of logins"),
        ('secret_command = ["pass"]', 1, "secret_command must hold {name}"),
    ],
)
def test_a_mistake_is_named_with_its_line(file: Path, text: str, line: int, words: str) -> None:
    with pytest.raises(BackoutError) as caught:
        read(file, text)
    assert str(caught.value).startswith(f"{file}:{line}: ")
    assert words in str(caught.value)
    assert "hunter" not in str(caught.value)


def test_a_line_is_left_out_where_it_cannot_be_told(file: Path) -> None:
    with pytest.raises(BackoutError, match="hots in \\[mail\\] is not a setting") as caught:
        read(file, 'mail = { hots = "x" }')
    assert caught.value.where == str(file)


def test_only_the_usual_file_may_be_missing(tmp_path: Path) -> None:
    usual = {"BACKOUT_CONFIG": str(tmp_path / "none.toml")}
    with pytest.raises(BackoutError, match=r"none\.toml: there is no such settings file"):
        read_settings(None, usual)
    with pytest.raises(BackoutError, match=r"other\.toml: there is no such settings file"):
        read_settings(tmp_path / "other.toml", usual)


def test_the_usual_file_lies_in_the_users_configuration_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    missing = read_settings(None, {"BACKOUT_CONFIG": ""})
    assert missing == Settings(path=missing.path)
    assert missing.path
    assert missing.path.is_relative_to(tmp_path)
    missing.path.parent.mkdir(parents=True)
    missing.path.write_text("[mail]\nport = 26")
    assert read_settings(None, {}).mail.port == 26


def test_the_named_file_goes_before_the_environment_and_that_before_the_usual(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text("[mail]\nport = 26")
    file.write_text("[mail]\nport = 27")
    assert read_settings(None, {"BACKOUT_CONFIG": str(other)}).mail.port == 26
    assert read_settings(file, {"BACKOUT_CONFIG": str(other)}).mail.port == 27


def test_a_file_that_cannot_be_read_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(BackoutError, match="the settings cannot be read: Is a directory"):
        read_settings(tmp_path, {})
    (tmp_path / "latin.toml").write_bytes(b'[mail]\nhost = "\xff"')
    with pytest.raises(BackoutError, match="the settings are not UTF-8 text"):
        read_settings(tmp_path / "latin.toml", {})


def test_neither_repr_nor_record_holds_a_way_to_a_secret(file: Path) -> None:
    """A person may put the password itself into the command."""
    text = 'secret_command = ["echo", "hunter2 {name}"]\n[mail]\nusername = "u"\npassword_command = ["echo", "hunter2"]'
    settings = read(file, text)
    assert "hunter2" not in repr(settings)
    assert "hunter2" not in str(settings.mail.record())
    assert sorted(settings.mail.record()) == ["ca_file", "deadline_s", "from", "host", "port", "security", "username"]


def test_the_commands_of_a_plan_get_the_operators_environment_less_our_own() -> None:
    given = {"PATH": "/bin", "BACKOUT_AS": "ann", "BACKOUT_DATABASE": "x", "MY_BACKOUT_X": "1"}
    assert operator_environment(given) == {"PATH": "/bin", "MY_BACKOUT_X": "1"}
    assert "PATH" in operator_environment()
