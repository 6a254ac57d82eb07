"""A town and a browser for every test of the pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.portal.browser import Browser
from tests.portal.town import Town
from tests.portal.town import town as open_town


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with open_town(tmp_path) as opened:
        yield opened


@pytest.fixture
async def browser(town: Town) -> AsyncIterator[Browser]:
    async with Browser(town) as opened:
        yield opened


@pytest.fixture
async def another(town: Town) -> AsyncIterator[Browser]:
    """Somebody else's browser, or the same person's other machine."""
    async with Browser(town) as opened:
        yield opened
