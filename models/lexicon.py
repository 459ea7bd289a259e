"""A lexicon: a named list of keywords that topics share."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints, field_validator

from models.site import ConfigModel, Items, Name

WordClass = Literal["name", "place", "noun", "nisba", "exact", "phrase", "prefix", "regex"]
Text = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"\w")]
Reason = Annotated[str, StringConstraints(min_length=3, max_length=200)]


class Keyword(ConfigModel):
    """A word or phrase and the Arabic forms that count as it: docs/keywords.md lists the classes.

    Without `class` a single word is a noun and several words are a phrase.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, validate_by_alias=True, validate_by_name=True
    )

    word: Text
    word_class: WordClass | None = Field(default=None, alias="class")
    variants: Items[Text] = Field(
        default=(),
        description="Other spellings, of the same class (one of several words is a phrase)",
    )
    not_forms: Items[Text] = Field(
        default=(), description="Forms that are another word: exactly these are not matched"
    )
    not_next: Items[Text] = Field(
        default=(), description="Not matched when one of these words follows"
    )
    not_prev: Items[Text] = Field(
        default=(), description="Not matched when one of these words comes before"
    )
    not_in: Items[Text] = Field(
        default=(), description="Not matched inside one of these phrases, as in an outlet's name"
    )
    slop: Annotated[int, Field(ge=0, le=5)] = Field(
        default=0, description="Most words that may stand between two words of a phrase"
    )
    reason: Reason | None = Field(
        default=None, description="Why an entry that looks dead or ambiguous is kept"
    )

    @field_validator("variants", mode="after")
    @classmethod
    def _once_each(cls, variants: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(variants)) < len(variants):
            raise ValueError("a variant is listed twice")
        return variants

    @property
    def grammar(self) -> WordClass:
        """The class, with the default filled in."""
        if self.word_class is not None:
            return self.word_class
        return "phrase" if len(self.word.split()) > 1 else "noun"


class Lexicon(ConfigModel):
    """One file of config/lexicon; its name is the file's name without .yaml."""

    name: Name
    entries: Annotated[Items[Keyword], Field(min_length=1, max_length=20_000)]
