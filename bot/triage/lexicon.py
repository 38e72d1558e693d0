"""Long lists of words, written as text."""


def words(text: str) -> tuple[str, ...]:
    """Return the words and phrases of a text in which commas part them."""
    return tuple(word.strip() for word in text.split(",") if word.strip())
