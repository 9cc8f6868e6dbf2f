"""Which letters the glyphs of a PDF stand for, so that Arabic in it can be searched, copied and read aloud.

WeasyPrint before 65 counts the letters of a run from the left: on its pages Arabic looks right, and is other text to
whoever searches for it. The font itself knows: its letters, and into which forms and ligatures it joins them.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

import frappe

from core_helpdesk.escalations import transactions

if TYPE_CHECKING:
	from collections.abc import Iterator

	from fontTools.ttLib import TTFont

# A form may be made of another form, as one with dots is.
ROUNDS = 3
ONE, ALTERNATES, LIGATURE = 1, 3, 4
FORMS = (range(0xFB50, 0xFE00), range(0xFE70, 0xFF00))
UNKNOWN = "\ufffd"


class Fonts(dict):
	"""The fonts of one document, each of which says itself what its glyphs stand for."""

	def __setitem__(self, key: object, font: Any) -> None:
		super().__setitem__(key, font)
		if getattr(font, "ttfont", None) is not None and isinstance(getattr(font, "cmap", None), dict):
			font.cmap = Letters(_told_by(font.ttfont))


class Letters(dict):
	"""Text by glyph: what the font knows stands, whatever is said of the glyph."""

	def __init__(self, known: dict[int, str]) -> None:
		super().__init__()
		self._known = known

	def __setitem__(self, glyph: int, said: str) -> None:
		super().__setitem__(glyph, self._known.get(glyph) or (said if len(said) == 1 else UNKNOWN))


def _told_by(font: TTFont) -> dict[int, str]:
	"""Nothing of a font that nobody understands: whoever searches the page finds less, and it is written all the same."""
	try:
		return letters_of(font)
	except Exception as error:
		if transactions.ends_all(error):
			raise
		frappe.log_error(title="The letters of a font are not known", message=frappe.get_traceback())
		return {}


def letters_of(font: TTFont) -> dict[int, str]:
	"""What each glyph of a font stands for, as far as the font says."""
	by_code = sorted((font.getBestCmap() or {}).items())
	found: dict[str, str] = {}
	for code, name in by_code:
		if not any(code in forms for forms in FORMS):
			found.setdefault(name, chr(code))
	for _round in range(ROUNDS):
		for made, of in _joined(font):
			if all(part in found for part in of):
				found.setdefault(made, "".join(found[part] for part in of))
	for code, name in by_code:
		found.setdefault(name, unicodedata.normalize("NFKC", chr(code)))
	return {font.getGlyphID(name): text for name, text in found.items()}


def _joined(font: TTFont) -> Iterator[tuple[str, tuple[str, ...]]]:
	"""Each glyph that the font puts in the place of others, and those."""
	table = font["GSUB"].table if "GSUB" in font else None
	for lookup in table.LookupList.Lookup if table and table.LookupList else ():
		for subtable in lookup.SubTable:
			yield from _joined_by(getattr(subtable, "ExtSubTable", subtable))


def _joined_by(rule: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
	if rule.LookupType == ONE:
		yield from ((made, (of,)) for of, made in rule.mapping.items())
	elif rule.LookupType == ALTERNATES:
		yield from ((made, (of,)) for of, all_made in rule.alternates.items() for made in all_made)
	elif rule.LookupType == LIGATURE:
		for first, ligatures in rule.ligatures.items():
			yield from ((each.LigGlyph, (first, *each.Component)) for each in ligatures)
