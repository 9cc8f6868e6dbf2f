"""Groups from a CSV file: every mistake with its line and column, and all rows or none."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import frappe
from frappe import _

from core_helpdesk.setup import groups
from core_helpdesk.setup.group_values import FIELDS, Known

GROUP = "group"
# As people write them, and as the page with all groups shows them; the columns' own names need no entry.
HEADINGS = {
	"group category": "category",
	"department head": "head",
	"working calendar": "calendar",
	"tickets count from": "governed_from",
	"المجموعة": GROUP,
	"مجموعة": GROUP,
	"فئة المجموعة": "category",
	"الإدارة": "department",
	"الدولة": "country",
	"رئيس الإدارة": "head",
	"تقويم العمل": "calendar",
	"تُحتسب التذاكر من": "governed_from",
	"تحتسب التذاكر من": "governed_from",
}
DELIMITERS = ",;\t"
MAX_BYTES = 5_000_000


class UnusableFile(Exception):
	"""A file of which no row can be read; says why in the user's language."""

	def __init__(self, message: str, line: int = 0, column: str = "") -> None:
		self.line = line
		self.column = column
		super().__init__(message)


def import_groups(
	content: str | bytes, *, dry_run: bool = True, create_missing: bool = False
) -> dict[str, Any]:
	"""What the file changes, and, unless it is a dry run or there is any error, the changes made.

	Policy: CORE-11, QA-01
	"""
	groups.check_permission()
	try:
		wanted = list(rows(decoded(content)))
	except UnusableFile as problem:
		error = {"line": problem.line, "name": "", "column": problem.column, "message": str(problem)}
		return {"errors": [error], "rows": [], "created": {}, "saved": False}
	plan = groups.make_plan(wanted, Known(create_missing=create_missing))
	return plan.as_answer(done=False) if dry_run else groups.carry_out(plan)


def from_file(file_url: str, **options: bool) -> dict[str, Any]:
	"""The same for an uploaded file that the user may read."""
	groups.check_permission()
	document = frappe.get_doc("File", {"file_url": file_url})
	document.check_permission("read")
	# The document's own reader guesses the encoding, and takes Arabic for Polish.
	return import_groups(Path(document.get_full_path()).read_bytes(), **options)


def decoded(content: str | bytes) -> str:
	"""The file's text.

	Raises: UnusableFile for anything but text in UTF-8 or Windows-1256.
	"""
	if len(content) > MAX_BYTES:
		raise UnusableFile(_("The file is too large for a list of groups."))
	if content[:2] in (b"PK", "PK"):
		raise UnusableFile(_("This is an Excel workbook. Save it as CSV UTF-8 first."))
	text = content if isinstance(content, str) else text_of(content)
	# Nearly any byte means something in Windows-1256, so that only odd signs betray another encoding.
	if any(sign in "\x7f\ufffd" or (sign < " " and sign not in "\r\n\t") for sign in text):
		raise UnusableFile(_("The file is not in UTF-8 or Windows-1256. Save it as CSV UTF-8."))
	return text.removeprefix("\ufeff")


def text_of(content: bytes) -> str:
	try:
		return content.decode()
	except UnicodeDecodeError:
		# Arabic Excel writes Windows-1256.
		return content.decode("cp1256")


def rows(text: str) -> Iterator[groups.Wanted]:
	"""The rows of the file with their line numbers; an empty cell leaves the group as it is.

	Raises: UnusableFile for headings or rows that do not fit.
	"""
	if not text.strip():
		raise UnusableFile(_("The file is empty."))
	first_line = text.lstrip("\r\n").splitlines()[0]
	delimiter = max(DELIMITERS, key=first_line.count)
	reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
	try:
		columns = None
		for cells in reader:
			if not any(cell.strip() for cell in cells):
				continue
			if columns is None:
				columns = headings(cells, reader.line_num)
				continue
			yield as_wanted(columns, cells, reader.line_num)
	except csv.Error as error:
		raise UnusableFile(
			_("The line cannot be read as CSV: {0}").format(str(error)), reader.line_num
		) from error


def headings(cells: list[str], line: int) -> list[str]:
	words = [cell.strip().casefold() for cell in cells]
	names = [HEADINGS.get(word, word) for word in words]
	for name, cell in zip(names, cells, strict=True):
		if name not in (GROUP, *FIELDS):
			message = _("Unknown column {0}. The columns are: {1}").format(
				cell.strip() or _("(empty)"), column_names()
			)
			raise UnusableFile(message, line, cell.strip())
		if names.count(name) > 1:
			raise UnusableFile(_("The column {0} is there twice.").format(name), line, name)
	if GROUP not in names or len(names) < 2:
		message = _("The columns {0} and at least one more are needed. The columns are: {1}")
		raise UnusableFile(message.format(GROUP, column_names()), line, GROUP)
	return names


def column_names() -> str:
	return ", ".join((GROUP, *FIELDS))


def as_wanted(columns: list[str], cells: list[str], line: int) -> groups.Wanted:
	if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
		message = _("The line has {0} cells, the headings are {1}.").format(len(cells), len(columns))
		raise UnusableFile(message, line)
	values = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
	given = {FIELDS[column]: value for column, value in values.items() if column != GROUP and value}
	return groups.Wanted(line, values.get(GROUP, ""), given)


def run_command(path: str, *, dry_run: bool, create_missing: bool) -> bool:
	"""Imports for the command line, as Administrator; prints every change or every mistake.

	Returns: whether there was no mistake.
	"""
	answer = import_groups(Path(path).read_bytes(), dry_run=dry_run, create_missing=create_missing)
	for error in answer["errors"]:
		place = f"{path}:{error['line']}" + (f" {error['column']}" if error["column"] else "")
		click.echo(f"{place}: {error['message']}", err=True)
	for row in answer["rows"] if not answer["errors"] else []:
		for fieldname, (before, after) in row["changes"].items():
			click.echo(f"{row['name']}: {groups.COLUMNS[fieldname]}: {before or '–'} → {after or '–'}")
	if answer["saved"]:
		# A command is a transaction of its own.
		frappe.db.commit()  # nosemgrep
	return not answer["errors"]
