"""What a vendor's refusal or silence means to Baton. Adapters map to these once; the docstrings are the messages."""

from bot.text import Text, text


class VendorError(Exception):
    """The vendor did not do what was asked.

    `vendor` is a word that people know ("Airflow prod"), `detail` the vendor's own words, redacted and short.
    """

    msgid = "vendor.error"

    def __init__(self, vendor: str, detail: str = "") -> None:
        super().__init__(f"{vendor}: {detail}" if detail else vendor)
        self.vendor, self.detail = vendor, detail

    @property
    def words(self) -> Text:
        return text(self.msgid, vendor=self.vendor, detail=self.detail or "-")


class NotFound(VendorError):
    """The vendor does not know this object, or does not show it to us."""

    msgid = "vendor.not_found"


class NotAuthenticated(VendorError):
    """The vendor does not accept Baton's credentials (401, or an invalid token)."""

    msgid = "vendor.not_authenticated"


class Forbidden(VendorError):
    """Baton's own account may not do this at the vendor (403)."""

    msgid = "vendor.forbidden"


class Gone(VendorError):
    """The vendor has ended the account or the product: it will not come back, another one must take its place."""

    msgid = "vendor.gone"


class Conflict(VendorError):
    """Somebody else changed the object in between (409, 412)."""

    msgid = "vendor.conflict"


class PreconditionFailed(Conflict):
    """What was to be changed is no longer what was looked at: its etag is another (412). Nothing was written."""


class Rejected(VendorError):
    """The vendor finds the request itself wrong (400, 422)."""

    msgid = "vendor.rejected"


class RateLimited(VendorError):
    """The vendor asks to slow down; `retry_after` in seconds."""

    msgid = "vendor.rate_limited"

    def __init__(self, vendor: str, detail: str = "", *, retry_after: float = 1.0) -> None:
        super().__init__(vendor, detail)
        self.retry_after = retry_after


class Unavailable(VendorError):
    """The vendor is down, too slow, or answered 5xx or nonsense. Nothing was written."""

    msgid = "vendor.unavailable"


class OutcomeUnknown(VendorError):
    """A write was sent and its answer never came: it may have happened. Look before trying again."""

    msgid = "vendor.outcome_unknown"


class Unsupported(VendorError):
    """This version of the vendor's product cannot do that; `what` says what. Nothing was sent."""

    msgid = "vendor.unsupported"

    def __init__(self, vendor: str, what: Text) -> None:
        super().__init__(vendor, what.msgid)
        self.what = what

    @property
    def words(self) -> Text:
        return text(self.msgid, vendor=self.vendor, what=self.what)
