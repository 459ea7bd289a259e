"""What holds for all of Marsad: who may subscribe, who answers for the crawler, whose clock."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from models.bytesize import Size
from models.duration import Duration
from models.site import ConfigModel, Zone

Access = Literal["approval", "invite", "open"]
KeywordAccess = Literal["nobody", "allowed", "everybody"]


class Retention(ConfigModel):
    """How long what is kept: older rows are deleted bit by bit while Marsad runs. What waits to be
    sent, belongs to a story that may still grow, or was judged by a reader stays."""

    articles: Duration | None = Field(
        default=timedelta(days=365),
        description="Articles, with their matches and alerts, from when they were first seen; "
        "null: for ever. A site's file may say otherwise (`keep`)",
    )
    versions: Duration | None = Field(
        default=timedelta(days=90),
        description="What articles said before they were changed, from then on; null: as long as "
        "the article",
    )
    deliveries: Duration | None = Field(
        default=timedelta(days=90),
        description="What was sent to whom, from then on; null: as long as the article",
    )
    size: Size | None = Field(
        default=10 * 2**30,
        description="Largest size of the database: beyond it the oldest articles go, whatever "
        "their age; null: any",
    )


class General(ConfigModel):
    """config/marsad.yaml. The file may be absent: every key has a default."""

    access: Access = Field(
        default="approval",
        description="Who may subscribe: approval (an operator says yes to each chat once), invite "
        "(whoever has an invitation) or open (everybody)",
    )
    personal_keywords: KeywordAccess = Field(
        default="allowed",
        description="Who may have keywords of their own: nobody, allowed (those to whom an "
        "operator said yes) or everybody",
    )
    contact: Annotated[str, StringConstraints(pattern=r"^[!-~]*$", max_length=200)] = Field(
        default="",
        description="Your e-mail address or page; it goes into the user agent, so that a site's "
        "owner can reach you",
    )
    zone: Zone = Field(
        default="Asia/Riyadh", description="Time zone in which alerts show when an article appeared"
    )
    story_window: Duration = Field(
        default=timedelta(hours=72),
        description="Articles that tell the same event within this time are one story, alerted "
        "once; the same text within twice this time",
    )
    retention: Retention = Field(default=Retention(), description="How long what is kept")
    stories_by_meaning: bool = Field(
        default=False,
        description="Also tell by their meaning which articles are one story (the extra "
        "'semantic'; a tenth of a second for each article that a topic matched)",
    )
