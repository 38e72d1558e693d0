"""The queue of open requests: how many, and whose."""

from bot.requests import card
from bot.store.tables import requests
from tests.requests.book import DANA, JUNHO, SORA


def test_the_queue_counts_as_far_as_it_says_and_misses_nothing_of_ones_own(page):
    page.asked(requester=DANA)
    row = page.store.read(lambda tx: dict(tx.execute(requests.select()).mappings().one()))
    called = {**row["called"], "ids": ["U0JUNHO"]}
    many = [row | {"id": f"{n:024}", "key": f"k{n}", "requester": str(SORA), "called": called} for n in range(501)]
    page.store.write(lambda tx: tx.execute(requests.insert(), many))
    pages = {
        (who, mine): page.store.read(lambda tx, who=who, mine=mine: card.queue(tx, who, 99, mine=mine))
        for who in (DANA, JUNHO)
        for mine in (True, False)
    }

    assert (pages[DANA, True].total, len(pages[DANA, True].requests), pages[DANA, True].number) == (1, 1, 0)
    assert (pages[JUNHO, True].total, pages[JUNHO, True].is_cut) == (501, True)
    assert (pages[DANA, False].is_cut, pages[DANA, False].number, len(pages[DANA, False].requests)) == (True, 62, 6)
