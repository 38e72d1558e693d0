"""A plain page: who may read which dataset now, and why."""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from sandbox.bigquery import wire
from sandbox.bigquery.access import OBJECTS
from sandbox.bigquery.model import Dataset, Entry
from sandbox.bigquery.server import Server
from sandbox.bigquery.state import is_over

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark">
<title>BigQuery: who may read what now</title>
<style>body{{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}}
h2{{margin:1.6rem 0 .3rem}}p{{margin:.2rem 0}}table{{border-collapse:collapse}}
td,th{{padding:.2rem 1.2rem .2rem 0;text-align:left;vertical-align:top}}small,.over{{opacity:.65}}
.over{{text-decoration:line-through}}</style>
<h1>Who may read what now</h1><div id="now">{content}</div>
<script>
const again = async () => {{
  try {{
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    document.getElementById("now").replaceWith(page.getElementById("now"));
  }} catch {{}}
}};
setInterval(again, 2000);
</script></html>"""


def routes(server: Server) -> list[Route]:
    async def page(_: Request) -> Response:
        return HTMLResponse(PAGE.format(content=_content(server)))

    async def table(request: Request) -> Response:
        """Where the link to a table leads: what the API says of it."""
        return JSONResponse(wire.table(server.state.table(*(request.path_params[each] for each in ("p", "d", "t")))))

    return [Route("/", page), Route("/tables/{p}/{d}/{t}", table)]


def _content(server: Server) -> str:
    now = server.now()
    datasets = [dataset for project in server.state.members for dataset in server.state.datasets_of(project)]
    clock = f"<p><small>The sandbox's clock: {now:%Y-%m-%d %H:%M:%S} UTC</small></p>"
    return clock + "".join(_dataset(server, dataset, now) for dataset in datasets)


def _dataset(server: Server, dataset: Dataset, now: datetime) -> str:
    readers = server.state.readers(dataset, now)
    rows = "".join(_reader(person, entries) for person, entries in sorted(readers.items()))
    rows += "".join(_table_reader(person, table.table_id) for table in dataset.tables.values()
                    for person in sorted(set(server.state.table_readers(table))))  # fmt: skip
    others = "".join(_other(entry, now) for entry in dataset.access if _lets_nobody_in(entry, now))
    about = f"<p><small>{escape(dataset.description)}</small></p>" if dataset.description else ""
    head = f"<h2>{escape(dataset.project)}.{escape(dataset.dataset_id)}</h2>{about}"
    return f"{head}<table><tr><th>Reads<th>By</tr>{rows}{others}</table>"


def _reader(person: str, entries: list[Entry]) -> str:
    return f"<tr><td>{escape(person)}<td>{'<br>'.join(escape(_words(entry)) for entry in entries)}</tr>"


def _table_reader(person: str, table_id: str) -> str:
    return f"<tr><td>{escape(person)}<td>table {escape(table_id)} only</tr>"


def _other(entry: Entry, now: datetime) -> str:
    """An entry that lets no person in now: an authorised view, a deleted account, a condition that has ended."""
    css = " class=over" if is_over(entry, now) else ""
    return f"<tr><td><small>nobody</small><td{css}>{escape(_words(entry))}</tr>"


def _lets_nobody_in(entry: Entry, now: datetime) -> bool:
    is_dead = str(entry.get("iamMember", "")).startswith("deleted:")
    return is_dead or is_over(entry, now) or any(kind in entry for kind in OBJECTS)


def _words(entry: Entry) -> str:
    kind, value = next((key, entry[key]) for key in entry if key not in {"role", "condition"})
    until: Any = (
        f" until {entry['condition']['expression']} ({entry['condition']['title']})" if "condition" in entry else ""
    )
    named = ".".join(str(each) for each in value.values()) if isinstance(value, dict) else value
    return f"{entry.get('role', 'authorised')} {kind} {named}{until}"
