"""A topic: the rule that says which articles are about it, and the examples that hold it to it."""

from collections.abc import Mapping
from typing import Annotated, Literal, Union

from pydantic import ConfigDict, Discriminator, Field, StringConstraints, Tag

from models.duration import Duration
from models.lexicon import Keyword, Text
from models.site import ConfigModel, Items, Name, Title

Zone = Literal["title", "lead", "body", "byline"]
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]


class _Zoned(ConfigModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, validate_by_alias=True, validate_by_name=True
    )

    zones: Items[Zone] = Field(
        default=(),
        alias="in",
        description="Only hits in these parts; default: all but byline",
    )


class Word(Keyword):
    """A keyword written in the rule itself."""

    zones: Items[Zone] = Field(default=(), alias="in")


class UseList(_Zoned):
    """Any keyword of a lexicon."""

    lexicon: Name = Field(alias="list")


class UseTopic(_Zoned):
    """Another topic's rule (its all, any and none) holds here: in this sentence, these zones."""

    topic: Name


class All(_Zoned):
    """Every one of these holds."""

    all: Annotated[Items["Condition"], Field(min_length=1)]


class AnyOf(_Zoned):
    """At least one of these holds."""

    any: Annotated[Items["Condition"], Field(min_length=1)]


class NoneOf(_Zoned):
    """Not one of these holds."""

    none: Annotated[Items["Condition"], Field(min_length=1)]


class AtLeast(_Zoned):
    """At least so many of these hold."""

    at_least: Annotated[int, Field(ge=2)]
    of: Annotated[Items["Condition"], Field(min_length=2)]


class Near(_Zoned):
    """Each of these is hit once within a stretch of text: `within` counts the words from the
    first hit to the last (2: side by side). `ordered`: in the order in which they are listed."""

    near: Annotated[Items["Condition"], Field(min_length=2, max_length=6)]
    within: Annotated[int, Field(ge=2, le=100)] = 10
    ordered: bool = False


class Sentence(_Zoned):
    """All of these hold in one sentence (a title is a sentence), in `times` sentences."""

    sentence: Annotated[Items["Condition"], Field(min_length=1)]
    times: Annotated[int, Field(ge=1, le=100)] = 1


class Paragraph(_Zoned):
    """All of these hold in one paragraph, in `times` paragraphs."""

    paragraph: Annotated[Items["Condition"], Field(min_length=1)]
    times: Annotated[int, Field(ge=1, le=100)] = 1


class Count(_Zoned):
    """These keywords are hit so many times in all; `different`: so many keywords are hit."""

    count: Annotated[int, Field(ge=2)]
    of: Annotated[Items["Condition"], Field(min_length=1)]
    different: bool = False


class ZoneWeights(ConfigModel):
    """What a hit counts by the part of the article in which it stands."""

    title: Annotated[float, Field(ge=0, strict=False)] = 1.0
    lead: Annotated[float, Field(ge=0, strict=False)] = 1.0
    body: Annotated[float, Field(ge=0, strict=False)] = 1.0


class Term(ConfigModel):
    """A part of a score: `weight` for each hit of its keywords, for at most `cap` of them; a
    condition that is not a keyword counts once when it holds."""

    of: Annotated[Items["Condition"], Field(min_length=1)]
    weight: Annotated[float, Field(strict=False)]
    cap: Annotated[int, Field(ge=1, le=1000)] = 1


class Score(_Zoned):
    """The terms add up to at least this."""

    score: Annotated[float, Field(gt=0, strict=False)]
    terms: Annotated[Items[Term], Field(min_length=1)]
    zone_weights: ZoneWeights = Field(default=ZoneWeights(), alias="weights")


_BY_KEY: dict[str, type[ConfigModel]] = {
    "word": Word,
    "list": UseList,
    "topic": UseTopic,
    "all": All,
    "any": AnyOf,
    "none": NoneOf,
    "at_least": AtLeast,
    "near": Near,
    "sentence": Sentence,
    "paragraph": Paragraph,
    "count": Count,
    "score": Score,
}


def _tag(value: object) -> str | None:
    """A condition is known by its key; a bare string is a word."""
    if isinstance(value, str):
        return "text"
    if isinstance(value, Mapping):
        return next((key for key in _BY_KEY if key in value), None)
    return next((key for key, model in _BY_KEY.items() if type(value) is model), None)


Condition = Annotated[
    Union[  # noqa: UP007 - forward references in a recursive type
        Annotated[Text, Tag("text")],
        Annotated[Word, Tag("word")],
        Annotated[UseList, Tag("list")],
        Annotated[UseTopic, Tag("topic")],
        Annotated[All, Tag("all")],
        Annotated[AnyOf, Tag("any")],
        Annotated[NoneOf, Tag("none")],
        Annotated[AtLeast, Tag("at_least")],
        Annotated[Near, Tag("near")],
        Annotated[Sentence, Tag("sentence")],
        Annotated[Paragraph, Tag("paragraph")],
        Annotated[Count, Tag("count")],
        Annotated[Score, Tag("score")],
    ],
    Discriminator(
        _tag,
        custom_error_type="condition",
        custom_error_message=(
            "a condition is a word, or a mapping with one of the keys " + ", ".join(_BY_KEY)
        ),
    ),
]


class Sources(ConfigModel):
    """Which sites a topic reads: `only` these, or all `but` these."""

    only: Items[Name] = ()
    but: Items[Name] = ()


class Reping(ConfigModel):
    """When those who have a story already are told again; nothing set: never."""

    sources: Annotated[int, Field(ge=2, le=100)] | None = Field(
        default=None, description="When so many sources tell it"
    )
    joins: Items[Name] = Field(default=(), description="When one of these sites tells it")
    other_topic: bool = Field(
        default=False, description="When this topic matches a story that another one alerted"
    )
    headline: bool = Field(
        default=False,
        description="When a headline has another figure, or names what nobody had named",
    )


class Example(ConfigModel):
    """A text that must, or must not, match; `words` are hits that it must have, as written."""

    text: Annotated[str, StringConstraints(min_length=1)]
    title: str = ""
    match: bool
    words: Items[str] = ()
    source: str | None = None
    language: LanguageCode | None = None


class Topic(ConfigModel):
    """One file of config/topics; its name is the file's name without .yaml.

    An article is about the topic when every condition of `all`, at least one of `any` and none of
    `none` holds, and its language, source and age are wanted.
    """

    name: Name
    title: Title
    languages: Annotated[Items[LanguageCode], Field(min_length=1)] = ("ar",)
    sources: Sources = Sources()
    max_age: Duration | None = Field(
        default=None, description="Only articles published within this time"
    )
    all: Items[Condition] = ()
    any: Items[Condition] = ()
    none: Items[Condition] = ()
    quote: Items[Name] = Field(
        default=(),
        description="Lexicons whose hits are shown, beside the rule's own words; default: all",
    )
    label: str | None = Field(
        default=None,
        description="Column of labelled files that judges this topic; default: its name",
    )
    internal: bool = Field(
        default=False, description="Only a building block of other topics: it never alerts"
    )
    reping: Reping = Field(
        default=Reping(),
        description="When those who have a story already are told again: `sources: n`, "
        "`joins: [sites]`, `other_topic`, `headline`",
    )
    group_wait: Duration | None = Field(
        default=None,
        description="Hold the first alert of a story for so long, so that its copies come with it",
    )
    examples: Items[Example] = ()


for _model in (All, AnyOf, NoneOf, AtLeast, Near, Sentence, Paragraph, Count, Term, Score, Topic):
    _model.model_rebuild()
