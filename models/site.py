"""A site: where an outlet publishes, how politely it is read, and where its pages keep what."""

from datetime import timedelta
from typing import Annotated, Any, Literal, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from models.duration import Duration
from models.preset import NO_ADDRESS, PresetName, filled
from models.text import Localized


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: a region, as in Asia
        raise PydanticCustomError(
            "unknown_zone", "a time zone of the IANA database, as in Asia/Tehran"
        ) from error
    return name


Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
HttpUrl = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+(/\S*)?$")]
Zone = Annotated[str, AfterValidator(_known_zone)]

_T = TypeVar("_T")
# YAML has lists only; the items stay strict.
Items = Annotated[tuple[_T, ...], Field(strict=False)]


class ConfigModel(BaseModel):
    """Strict and frozen: an unknown key is an error, a value is never converted by guess."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Title(ConfigModel):
    """A title in Arabic and, if wanted, English."""

    ar: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    en: Annotated[str, StringConstraints(max_length=80)] = ""

    def localized(self) -> Localized:
        return Localized(self.ar, self.en)


class Feed(ConfigModel):
    """RSS 0.9x/1.0/2.0, Atom or JSON Feed."""

    type: Literal["feed"]
    url: HttpUrl = Field(description="Address of the feed")


class Sitemap(ConfigModel):
    """A sitemap, news sitemap or sitemap index, or a robots.txt that names some."""

    type: Literal["sitemap"]
    url: HttpUrl = Field(
        description="Address of the sitemap, or of the site's /robots.txt; of a sitemap a day with "
        "{yyyy}, {mm} and {dd} for the day in the site's time zone"
    )


class Listing(ConfigModel):
    """A page that links to articles: which links, by CSS selector and by pattern of the path."""

    type: Literal["listing"]
    url: HttpUrl = Field(description="Address of the page")
    links: str = Field(default="a", description="CSS selector of the links to articles")
    path: str | None = Field(
        default=None, description="Regular expression (RE2 subset) that the link's path matches"
    )
    pages: Annotated[int, Field(ge=1, le=50)] = Field(
        default=1,
        description="Most pages that are read in one crawl, older ones only while they list "
        "something new",
    )
    next: str | None = Field(
        default=None,
        description="Where the next page is: a CSS selector of the link to it, or an address with "
        "{page} for its number; default: the page's rel=next",
    )


class WordPress(ConfigModel):
    """The REST interface of a WordPress site: url is the site, /wp-json/ is added."""

    type: Literal["wordpress"]
    url: HttpUrl = Field(description="Address of the site's front page")


class Search(ConfigModel):
    """The RSS of a news search for one site. Where it links to the search engine instead of the
    site, its headlines alone are the articles."""

    type: Literal["search"]
    url: HttpUrl = Field(
        description="Address of the search's feed, as in "
        "https://news.google.com/rss/search?q=site:shore.example&hl=ar"
    )


Way = Annotated[Feed | Sitemap | Listing | WordPress | Search, Field(discriminator="type")]


class Selectors(ConfigModel):
    """CSS selectors of the site's article pages; what is absent is found generically."""

    title: str | None = None
    body: str | None = None
    date: str | None = None
    author: str | None = None
    drop: Items[str] = Field(
        default=(), description="Parts inside the body that are not text of the article"
    )


Share = Annotated[float, Field(ge=0, le=1)]


class Expects(ConfigModel):
    """What is usual of a site; what is absent is learned from its own crawls."""

    articles_per_day: Annotated[float, Field(gt=0)] | None = Field(
        default=None, description="New articles a day; a long silence is judged by it"
    )
    newest: Duration | None = Field(
        default=None,
        description="Longest time without anything new; default: by articles_per_day, from a day "
        "and a half to a week",
    )
    dated: Share | None = Field(default=None, description="Share of its pages that have a date")
    body: Share | None = Field(
        default=None, description="Share of its pages that have a text beside the headline"
    )
    arabic: Share | None = Field(
        default=None, description="Share of Arabic letters in the titles that it lists"
    )
    own_host: Share | None = Field(
        default=None, description="Share of its links that lead to its usual host"
    )


def _without_publishes(schema: dict[str, Any]) -> None:
    """For editors: a file names its ways of publishing, or a preset and its home."""
    schema["required"].remove("publishes")
    schema["anyOf"] = [{"required": ["publishes"]}, {"required": ["preset", "home"]}]


class Site(ConfigModel):
    """One file of config/sites; its name is the file's name without .yaml."""

    model_config = ConfigDict(json_schema_extra=_without_publishes)

    name: Name
    title: Title = Field(description="The outlet's name, as alerts show it")
    preset: PresetName | None = Field(
        default=None,
        description="The system that the site runs on: fills in what the file leaves out",
    )
    publishes: Annotated[Items[Way], Field(min_length=1)] = Field(
        description="Where the site lists its articles: one or several ways, the best first. "
        "Required without a preset"
    )
    home: Annotated[HttpUrl | None, Field(validate_default=True)] = Field(
        default=None,
        description="Address of the site's front page; the addresses of a preset begin with it",
    )
    fallbacks: Items[Way] = Field(
        default=(),
        description="Read instead while the site blocks programs: another feed, a sitemap, the "
        "RSS of a news search",
    )
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] = Field(
        default="ar", description="ISO 639-1 code of the language it writes"
    )
    timezone: Zone = Field(
        default="UTC", description="Time zone of dates on its pages that do not name their own"
    )
    every: Duration = Field(
        default=timedelta(minutes=10),
        ge=timedelta(seconds=1),
        description="Time between two looks at the site",
    )
    every_max: Duration | None = Field(
        default=None,
        description="Longest time between two looks while the site publishes nothing: it grows to "
        "this, and is `every` again after a new article; null: always `every`",
    )
    delay: Duration = Field(
        default=timedelta(seconds=2), description="Least time between two requests to the host"
    )
    max_age: Duration | None = Field(
        default=timedelta(hours=24),
        description="Only articles published within this time may alert; null: any",
    )
    keep: Duration | None = Field(
        default=None,
        description="How long its articles are kept; default: as `retention` in marsad.yaml says",
    )
    max_articles: Annotated[int, Field(ge=1, le=10_000)] = Field(
        default=200, description="Most pages fetched in one crawl; the rest waits for the next"
    )
    selectors: Selectors = Field(
        default=Selectors(), description="Where its pages keep what, if found wrong without"
    )
    expects: Expects = Field(
        default=Expects(),
        description="What the site promises: it is reported as blind when a promise is broken",
    )
    enabled: bool = Field(default=True, description="false: kept here, but not crawled")

    @model_validator(mode="before")
    @classmethod
    def _with_preset(cls, content: object) -> object:
        return filled(content) if isinstance(content, dict) else content

    @field_validator("home")
    @classmethod
    def _home_of_preset(cls, value: str | None, info: ValidationInfo) -> str | None:
        ways = info.data.get("publishes", ())
        if value is None and info.data.get("preset") and any(w.url == NO_ADDRESS for w in ways):
            raise PydanticCustomError(
                "no_home", "the preset needs it: the address of the site's front page"
            )
        return value

    @property
    def ways(self) -> tuple[Way, ...]:
        """All ways of publishing, the fallbacks last."""
        return (*self.publishes, *self.fallbacks)

    @field_validator("every_max")
    @classmethod
    def _not_shorter(cls, value: timedelta | None, info: ValidationInfo) -> timedelta | None:
        every = info.data.get("every")
        if value is not None and every is not None and value < every:
            raise PydanticCustomError("every_max", "must be at least as long as `every`")
        return value
