"""The articles of the demo's news sites, and when each goes online."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter
from ruamel.yaml import YAML

SHIPPED = Path(__file__).with_name("articles.yaml")
_ID = r"^[a-z]+-(\d+)$"


class DemoArticle(BaseModel):
    """One article of the data file. `at`: seconds after the start at which it goes online;
    `topics`: the shipped topics that it is about; `story`: shared by articles that tell the
    same thing; `slug`: the name in its address, by default made of the title."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(pattern=_ID)]
    site: str
    at: float = 0.0
    section: str = "أخبار"
    author: str = "هيئة التحرير"
    topics: tuple[str, ...] = ()
    story: str | None = None
    slug: str = ""
    title: Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
    text: Annotated[str, Field(min_length=1)]

    @property
    def number(self) -> int:
        return int(self.id.rpartition("-")[2])

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(part.strip() for part in re.split(r"\n\s*\n", self.text) if part.strip())

    @property
    def address_name(self) -> str:
        """The title as WordPress makes an address of it, not percent-encoded."""
        return self.slug or re.sub(r"[^\w]+", "-", self.title).strip("-")


@dataclass(frozen=True, slots=True)
class Published:
    """An article that is online."""

    article: DemoArticle
    published: datetime
    updated: datetime


_ARTICLES = TypeAdapter(tuple[DemoArticle, ...])


def read_articles(path: Path = SHIPPED) -> tuple[DemoArticle, ...]:
    """Raises pydantic.ValidationError, ruamel.yaml.YAMLError or OSError."""
    return _ARTICLES.validate_python(YAML(typ="safe").load(path))


def retimed(
    articles: tuple[DemoArticle, ...], timetable: Mapping[str, float]
) -> tuple[DemoArticle, ...]:
    """The articles with other times, by id. Raises KeyError for an id that is not there."""
    known = {article.id for article in articles}
    for name in timetable:
        if name not in known:
            raise KeyError(f"no article {name!r}; there are: {', '.join(sorted(known))}")
    return tuple(
        article.model_copy(update={"at": timetable.get(article.id, article.at)})
        for article in articles
    )
