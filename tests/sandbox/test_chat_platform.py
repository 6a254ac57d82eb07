"""The chat platform is as strict as the manual says, asked by plain HTTP: core.telegram.org/bots/api."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from sandbox.chat import BotAccount, ChatPlatform, Handset, Limits

TOKEN = "4242:platform-token-AAbb"


class Api:
    """A bot that speaks JSON."""

    def __init__(self, platform: ChatPlatform, client: aiohttp.ClientSession) -> None:
        self.platform = platform
        self.client = client

    async def __call__(self, method: str, token: str = TOKEN, **params: Any) -> tuple[int, dict[str, Any]]:
        async with self.client.post(f"{self.platform.base_url}{token}/{method}", json=params) as response:
            return response.status, await response.json()

    async def result(self, method: str, **params: Any) -> Any:
        status, body = await self(method, **params)
        assert status == 200 and body["ok"] is True, body
        return body["result"]


@pytest.fixture
async def platform() -> AsyncIterator[ChatPlatform]:
    platform = ChatPlatform([BotAccount(TOKEN, "motcua_bot")], push_pause=0.02)
    async with platform.serve():
        yield platform


@pytest.fixture
async def api(platform: ChatPlatform) -> AsyncIterator[Api]:
    async with aiohttp.ClientSession() as client:
        yield Api(platform, client)


@pytest.fixture
def hoa(platform: ChatPlatform) -> Handset:
    return platform.user(7001, "Hoa", phone="84912345678")


async def test_the_bot_is_a_bot(api: Api) -> None:
    me = await api.result("getMe")
    assert (me["id"], me["is_bot"], me["username"]) == (4242, True, "motcua_bot")


TOKENS = [("4242:another-token-AAbb", 401, "Unauthorized"), ("rubbish", 404, "Not Found")]


@pytest.mark.parametrize(("token", "code", "description"), TOKENS)
async def test_wrong_tokens(api: Api, token: str, code: int, description: str) -> None:
    body = {"ok": False, "error_code": code, "description": description}
    assert await api("getMe", token) == (code, body)


async def test_unknown_methods_are_not_found(api: Api) -> None:
    assert (await api("sendTelepathy"))[0] == 404
    assert (await api("GETME"))[0] == 200  # the manual: method names are case-insensitive


def button(text: str = "Có", **more: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": text, **more}]]}


REFUSED: list[tuple[str, dict[str, Any], int, str]] = [
    ("nobody", {"chat_id": 99}, 400, "Bad Request: chat not found"),
    ("no chat", {"chat_id": None}, 400, "Bad Request: chat not found"),
    ("a chat in words", {"chat_id": "hoa"}, 400, "Bad Request: chat not found"),
    ("no text", {"text": " \n "}, 400, "Bad Request: message text is empty"),
    ("4097 units", {"text": "đ" * 4097}, 400, "Bad Request: message is too long"),
    ("2049 emoji", {"text": "😀" * 2049}, 400, "Bad Request: message is too long"),
    (
        "data of 65 bytes",
        {"reply_markup": button(callback_data="x" * 65)},
        400,
        "Bad Request: BUTTON_DATA_INVALID",
    ),
    (
        "22 letters of 3 bytes",
        {"reply_markup": button(callback_data="ồ" * 22)},
        400,
        "Bad Request: BUTTON_DATA_INVALID",
    ),
    ("data of nothing", {"reply_markup": button(callback_data="")}, 400, "Bad Request: BUTTON_DATA_INVALID"),
    ("a button without a purpose", {"reply_markup": button()}, 400, "Text buttons are unallowed"),
    (
        "a button without text",
        {"reply_markup": button(" ", callback_data="x")},
        400,
        "can't parse inline keyboard",
    ),
    (
        "a keyboard that is no JSON",
        {"reply_markup": "{"},
        400,
        "can't parse reply keyboard markup JSON object",
    ),
    (
        "101 buttons",
        {"reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "y"}]] * 101}},
        400,
        "Bad Request: reply markup is too long",
    ),
    ("Markdown", {"parse_mode": "Klingon"}, 400, "Bad Request: unsupported parse_mode"),
]


@pytest.mark.parametrize(("case", "params", "code", "description"), REFUSED, ids=[c for c, *_ in REFUSED])
async def test_refused_messages(
    api: Api, hoa: Handset, case: str, params: dict[str, Any], code: int, description: str
) -> None:
    status, body = await api("sendMessage", **{"chat_id": 7001, "text": "x", **params})
    assert (status, body["ok"], body["error_code"]) == (code, False, code)
    assert description in body["description"]
    assert hoa.screen == []


UNPARSABLE = [
    ("Lê <Hà>", 'Unsupported start tag "hà" at byte offset 4'),
    ("a <b", "Unclosed start tag at byte offset 2"),
    ("đ < b > c", 'Unsupported start tag "" at byte offset 3'),
    ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
    ("<br>", 'Unsupported start tag "br"'),
    ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
    ("<b><i>x</b></i>", 'expected "</i>", found "</b>"'),
    ("x</b>", "Unexpected end tag at byte offset 1"),
]


@pytest.mark.parametrize(("text", "why"), UNPARSABLE)
async def test_unparsable_markup(api: Api, hoa: Handset, text: str, why: str) -> None:
    status, body = await api("sendMessage", chat_id=7001, text=text, parse_mode="HTML")
    assert status == 400 and body["description"].startswith("Bad Request: can't parse entities: ")
    assert why in body["description"]


PARSED: list[tuple[str, str, list[dict[str, Any]]]] = [
    ("a &lt;b&gt; &amp; &quot;c&quot; &#x27;d&#39;", "a <b> & \"c\" 'd'", []),
    ("&nbsp; stays", "&nbsp; stays", []),
    ("😀 <b>đậm</b>", "😀 đậm", [{"type": "bold", "offset": 3, "length": 3}]),
    (
        '<a href="https://a.vn/?x=1&amp;y=2"><i>ở đây</i></a>',
        "ở đây",
        [
            {"type": "italic", "offset": 0, "length": 5},
            {"type": "text_link", "offset": 0, "length": 5, "url": "https://a.vn/?x=1&y=2"},
        ],
    ),
]


@pytest.mark.parametrize(("text", "seen", "entities"), PARSED)
async def test_parsed_markup(
    api: Api, hoa: Handset, text: str, seen: str, entities: list[dict[str, Any]]
) -> None:
    message = await api.result("sendMessage", chat_id=7001, text=text, parse_mode="HTML")
    assert (message["text"], message.get("entities", [])) == (seen, entities)
    assert message["date"] < 10_000_000_000  # seconds
    assert hoa.answers[-1].text == seen


async def test_people_who_cannot_be_written_to(api: Api, platform: ChatPlatform) -> None:
    platform.user(1, "A").block()
    platform.user(2, "B", started=False)
    platform.user(3, "C").person.deactivated = True
    said = [(await api("sendMessage", chat_id=n, text="x"))[1]["description"] for n in (1, 2, 3)]
    assert said == [
        "Forbidden: bot was blocked by the user",
        "Forbidden: bot can't initiate conversation with a user",
        "Forbidden: user is deactivated",
    ]


async def test_edits(api: Api, hoa: Handset) -> None:
    where: dict[str, Any] = {"chat_id": 7001}
    sent = await api.result(
        "sendMessage", **where, text="Đang tra cứu…", reply_markup=button(callback_data="p")
    )
    where["message_id"] = sent["message_id"]
    assert (await api.result("editMessageText", **where, text="Xong"))["text"] == "Xong"
    assert hoa.answers[-1].buttons == () and hoa.answers[-1].edited_at
    for method, more in (("editMessageText", {"text": "Xong"}), ("editMessageReplyMarkup", {})):
        status, body = await api(method, **where, **more)
        assert status == 400 and "message is not modified" in body["description"]
    assert (
        "message to edit not found"
        in (await api("editMessageText", chat_id=7001, message_id=9, text="x"))[1]["description"]
    )
    mine = hoa.text("của tôi")
    assert (
        "message can't be edited"
        in (await api("editMessageText", chat_id=7001, message_id=mine.id, text="x"))[1]["description"]
    )


async def test_a_press_is_answered_once(api: Api, hoa: Handset) -> None:
    await api.result("sendMessage", chat_id=7001, text="?", reply_markup=button(callback_data="p1"))
    query = hoa.press("Có")
    update = (await api.result("getUpdates"))[-1]["callback_query"]
    assert (update["id"], update["data"], update["message"]["text"]) == (query, "p1", "?") and update[
        "chat_instance"
    ]
    assert await api.result("answerCallbackQuery", callback_query_id=query) is True
    for late in (query, "1"):
        status, body = await api("answerCallbackQuery", callback_query_id=late)
        assert status == 400 and "query is too old" in body["description"]
    with pytest.raises(LookupError):
        hoa.press("Không")


async def test_polling_confirms_by_the_offset(api: Api, hoa: Handset) -> None:
    for text in ("một", "hai", "ba"):
        hoa.text(text)
    first = await api.result("getUpdates", limit=2)
    assert [u["message"]["text"] for u in first] == ["một", "hai"]
    assert await api.result("getUpdates", limit=2) == first  # not confirmed yet
    rest = await api.result("getUpdates", offset=first[-1]["update_id"] + 1)
    assert [u["message"]["text"] for u in rest] == ["ba"]
    assert [u["message"]["text"] for u in await api.result("getUpdates", offset=-1)] == ["ba"]


async def test_a_long_poll_ends_with_the_news(api: Api, hoa: Handset) -> None:
    poll = asyncio.create_task(api.result("getUpdates", timeout=30))
    await asyncio.wait_for(api.platform.bot().queue.asked.wait(), 2)
    assert not poll.done()
    hoa.text("đây")
    assert (await asyncio.wait_for(poll, 2))[0]["message"]["text"] == "đây"


async def test_a_second_poller_throws_the_first_out(api: Api, hoa: Handset) -> None:
    first = asyncio.create_task(api("getUpdates", timeout=30))
    await asyncio.wait_for(api.platform.bot().queue.asked.wait(), 2)
    second = asyncio.create_task(api("getUpdates", timeout=30))
    status, body = await asyncio.wait_for(first, 2)
    assert status == 409 and "terminated by other getUpdates request" in body["description"]
    hoa.text("ai được?")
    assert (await asyncio.wait_for(second, 2))[0] == 200


async def test_only_the_kinds_asked_for_come(api: Api, hoa: Handset) -> None:
    await api.result("getUpdates", allowed_updates=["message"])
    hoa.edit(hoa.text("một"), "hai")
    hoa.block()
    assert [list(u)[1] for u in await api.result("getUpdates")] == ["message"]


WEBHOOKS = [
    ({"url": "http://phuong.gov.vn/hook"}, "An HTTPS URL must be provided"),
    ({"url": "https://phuong.gov.vn:444/hook"}, "ports 80, 88, 443 or 8443"),
    (
        {"url": "https://phuong.gov.vn/hook", "secret_token": "có dấu"},
        "secret token contains unallowed characters",
    ),
]


@pytest.mark.parametrize(("params", "why"), WEBHOOKS)
async def test_refused_webhooks(api: Api, params: dict[str, Any], why: str) -> None:
    status, body = await api("setWebhook", **params)
    assert status == 400 and why in body["description"]


async def test_a_webhook_is_asked_until_it_takes(api: Api, hoa: Handset, platform: ChatPlatform) -> None:
    seen: list[tuple[str | None, str]] = []
    answers = [500, 503, 200, 204]
    finished = asyncio.Event()

    async def hook(request: web.Request) -> web.Response:
        update = await request.json()
        seen.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token"), update["message"]["text"]))
        status = answers.pop(0)
        if not answers:
            finished.set()
        return web.Response(status=status)

    app = web.Application()
    app.router.add_post("/hook", hook)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        status, body = await api("setWebhook", url=url, secret_token="s-1", allowed_updates=["message"])
        assert (status, body["description"]) == (200, "Webhook was set")
        hoa.text("một")
        hoa.text("hai")
        await asyncio.wait_for(finished.wait(), 5)
        assert seen == [("s-1", "một")] * 3 + [("s-1", "hai")]
        info = await api.result("getWebhookInfo")
        assert info["url"] == url and "503" in info["last_error_message"]
        assert (await api("getUpdates"))[0] == 409
        assert (await api("deleteWebhook"))[1]["description"] == "Webhook was deleted"
        assert await api.result("getUpdates") == []
    finally:
        await runner.cleanup()


async def test_files(api: Api, hoa: Handset, platform: ChatPlatform) -> None:
    photo = hoa.photo(b"jpeg" * 100, album="al")
    sizes = (await api.result("getUpdates"))[0]["message"]["photo"]
    assert sizes[0]["width"] < sizes[1]["width"] and sizes[1]["file_id"] == photo.file_id
    file = await api.result("getFile", file_id=photo.file_id)
    assert file["file_size"] == 400 and "name" not in file
    async with api.client.get(f"{platform.file_url}{TOKEN}/{file['file_path']}") as response:
        assert await response.read() == b"jpeg" * 100
    async with api.client.get(f"{platform.file_url}4242:another-token-AAbb/{file['file_path']}") as response:
        assert response.status == 404
    huge = hoa.document(b"x", "phim.mp4", "video/mp4", claimed_size=25 * 1024 * 1024)
    assert "file is too big" in (await api("getFile", file_id=huge.file_id))[1]["description"]
    assert (await api("getFile", file_id="nowhere"))[0] == 400


async def test_a_document_to_a_person(api: Api, hoa: Handset, platform: ChatPlatform) -> None:
    form = aiohttp.FormData({"chat_id": "7001", "caption": "<b>Giấy hẹn</b>", "parse_mode": "HTML"})
    form.add_field("document", b"%PDF", filename="hen.pdf", content_type="application/pdf")
    async with api.client.post(f"{platform.base_url}{TOKEN}/sendDocument", data=form) as response:
        sent = (await response.json())["result"]
    assert (sent["document"]["file_name"], sent["caption"]) == ("hen.pdf", "Giấy hẹn")
    assert hoa.answers[-1].file_name == "hen.pdf"
    again = await api.result("sendDocument", chat_id=7001, document=sent["document"]["file_id"])
    assert again["document"]["file_id"] == sent["document"]["file_id"]
    status, body = await api(
        "sendDocument", chat_id=7001, document=sent["document"]["file_id"], caption="x" * 1025
    )
    assert status == 400 and "caption is too long" in body["description"]


async def test_commands_and_actions(api: Api, hoa: Handset) -> None:
    menu = [{"command": "menu", "description": "Trang đầu"}]
    assert await api.result("setMyCommands", commands=json.dumps(menu), language_code="vi") is True
    assert await api.result("getMyCommands", language_code="vi") == menu
    assert (await api("setMyCommands", commands=[{"command": "Menu", "description": "x"}]))[0] == 400
    assert (await api("setMyCommands", commands=[{"command": "menu", "description": ""}]))[0] == 400
    assert await api.result("sendChatAction", chat_id=7001, action="typing") is True
    assert (await api("sendChatAction", chat_id=7001, action="dancing"))[0] == 400


async def test_limits(hoa: Handset) -> None:
    now = [1000.0]
    platform = ChatPlatform(
        [BotAccount(TOKEN, "motcua_bot")], limits=Limits(overall=5, burst=3), clock=lambda: now[0]
    )
    for n in range(4):
        platform.user(n, "x")
    async with platform.serve(), aiohttp.ClientSession() as client:
        api = Api(platform, client)
        assert [(await api("sendMessage", chat_id=0, text="x"))[0] for _ in range(4)] == [200, 200, 200, 429]
        assert [(await api("sendMessage", chat_id=n, text="x"))[0] for n in (1, 2, 3)] == [200, 200, 429]
        _, body = await api("sendMessage", chat_id=0, text="x")
        assert body == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 1",
            "parameters": {"retry_after": 1},
        }
        now[0] += 1
        assert (await api("sendMessage", chat_id=0, text="x"))[0] == 200


async def test_what_a_page_watches(api: Api, hoa: Handset, platform: ChatPlatform) -> None:
    events: list[str] = []

    async def watch() -> None:
        async for event in platform.watch():
            assert event["user"] == 7001 and event["bot"] == "motcua_bot"
            events.append(event["kind"])

    watching = asyncio.create_task(watch())
    await asyncio.sleep(0)
    shared = {"keyboard": [[{"text": "Chia sẻ số", "request_contact": True}]]}
    sent = await api.result("sendMessage", chat_id=7001, text="Số?", reply_markup=shared)
    assert hoa.chat.keyboard[0][0].asks_contact
    hoa.share_contact()
    await api.result("sendMessage", chat_id=7001, text="Cảm ơn", reply_markup={"remove_keyboard": True})
    assert hoa.chat.keyboard == ()
    await api.result("editMessageText", chat_id=7001, message_id=sent["message_id"], text="Đã rõ")
    await api.result("sendChatAction", chat_id=7001, action="typing")
    await asyncio.sleep(0)
    watching.cancel()
    assert events == ["message", "keyboard", "message", "message", "keyboard", "edit", "typing"]
    contact = (await api.result("getUpdates"))[0]["message"]["contact"]
    assert (contact["phone_number"], contact["user_id"]) == ("84912345678", 7001)


async def test_what_a_page_draws(api: Api, hoa: Handset) -> None:
    await api.result("setMyCommands", commands=[{"command": "menu", "description": "Trang đầu"}])
    await api.result("sendMessage", chat_id=7001, text="?", reply_markup=button(callback_data="p1"))
    hoa.document(b"%PDF", "đơn.pdf")
    seen = hoa.as_json()
    assert json.loads(json.dumps(seen)) == seen
    assert seen["menu"][0]["command"] == "menu" and not seen["blocked"]
    first, second = seen["messages"]
    assert first["buttons"] == [[{"text": "Có", "data": "p1", "url": ""}]] and first["by_bot"]
    assert second["file"] == "đơn.pdf" and second["file_id"]


async def test_a_deep_link_carries_no_dots(hoa: Handset) -> None:
    with pytest.raises(ValueError, match="deep link"):
        hoa.start("H29.11-251101-0001")


async def test_someone_waits_for_an_answer(api: Api, hoa: Handset) -> None:
    waiting = asyncio.create_task(hoa.sees(lambda answers: any("Xong" in a.text for a in answers)))
    await asyncio.sleep(0)
    await api.result("sendMessage", chat_id=7001, text="Đang tra cứu")
    await api.result("sendMessage", chat_id=7001, text="Xong")
    assert [a.text for a in await waiting] == ["Đang tra cứu", "Xong"]
    with pytest.raises(TimeoutError):
        await hoa.sees(lambda answers: len(answers) > 2, seconds=0.05)


async def test_trouble_on_demand(api: Api, hoa: Handset, platform: ChatPlatform) -> None:
    platform.faults.error("sendMessage", status=502)
    platform.faults.throttle("sendMessage", seconds=9)
    platform.faults.drop("sendMessage")
    platform.faults.drop("sendMessage", after=True)
    assert (await api("sendMessage", chat_id=7001, text="1"))[0] == 502
    assert (await api("sendMessage", chat_id=7001, text="2"))[1]["parameters"] == {"retry_after": 9}
    for text in ("3", "4"):
        with pytest.raises(aiohttp.ClientError):
            await api("sendMessage", chat_id=7001, text=text)
    assert (await api("sendMessage", chat_id=7001, text="5"))[0] == 200
    assert [a.text for a in hoa.answers] == ["4", "5"]
    assert [call.status for call in platform.called("sendMessage")] == [502, 429, 0, 0, 200]
