"""The doctor against the real machine: sockets, processes, a real TURN server; and its words and exit code."""

import argparse
import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rtc_server.doctor import Check, Outcome, Subject, add_parser, diagnose, host, network, relay, seeing, subject_of
from rtc_server.doctor.network import HostAddress
from rtc_server.doctor.report import as_json, as_text
from rtc_server.rtc.settings import MediaSettings
from rtc_server.settings import Settings

USERNAME, CREDENTIAL = "caller", "a-secret-that-stays-secret"


def test_python_versions() -> None:
    assert host.check_python((3, 11, 0)).outcome is Outcome.OK
    assert host.check_python((3, 13, 9)).outcome is Outcome.OK
    for version in ((3, 10, 14), (3, 14, 0)):
        check = host.check_python(version)
        assert check.outcome is Outcome.PROBLEM
        assert check.advice


def test_few_cores_and_little_memory_are_warnings() -> None:
    assert host.check_cores(1).outcome is Outcome.WARNING
    assert host.check_cores(2).outcome is Outcome.OK
    assert host.check_memory(10**9).outcome is Outcome.WARNING
    assert host.check_memory(4 * 10**9).outcome is Outcome.OK


def test_the_limits_of_a_container_count(tmp_path: Path) -> None:
    limit = tmp_path / "limit"
    limit.write_text("50000 100000\n")
    assert host.usable_cores(limit) == 0.5
    limit.write_text("1000000\n")
    assert host.usable_memory_bytes(limit) == 1_000_000
    limit.write_text("max 100000\n")
    assert host.usable_cores(limit) == host.usable_cores(tmp_path / "absent") >= 1
    limit.write_text("max\n")
    assert host.usable_memory_bytes(limit) == host.usable_memory_bytes(tmp_path / "absent") > 10**8


def test_the_codecs_of_this_pyav_are_there_and_a_missing_one_is_named() -> None:
    assert host.check_codecs().outcome is Outcome.OK
    check = host.check_codecs(frozenset({"libopus", "h264"}))
    assert check.outcome is Outcome.PROBLEM
    assert "VP8" in check.detail


def test_a_browser_that_does_not_run_is_no_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "no Chromium" in host.check_browser().detail
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    assert "does not run" in host.check_browser().detail
    broken.write_text("#!/bin/sh\necho Chromium 1.2.3\n")
    assert host.check_browser() == Check("Browser", Outcome.OK, f"Chromium 1.2.3 ({broken})")


def test_missing_weights_are_a_problem(tmp_path: Path) -> None:
    check = host.check_weights(tmp_path, full=False)
    assert check.outcome is Outcome.PROBLEM
    assert check.advice == "run: visavis models pull"


@pytest.mark.models
def test_the_face_tracker_is_named_with_the_reason(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = seeing.check_face_tracker("auto", weights)
    assert found.outcome is Outcome.OK
    assert found.detail.partition(": ")[0] in ("mediapipe", "litert")
    monkeypatch.setitem(sys.modules, "mediapipe", None)  # as if it were not installed
    fallen_back = seeing.check_face_tracker("auto", weights)
    detail = "litert: the Python package mediapipe is not installed; run scripts/setup.sh"
    assert fallen_back == Check("Face tracker", Outcome.OK, detail)
    refused = seeing.check_face_tracker("mediapipe", weights)
    assert refused.outcome is Outcome.PROBLEM
    assert "VISAVIS_VISION_TRACKER=auto" in refused.advice


def test_no_face_tracker_is_said_as_it_is(tmp_path: Path) -> None:
    assert seeing.check_face_tracker("off", tmp_path).outcome is Outcome.NOT_CHECKED
    assert seeing.check_face_tracker("auto", tmp_path).advice == "run: visavis models pull"
    wrong = seeing.check_face_tracker("haar", tmp_path)
    assert (wrong.outcome, wrong.advice) == (Outcome.PROBLEM, "correct VISAVIS_VISION_TRACKER")


@pytest.mark.models
def test_whole_weights_are_ok(weights: Path) -> None:
    assert host.check_weights(weights, full=False).outcome is Outcome.OK


def test_a_free_port_is_free_and_a_taken_one_names_its_owner() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        check = network.check_http_port("127.0.0.1", port)
        assert check.outcome is Outcome.PROBLEM
        if Path("/proc/net/tcp").exists():
            assert f"pid {os.getpid()}" in check.detail
    assert network.check_http_port("127.0.0.1", port).outcome is Outcome.OK


def test_a_port_held_by_our_own_server_is_no_problem(tmp_path: Path) -> None:
    script = tmp_path / "visavis"
    script.write_text(
        "import socket\ns = socket.create_server(('127.0.0.1', 0))\nprint(s.getsockname()[1], flush=True)\ninput()"
    )
    with subprocess.Popen(
        [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        check = network.check_http_port("127.0.0.1", int(server.stdout.readline()))
        server.kill()
    assert check.outcome is Outcome.OK
    assert "a server is running" in check.detail


@pytest.mark.parametrize(("name", "port"), [("192.0.2.77", 8080), ("host.invalid", 8080)])
def test_a_host_that_is_not_ours_is_a_problem(name: str, port: int) -> None:
    assert network.check_http_port(name, port).outcome is Outcome.PROBLEM


def test_udp_arrives_on_loopback_and_not_on_a_foreign_address() -> None:
    assert network.check_udp(()).outcome is Outcome.OK
    check = network.check_udp((HostAddress("eth9", "192.0.2.77"),))
    assert check.outcome is Outcome.PROBLEM
    assert check.detail.endswith("192.0.2.77")


def test_taken_udp_ports_are_counted() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("0.0.0.0", 0))
        port = taken.getsockname()[1]
        assert network.check_udp_ports((port, port)).outcome is Outcome.PROBLEM
        assert network.check_udp_ports((port - 3, port)).outcome in (Outcome.WARNING, Outcome.PROBLEM)
    assert network.check_udp_ports(None).outcome is Outcome.OK


def test_addresses_say_who_can_reach_them() -> None:
    bridge, private, public = (
        HostAddress("docker0", "172.17.0.1"),
        HostAddress("eth0", "10.0.0.5"),
        HostAddress("eth1", "8.8.4.4"),
    )
    only_bridge = network.check_addresses((bridge,), None)
    assert (only_bridge.outcome, "container bridge" in only_bridge.detail) == (Outcome.WARNING, True)
    assert "from the internet" in network.check_addresses((bridge, private), None).advice
    assert network.check_addresses((private, public), None).advice == ""
    assert "198.51.100.7 is announced" in network.check_addresses((private,), "198.51.100.7").detail


@pytest.fixture(scope="module")
def turn_port() -> Iterator[int]:
    """A coturn of our own on the loopback address, with one user."""
    program = shutil.which("turnserver")
    if program is None:
        pytest.skip("no coturn on this machine: sudo apt-get install coturn")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    options = [
        "-n",
        "--listening-ip=127.0.0.1",
        "--relay-ip=127.0.0.1",
        f"--listening-port={port}",
        "--allow-loopback-peers",
    ]
    options += [
        "--lt-cred-mech",
        f"--user={USERNAME}:{CREDENTIAL}",
        "--realm=test",
        "--no-tls",
        "--no-dtls",
        "--no-cli",
    ]
    options += ["--log-file=stdout", "--pidfile=/dev/null", "--no-rfc5780"]
    with subprocess.Popen([program, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for_tcp(port)
            yield port
        finally:
            server.kill()


def _wait_for_tcp(port: int) -> None:
    give_up_at = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > give_up_at:
                pytest.fail("coturn did not start within 10 s")
            threading.Event().wait(0.05)


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_a_turn_server_allocates_with_the_right_credential(turn_port: int, transport: str) -> None:
    url = f"turn:127.0.0.1:{turn_port}?transport={transport}"
    (check,) = await relay.check_ice_servers([{"urls": url, "username": USERNAME, "credential": CREDENTIAL}])
    assert check.outcome is Outcome.OK, check
    assert "relays from 127.0.0.1:" in check.detail


async def test_a_wrong_credential_is_a_problem_and_never_shown(turn_port: int) -> None:
    server = {"urls": [f"turn:127.0.0.1:{turn_port}"], "username": USERNAME, "credential": "wrong-" + CREDENTIAL}
    (check,) = await relay.check_ice_servers([server])
    assert check.outcome is Outcome.PROBLEM
    assert "401" in check.detail
    assert CREDENTIAL not in str(check)


async def test_a_stun_server_answers_a_binding_request(turn_port: int) -> None:
    (check,) = await relay.check_ice_servers([{"urls": f"stun:127.0.0.1:{turn_port}"}])
    assert check.outcome is Outcome.OK, check
    assert "127.0.0.1:" in check.detail


async def test_a_server_that_is_not_there_is_a_problem_in_bounded_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "ANSWER_TIMEOUT", 1.0)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1]
        servers = [{"urls": [f"stun:127.0.0.1:{port}", f"turn:127.0.0.1:{port}"]}]
        async with asyncio.timeout(5):
            checks = await relay.check_ice_servers(servers)
    assert [check.outcome for check in checks] == [Outcome.PROBLEM] * 2


async def test_a_malformed_url_is_named() -> None:
    (check,) = await relay.check_ice_servers([{"urls": "turn.example.org"}])
    assert check.outcome is Outcome.PROBLEM
    assert "turn.example.org" in check.detail


async def test_without_servers_nothing_is_claimed() -> None:
    (check,) = await relay.check_ice_servers([])
    assert check.outcome is Outcome.NOT_CHECKED


def test_the_report_counts_and_advises() -> None:
    checks = (Check("A", Outcome.OK, "fine"), Check("B", Outcome.PROBLEM, "broken", "mend it"))
    text = as_text(checks)
    assert "-> mend it" in text
    assert text.endswith("1 ok, 1 problem")
    assert as_json(checks)["ok"] is False
    assert as_json(checks[:1])["ok"] is True


def test_the_command_prints_json_and_fails_on_a_problem(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    monkeypatch.setenv("VISAVIS_MODELS_DIR", str(tmp_path))
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    arguments = parser.parse_args(["doctor", "--json", "--port", str(port)])
    assert arguments.run(arguments) == 1  # the weights are missing
    document = json.loads(capsys.readouterr().out)
    problems = [check["name"] for check in document["checks"] if check["outcome"] == "problem"]
    assert problems == ["Model weights", "Face tracker"]


def test_every_finding_that_is_not_ok_says_what_to_do_or_why(tmp_path: Path) -> None:
    for check in diagnose(Subject("127.0.0.1", 0, tmp_path), full=False):
        assert check.detail
        assert check.advice or check.outcome in (Outcome.OK, Outcome.NOT_CHECKED)


def test_the_settings_say_what_is_looked_at(tmp_path: Path) -> None:
    media = MediaSettings(
        udp_ports="10000-10010",
        public_ip="198.51.100.7",
        stun_url="stun:stun.example.org",
        turn_url="turn:turn.example.org",
        turn_username=USERNAME,
        turn_credential=CREDENTIAL,
    )
    subject = subject_of(Settings(port=9000, models_dir=str(tmp_path), media=media))
    assert (subject.http_port, subject.models_folder, subject.udp_ports) == (9000, tmp_path, (10000, 10010))
    assert subject.public_address == "198.51.100.7"
    assert [server["urls"] for server in subject.ice_servers] == ["stun:stun.example.org", "turn:turn.example.org"]
    assert subject.ice_servers[1]["credential"] == CREDENTIAL
    assert CREDENTIAL not in repr(subject)
    bare = subject_of(Settings())
    assert (bare.public_address, bare.udp_ports, list(bare.ice_servers)) == (None, None, [])
