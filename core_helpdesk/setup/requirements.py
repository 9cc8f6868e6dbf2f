"""Refuses a site that cannot be served, before anything is changed on it.

Every reason is collected first, so that an admin reads all of them at once.
"""

import importlib.metadata
import json
import re
from collections.abc import Iterator
from pathlib import Path

import frappe
from frappe import _

from core_helpdesk.setup import custom_fields, roles, workflow_states, workflows

MODULE = "Core Helpdesk"
APP_FOLDER = Path(__file__).resolve().parents[1]
LEAST_FRAPPE = (15, 40, 4)
FRAPPE_BELOW = (18, 0, 0)
LEAST_MARIADB = (10, 6)
# Put before the real version where a proxy answers as servers do in their handshake.
HANDSHAKE = "5.5.5-"
PACKAGES = {"holidays": (0, 87), "hijridate": (0,), "tzdata": (0,)}
HOST_FIELDS = {
	"HD Ticket": ("agent_group", "is_merged", "merged_with", "raised_by", "status", "subject", "ticket_type"),
	"HD Team": ("assignment_rule", "team_name", "users"),
	"HD Ticket Type": (),
}
STANDARD_RECORDS = {
	"doctype": "DocType",
	"report": "Report",
	"workspace": "Workspace",
	"number_card": "Number Card",
	"dashboard_chart": "Dashboard Chart",
	"page": "Page",
	"print_format": "Print Format",
}


def before_install() -> None:
	"""Raises IncompatibleApp with every reason found; remembers which roles and states were here before."""
	problems = [
		*framework_problems(),
		*database_problems(),
		*host_problems(),
		*package_problems(),
		*name_problems(),
	]
	if problems:
		heading = _("Core Helpdesk cannot be installed on this site:")
		raise frappe.IncompatibleApp("\n".join([heading, *(f"- {problem}" for problem in problems)]))
	frappe.flags.ch_leftovers = (
		"core_helpdesk" not in frappe.get_installed_apps() and custom_fields.has_leftovers()
	)
	roles.remember_missing()
	workflow_states.remember_missing()
	workflows.remember_missing()


def framework_problems() -> Iterator[str]:
	version = numbers(frappe.__version__)
	if not LEAST_FRAPPE <= version < FRAPPE_BELOW:
		yield _("Frappe {0} is too old or too new; 15.40.4 up to 17 are needed.").format(frappe.__version__)


def database_problems() -> Iterator[str]:
	if frappe.db.db_type != "mariadb":
		yield _("The site's database is {0}; MariaDB 10.6 or newer is needed.").format(frappe.db.db_type)
		return
	text = frappe.db.multisql({"mariadb": "SELECT VERSION()"})[0][0]
	yield from mariadb_problems(text)
	yield from log_problems(*frappe.db.sql("SELECT @@log_bin, @@binlog_format")[0])


def log_problems(is_kept: int, log_format: str) -> Iterator[str]:
	"""People's acts read what is committed, which a server that logs statements refuses."""
	if is_kept and log_format == "STATEMENT":
		yield _("The database server logs changes as statements; set its binlog_format to MIXED or ROW.")


def mariadb_problems(text: str) -> Iterator[str]:
	"""What is wrong with a database server that reports this version."""
	if "MariaDB" not in text:
		yield _("The database server is {0}; MariaDB 10.6 or newer is needed.").format(text)
	elif numbers(text.removeprefix(HANDSHAKE)) < LEAST_MARIADB:
		yield _("MariaDB {0} is too old; 10.6 or newer is needed.").format(text)


def host_problems() -> Iterator[str]:
	for doctype, fields in HOST_FIELDS.items():
		if not frappe.db.exists("DocType", doctype):
			yield _(
				"Frappe Helpdesk is missing or too old: it has no {0}. Install Helpdesk 1.11 or newer."
			).format(doctype)
			continue
		meta = frappe.get_meta(doctype)
		missing = [field for field in fields if not meta.has_field(field)]
		if missing:
			yield _("Frappe Helpdesk is too old: {0} has no {1}.").format(doctype, ", ".join(missing))


def package_problems() -> Iterator[str]:
	wanting = [name for name, least in PACKAGES.items() if package_version(name) < least]
	if wanting:
		command = "bench pip install 'holidays>=0.87' hijridate tzdata"
		yield _("Python packages are missing or too old: {0}. Run: {1}").format(", ".join(wanting), command)


def package_version(name: str) -> tuple[int, ...]:
	"""The version of an installed package, an empty one if there is none."""
	try:
		return numbers(importlib.metadata.version(name))
	except importlib.metadata.PackageNotFoundError:
		return ()


def name_problems() -> Iterator[str]:
	"""Records of our names that belong to another module: a sync would overwrite them, an uninstall delete them."""
	for doctype, name in standard_names():
		module = frappe.db.get_value(doctype, name, "module")
		if module and module != MODULE:
			yield _("{0} {1} belongs to the module {2} already.").format(_(doctype), name, module)
	owner = frappe.db.get_value("Module Def", MODULE, "app_name")
	if owner and owner != "core_helpdesk":
		yield _("The module {0} belongs to the app {1} already.").format(MODULE, owner)


def standard_names() -> Iterator[tuple[str, str]]:
	"""Doctype and name of every standard record that the app brings."""
	for folder, doctype in STANDARD_RECORDS.items():
		for path in sorted((APP_FOLDER / "core_helpdesk" / folder).glob("*/*.json")):
			if path.stem == path.parent.name:
				yield doctype, json.loads(path.read_text(encoding="utf-8"))["name"]


def numbers(version: str) -> tuple[int, ...]:
	"""The leading numbers of a version: 16.0.0-dev gives 16, 0, 0."""
	return tuple(int(part) for part in re.match(r"[\d.]*", version).group().split(".") if part)
