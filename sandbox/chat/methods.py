"""The Bot API methods that we use, one function each: parameters in, `result` out, or an `ApiError`."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from sandbox.chat.formatting import MAX_CAPTION, read_text
from sandbox.chat.markup import inline_keyboard, read_markup, reply_keyboard
from sandbox.chat.refusals import ApiError, bad_request, forbidden
from sandbox.chat.updates import Hook, read_kinds
from sandbox.chat.world import Chat, Json, Shown

if TYPE_CHECKING:
    from sandbox.chat.bots import Bot

MAX_DOWNLOAD = 20 * 1024 * 1024
MAX_UPLOAD = 50 * 1024 * 1024
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_ACTIONS = frozenset(
    (
        "typing",
        "upload_photo",
        "upload_document",
        "upload_video",
        "upload_voice",
        "record_video",
        "record_voice",
    )
)
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)

Params = dict[str, Any]
Method = Callable[["Bot", Params], Awaitable[Any]]


async def get_me(bot: Bot, params: Params) -> Json:
    return bot.account.as_json() | {
        "can_join_groups": False,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
    }


async def get_updates(bot: Bot, params: Params) -> list[Json]:
    if "allowed_updates" in params:
        bot.queue.kinds = read_kinds(_json(params, "allowed_updates"))
    offset, limit = _integer(params, "offset", 0), _integer(params, "limit", 100)
    return await bot.queue.poll(offset, limit, min(_integer(params, "timeout", 0), 50))


async def set_webhook(bot: Bot, params: Params) -> bool:
    url = _text(params, "url")
    if not url:
        return await delete_webhook(bot, params)
    hook = Hook(url, _text(params, "secret_token"), _integer(params, "max_connections", 40))
    hook.check()
    if "allowed_updates" in params:
        bot.queue.kinds = read_kinds(_json(params, "allowed_updates"))
    bot.queue.hook = hook
    _drop_pending(bot, params)
    bot.queue.changed.set()
    return True


async def delete_webhook(bot: Bot, params: Params) -> bool:
    bot.queue.hook = None
    _drop_pending(bot, params)
    return True


def _drop_pending(bot: Bot, params: Params) -> None:
    if _text(params, "drop_pending_updates").lower() == "true":
        bot.queue.waiting.clear()


async def get_webhook_info(bot: Bot, params: Params) -> Json:
    return bot.queue.info()


async def send_message(bot: Bot, params: Params) -> Json:
    chat = _reachable(bot, params)
    text, entities = read_text(_text(params, "text").strip(), _text(params, "parse_mode"))
    if not text.strip():
        raise bad_request("message text is empty")
    markup = read_markup(params.get("reply_markup"))
    inline, below = inline_keyboard(markup), reply_keyboard(markup)
    bot.limit(chat)
    shown = bot.show(chat, text, entities=entities, buttons=inline)
    _set_keyboard(bot, chat, markup, below)
    return shown.as_message()


def _set_keyboard(bot: Bot, chat: Chat, markup: Json, below: Any) -> None:
    if below or markup.get("remove_keyboard"):
        chat.keyboard = below
        bot.tell(chat, "keyboard", keyboard=[[b.text for b in row] for row in below])


async def send_document(bot: Bot, params: Params) -> Json:
    chat = _reachable(bot, params)
    upload = params.get("document")
    if isinstance(upload, str) and upload in bot.files:
        stored, name = bot.files[upload], bot.files[upload].path.rpartition("/")[2]
    elif isinstance(upload, tuple):
        name, content = upload
        if len(content) > MAX_UPLOAD:
            raise ApiError(413, "Request Entity Too Large")
        stored = bot.keep_file("documents", name, content)
    else:
        raise bad_request("there is no document in the request")
    caption, entities = read_text(_text(params, "caption"), _text(params, "parse_mode"), MAX_CAPTION)
    inline = inline_keyboard(read_markup(params.get("reply_markup")))
    bot.limit(chat)
    document = {
        "file_id": stored.id,
        "file_unique_id": stored.unique_id,
        "file_name": name,
        "file_size": stored.size,
    }
    extra: Json = {"document": document} | ({"caption": caption} if caption else {})
    shown = bot.show(
        chat, caption, entities=entities, buttons=inline, file_id=stored.id, name=name, extra=extra
    )
    return shown.as_message()


async def edit_message_text(bot: Bot, params: Params) -> Json:
    chat, shown = _own_message(bot, params)
    text, entities = read_text(_text(params, "text").strip(), _text(params, "parse_mode"))
    if not text:
        raise bad_request("message text is empty")
    buttons = inline_keyboard(read_markup(params.get("reply_markup")))
    if (text, entities, buttons) == (shown.text, shown.entities, shown.buttons):
        raise bad_request(_NOT_MODIFIED)
    bot.limit(chat)
    shown.text, shown.entities, shown.buttons = text, entities, buttons
    shown.wire |= {"text": text} | ({"entities": entities} if entities else {})
    bot.edited(chat, shown)
    return shown.as_message()


async def edit_message_reply_markup(bot: Bot, params: Params) -> Json:
    chat, shown = _own_message(bot, params)
    buttons = inline_keyboard(read_markup(params.get("reply_markup")))
    if buttons == shown.buttons:
        raise bad_request(_NOT_MODIFIED)
    bot.limit(chat)
    shown.buttons = buttons
    bot.edited(chat, shown)
    return shown.as_message()


def _own_message(bot: Bot, params: Params) -> tuple[Chat, Shown]:
    chat = _reachable(bot, params)
    shown = chat.find(_integer(params, "message_id", 0))
    if shown is None:
        raise bad_request("message to edit not found")
    if not shown.by_bot:
        raise bad_request("message can't be edited")
    return chat, shown


async def answer_callback_query(bot: Bot, params: Params) -> bool:
    chat = bot.presses.pop(_text(params, "callback_query_id"), None)
    if chat is None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = _text(params, "text")
    if len(text) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    bot.tell(chat, "answered", text=text)
    return True


async def send_chat_action(bot: Bot, params: Params) -> bool:
    chat = _reachable(bot, params)
    if _text(params, "action") not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    bot.tell(chat, "typing")
    return True


async def set_my_commands(bot: Bot, params: Params) -> bool:
    commands = _json(params, "commands")
    if not isinstance(commands, list) or len(commands) > 100:
        raise bad_request("can't parse commands: expected an Array")
    for command in commands:
        if not isinstance(command, dict) or not _COMMAND.fullmatch(str(command.get("command", ""))):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    bot.commands[_text(params, "language_code")] = commands
    return True


async def get_my_commands(bot: Bot, params: Params) -> list[Json]:
    return bot.commands.get(_text(params, "language_code"), [])


async def get_file(bot: Bot, params: Params) -> Json:
    stored = bot.files.get(_text(params, "file_id"))
    if stored is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if stored.size > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return {
        "file_id": stored.id,
        "file_unique_id": stored.unique_id,
        "file_size": stored.size,
        "file_path": stored.path,
    }


def _reachable(bot: Bot, params: Params) -> Chat:
    """The chat that is meant, if the bot may write there."""
    if "chat_id" not in params:
        raise bad_request("chat_id is empty")
    chat = bot.chats.get(_integer(params, "chat_id", 0))
    if chat is None:
        raise bad_request("chat not found")
    if chat.person.deactivated:
        raise forbidden("user is deactivated")
    if chat.blocked:
        raise forbidden("bot was blocked by the user")
    if not chat.started:
        raise forbidden("bot can't initiate conversation with a user")
    return chat


def _text(params: Params, key: str) -> str:
    value = params.get(key, "")
    return value if isinstance(value, str) else json.dumps(value)


def _integer(params: Params, key: str, default: int) -> int:
    value = params.get(key, default)
    try:
        return int(value or 0)
    except (TypeError, ValueError):
        if key == "chat_id":
            raise bad_request("chat not found") from None
        raise bad_request(f"can't parse {key}: expected Integer") from None


def _json(params: Params, key: str) -> Any:
    value = params.get(key)
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise bad_request(f"can't parse {key} JSON object") from None


METHODS: dict[str, Method] = {
    "getme": get_me,
    "getupdates": get_updates,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
    "sendmessage": send_message,
    "senddocument": send_document,
    "editmessagetext": edit_message_text,
    "editmessagereplymarkup": edit_message_reply_markup,
    "answercallbackquery": answer_callback_query,
    "sendchataction": send_chat_action,
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "getfile": get_file,
}
