"""What a systemd unit of Type=notify is told: ready, alive, stopping (sd_notify(3))."""

import asyncio
import os
import socket
from collections.abc import Mapping

import structlog

log = structlog.get_logger(__name__)

# Half of the watchdog's time, as sd_watchdog_enabled(3) advises.
_SHARE = 0.5


class ServiceManager:
    """Says nothing where no service manager listens."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        microseconds = environment.get("WATCHDOG_USEC", "")
        self._every = float(microseconds) / 1e6 * _SHARE if microseconds.isdigit() else None

    def tell(self, state: str) -> None:
        """`READY=1`, `WATCHDOG=1`, `STOPPING=1`, or `STATUS=...`."""
        if not self._address:
            return
        # '@' stands for the NUL that begins a name in the abstract namespace
        address = "\0" + self._address[1:] if self._address[0] == "@" else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
                sender.sendto(state.encode(), address)
        except OSError as error:
            # Its address may be inherited from a service that has ended; alerts go on without it.
            log.warning("service manager could not be told", state=state, reason=error.strerror)

    async def keep_alive(self, stop: asyncio.Event) -> None:
        """Feed the watchdog from the loop in which everything runs, until `stop`: a loop that
        hangs is restarted."""
        while not stop.is_set():
            if self._every is not None:
                self.tell("WATCHDOG=1")
            try:
                await asyncio.wait_for(stop.wait(), self._every)
            except TimeoutError:
                continue
