"""Writes a page as PDF with WeasyPrint, which both frameworks bring. It fetches nothing, from the network or the disk."""

from __future__ import annotations

import inspect
from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING, NoReturn

from core_helpdesk.reports import pdf_letters

if TYPE_CHECKING:
	from weasyprint import Document


# The releases of WeasyPrint from which on it says rightly what Arabic letters are, and fits any pydyf.
TELLS_LETTERS, GIVES_NO_VERSION = 65, 62


class NothingIsFetched(Exception):
	"""A page asked for what is not in it."""


def written(html: str) -> bytes:
	"""The page as PDF.

	Raises: OSError where the machine lacks a library that WeasyPrint needs.
	"""
	document = drawn(html)
	if version() < TELLS_LETTERS:
		document.fonts = pdf_letters.Fonts()
	return document.write_pdf()


def is_possible() -> bool:
	"""Whether WeasyPrint finds the libraries of the system that it needs."""
	try:
		import_module("weasyprint")
	except (ImportError, OSError):
		return False
	return True


def draws() -> bool:
	"""Whether a line of text becomes a PDF: what is there need not fit together."""
	try:
		return bool(written("<p>A</p>"))
	except Exception:
		return False


def drawn(html: str) -> Document:
	"""The page laid out, ready to be written.

	Raises: OSError where the machine lacks a library that WeasyPrint needs.
	"""
	# Takes a second, and what sends no PDF need not have its libraries.
	import weasyprint

	_fit()
	return weasyprint.HTML(string=html, url_fetcher=_refuse).render()


def version() -> int:
	"""The release of WeasyPrint that is installed."""
	import weasyprint

	return int(weasyprint.__version__.split(".")[0])


def _refuse(url: str, *_more: object, **_named: object) -> NoReturn:
	"""What people wrote is text; should any of it pass for an address all the same, nobody goes there."""
	raise NothingIsFetched(f"nothing is fetched for a report: {url[:100]}")


def _fit() -> None:
	"""Lets WeasyPrint write with a pydyf that is newer than it.

	Development versions of Frappe 16 pin WeasyPrint 59 beside pydyf 0.11, which no longer takes the version of a file
	when one is begun: neither they nor we could write any PDF. Later ones pin a WeasyPrint that does not give it.
	"""
	import pydyf
	from weasyprint import pdf

	if version() >= GIVES_NO_VERSION or "version" in inspect.signature(pydyf.PDF.__init__).parameters:
		return

	class Begun(pydyf.PDF):
		def __init__(self, version: str = "1.7", identifier: object = None) -> None:
			super().__init__()
			self.version = str(version).encode()

	if pdf.pydyf is pydyf:
		pdf.pydyf = SimpleNamespace(**{**vars(pydyf), "PDF": Begun})
