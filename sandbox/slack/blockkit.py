"""Block Kit as tables: which blocks and elements exist, what they hold and how much of it."""

from sandbox.slack.schema import Check, anything, boolean, by_type, integer, items, record, string, word

PLAIN_KEYS: dict[str, Check] = {"type": word("plain_text"), "emoji": boolean}
MARKED_KEYS: dict[str, Check] = {"type": word("mrkdwn"), "verbatim": boolean}
ID = string(255)
URL = string(3000, pattern=r"(?s)(https?|mailto|tel|slack|vscode)[:].+")
IMAGE_URL = string(3000, pattern=r"(?s)https?://.+")


def _plain_object(most: int) -> Check:
    return record({"type": word("plain_text"), "text": string(most)}, PLAIN_KEYS)


def _marked_object(most: int) -> Check:
    return record({"type": word("mrkdwn"), "text": string(most)}, MARKED_KEYS)


def plain(most: int) -> Check:
    """A plain_text object; mrkdwn is refused."""
    return by_type({"plain_text": _plain_object(most)})


def text(most: int) -> Check:
    """A text object of either kind."""
    return by_type({"plain_text": _plain_object(most), "mrkdwn": _marked_object(most)})


def _option(label: Check, *, url: bool = False) -> Check:
    optional: dict[str, Check] = {"description": text(75)}
    return record({"text": label, "value": string(150)}, optional | ({"url": URL} if url else {}))


CONFIRM = record(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": word("primary", "danger")},
)
OPTION = _option(plain(75))
LISTED_OPTION = _option(text(75))
GROUP = record({"label": plain(75), "options": items(OPTION, 100)})
DISPATCH = record({}, {"trigger_actions_on": items(word("on_enter_pressed", "on_character_entered"), 2)})
FILTER = record(
    {},
    {"include": items(word("im", "mpim", "private", "public"), 4)}
    | {"exclude_external_shared_channels": boolean, "exclude_bot_users": boolean},
)


def _element(
    kind: str,
    required: dict[str, Check] | None = None,
    optional: dict[str, Check] | None = None,
    one_of: tuple[str, ...] = (),
) -> Check:
    return record(
        {"type": word(kind), **(required or {})}, {"action_id": ID, **(optional or {})}, one_of=one_of, exclusive=one_of
    )


_FIELD: dict[str, Check] = {"focus_on_load": boolean, "placeholder": plain(150)}
_PICKED: dict[str, Check] = {**_FIELD, "confirm": CONFIRM}
_SEVERAL: dict[str, Check] = {**_PICKED, "max_selected_items": integer(1)}
_STATIC: dict[str, Check] = {"options": items(OPTION, 100), "option_groups": items(GROUP, 100)}
_TYPED: dict[str, Check] = {**_FIELD, "initial_value": string(3000, 0), "dispatch_action_config": DISPATCH}
_EITHER = ("options", "option_groups")
_WHERE: dict[str, Check] = {"response_url_enabled": boolean}
_CONVERSATIONS: dict[str, Check] = {"default_to_current_conversation": boolean, "filter": FILTER}

SELECTS = {
    "static_select": _element("static_select", {}, {**_PICKED, **_STATIC, "initial_option": OPTION}, _EITHER),
    "external_select": _element(
        "external_select", {}, {**_PICKED, "initial_option": OPTION, "min_query_length": integer(0)}
    ),
    "users_select": _element("users_select", {}, {**_PICKED, "initial_user": ID}),
    "conversations_select": _element(
        "conversations_select", {}, {**_PICKED, **_WHERE, **_CONVERSATIONS, "initial_conversation": ID}
    ),
    "channels_select": _element("channels_select", {}, {**_PICKED, **_WHERE, "initial_channel": ID}),
    "multi_static_select": _element(
        "multi_static_select", {}, {**_SEVERAL, **_STATIC, "initial_options": items(OPTION, 100)}, _EITHER
    ),
    "multi_external_select": _element(
        "multi_external_select",
        {},
        {**_SEVERAL, "initial_options": items(OPTION, 100), "min_query_length": integer(0)},
    ),
    "multi_users_select": _element("multi_users_select", {}, {**_SEVERAL, "initial_users": items(ID, 100)}),
    "multi_conversations_select": _element(
        "multi_conversations_select", {}, {**_SEVERAL, **_CONVERSATIONS, "initial_conversations": items(ID, 100)}
    ),
    "multi_channels_select": _element("multi_channels_select", {}, {**_SEVERAL, "initial_channels": items(ID, 100)}),
}
PICKERS = {
    "datepicker": _element("datepicker", {}, {**_PICKED, "initial_date": string(10, pattern=r"\d{4}-\d\d-\d\d")}),
    "timepicker": _element(
        "timepicker", {}, {**_PICKED, "initial_time": string(5, pattern=r"\d\d:\d\d"), "timezone": string(100)}
    ),
    "checkboxes": _element(
        "checkboxes",
        {"options": items(LISTED_OPTION, 10)},
        {"initial_options": items(LISTED_OPTION, 10), "confirm": CONFIRM, "focus_on_load": boolean},
    ),
    "radio_buttons": _element(
        "radio_buttons",
        {"options": items(LISTED_OPTION, 10)},
        {"initial_option": LISTED_OPTION, "confirm": CONFIRM, "focus_on_load": boolean},
    ),
}
DATETIME = {
    "datetimepicker": _element(
        "datetimepicker", {}, {"initial_date_time": integer(0), "confirm": CONFIRM, "focus_on_load": boolean}
    )
}
BUTTONS = {
    "button": _element(
        "button",
        {"text": plain(75)},
        {
            "url": URL,
            "value": string(2000),
            "style": word("primary", "danger"),
            "confirm": CONFIRM,
            "accessibility_label": string(75),
        },
    ),
    "overflow": _element("overflow", {"options": items(_option(plain(75), url=True), 5)}, {"confirm": CONFIRM}),
    "workflow_button": _element(
        "workflow_button", {"text": plain(75), "workflow": anything}, {"style": word("primary", "danger")}
    ),
}
TYPED = {
    "plain_text_input": _element(
        "plain_text_input",
        {},
        {**_TYPED, "multiline": boolean, "min_length": integer(0, 3000), "max_length": integer(1, 3000)},
    ),
    "number_input": _element(
        "number_input",
        {"is_decimal_allowed": boolean},
        {**_TYPED, "min_value": string(100), "max_value": string(100)},
    ),
    "email_text_input": _element("email_text_input", {}, _TYPED),
    "url_text_input": _element("url_text_input", {}, _TYPED),
    "rich_text_input": _element(
        "rich_text_input", {}, {**_FIELD, "initial_value": anything, "dispatch_action_config": DISPATCH}
    ),
    "file_input": _element("file_input", {}, {"filetypes": items(string(20), 100), "max_files": integer(1, 10)}),
}
IMAGE = record(
    {"type": word("image"), "alt_text": string(2000)},
    {"image_url": IMAGE_URL, "slack_file": anything},
    one_of=("image_url", "slack_file"),
    exclusive=("image_url", "slack_file"),
)
CONTEXT = {"image": IMAGE, "plain_text": _plain_object(3000), "mrkdwn": _marked_object(3000)}
ICON_BUTTON = _element(
    "icon_button",
    {"icon": string(50), "text": plain(75)},
    {
        "value": string(2000),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
        "visible_to_user_ids": items(ID, 100),
    },
)
FEEDBACK = _element("feedback_buttons", {"positive_button": anything, "negative_button": anything})
IN_SECTION = {**BUTTONS, **SELECTS, **PICKERS, "image": IMAGE}
IN_ACTIONS = {**BUTTONS, **SELECTS, **PICKERS, **DATETIME}
IN_INPUT = {**TYPED, **SELECTS, **PICKERS, **DATETIME}

_RICH_LEAF = by_type(
    {
        "text": record({"type": anything, "text": string(12_000)}, {"style": anything}),
        "link": record(
            {"type": anything, "url": string(3000)}, {"text": string(3000), "style": anything, "unsafe": boolean}
        ),
        "user": record({"type": anything, "user_id": ID}, {"style": anything}),
        "usergroup": record({"type": anything, "usergroup_id": ID}, {"style": anything}),
        "channel": record({"type": anything, "channel_id": ID}, {"style": anything}),
        "emoji": record(
            {"type": anything, "name": string(100)}, {"unicode": string(100), "style": anything, "skin_tone": integer()}
        ),
        "broadcast": record({"type": anything, "range": word("here", "channel", "everyone")}, {"style": anything}),
        "date": record(
            {"type": anything, "timestamp": integer(), "format": string(200)},
            {"url": URL, "fallback": string(200), "style": anything},
        ),
        "color": record({"type": anything, "value": string(20)}),
    }
)
_LEAVES: dict[str, Check] = {"type": anything, "elements": items(_RICH_LEAF, 1000, 0)}
_RICH_SECTION = record(_LEAVES)
_RICH_PART = by_type(
    {
        "rich_text_section": _RICH_SECTION,
        "rich_text_quote": record(_LEAVES, {"border": integer(0, 1)}),
        "rich_text_preformatted": record(_LEAVES, {"border": integer(0, 1), "language": string(50)}),
        "rich_text_list": record(
            {
                "type": anything,
                "style": word("bullet", "ordered"),
                "elements": items(by_type({"rich_text_section": _RICH_SECTION}), 1000, 0),
            },
            {"indent": integer(0, 8), "offset": integer(0), "border": integer(0, 1)},
        ),
    }
)


def _block(
    kind: str,
    required: dict[str, Check] | None = None,
    optional: dict[str, Check] | None = None,
    one_of: tuple[str, ...] = (),
) -> Check:
    return record({"type": word(kind), **(required or {})}, {"block_id": ID, **(optional or {})}, one_of=one_of)


RICH_TEXT = _block("rich_text", {"elements": items(_RICH_PART, 1000, 0)})
_CELL = by_type(
    {
        "raw_text": record({"type": anything, "text": string(10_000)}),
        "raw_number": record({"type": anything, "value": anything}, {"text": string(10_000, 0)}),
        "rich_text": RICH_TEXT,
    }
)
_COLUMN = record({}, {"align": word("left", "center", "right"), "is_wrapped": boolean})

EVERYWHERE: dict[str, Check] = {
    "section": _block(
        "section",
        {},
        {"text": text(3000), "fields": items(text(2000), 10), "accessory": by_type(IN_SECTION), "expand": boolean},
        one_of=("text", "fields"),
    ),
    "header": _block("header", {"text": plain(150)}, {"level": integer(1, 6)}),
    "divider": _block("divider"),
    "context": _block("context", {"elements": items(by_type(CONTEXT), 10)}),
    "actions": _block("actions", {"elements": items(by_type(IN_ACTIONS), 25)}),
    "input": _block(
        "input",
        {"label": plain(2000), "element": by_type(IN_INPUT)},
        {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "image": _block(
        "image",
        {"alt_text": string(2000)},
        {"image_url": IMAGE_URL, "slack_file": anything, "title": plain(2000)},
        one_of=("image_url", "slack_file"),
    ),
    "rich_text": RICH_TEXT,
    "video": _block(
        "video",
        {"alt_text": string(2000), "title": plain(200), "video_url": IMAGE_URL, "thumbnail_url": IMAGE_URL},
        {"author_name": string(50), "provider_name": string(50), "provider_icon_url": IMAGE_URL}
        | {"title_url": IMAGE_URL, "description": plain(200)},
    ),
    "card": _block(
        "card",
        {},
        {"title": text(150), "subtitle": text(150), "body": text(200), "actions": items(by_type(BUTTONS), 3)}
        | {"hero_image": IMAGE, "icon": IMAGE},
        one_of=("hero_image", "title", "actions", "body"),
    ),
}
IN_MESSAGES: dict[str, Check] = {
    "markdown": _block("markdown", {"text": string(12_000)}),
    "table": _block("table", {"rows": items(items(_CELL, 20), 100)}, {"column_settings": items(_COLUMN, 20)}),
    "context_actions": _block(
        "context_actions",
        {"elements": items(by_type({"icon_button": ICON_BUTTON, "feedback_buttons": FEEDBACK}), 5)},
    ),
}
CONTAINER: dict[str, Check] = {
    "container": _block(
        "container",
        {"child_blocks": items(by_type({**EVERYWHERE, **IN_MESSAGES}), 10)},
        {"title": plain(150), "rich_text_title": RICH_TEXT, "subtitle": text(150), "icon": IMAGE}
        | {"width": string(20), "is_collapsible": boolean, "default_collapsed": boolean, "has_header_divider": boolean},
        one_of=("title", "rich_text_title"),
    )
}
ALERT: dict[str, Check] = {
    "alert": _block("alert", {"text": text(200)}, {"level": word("default", "info", "warning", "error", "success")})
}

BLOCKS: dict[str, dict[str, Check]] = {  # which blocks a surface takes
    "message": {**EVERYWHERE, **IN_MESSAGES, **CONTAINER},
    "modal": {**EVERYWHERE, **ALERT},
    "home": {**EVERYWHERE, **CONTAINER},
}
