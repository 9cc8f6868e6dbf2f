"""That this server writes no PDF: reports go out without it, and the QA Specialists hear of it once.

Policy: QA-12, QA-01
"""

from __future__ import annotations

from frappe import _

from core_helpdesk import config
from core_helpdesk.escalations import findings
from core_helpdesk.mail import language, notices
from core_helpdesk.reports import pdf_writer

KIND = "PDF Not Written"
PACKAGES = "libpango-1.0-0, libpangoft2-1.0-0, libharfbuzz-subset0"
"""What WeasyPrint asks of the system, as Debian and Ubuntu call it."""


def alarm() -> None:
	"""Opens the finding, in the site's language: whose report it was does not matter."""
	with language.speaking(language.site_language()):
		details = _("This server cannot write PDFs: reports are mailed without them.")
		notices.alarm(KIND, KIND, details, remedy(), config.SETTINGS, config.SETTINGS)


def remedy() -> str:
	"""What to do about it, in the present language."""
	return _("Install the packages {0} on the server, and restart its workers.").format(PACKAGES)


def close_mended() -> None:
	"""Closes the finding once PDFs can be written again."""
	if findings.is_open(KIND, KIND) and pdf_writer.is_possible():
		findings.close(KIND, KIND)
