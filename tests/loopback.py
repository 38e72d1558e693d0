"""httpx for servers on this machine. For every call of its own httpx reads all certificates anew, some 25 ms."""

import ssl
from functools import partial

import httpx

_NONE_NEEDED = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

Client = partial(httpx.Client, verify=_NONE_NEEDED)
get, post, patch = (partial(call, verify=_NONE_NEEDED) for call in (httpx.get, httpx.post, httpx.patch))
