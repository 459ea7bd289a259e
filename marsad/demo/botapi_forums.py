"""Topics of forum groups: made, deleted, and what they may look like."""

from marsad.demo.botapi_state import BotApiState, Chat, Standing
from marsad.demo.botapi_wire import Parameters, bad_request

# core.telegram.org/bots/api#createforumtopic
_COLORS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)
# As Telegram's own list begins, with identifiers of the same shape.
ICON: dict[str, object] = {
    "file_id": "local-icon-file",
    "file_unique_id": "localiconfileid",
    "type": "custom_emoji",
    "width": 512,
    "height": 512,
    "is_animated": True,
    "is_video": False,
    "set_name": "Topics",
    "emoji": "📰",
    "custom_emoji_id": "5434144690511290129",
    "file_size": 30_000,
    "thumbnail": {
        "file_id": "local-icon-thumbnail",
        "file_unique_id": "localiconthumbid",
        "width": 128,
        "height": 128,
        "file_size": 4000,
    },
}


def create_topic(state: BotApiState, parameters: Parameters) -> dict[str, object]:
    """The new topic; messages go to it by its thread."""
    chat = _forum(state, parameters)
    name = parameters.required("name").strip()
    if len(name) > 128:
        raise bad_request("TOPIC_TITLE_TOO_LONG")
    color = parameters.integer("icon_color", _COLORS[0])
    if color not in _COLORS:
        raise bad_request("invalid topic icon color specified")
    thread_id = state.next_message_id(chat)
    chat.threads.add(thread_id)
    shown: dict[str, object] = {"message_thread_id": thread_id, "name": name, "icon_color": color}
    emoji = parameters.text("icon_custom_emoji_id")
    return shown | ({"icon_custom_emoji_id": emoji} if emoji else {})


def delete_topic(state: BotApiState, parameters: Parameters) -> bool:
    chat = _forum(state, parameters)
    thread_id = parameters.integer("message_thread_id")
    if thread_id not in chat.threads:
        raise bad_request("TOPIC_ID_INVALID")
    chat.threads.discard(thread_id)
    return True


def _forum(state: BotApiState, parameters: Parameters) -> Chat:
    chat = state.writable_chat(parameters.text("chat_id"))
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    if chat.bot not in (Standing.ADMINISTRATOR, Standing.CREATOR):
        raise bad_request("not enough rights to create a topic")
    return chat
