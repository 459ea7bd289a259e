"""How long all of Python's threads stand still, or wait for one of them, while people wait."""

import asyncio
import gc
import sys
from contextlib import suppress

# A thread that wants to run waits so long for one that computes. What answers people is woken some
# ten times an answer, and with the usual 5 ms waited for 50 ms while articles were matched.
_SWITCH_SECONDS = 0.001
# After so long the first crawls and answers have filled what is filled once.
_WARM_SECONDS = 20.0


def keep_pauses_short() -> None:
    """Called when everything is loaded, and again when much of it was replaced.

    What has been loaded (the topics' words, the libraries: some 400,000 objects) stays, and is not
    looked through each time the collector looks for circles of garbage: that took 200 ms, every
    quarter of a minute, while nothing else ran.
    """
    sys.setswitchinterval(_SWITCH_SECONDS)
    gc.unfreeze()
    _keep()
    with suppress(RuntimeError):  # no event loop: nobody waits
        asyncio.get_running_loop().call_later(_WARM_SECONDS, _keep)


def _keep() -> None:
    gc.collect()
    gc.freeze()
