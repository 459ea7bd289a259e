"""Which of python-telegram-bot's request tests are run: a rule, so that nobody picks them."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator

# What Marsad calls: `bot.NAME(` in alerts/telegram; a test compares.
MARSAD_CALLS = frozenset(
    {
        "answer_callback_query",
        "delete_webhook",
        "edit_message_text",
        "get_chat_member",
        "get_me",
        "get_updates",
        "get_webhook_info",
        "send_message",
        "set_my_commands",
        "set_webhook",
    }
)
# What the local Bot API answers besides, since tests and other bots need it.
ALSO_ANSWERED = frozenset(
    {
        "create_forum_topic",
        "delete_forum_topic",
        "delete_message",
        "delete_my_commands",
        "edit_message_reply_markup",
        "get_chat",
        "get_forum_topic_icon_stickers",
        "get_chat_administrators",
        "get_my_commands",
        "get_my_description",
        "get_my_short_description",
        "leave_chat",
        "send_chat_action",
        "set_my_description",
        "set_my_short_description",
    }
)
ANSWERED = MARSAD_CALLS | ALSO_ANSWERED
# Methods of objects that call the Bot API, as message.delete() does.
_SHORTCUTS = {
    "copy": "copy_message",
    "delete": "delete_message",
    "edit_text": "edit_message_text",
    "forward": "forward_message",
    "pin": "pin_chat_message",
    "unpin": "unpin_chat_message",
}
# Making a bot's acquaintance calls getMe.
_IMPLIED = {"test_invalid_token_server_response": "get_me"}


def methods_called(test: Callable[..., object], methods: frozenset[str]) -> frozenset[str]:
    """The Bot API methods that the body of a test calls, by its source; `methods` are all."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(test)))
    called = {name for name in _attributes_called(tree) if name in methods}
    implied = _IMPLIED.get(test.__name__)
    return frozenset(called | ({implied} if implied else set()))


def _attributes_called(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield _SHORTCUTS.get(node.func.attr, node.func.attr)


def asks_telegram(class_name: str) -> bool:
    """The tests' own convention: what makes requests."""
    return class_name.endswith("WithRequest")


def is_answered(called: frozenset[str]) -> bool:
    """Whether all the calls of a test are answered here."""
    return bool(called) and called <= ANSWERED
