"""The names of the made-up workplace (`config/demo`), and a Sunday in it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.requests.reading import KnownLoad, Vocabulary

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Seoul")
WORDS = Vocabulary(
    loads=(
        KnownLoad("orders", "orders_daily", "haneul-prod.orders.orders_daily"),
        KnownLoad("orders_mart", "orders_daily", "haneul-prod.orders_mart.revenue_daily"),
        KnownLoad("users", "users_snapshot", "haneul-prod.users.users_snapshot"),
        KnownLoad("partner_prices", "partner_feed"),
    ),
    datasets=(
        "haneul-prod.orders",
        "haneul-prod.orders_mart",
        "haneul-prod.events",
        "haneul-prod.users",
        "haneul-lab.*",
    ),
    tables=(
        "haneul-prod.orders.orders_daily",
        "haneul-prod.orders_mart.revenue_daily",
        "haneul-prod.users.users_snapshot",
    ),
    dags=("orders_daily", "users_snapshot", "events_shards", "partner_feed", "nightly_vacuum"),
)
