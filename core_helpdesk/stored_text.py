"""What people and other machines say, on its way into rows that are written past the framework's cleaning.

It is kept as they wrote it, but for what a page would take for markup: that is shown as text.
"""

import re

# A page begins no tag before a blank, a digit or an equals sign: what is smaller than something stays as it is.
TAG = re.compile(r"<(?![\s\d=])")
COLUMN_BYTES = 65535
CUT = "…"


def as_text(said: str | None) -> str:
	"""The text without markup, no longer than a column for text."""
	text = TAG.sub("&lt;", said or "")
	encoded = text.encode()
	if len(encoded) <= COLUMN_BYTES:
		return text
	return encoded[: COLUMN_BYTES - len(CUT.encode())].decode(errors="ignore") + CUT
