"""The soak's own check that the bot token is told nowhere."""

import logging
from pathlib import Path

import structlog

from scripts.soak.canary import logged, not_leaked
from scripts.soak.figures import Row
from scripts.soak.processes import TOKEN


def test_a_token_that_is_logged_is_hidden_and_one_in_a_file_is_found(tmp_path: Path) -> None:
    level, handlers = logging.getLogger("httpx").level, logging.getLogger().handlers
    with logged(tmp_path):
        logging.getLogger("httpx").debug("POST https://api.example/bot%s/getMe", TOKEN)
        structlog.get_logger().error("failed", reason=f"bot{TOKEN}")
    assert logging.getLogger("httpx").level == level
    assert logging.getLogger().handlers is handlers
    clean = Row("clean")
    not_leaked(clean, tmp_path)
    assert clean.passes, str(clean)

    (tmp_path / "receipts").write_text(f"text: {TOKEN}")
    leaking = Row("leaking")
    not_leaked(leaking, tmp_path)
    assert not leaking.passes


def test_a_log_that_never_held_it_proves_nothing(tmp_path: Path) -> None:
    row = Row("silent")
    not_leaked(row, tmp_path)
    assert not row.passes
