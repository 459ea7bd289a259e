"""`marsad demo` shows alerts arriving, without internet or token, and stops by itself."""

import pytest

from tests.e2e.product import Product

pytestmark = pytest.mark.e2e


async def test_the_demo_shows_at_least_three_alerts(product: Product) -> None:
    ended = await product.run("demo", "--seconds", "20")
    assert ended.code == 0, ended.out + ended.err
    assert "a reader sends /start" in ended.out
    shown = ended.out.rpartition("marsad demo: ")[2]
    assert int(shown.split()[0]) >= 3
