"""The composition root: settings in, a running application out. Knows every class; nobody imports it but the CLI."""

import asyncio
import dataclasses
import logging
import os
import signal
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from conversation.flow.policy import EXTRA_TIME, DialoguePolicy
from conversation.flow.schema.check import check_flow
from rtc_server.api.access.auth import ensure_bootstrap_key
from rtc_server.api.context import ApiContext
from rtc_server.api.resources.flow_cache import FlowCheckCache
from rtc_server.api.resources.media import LINK_MS, signed_url
from rtc_server.api.resources.schemas import session_json
from rtc_server.api.routes import setup
from rtc_server.api.runner import ApiRunner
from rtc_server.audit.head import HeadFile
from rtc_server.avatars import AVATARS, DEFAULT_AVATAR, VOICES
from rtc_server.console.routes import setup as setup_console
from rtc_server.console_room import ConsoleRoom, build_console
from rtc_server.deliveries import Webhooks, build_webhooks
from rtc_server.engines import EngineRoom, build_engines
from rtc_server.faces import FaceRoom, build_faces
from rtc_server.observe import memory
from rtc_server.recording.recorder import Recordings
from rtc_server.recording.shelf import Keeping
from rtc_server.rtc.loop_guard import install_loop_guard
from rtc_server.rtc.ports import IceServer, PeerPolicy
from rtc_server.rtc.preflight import Preflights
from rtc_server.server_key import load_server_key
from rtc_server.services import Outside, build_images, build_services
from rtc_server.session.clock import unix_ms
from rtc_server.session.ports import SessionPolicy
from rtc_server.session.registry import SessionRegistry
from rtc_server.session.sweeper import Sweeper, Swept
from rtc_server.session.vision.images import ReferenceImages
from rtc_server.settings import Settings
from rtc_server.storage.face_seal import FaceSeal
from rtc_server.storage.media_files import MediaFiles
from rtc_server.storage.ports import Json, SessionRecord
from rtc_server.storage.stores import Stores, open_stores
from rtc_server.weights.cache import models_folder

STATIC_FOLDER = Path(__file__).resolve().parent.parent / "static"

THREE_FILES = ("three.module.min.js", "three.core.min.js")
"""The renderer of the avatars' heads, in the artefact ``three``."""

SWEEP_SLACK_SECONDS = 60.0
"""A session that another process is about to end by itself is left to it."""

SHUTDOWN_SECONDS = 10.0
"""After this long a shutdown that hangs is ended by force; media threads must never keep a dead server alive."""

REQUEST_SECONDS = 2.0
"""How long a shutdown waits for requests under way, twice: until they end, then until they are cancelled. A client that
sends or reads slowly must not cost the sessions their own orderly end."""

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Running:
    """What a started application is made of."""

    stores: Stores
    room: EngineRoom
    outside: Outside
    images: ReferenceImages
    faces: FaceRoom
    webhooks: Webhooks
    console: ConsoleRoom
    registry: SessionRegistry
    preflights: Preflights
    sweeper: Sweeper


RUNNING: web.AppKey[Running] = web.AppKey("visavis_running", Running)


Extension = Callable[[web.Application], None]
"""Adds routes to an application that has not started."""


async def build_application(settings: Settings, extend: Extension | None = None) -> web.Application:
    """Load everything and return an application that is ready to be served.

    ``extend`` may add routes, as the demo does. Raises SettingsError, StorageError and SpeechError.
    """
    install_loop_guard(asyncio.get_running_loop())
    data_dir = Path(settings.data_dir)
    server_key = load_server_key(data_dir)
    files = MediaFiles(data_dir / "media", server_key)
    stores = await open_stores(
        settings.storage_url(),
        files,
        settings.retention,
        settings.journal_folder,
        FaceSeal(server_key),
        HeadFile.in_folder(data_dir, server_key),
    )
    if settings.bootstrap_key:
        await ensure_bootstrap_key(stores.keys, settings.bootstrap_key)
    peer_policy = _peer_policy(settings)
    room = await build_engines(settings, peer_policy, VOICES)
    outside = build_services(settings, server_key, stores.mailbox, unix_ms)
    faces = build_faces(settings, server_key, stores, room.engines.vision, unix_ms)
    images = build_images(settings, stores.media, stores.sessions.session)
    media_link = _media_link(settings.public_url, server_key)
    keeping = Keeping(stores.recordings, stores.media, stores.sessions, media_link, unix_ms)
    services = dataclasses.replace(
        outside.services,
        images=images,
        recognition=faces.recognition,
        media=stores.media,
        media_link=media_link,
        recordable=settings.recording.tracks,
        new_recorder=Recordings(keeping).recorder,
    )
    webhooks = build_webhooks(settings, server_key, stores, _session_json, unix_ms)
    policy = _session_policy(settings, room)
    registry = SessionRegistry(stores.sessions, room.engines, services, policy, memory.give_back)
    preflights = Preflights(peer_policy)
    sweeper = _sweeper(settings, stores, registry)
    app = web.Application(client_max_size=2**20)
    context = ApiContext(
        stores=stores,
        calls=registry,
        check_flow=FlowCheckCache(check_flow),
        server_key=server_key,
        avatars=AVATARS,
        default_avatar_id=DEFAULT_AVATAR,
        static_folder=STATIC_FOLDER,
        pulled_files=_pulled_files(models_folder(settings.models_dir)),
        public_url=settings.public_url,
        ice_servers=peer_policy.ice_servers,
        secret_ttl_seconds=settings.client_secret_seconds,
        frame_ancestors=settings.frame_ancestors,
        lenient=settings.lenient,
        limits=settings.limits,
        trusted_proxy=settings.trusted_proxy,
        languages=settings.language_ids(),
        preflights=preflights,
        webhooks=webhooks.service,
        recognition=faces.recognition,
        portraits=faces.portraits,
        recordable=settings.recording.tracks,
        health=lambda: {"sessions": registry.running, "languageModel": room.race is not None},
        readiness=registry.obstacles,
    )
    setup(app, context)
    console = build_console(settings, server_key, stores, registry, peer_policy, STATIC_FOLDER, unix_ms)
    setup_console(app, console.context)
    if extend is not None:
        extend(app)
    app[RUNNING] = Running(stores, room, outside, images, faces, webhooks, console, registry, preflights, sweeper)
    app.cleanup_ctx.append(_running)
    memory.settle()
    return app


async def _running(app: web.Application) -> AsyncIterator[None]:
    running = app[RUNNING]
    running.webhooks.start(running.stores.sessions.outbox)
    running.sweeper.start()
    running.console.start()
    yield
    await running.console.close()
    await running.sweeper.close()
    await running.preflights.close()
    await running.registry.close()
    await running.webhooks.close()
    await running.outside.close()
    await running.images.close()
    await running.faces.close()
    await running.room.close()
    await running.stores.close()


async def _session_json(record: SessionRecord) -> Json:
    """A session as webhooks carry it."""
    return session_json(record)


async def serve(settings: Settings, app: web.Application, on_ready: Callable[[], None] | None = None) -> None:
    """Serve until SIGINT or SIGTERM; then end sessions, threads and connections, by force if they hang."""
    runner = ApiRunner(app, access_log=None, handle_signals=False, shutdown_timeout=REQUEST_SECONDS)
    await runner.setup()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signal_number, stop.set)
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
        logger.info("listening on http://%s:%d", settings.host, settings.port)
        if on_ready is not None:
            on_ready()
        await stop.wait()
        logger.info("shutting down")
    finally:
        watchdog = threading.Timer(SHUTDOWN_SECONDS, _end_by_force)
        watchdog.daemon = True
        watchdog.start()
        await runner.cleanup()
        watchdog.cancel()


def _end_by_force() -> None:
    logging.getLogger(__name__).error("shutdown hung for %.0f s; ending by force", SHUTDOWN_SECONDS)
    os._exit(1)


def _sweeper(settings: Settings, stores: Stores, registry: SessionRegistry) -> Sweeper:
    swept = Swept(
        lifecycle=stores.lifecycle,
        media=stores.media,
        faces=stores.faces,
        idempotency=stores.idempotency,
        give_up=registry.give_up,
        retention=settings.retention,
        longest_seconds=EXTRA_TIME * (settings.dialogue.session_seconds + settings.dialogue.away_seconds)
        + SWEEP_SLACK_SECONDS,
    )
    return Sweeper(swept, settings.sweep_seconds)


def _peer_policy(settings: Settings) -> PeerPolicy:
    media = settings.media
    servers = []
    if media.stun_url:
        servers.append(IceServer((media.stun_url,)))
    if media.turn_url:
        servers.append(IceServer((media.turn_url,), media.turn_username, media.turn_credential))
    first, last = settings.udp_port_range()
    return PeerPolicy(tuple(servers), media.relay_only, media.public_ip, first, last)


def _pulled_files(models: Path) -> dict[str, Path]:
    """What the page loads out of the model cache, by address, whether it has been pulled or not."""
    personas = {avatar.persona for avatar in AVATARS.values()}
    heads = {f"personas/{persona}.glb": models / "avatar-heads" / f"{persona}.glb" for persona in personas}
    return heads | {f"vendor/{file}": models / "three" / file for file in THREE_FILES}


def _media_link(public_url: str, server_key: bytes) -> Callable[[str], Json]:
    """Links for webhooks; without ``public_url`` nobody knows where this server is reached."""

    def link(media_id: str) -> Json:
        if not public_url:
            return {}
        expires_ms = unix_ms() + LINK_MS
        return {"url": signed_url(server_key, public_url.rstrip("/"), media_id, expires_ms), "expires": expires_ms}

    return link


def _session_policy(settings: Settings, room: EngineRoom) -> SessionPolicy:
    dialogue = settings.dialogue
    return SessionPolicy(
        dialogue=DialoguePolicy(
            silence_seconds=dialogue.silence_seconds,
            away_seconds=dialogue.away_seconds,
            session_seconds=dialogue.session_seconds,
            phrase_by_model=room.engines.phraser is not None,
            camera_check_seconds=settings.vision.check_seconds,
            document_seconds=settings.documents.scan_seconds,
        ),
        max_sessions=settings.media.max_sessions,
        languages=settings.language_ids(),
        evaluate_budget=settings.llm.budget_seconds,
        journal_dir=settings.journal_folder,
    )
