"""Which of python-telegram-bot's own tests the conformance command runs, and what it publishes."""

import re
from pathlib import Path

from telegram import Bot

from scripts.conformance.report import Result, page, read_results
from scripts.conformance.scope import ANSWERED, MARSAD_CALLS, is_answered, methods_called

ROOT = Path(__file__).parents[2]
METHODS = ANSWERED | {"send_photo", "pin_chat_message"}
JUNIT = """<testsuites><testsuite>
<testcase classname="tests.test_bot.TestBotWithRequest" name="test_b">
  <failure message="assert 1 == 2&#10;more">trace</failure></testcase>
<testcase classname="tests.test_bot.TestBotWithRequest" name="test_a[x]">
  <properties><property name="methods" value="get_me send_message"/></properties></testcase>
</testsuite></testsuites>"""


def test_what_marsad_calls_is_what_is_listed() -> None:
    sources = (ROOT / "alerts" / "telegram").rglob("*.py")
    named = {
        name
        for source in sources
        for name in re.findall(r"bot\.([a-z_]+)\(", source.read_text(encoding="utf-8"))
    }
    calls = {name for name in named if "_" in name and not name.startswith("_")}
    assert calls & set(dir(Bot)) == MARSAD_CALLS


async def sends_and_deletes(bot) -> None:  # type: ignore[no-untyped-def]  # read, never run
    message = await bot.send_message(1, "x")
    await message.delete()


async def pins(bot) -> None:  # type: ignore[no-untyped-def]  # read, never run
    message = await bot.send_message(1, "x")
    await message.pin()


def test_a_test_is_in_scope_if_all_its_calls_are_answered_shortcuts_too() -> None:
    called = methods_called(sends_and_deletes, METHODS)
    assert called == {"send_message", "delete_message"}
    assert is_answered(called)
    assert not is_answered(methods_called(pins, METHODS))
    assert not is_answered(frozenset())


def test_results_are_read_and_published_with_their_count(tmp_path: Path) -> None:
    junit = tmp_path / "junit.xml"
    junit.write_text(JUNIT, encoding="utf-8")
    results = read_results(junit)
    assert results == [
        Result(
            file="test_bot",
            test="TestBotWithRequest::test_a[x]",
            methods=("get_me", "send_message"),
            outcome="passed",
        ),
        Result(
            file="test_bot",
            test="TestBotWithRequest::test_b",
            methods=(),
            outcome="failed",
            reason="assert 1 == 2",
        ),
    ]
    text = page(results, "22.8")
    assert "**1 of 2 pass.**" in text
    assert "| sendMessage | yes | 1 |" in text


def test_the_published_list_is_of_the_methods_that_are_answered_now() -> None:
    text = (ROOT / "docs" / "conformance.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([a-z][A-Za-z]+) \| (yes|) \| \d+ \|$", text, re.MULTILINE)
    assert len(rows) == len(ANSWERED)
    assert sum(yes == "yes" for _, yes in rows) == len(MARSAD_CALLS)
