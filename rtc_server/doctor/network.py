"""The network of this machine: the HTTP port, UDP, and the addresses that a browser will be offered."""

import errno
import ipaddress
import os
import socket
from dataclasses import dataclass
from pathlib import Path

import ifaddr

from rtc_server.doctor.report import Check, Outcome

UDP_TIMEOUT = 1.0
CONTAINER_BRIDGES = ("docker", "br-", "veth", "virbr", "podman", "cni", "lxcbr", "lxdbr")
TCP_LISTEN = "0A"
"""State of a listening socket in ``/proc/net/tcp`` (Linux ``include/net/tcp_states.h``)."""


@dataclass(frozen=True, slots=True)
class HostAddress:
    """One IPv4 address of one network interface."""

    interface: str
    address: str

    @property
    def is_container_bridge(self) -> bool:
        """Whether only containers of this machine can reach it."""
        return self.interface.startswith(CONTAINER_BRIDGES)


def host_addresses() -> tuple[HostAddress, ...]:
    """The IPv4 addresses of this machine, without loopback, in the order of the system."""
    return tuple(
        HostAddress(adapter.nice_name, entry.ip)
        for adapter in ifaddr.get_adapters()
        for entry in adapter.ips
        if isinstance(entry.ip, str) and not ipaddress.ip_address(entry.ip).is_loopback
    )


def check_addresses(addresses: tuple[HostAddress, ...], public_address: str | None) -> Check:
    """Which addresses a browser will be offered as host candidates, and who can reach them."""
    name = "Addresses"
    if public_address:
        return Check(name, Outcome.OK, f"{public_address} is announced to browsers")
    reachable = [entry for entry in addresses if not entry.is_container_bridge]
    shown = ", ".join(
        f"{entry.address} ({entry.interface}{', container bridge' if entry.is_container_bridge else ''})"
        for entry in addresses
    )
    if not reachable:
        advice = "browsers on this machine can connect; for others, connect it to a network or configure TURN"
        return Check(name, Outcome.WARNING, shown or "loopback only", advice)
    if all(ipaddress.ip_address(entry.address).is_private for entry in reachable):
        advice = "private addresses only: for callers from the internet, set VISAVIS_MEDIA_PUBLIC_IP, or configure TURN"
        return Check(name, Outcome.OK, shown, advice)
    return Check(name, Outcome.OK, shown)


def check_http_port(host: str, port: int) -> Check:
    """Whether the server can listen there, and who listens if not."""
    name = "HTTP port"
    where = f"{host}:{port}"
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror as error:
        return Check(
            name, Outcome.PROBLEM, f"{host} is no address of this machine ({error.strerror})", "correct the host"
        )
    except PermissionError:
        return Check(
            name, Outcome.PROBLEM, f"{where} needs more rights", "choose a port above 1023: --port or VISAVIS_PORT"
        )
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            return Check(name, Outcome.PROBLEM, f"{where}: {error.strerror}", "correct the host or the port")
        owner = port_owner(port)
        if owner and "visavis" in owner:
            return Check(name, Outcome.OK, f"{where} is held by {owner}: a server is running")
        detail = f"{where} is taken by {owner or 'a process that this user may not see'}"
        return Check(name, Outcome.PROBLEM, detail, "stop it, or choose another port: --port or VISAVIS_PORT")
    return Check(name, Outcome.OK, f"{where} is free")


def port_owner(port: int, proc: Path = Path("/proc")) -> str | None:
    """The command and process id that listen on this TCP port; None where the system does not tell."""
    inodes = _listening_inodes(port, proc)
    for process in proc.glob("[0-9]*"):
        try:
            if any(_link(descriptor) in inodes for descriptor in (process / "fd").iterdir()):
                words = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")[:3]
                command = " ".join(Path(word).name for word in words if word)
                return f"{command[:80]} (pid {process.name})"
        except OSError:  # it ended, or belongs to someone else
            continue
    return None


def _link(descriptor: Path) -> str:
    try:
        return os.readlink(descriptor)
    except OSError:  # closed since it was listed
        return ""


def _listening_inodes(port: int, proc: Path) -> set[str]:
    """The sockets that listen on the port, as the links of ``/proc/PID/fd`` name them."""
    inodes: set[str] = set()
    for table in ("tcp", "tcp6"):
        try:
            rows = [line.split() for line in (proc / "net" / table).read_text().splitlines()[1:]]
        except OSError:
            continue
        inodes |= {
            f"socket:[{row[9]}]" for row in rows if row[3] == TCP_LISTEN and int(row[1].rpartition(":")[2], 16) == port
        }
    return inodes


def check_udp(addresses: tuple[HostAddress, ...]) -> Check:
    """Whether a datagram sent to each own address, loopback included, arrives."""
    tried = ("127.0.0.1", *(entry.address for entry in addresses if not entry.is_container_bridge))
    deaf = [address for address in tried if not udp_arrives(address)]
    if not deaf:
        return Check("UDP", Outcome.OK, f"datagrams arrive on {', '.join(tried)}")
    advice = "a firewall or sandbox drops UDP, without which there is no audio: allow it, or configure TURN over TCP"
    return Check("UDP", Outcome.PROBLEM, f"no datagram arrives on {', '.join(deaf)}", advice)


def udp_arrives(address: str) -> bool:
    """Send one datagram from this address to itself and wait for it, at most a second."""
    token = os.urandom(16)
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.settimeout(UDP_TIMEOUT)
            probe.bind((address, 0))
            probe.sendto(token, probe.getsockname())
            return probe.recv(64) == token
    except OSError:
        return False


def check_udp_ports(ports: tuple[int, int] | None) -> Check:
    """Whether the ports of the configured range, both ends included, can be used for media."""
    name = "UDP ports"
    if ports is None:
        return Check(name, Outcome.OK, "any free port is used; no range is configured")
    first, last = ports
    taken = [port for port in range(first, last + 1) if not _udp_free(port)]
    if not taken:
        return Check(name, Outcome.OK, f"{first}-{last} are free ({last - first + 1} ports)")
    detail = f"{len(taken)} of {last - first + 1} ports of {first}-{last} are taken"
    if len(taken) == last - first + 1:
        return Check(name, Outcome.PROBLEM, detail, "choose another range: VISAVIS_MEDIA_UDP_PORTS")
    return Check(name, Outcome.WARNING, detail, "a running server takes some; otherwise choose another range")


def _udp_free(port: int) -> bool:
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("0.0.0.0", port))
    except OSError:
        return False
    return True
