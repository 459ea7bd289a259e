"""What the tests of the bot share."""

import pytest

from tests.unit.alerts.world import Transport


@pytest.fixture(params=["by polling", "by webhook"])
def transport(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worlds of this test, in both ways of taking updates."""
    monkeypatch.setattr(Transport, "by_webhook", request.param == "by webhook")
