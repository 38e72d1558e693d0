"""Every detector of secrets, in the order in which they clean a text."""

from bot.triage.prefilter import Prefilter
from bot.triage.secrets import commands, connections, headers, named, numbers, private_keys, vendor_tokens
from bot.triage.secrets.names import LABEL_IN_JSON

DETECTORS = (
    *private_keys.DETECTORS,
    *connections.DETECTORS,
    *headers.DETECTORS,
    *numbers.DETECTORS,
    *vendor_tokens.DETECTORS,
    *commands.DETECTORS,
    *named.DETECTORS,
)
SUSPECTS = Prefilter((detector, detector.needs) for detector in DETECTORS)
"""Which detectors may find something in a text."""

JSON_SUSPECTS = Prefilter((pattern, pattern) for pattern in (LABEL_IN_JSON, *(each.needs for each in DETECTORS)))
"""As SUSPECTS, for JSON: a label that is a string of its own names what stands beside it."""
