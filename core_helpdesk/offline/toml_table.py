"""A table of a TOML file, read by type: a wrong value is refused with its place, an unused key can be told."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core_helpdesk.domain.errors import InputError
from core_helpdesk.offline.csv_files import read_text

if sys.version_info >= (3, 11):
	import tomllib
else:
	import tomli as tomllib

if TYPE_CHECKING:
	from pathlib import Path

	from core_helpdesk.offline.words import Words


@dataclass(slots=True)
class TomlTable:
	"""The values of one table, and where it stands in which file."""

	file: str
	place: str
	values: dict[str, Any]
	say: Words
	_read: set[str] = field(default_factory=set)
	_inner: list[TomlTable] = field(default_factory=list)

	def refusal(self, key: str, reason: str) -> InputError:
		return InputError(self.file, 0, self._name(key), reason)

	def text(self, key: str, default: str = "") -> str:
		value = self._value(key, default)
		if not isinstance(value, str):
			raise self.refusal(key, self.say("must be a text"))
		return value

	def texts(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
		"""A list of texts; a single text counts as a list of one."""
		value = self._value(key, default)
		listed = (value,) if isinstance(value, str) else value
		if not isinstance(listed, list | tuple) or not all(isinstance(item, str) for item in listed):
			raise self.refusal(key, self.say("must be a list of texts"))
		return tuple(listed)

	def hours(self, key: str) -> int:
		"""A number of hours in seconds, 0 when absent."""
		value = self._value(key, 0)
		if (
			isinstance(value, bool)
			or not isinstance(value, int | float)
			or value != value
			or abs(value) > 1e6
		):
			raise self.refusal(key, self.say("must be a number of hours"))
		return round(value * 3600)

	def share(self, key: str) -> float:
		value = self._value(key, 0)
		if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1:
			raise self.refusal(key, self.say("must be a share between 0 and 1"))
		return float(value)

	def flag(self, key: str) -> bool:
		value = self._value(key, False)
		if not isinstance(value, bool):
			raise self.refusal(key, self.say("must be true or false"))
		return value

	def table(self, key: str) -> TomlTable:
		value = self._value(key, {})
		if not isinstance(value, dict):
			raise self.refusal(key, self.say("must be a table"))
		return self._opened(self._name(key), value)

	def tables(self, key: str) -> list[TomlTable]:
		"""An array of tables; empty when absent."""
		value = self._value(key, [])
		if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
			raise self.refusal(key, self.say("must be written as [[{0}]]", key))
		return [self._opened(f"{self._name(key)} {number}", item) for number, item in enumerate(value, 1)]

	def subtables(self) -> dict[str, TomlTable]:
		return {key: self.table(key) for key in self.values}

	def unused(self) -> list[str]:
		"""The places of keys that nothing has asked for: misspelt, or meant for another program."""
		own = [self._name(key) for key in self.values if key not in self._read]
		return own + [place for table in self._inner for place in table.unused()]

	def _opened(self, place: str, values: dict[str, Any]) -> TomlTable:
		self._inner.append(TomlTable(self.file, place, values, self.say))
		return self._inner[-1]

	def _value(self, key: str, default: Any) -> Any:
		self._read.add(key)
		return self.values.get(key, default)

	def _name(self, key: str) -> str:
		return f"{self.place}.{key}" if self.place else key


def read_toml(path: Path, say: Words) -> TomlTable:
	"""The top table of a TOML file.

	Raises: InputError if it cannot be opened, is not UTF-8 or not TOML.
	"""
	try:
		return TomlTable(path.name, "", tomllib.loads(read_text(path, say)), say)
	except tomllib.TOMLDecodeError as error:
		raise InputError(path.name, 0, "", say("Not readable as TOML: {0}", error)) from error
