"""A person who is told of a change, and when they said that they know."""

from core_helpdesk.child_row import FixedRow
from core_helpdesk.setup.indexes import keep_index


class ChangeNoticeReader(FixedRow):
	pass


def on_doctype_update() -> None:
	# Who reads which notices is asked for every list.
	keep_index("Change Notice Reader", ["user", "parent"], "ch_notice_reader")
