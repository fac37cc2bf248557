"""Everything the handlers work with, in one object that the composition root builds."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from rtc_server.api.access.limits import LimitSettings
from rtc_server.api.access.origins import refuse_other_sources
from rtc_server.api.access.secrets import CLIENT_SECRET_TTL_SECONDS, SERVER_KEY_BYTES
from rtc_server.api.ports import Avatar, Calls, CheckFlow, FlowCheck, Preflights
from rtc_server.recognition.portrait import PortraitReader
from rtc_server.recognition.service import FaceRecognition
from rtc_server.rtc.ports import IceServer
from rtc_server.session.clock import unix_ms
from rtc_server.session.languages import DEFAULT_LANGUAGE
from rtc_server.storage.ports import Json
from rtc_server.storage.stores import Stores
from rtc_server.webhooks.service import WebhookService

API_VERSION = "2024-12-18"
"""Version of the contract that answers follow."""

MOST_NODES_ON_LOOP = 100
"""A larger flow takes more than 25 ms to judge, which is more than a frame of audio."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiContext:
    """Settings and collaborators of the HTTP edge. Raises ``ValueError`` for a setting that cannot work."""

    stores: Stores
    calls: Calls
    check_flow: CheckFlow
    server_key: bytes = field(repr=False)
    """Derives client secrets; at least 32 random bytes, the same after a restart."""
    avatars: Mapping[str, Avatar]
    """By id; holds ``default_avatar_id``."""
    default_avatar_id: str
    static_folder: Path
    """Holds ``session/index.html`` and everything served below ``/static/``."""
    pulled_files: Mapping[str, Path] = field(default_factory=dict)
    """Files of the model cache that the page loads, by address: ``personas/ava.glb``, ``vendor/….js``; they may be
    missing."""
    public_url: str = ""
    """Where people reach the page, such as ``https://verify.example.org``; empty = as the API was called."""
    ice_servers: Sequence[IceServer] = ()
    heartbeat_ms: int = 1000
    secret_ttl_seconds: float = CLIENT_SECRET_TTL_SECONDS
    frame_ancestors: str = "*"
    """Who may frame the page, in the words of CSP ``frame-ancestors``."""
    limits: LimitSettings = field(default_factory=LimitSettings)
    trusted_proxy: bool = False
    """Whether ``X-Forwarded-For`` comes from a proxy of ours."""
    recordable: Sequence[str] = ()
    """What may be recorded of people who agree; of ``recording.settings.TRACKS``."""
    languages: Sequence[str] = (DEFAULT_LANGUAGE,)
    """Ids of the languages in which this server can hold a conversation."""
    lenient: bool = False
    """Whether unknown fields of a create call are warnings for everybody, not only for the vendor's SDKs."""
    preflights: Preflights | None = None
    """None where no connection is measured."""
    webhooks: WebhookService | None = None
    """None where there is no delivery line."""
    recognition: FaceRecognition | None = None
    """None where nobody can be enrolled."""
    portraits: PortraitReader | None = None
    """None where nobody looks at pictures."""
    health: Callable[[], Json] = dict
    """More facts for ``/healthz``."""
    readiness: Callable[[], Sequence[str]] = tuple
    """What keeps the server from taking sessions, a sentence each; empty = ready."""
    now_ms: Callable[[], int] = unix_ms

    def __post_init__(self) -> None:
        if len(self.server_key) < SERVER_KEY_BYTES:
            raise ValueError(f"the server key has {len(self.server_key)} bytes: it needs at least {SERVER_KEY_BYTES}")
        if self.default_avatar_id not in self.avatars:
            raise ValueError(f"there is no avatar '{self.default_avatar_id}': choose one of {', '.join(self.avatars)}")
        try:
            refuse_other_sources(self.frame_ancestors)
        except ValueError as error:
            raise ValueError(f"frame_ancestors {error}") from error

    async def judge_flow(self, flow: Any, *, lenient: bool = False) -> FlowCheck:
        """``check_flow`` for handlers: a large flow is judged in a thread, because calls run on the event loop."""
        nodes = flow.get("nodes") if isinstance(flow, dict) else flow
        if isinstance(nodes, list) and len(nodes) > MOST_NODES_ON_LOOP:
            return await asyncio.to_thread(self.check_flow, flow, lenient=lenient)
        return self.check_flow(flow, lenient=lenient)

    def avatar(self, avatar_id: str) -> Avatar:
        """The avatar of that id, or the default one."""
        return self.avatars.get(avatar_id) or self.avatars[self.default_avatar_id]


CONTEXT: web.AppKey[ApiContext] = web.AppKey("visavis_api_context", ApiContext)
