"""What can be wrong with the settings of tracing; whoever shows an error words it in the reader's language."""

from __future__ import annotations

from enum import Enum

from core_helpdesk.domain.errors import CoreError


class TracingError(CoreError):
	"""Something tracing cannot work with."""


class MaskFault(str, Enum):
	"""Why a mask cannot be read.

	EMPTY: it has no symbol. REPEAT: braces that are no repetition of the symbol before them.
	TOO_LONG: no shipment number is as long as it asks.
	"""

	EMPTY = "Empty"
	REPEAT = "Repeat"
	TOO_LONG = "Too Long"


class BadMask(TracingError):
	"""A mask of shipment numbers that cannot be read, or that no number could ever fit."""

	def __init__(self, pattern: str, fault: MaskFault) -> None:
		self.pattern = pattern
		self.fault = fault
		super().__init__(f"Not a mask of shipment numbers: {pattern!r}: {fault.value}")


class MaskWithoutCheck(TracingError):
	"""A mask that lets numbers through of which the check digit cannot be calculated."""

	def __init__(self, pattern: str, check: str, shape: str) -> None:
		self.pattern = pattern
		self.check = check
		self.shape = shape
		super().__init__(
			f"The check digit {check} needs numbers like {shape}, which {pattern!r} does not ask"
		)
