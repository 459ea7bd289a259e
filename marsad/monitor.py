"""`/healthz`, `/readyz`, `/metrics` and the topics' feeds over HTTP."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import structlog
from aiohttp import web

from marsad.metrics import CONTENT_TYPE, metrics_text
from marsad.readiness import unready
from marsad.topicfeeds import FORMATS, alerts_of
from models.text import Localized
from storage.database import Connection, Database
from storage.errors import DatabaseError
from storage.monitoring import Snapshot, snapshot

log = structlog.get_logger(__name__)

# Of those who ask again sooner, the database is not asked.
_KEPT_SECONDS = 5.0
_ANSWER_SECONDS = 10.0


@dataclass(slots=True, kw_only=True)
class Monitor:
    """Looks at the database for whoever asks. `topics`: the titles of those that have feeds."""

    database: Database
    now: Callable[[], datetime]
    topics: Callable[[], Mapping[str, Localized]] = dict
    _seen: tuple[float, Snapshot] | None = None
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def look(self) -> Snapshot:
        """Raises DatabaseError."""
        clock = asyncio.get_running_loop().time
        async with self._looking:
            if self._seen is None or clock() - self._seen[0] > _KEPT_SECONDS:
                seen = await self.database.read(lambda c: snapshot(c, self.now()))
                self._seen = clock(), seen
            return self._seen[1]

    async def unready(self) -> list[str]:
        """What keeps Marsad from its work, a sentence each."""
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                await self.database.write(_nothing)
                return unready(await self.look(), self.now())
        except DatabaseError as error:
            return [f"the database cannot be written: {error}"]
        except TimeoutError:
            return [f"the database did not answer within {_ANSWER_SECONDS:.0f} seconds"]

    # -- over HTTP

    async def serve(self, host: str, port: int, stop: asyncio.Event) -> None:
        """Until `stop`. An address that is taken is logged, not fatal: alerts go on."""
        application = web.Application()
        application.add_routes(
            [
                web.get("/healthz", self._healthz),
                web.get("/readyz", self._readyz),
                web.get("/metrics", self._metrics),
                web.get(r"/feeds/{topic:[\w-]+}.{ending:atom|json}", self._feed),
            ]
        )
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=_ANSWER_SECONDS)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
            log.info("monitoring is served", host=host, port=runner.addresses[0][1])
        except OSError as error:
            log.error("monitoring is not served", host=host, port=port, reason=error.strerror)
        try:
            await stop.wait()
        finally:
            await runner.cleanup()

    async def _healthz(self, _: web.Request) -> web.Response:
        """That this is answered at all says that the process lives and its loop turns."""
        return web.Response(text="ok\n")

    async def _readyz(self, _: web.Request) -> web.Response:
        problems = await self.unready()
        return web.json_response(
            {"ready": not problems, "problems": problems}, status=503 if problems else 200
        )

    async def _metrics(self, _: web.Request) -> web.Response:
        try:
            body = metrics_text(await self.look(), self.now())
        except DatabaseError as error:
            return web.Response(status=503, text=f"the database cannot be read: {error}\n")
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE})

    async def _feed(self, request: web.Request) -> web.Response:
        topic, (media_type, write) = (
            request.match_info["topic"],
            FORMATS[request.match_info["ending"]],
        )
        title = self.topics().get(topic)
        if title is None:
            return web.Response(status=404, text=f"no topic is named {topic}\n")
        try:
            alerts = await self.database.read(partial(alerts_of, topic=topic))
        except DatabaseError as error:
            return web.Response(status=503, text=f"the database cannot be read: {error}\n")
        return web.Response(
            body=write(topic, title, alerts), content_type=media_type, charset="utf-8"
        )


def _nothing(_: Connection) -> None:
    """A transaction that writes nothing still shows that the lock can be had."""
