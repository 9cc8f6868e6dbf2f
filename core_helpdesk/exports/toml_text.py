"""Values as TOML text: what a reader of TOML makes of it is the value that was given."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
	from collections.abc import Iterable

BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")
WIDTH = 100


def key(name: str) -> str:
	return name if BARE_KEY.fullmatch(name) else text(name)


def text(value: str) -> str:
	"""A basic string: written like a JSON one, but for one character that TOML refuses bare."""
	return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def texts(values: Iterable[str]) -> str:
	"""An array, with a line for each value where one line would be too long to read."""
	written = [text(value) for value in values]
	inline = f"[{', '.join(written)}]"
	if len(inline) <= WIDTH:
		return inline
	return "\n".join(["[", *(f"\t{value}," for value in written), "]"])


def flag(value: bool) -> str:
	return "true" if value else "false"


def hours(seconds: int) -> str:
	"""A number of hours, from which rounding gives back the same seconds."""
	return str(seconds // 3600) if seconds % 3600 == 0 else repr(seconds / 3600)


def comment(words: str) -> str:
	return f"# {CONTROLS.sub(' ', words)}"
