"""Whether this machine can draw Arabic: without a font for it the letters of a PDF are empty boxes."""

from __future__ import annotations

import subprocess

from core_helpdesk.reports import pdf_writer

LETTERS = "ابت"
SECONDS = 10


def is_missing() -> bool:
	"""True if no font for Arabic is installed.

	fontconfig, which WeasyPrint draws with, is asked by its command; where that is not installed, by drawing.
	"""
	try:
		found = subprocess.run(
			["fc-list", ":lang=ar", "family"], capture_output=True, timeout=SECONDS, check=True
		)
	except (OSError, subprocess.SubprocessError):
		return _is_drawn_as_boxes()
	return not found.stdout.strip()


def _is_drawn_as_boxes() -> bool:
	"""Also true where nothing can be drawn at all."""
	try:
		drawn = pdf_writer.drawn(f"<p>{LETTERS}</p>")
		drawn.write_pdf()
		known = "".join(text for font in drawn.fonts.values() for text in font.cmap.values())
	except Exception:
		return True
	return not set(known) & set(LETTERS)
