"""Editing rules as an operator does: tried on a copy, measured, saved whole, undone."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from alerts.telegram.rulebook import Done, Edit, Page, Proposal, Refused
from marsad.configuration import Configuration, load
from marsad.edits import EditLog
from marsad.reload import LiveConfiguration
from marsad.rulebook import FileRulebook
from models.configfile import ConfigErrors
from tests.unit.marsad.test_pipeline import World
from tests.unit.marsad.test_pipeline import world as world

TOPIC = """\
# the canal
title: {ar: قناة السويس, en: Suez Canal}
any:
  - قناة السويس  # by its name
examples:
  - {text: تعبر السفن قناة السويس., match: true}
  - {text: تعبر السفن مضيق هرمز., match: false}
"""
HORMUZ = Edit(name="suez", operation="add", value="باب المندب")


class Desk:
    def __init__(self, world: World, folder: Path) -> None:
        self.world = world
        self.folder = folder
        self.file = folder / "topics" / "suez.yaml"
        self.file.write_text(TOPIC, encoding="utf-8")
        self.log = EditLog(folder.parent / "data" / "edits.json")

    @property
    def book(self) -> FileRulebook:
        """As a running Marsad has it after its reload; what was proposed is forgotten."""
        current: Configuration = load(self.folder)
        return FileRulebook(
            folder=self.folder,
            current=lambda: current,
            database=self.world.database,
            edits=self.log,
            now=lambda: self.world.now,
        )

    async def saved(self, edit: Edit) -> Done:
        book = self.book
        proposal = await book.propose(edit)
        assert isinstance(proposal, Proposal)
        done = await book.save(proposal.key, 1)
        assert isinstance(done, Done)
        return done


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    return Desk(world, tmp_path / "config")


async def test_an_edit_is_shown_with_its_effect_before_anything_is_written(desk: Desk) -> None:
    text = "عبرت سفن الشحن باب المندب أمس، وقالت الهيئة إن الحركة منتظمة في الممر كله هذا الأسبوع."
    await desk.world.article("agency.example/strait", "سفن الشحن تعبر باب المندب", text)
    proposal = await desk.book.propose(HORMUZ)
    assert isinstance(proposal, Proposal)
    assert (proposal.file, proposal.removed, proposal.added) == (
        "topics/suez.yaml",
        (),
        ("- باب المندب",),
    )
    (effect,) = proposal.effects
    assert (effect.title.ar, effect.before, effect.after) == ("قناة السويس", 0, 1)
    assert "سفن الشحن تعبر باب المندب" in effect.gained[0]
    assert desk.file.read_text("utf-8") == TOPIC


async def test_an_edit_that_cannot_be_kept_for_undoing_is_saved_and_said(desk: Desk) -> None:
    # a file is where its folder would be
    desk.log.file.parent.write_text("", encoding="utf-8")
    done = await desk.saved(HORMUZ)
    assert (done.file, done.key) == ("topics/suez.yaml", None)
    assert "باب المندب" in desk.file.read_text("utf-8")


async def test_saving_writes_the_edit_with_the_comments_and_undo_puts_it_back(desk: Desk) -> None:
    done = await desk.saved(HORMUZ)
    written = desk.file.read_text("utf-8")
    assert written == TOPIC.replace("name\n", "name\n  - باب المندب\n")
    assert desk.file.stat().st_mode & 0o777 == 0o644
    assert [file.name for file in desk.file.parent.iterdir() if file.name.startswith(".")] == []

    # also after a restart
    assert await desk.book.undo(done.key, 1) == Done(file="topics/suez.yaml")
    assert desk.file.read_text("utf-8") == TOPIC
    assert await desk.book.undo(None, 1) == Refused(trouble="gone")


async def test_edits_are_undone_from_the_last_to_the_first(desk: Desk) -> None:
    await desk.saved(HORMUZ)
    once = desk.file.read_text("utf-8")
    await desk.saved(Edit(name="suez", operation="forbid", value="رياضة"))
    await desk.book.undo(None, 1)
    assert desk.file.read_text("utf-8") == once
    await desk.book.undo(None, 1)
    assert desk.file.read_text("utf-8") == TOPIC


@pytest.mark.parametrize(
    "edit",
    [
        Edit(name="suez", operation="drop", value="قناة السويس"),
        Edit(name="suez", operation="add", value="هرمز"),
        Edit(name="suez", operation="add", value="و"),
    ],
    ids=["an example fails", "another one fails", "no word"],
)
async def test_what_marsad_check_refuses_is_refused_in_its_words(desk: Desk, edit: Edit) -> None:
    refused = await desk.book.propose(edit)
    assert isinstance(refused, Refused)
    assert refused.problems[0].startswith("topics/suez.yaml:")
    assert desk.file.read_text("utf-8") == TOPIC


async def test_a_file_that_somebody_else_changed_is_not_overwritten(desk: Desk) -> None:
    book = desk.book
    proposal = await book.propose(HORMUZ)
    assert isinstance(proposal, Proposal)
    desk.file.write_text(TOPIC + "# by hand\n", encoding="utf-8")
    assert await book.save(proposal.key, 1) == Refused(trouble="stale")
    assert await book.save(proposal.key, 1) == Refused(trouble="gone")

    done = await desk.saved(HORMUZ)
    with desk.file.open("a", encoding="utf-8") as file:
        file.write("# by hand again\n")
    assert await desk.book.undo(done.key, 1) == Refused(trouble="stale")


async def test_a_configuration_that_became_bad_meanwhile_is_not_written_to(desk: Desk) -> None:
    book = desk.book
    proposal = await book.propose(HORMUZ)
    assert isinstance(proposal, Proposal)
    (desk.folder / "topics" / "other.yaml").write_text("title: nothing", encoding="utf-8")
    refused = await book.save(proposal.key, 1)
    assert isinstance(refused, Refused)
    assert "topics/other.yaml" in refused.problems[0]
    assert desk.file.read_text("utf-8") == TOPIC


async def test_a_file_that_cannot_be_written_stays_as_it_is(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    book = desk.book
    proposal = await book.propose(HORMUZ)
    assert isinstance(proposal, Proposal)
    monkeypatch.setattr("os.fsync", full)
    assert await book.save(proposal.key, 1) == Refused(trouble="unwritable")
    assert desk.file.read_text("utf-8") == TOPIC
    assert [file.name for file in desk.file.parent.iterdir() if file.name.startswith(".")] == []


async def test_an_unknown_name_is_answered_with_the_nearest(desk: Desk) -> None:
    refused = await desk.book.page("suex")
    assert isinstance(refused, Refused)
    assert refused.known[0] == "suez"
    assert await desk.book.propose(Edit(name="../suez", operation="add", value="سفينة")) == Refused(
        trouble="unknown", known=("suez",)
    )


async def test_a_page_shows_what_can_be_edited(desk: Desk) -> None:
    page = await desk.book.page("suez")
    assert isinstance(page, Page)
    assert (page.words, page.forbidden, page.numbers) == (("قناة السويس",), (), ())
    assert "suez" in await desk.book.names()


async def test_a_dry_run_tells_what_the_rules_alert_on_and_sends_nothing(desk: Desk) -> None:
    for number in range(2):
        await desk.world.article(f"agency.example/summit-{number}")
    found = await desk.book.dry_run(timedelta(hours=24))
    by_topic = {told.title.ar: told for told in found.topics}
    assert found.articles == 2
    # a story alerts once
    assert by_topic["بحر قزوين"].after == 1
    assert by_topic["قناة السويس"].after == 0
    assert await desk.world.pending() == 0


async def test_a_running_marsad_takes_the_edit_over(desk: Desk) -> None:
    live, stop, changed = LiveConfiguration(desk.folder), asyncio.Event(), asyncio.Event()

    async def on_change(_configuration: Configuration) -> None:
        changed.set()

    async def on_problem(errors: ConfigErrors) -> None:
        raise AssertionError(errors)

    watching = asyncio.create_task(live.watch(stop, on_change, on_problem))
    await desk.saved(HORMUZ)
    await asyncio.wait_for(changed.wait(), 30)
    stop.set()
    await watching
    assert len(live.current.topics["suez"].any) == 2
