"""The overrides of a schedule at Opsgenie."""

from urllib.parse import quote

from bot.adapters import paging
from bot.adapters.opsgenie import wire
from bot.adapters.opsgenie.api import Api
from bot.ports.errors import NotFound
from bot.ports.paging import Cover, Override


class Overrides:
    """Reads and writes the overrides of the schedule under `path`, named as `params` say."""

    def __init__(self, api: Api, path: str, params: dict[str, str | int]) -> None:
        self._api, self._path, self._params = api, f"{path}/overrides", params

    def all(self) -> tuple[Override, ...]:
        answer = self._api.get(self._path, self._params, wire.OverridesAnswer)
        return tuple(made.override() for made in answer.data)

    def create(self, cover: Cover) -> Override:
        """Return the override of this cover: made now, or found, as after an answer that never came."""
        if there := paging.standing(self.all(), cover, cover.person):
            return there
        self._api.write("POST", self._path, self._params, _body(cover))
        with paging.after_writing():
            answer = self._api.get(f"{self._path}/{quote(cover.key, safe='')}", self._params, wire.OverrideAnswer)
            return answer.data.override()

    def delete(self, override_id: str) -> None:
        try:
            self._api.write("DELETE", f"{self._path}/{quote(override_id, safe='')}", self._params)
        except NotFound:
            if any(each.id == override_id for each in self.all()):
                raise


def _body(cover: Cover) -> dict[str, object]:
    key = "username" if "@" in cover.person else "id"
    body: dict[str, object] = {
        "alias": cover.key,
        "user": {"type": "user", key: cover.person},
        "startDate": cover.start_at.isoformat(timespec="seconds"),
        "endDate": cover.end_at.isoformat(timespec="seconds"),
    }
    return body | ({"rotations": [wire.reference(name) for name in cover.rotations]} if cover.rotations else {})
