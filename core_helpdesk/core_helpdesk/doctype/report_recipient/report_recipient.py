"""Controller of Report Recipient."""

from core_helpdesk.child_row import FixedRow


class ReportRecipient(FixedRow):
	pass
