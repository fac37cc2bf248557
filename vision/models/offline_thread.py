"""Runs code of others that would speak to the network, so that it cannot.

A seccomp filter belongs to a thread and to every thread that it starts (Linux, ``seccomp(2)``): what a library starts
from a filtered thread stays offline for good, while the rest of the process keeps its network.
"""

import ctypes
import errno
import platform
import socket
import threading
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")

_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _SECCOMP_MODE_FILTER = 22, 38, 2
_RETURN_ALLOW, _RETURN_ERRNO = 0x7FFF0000, 0x00050000
_LOAD_WORD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
"""Instructions of classic BPF (``linux/bpf_common.h``): BPF_LD|BPF_W|BPF_ABS, BPF_JMP|BPF_JEQ|BPF_K, BPF_RET|BPF_K."""
_NUMBER_OFFSET, _ARCHITECTURE_OFFSET, _FIRST_ARGUMENT_OFFSET = 0, 4, 16
"""Fields of ``struct seccomp_data``."""
_SOCKET_CALLS = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""Machine to its AUDIT_ARCH and the number of ``socket``."""


class CannotGoOffline(Exception):
    """This system offers no way to keep a thread off the network; the message says why."""


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_uint16), ("true", ctypes.c_uint8), ("false", ctypes.c_uint8), ("k", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("instructions", ctypes.POINTER(_Instruction)))


def run_offline(function: Callable[[], Result]) -> Result:
    """Run a function on a new thread that can open no IPv4 or IPv6 socket, nor can the threads that it starts.

    Raises:
        CannotGoOffline: the thread could not be cut off; the function has not run.
        Exception: whatever the function raises.
    """
    results: list[Result] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            _cut_off_this_thread()
            results.append(function())
        except BaseException as error:  # handed to the caller below, whatever it is
            errors.append(error)

    thread = threading.Thread(target=run, name="offline")
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]


def _cut_off_this_thread() -> None:
    if platform.system() != "Linux" or platform.machine() not in _SOCKET_CALLS:
        raise CannotGoOffline(f"only Linux on {' or '.join(_SOCKET_CALLS)} can keep a thread off the network")
    instructions = _instructions(*_SOCKET_CALLS[platform.machine()])
    program = _Program(len(instructions), (_Instruction * len(instructions))(*instructions))
    library = ctypes.CDLL(None, use_errno=True)
    for arguments in (
        (_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
        (_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0),
    ):
        if library.prctl(*arguments) != 0:
            name = errno.errorcode.get(ctypes.get_errno(), "an unknown error")
            raise CannotGoOffline(f"the kernel refuses a seccomp filter ({name})")
    _prove()


def _instructions(architecture: int, socket_call: int) -> list[_Instruction]:
    """``socket(AF_INET or AF_INET6, …)`` fails with EACCES; all else is allowed."""
    return [
        _Instruction(_LOAD_WORD, 0, 0, _ARCHITECTURE_OFFSET),
        _Instruction(_JUMP_IF_EQUAL, 0, 5, architecture),
        _Instruction(_LOAD_WORD, 0, 0, _NUMBER_OFFSET),
        _Instruction(_JUMP_IF_EQUAL, 0, 3, socket_call),
        _Instruction(_LOAD_WORD, 0, 0, _FIRST_ARGUMENT_OFFSET),
        _Instruction(_JUMP_IF_EQUAL, 2, 0, socket.AF_INET),
        _Instruction(_JUMP_IF_EQUAL, 1, 0, socket.AF_INET6),
        _Instruction(_RETURN, 0, 0, _RETURN_ALLOW),
        _Instruction(_RETURN, 0, 0, _RETURN_ERRNO | errno.EACCES),
    ]


def _prove() -> None:
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.socket(family, socket.SOCK_STREAM).close()
        except PermissionError:
            continue
        except OSError:  # the system has no such family
            continue
        raise CannotGoOffline("the kernel took a seccomp filter and does not heed it")
