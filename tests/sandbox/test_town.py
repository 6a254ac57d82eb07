"""The town as a whole: what it starts, that the product is found, that nothing repeats after a restart."""

from __future__ import annotations

import asyncio
import smtplib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage

from aiohttp import web
from aiohttp.test_utils import TestServer

from sandbox.chat import BotAccount
from sandbox.handsets.page import Names
from sandbox.smpp.esme import Account
from sandbox.town import Hotline, Town
from tests.sandbox.voice_product import ACCOUNT, HOTLINE, PUBLIC, TOKEN, Product

BOT = BotAccount("123456:" + "a" * 35, "motcua_bot")
NAMES = Names(office="Phường Mẫu", short_number="8099", hotline=HOTLINE, bot="motcua_bot")


@asynccontextmanager
async def town_of(product: Product) -> AsyncIterator[Town]:
    """A town whose hotline belongs to a product that answers from a table."""
    app = web.Application()
    app.router.add_route("*", "/{any:.*}", product.handle)
    hotline = Hotline(ACCOUNT, TOKEN, HOTLINE, "/voice")
    town = Town(carriers=[Account("motcua", "secret")], hotline=hotline, bot=BOT, names=NAMES)
    async with TestServer(app) as server, town:
        town.meet(PUBLIC, str(server.make_url("")), desk="http://desk.test")
        yield town


def post_letter(port: int, to: str = "an@example.org", subject: str = "Hồ sơ đã xong") -> None:
    """What the product's mail channel does, without the product."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "motcua@example.org", to, subject
    letter.set_content("Kính gửi ông Nguyễn Văn An")
    with smtplib.SMTP("127.0.0.1", port) as mail:
        mail.send_message(letter)


async def test_the_product_is_where_it_said() -> None:
    product = Product({"/voice": "<Response><Hangup/></Response>", "/voice/status": (204, "")})
    async with town_of(product) as town:
        call = await town.exchange.dial("+84912345678")
        await call.over()
        assert call.errors == []
        assert (town.page.names.portal, town.page.names.desk) == (PUBLIC, "http://desk.test")
    assert [path for path, _ in product.requests] == ["/voice", "/voice/status"]
    assert product.unsigned == []


async def test_everything_listens() -> None:
    async with town_of(Product({})) as town:
        ports = [town.smsc.port, town.exchange.port, town.mail.port]
        ports += [int(url.split(":")[2].split("/")[0]) for url in (town.platform.base_url, town.page_url)]
        assert len(set(ports)) == 5
        for port in ports:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
        await asyncio.to_thread(post_letter, town.mail.port)
        assert [letter.subject for letter in await town.mail.until(1)] == ["Hồ sơ đã xong"]


async def test_numbers_do_not_repeat_after_a_restart() -> None:
    """A product keeps its offsets and references; the town starts anew."""
    first = Town(bot=BOT)
    async with first:
        before = first.platform.bot().queue.next_id
    async with Town(bot=BOT) as second:
        after = second.platform.bot().queue.next_id
        app = second.platform.user(1, "An")
        app.text("xin chào")
        assert app.screen[0].id >= after
    assert after >= before > 1_700_000_000
