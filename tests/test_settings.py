"""Settings: where they come from, which wins, and what is said about each that cannot be used."""

import dataclasses
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtc_server.server_key import KEY_BYTES, load_server_key
from rtc_server.settings import RANGES, Settings, load_settings
from rtc_server.settings_reader import SettingsError, setting_names

SECRETS = {"VISAVIS_BOOTSTRAP_KEY": "sk_test_0123456789abcdef", "VISAVIS_LLM_API_KEY": "llm-key-5f2a"} | {
    "VISAVIS_SPEECH_API_KEY": "speech-key-91c4",
    "VISAVIS_MEDIA_TURN_CREDENTIAL": "turn-password-77",
}


def toml(folder: Path, text: str) -> Path:
    file = folder / "visavis.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_without_anything_the_defaults_hold() -> None:
    assert load_settings(environment={}) == Settings()
    assert Settings().host == "127.0.0.1"


def test_the_file_is_read(tmp_path: Path) -> None:
    file = toml(tmp_path, 'port = 8181\npublic_url = "https://käse.example"\n[media]\nrelay_only = true\n[llm]\n')
    settings = load_settings(file, {})
    assert (settings.port, settings.media.relay_only) == (8181, True)
    assert settings.public_url == "https://käse.example"


def test_the_environment_wins_over_the_file_and_the_command_line_over_both(tmp_path: Path) -> None:
    file = toml(tmp_path, 'port = 8181\nhost = "192.0.2.1"\nlog_level = "error"\n')
    environment = {"VISAVIS_PORT": "8282", "VISAVIS_HOST": "192.0.2.2", "PORT": "1"}
    settings = load_settings(file, environment, port=8383, host=None)
    assert (settings.port, settings.host, settings.log_level) == (8383, "192.0.2.2", "error")


@pytest.mark.parametrize("name", setting_names(Settings))
def test_every_setting_can_come_from_the_environment(name: str) -> None:
    default: Any = Settings()
    for part in name.split("."):
        default = getattr(default, part)
    special = {
        "bootstrap_key": "sk_test_0123456789abcdef",
        "media.udp_ports": "10000-10100",
        "log_level": "debug",
        "frame_ancestors": "https://partner.example.org",
        "languages": "de,en",
        "retention.sandbox_days": "3",
        "llm.base_url": "http://127.0.0.1/v1",
        "email.tls": "none",
        "sms.provider": "webhook",
        "sms.base_url": "https://sms.example",
        "external.allowed_hosts": "api.example.org",
        "recognition.index": "pgvector",
        "vision.check_seconds": "30.0",
        "vision.challenge_count": "3",
        "vision.challenges": "blink, smile",
        "vision.suspicion": "attack",
        "documents.reader": "off",
        "documents.text_detection": "detection.onnx",
        "documents.text_recognition": "recognition.onnx",
        "documents.scan_seconds": "60.0",
    }
    needed = {
        "llm.base_url": {"VISAVIS_LLM_MODEL": "m"},
        "email.host": {"VISAVIS_EMAIL_SENDER": "no-reply@bank.example"},
        "email.username": {"VISAVIS_EMAIL_PASSWORD": "p"},
        "sms.provider": {"VISAVIS_SMS_BASE_URL": "https://sms.example", "VISAVIS_SMS_TOKEN": "t"},
    }
    text = (
        special.get(name)
        or {bool: "false" if default else "true", int: "7", float: "7.5", str: "some text"}[type(default)]
    )
    environment = {f"VISAVIS_{name.replace('.', '_').upper()}": text, **needed.get(name, {})}
    value: Any = load_settings(environment=environment)
    for part in name.split("."):
        value = getattr(value, part)
    assert value != default
    assert type(value) is type(default)


@pytest.mark.parametrize(("text", "value"), [("1", True), ("TRUE", True), ("on", True), ("0", False), ("", False)])
def test_yes_and_no(text: str, value: bool) -> None:
    assert load_settings(environment={"VISAVIS_MEDIA_RELAY_ONLY": text}).media.relay_only is value


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("prot = 8080", "unknown setting 'prot'; docs/settings.md lists them all"),
        ("[media]\nport = 1", "unknown setting 'media.port'"),
        ("[medium]\nport = 1", "unknown setting 'medium'"),
        ("media = 7", "setting 'media' must be a table"),
        ("[[media]]\nudp_ports = ''", "setting 'media' must be a table"),
        ("port = '8080'", "setting 'port' must be int"),
        ("port = 8080.0", "setting 'port' must be int"),
        ("port = true", "setting 'port' must be int"),
        ("host = 7", "setting 'host' must be str"),
        ("[media]\nrelay_only = 1", "setting 'media.relay_only' must be bool"),
        ("[llm]\nbudget_seconds = '2'", "setting 'llm.budget_seconds' must be float"),
        ("[llm]\nbudget_seconds = nan", r"llm.budget_seconds \(VISAVIS_LLM_BUDGET_SECONDS\) is nan"),
        ("port = 0", r"port \(VISAVIS_PORT\) is 0; it must be between 1 and 65535"),
        ("log_level = 'loud'", r"log_level \(VISAVIS_LOG_LEVEL\) is 'loud'; choose"),
        ("[media]\nudp_ports = 'many'", "media.udp_ports .* must look like 10000-10100"),
        ("[media]\nudp_ports = '200-100'", "media.udp_ports .* must be a range within 1-65535"),
        ("[media]\nudp_ports = '0-100'", "media.udp_ports .* must be a range within 1-65535"),
        ("[media]\nudp_ports = '1-70000'", "media.udp_ports .* must be a range within 1-65535"),
        ("[media]\nudp_ports = '-5'", "media.udp_ports .* must look like"),
        ("[llm]\nbase_url = 'http://127.0.0.1/v1'", r"llm.model \(VISAVIS_LLM_MODEL\) must name a model"),
        ("port =", "is not valid TOML"),
        ("x = " + "[" * 5_000, "is not valid TOML"),
    ],
)
def test_what_is_wrong_in_the_file_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(SettingsError, match=complaint):
        load_settings(toml(tmp_path, text), {})


@pytest.mark.parametrize(
    ("variable", "text", "complaint"),
    [
        ("VISAVIS_PORT", "http", "VISAVIS_PORT must be a number"),
        ("VISAVIS_PORT", "tcp://10.0.0.1:8080", "VISAVIS_PORT must be a number"),
        ("VISAVIS_PORT", "", "VISAVIS_PORT must be a number"),
        ("VISAVIS_PORT", "8080.5", "VISAVIS_PORT must be a number"),
        ("VISAVIS_PORT", "70000", "VISAVIS_PORT.* is 70000"),
        ("VISAVIS_DIALOGUE_AWAY_SECONDS", "inf", "VISAVIS_DIALOGUE_AWAY_SECONDS.* is inf"),
        ("VISAVIS_MEDIA_MAX_SESSIONS", "-1", "VISAVIS_MEDIA_MAX_SESSIONS.* is -1"),
        ("VISAVIS_MEDIA_RELAY_ONLY", "perhaps", "VISAVIS_MEDIA_RELAY_ONLY must be true or false"),
    ],
)
def test_what_is_wrong_in_the_environment_is_named(variable: str, text: str, complaint: str) -> None:
    with pytest.raises(SettingsError, match=complaint):
        load_settings(environment={variable: text})


def test_a_bad_first_key_is_refused_without_being_repeated() -> None:
    with pytest.raises(SettingsError, match="VISAVIS_BOOTSTRAP_KEY") as refusal:
        load_settings(environment={"VISAVIS_BOOTSTRAP_KEY": "my-secret-passphrase"})
    assert "passphrase" not in str(refusal.value)


def test_a_file_that_is_missing_a_folder_or_binary_is_named(tmp_path: Path) -> None:
    binary = tmp_path / "binary.toml"
    binary.write_bytes(bytes(range(256)))
    for file, complaint in (
        (tmp_path / "missing.toml", "missing.toml cannot be read: No such file"),
        (tmp_path, "cannot be read: Is a directory"),
        (binary, "binary.toml is not valid TOML"),
    ):
        with pytest.raises(SettingsError, match=complaint):
            load_settings(file, {})


def test_every_number_has_a_range_that_holds_its_default() -> None:
    numbers = set()
    for name in setting_names(Settings):
        value: Any = Settings()
        for part in name.split("."):
            value = getattr(value, part)
        if type(value) in (int, float):
            numbers.add(name)
            least, greatest = RANGES[name]
            assert least <= value <= greatest
    assert numbers == set(RANGES)


@given(st.dictionaries(st.sampled_from(setting_names(Settings)), st.text(max_size=20), max_size=3))
def test_nothing_else_is_ever_raised(values: dict[str, str]) -> None:
    environment = {f"VISAVIS_{name.replace('.', '_').upper()}": text for name, text in values.items()}
    try:
        settings = load_settings(environment=environment)
    except SettingsError as error:
        message = str(error)
    else:
        message = f"port {settings.port}"
        assert math.isfinite(settings.llm.budget_seconds)
    assert any(word in message for word in ("port", "VISAVIS_", "llm"))


def test_secrets_are_never_printed() -> None:
    settings = load_settings(environment=SECRETS)
    assert settings.llm.api_key == "llm-key-5f2a"  # they were taken
    for text in (repr(settings), str(settings), f"{settings.llm} {settings.speech} {settings.media}"):
        assert not [secret for secret in SECRETS.values() if secret in text]


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().port = 1  # type: ignore[misc]


# ---- the server's own key


def test_the_server_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    folder = tmp_path / "var" / "visavis"
    key = load_server_key(folder)
    assert len(key) == KEY_BYTES
    assert load_server_key(folder) == key
    assert (folder / "server.key").stat().st_mode & 0o777 == 0o600
    assert load_server_key(tmp_path / "other") != key


def test_a_damaged_server_key_is_named(tmp_path: Path) -> None:
    (tmp_path / "server.key").write_bytes(b"short")
    with pytest.raises(SettingsError, match=r"server.key is damaged: restore it, or remove it"):
        load_server_key(tmp_path)


def test_a_data_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    (tmp_path / "folder" / "server.key").mkdir(parents=True)
    for data_dir in (file, file / "below", tmp_path / "folder"):
        with pytest.raises(SettingsError, match="check data_dir"):
            load_server_key(data_dir)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[documents]\nreader = "maybe"\n', "choose on or off"),
        ("[documents]\nreader = true\n", "choose on or off"),
        ('[documents]\ntext_detection = "model.pt"\n', "documents.text_detection .* must be the path of an .onnx file"),
        ("[documents]\nscan_seconds = 5\n", "documents.scan_seconds .* between 20 and 600"),
    ],
)
def test_settings_of_documents_that_cannot_be_used_are_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        load_settings(toml(tmp_path, text), {})
