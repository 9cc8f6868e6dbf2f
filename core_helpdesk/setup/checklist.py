"""What is still missing before escalations can go live, each step with where to do it."""

from collections.abc import Iterator
from typing import TypedDict

import frappe
from frappe import _
from frappe.utils import format_datetime, get_datetime, now_datetime, time_diff_in_seconds
from frappe.utils.scheduler import is_scheduler_inactive

from core_helpdesk import config
from core_helpdesk.mail import missing_paper, outgoing
from core_helpdesk.reports import arabic_font as font
from core_helpdesk.reports import pdf_writer
from core_helpdesk.setup import groups, roles
from core_helpdesk.shown import isolated, listed

SETTINGS = "Core Helpdesk Settings"
SETTINGS_ROUTE = "core-helpdesk-settings"
SWEEP_LATE_SECONDS = 20 * 60
NAMED_AT_MOST = 5


class Step(TypedDict):
	"""One thing to do; `route` is a path of the Desk."""

	label: str
	done: bool
	detail: str
	route: str


def first_run() -> list[Step]:
	"""Every step, in the order in which an admin takes them.

	Raises: PermissionError
	"""
	# It words its steps as this does.
	from core_helpdesk.setup import tracing_checklist

	groups.check_permission(_("see the steps of setting up"))
	general = config.settings()
	rows = groups.all_rows()
	return [
		quality_assurance(),
		tsm_members(general),
		office(_("General Manager"), general.general_manager.user),
		office(_("Customer Service Manager"), general.customer_service_manager.user),
		group_data(rows),
		department_heads(rows),
		outgoing_mail(),
		reply_to(general),
		active_policy(),
		*host_rules(),
		clocks_start(general, rows),
		mode(),
		scheduler(),
		run_of_reports(),
		reports_sent(),
		paper(),
		arabic_font(),
		*tracing_checklist.steps(),
	]


def step(label: str, done: bool, detail: str, route: str) -> Step:
	return {"label": label, "done": bool(done), "detail": detail, "route": route}


def some(names: list[str]) -> str:
	shown = listed(names[:NAMED_AT_MOST])
	more = len(names) - NAMED_AT_MOST
	return shown if more <= 0 else _("{0} and {1} more").format(shown, more)


def quality_assurance() -> Step:
	holders = frappe.get_all("Has Role", {"role": roles.QA_SPECIALIST, "parenttype": "User"}, pluck="parent")
	names = sorted(name for name in set(holders) if roles.holds(roles.QA_SPECIALIST, name))
	detail = some(names) or _("Give a user the role QA Specialist: only they activate policies.")
	return step(_("QA Specialist"), bool(names), detail, "user")


def tsm_members(general: config.Settings) -> Step:
	members = frappe.get_all(
		"HD Team Member", {"parenttype": "HD Team", "parent": general.tsm_team}, pluck="user"
	)
	detail = some(sorted(members)) or _("Choose those who follow up escalated tickets: Members of TSM.")
	title = _("Members of Ticketing System Management")
	return step(title, bool(general.tsm_team and members), detail, SETTINGS_ROUTE)


def office(title: str, user: str) -> Step:
	enabled = bool(user) and bool(frappe.db.get_value("User", user, "enabled"))
	missing = _("{0} is disabled.").format(user) if user else _("Name the person in the settings.")
	return step(title, enabled, user if enabled else missing, SETTINGS_ROUTE)


def group_data(rows: list[dict]) -> Step:
	wanting = [row["name"] for row in rows if set(row["gaps"]) - {"No Department Head"}]
	detail = (
		_("Something is missing on: {0}").format(some(wanting)) if wanting else _("All groups are complete.")
	)
	if not rows:
		detail = _("There are no groups yet.")
	return step(
		_("Category, department and country of every group"),
		bool(rows) and not wanting,
		detail,
		"core-groups",
	)


def department_heads(rows: list[dict]) -> Step:
	wanting = [row["name"] for row in rows if "No Department Head" in row["gaps"]]
	known = any(not row["gaps"] for row in rows)
	detail = (
		_("Nobody answers for: {0}").format(some(wanting)) if wanting else _("Every department has a head.")
	)
	if not known and not wanting:
		detail = _("Give the groups their departments first.")
	return step(_("A head for every department"), known and not wanting, detail, "core-department")


def outgoing_mail() -> Step:
	account = outgoing.account("Ticket Escalation")
	missing = _("Set up an e-mail account as default for outgoing mail.")
	detail = account.name or account.email_id if account else missing
	return step(_("Outgoing mail"), bool(account), detail, "email-account")


def reply_to(general: config.Settings) -> Step:
	detail = general.reply_to or _("Answers to our mails need an address that makes no tickets.")
	return step(_("Reply-to address"), bool(general.reply_to), detail, SETTINGS_ROUTE)


def active_policy() -> Step:
	active = {"workflow_state": "Active", "is_tracing": 0}
	names = frappe.get_all("Escalation Policy", active, pluck="name", order_by="name")
	detail = some(names) or _("Discuss a policy with the department heads and activate it.")
	return step(_("An escalation policy in force"), bool(names), detail, "escalation-policy")


def host_rules() -> Iterator[Step]:
	"""Only on a host that carries out escalation rules of its own."""
	from core_helpdesk.hosts import hd_ticket

	if hd_ticket.executes_escalation_rules():
		rules = frappe.get_all("HD Escalation Rule", {"is_enabled": 1}, pluck="name")
		detail = some(list(map(str, rules))) if rules else _("None is enabled.")
		yield step(_("Helpdesk's own escalation rules disabled"), not rules, detail, "hd-escalation-rule")


def clocks_start(general: config.Settings, rows: list[dict]) -> Step:
	governed = config.site_rules().group
	own = [row["name"] for row in rows if governed(row["name"]).governed_from]
	started = (
		format_datetime(config.from_epoch(general.governed_from)) if general.governed_from else some(own)
	)
	detail = started or _("Say from when tickets have clocks: Start Clocks From.")
	return step(_("Clocks started"), bool(general.governed_from or own), detail, SETTINGS_ROUTE)


def mode() -> Step:
	present = config.mode()
	stored = frappe.db.get_single_value(SETTINGS, "mode") or config.OFF
	detail = _("The mode is {0}.").format(_(present, context=SETTINGS))
	if stored != present:
		detail = _("The mode is {0} until it is confirmed for this site.").format(
			_(present, context=SETTINGS)
		)
	return step(_("Mode Live"), present == config.LIVE, detail, SETTINGS_ROUTE)


def scheduler() -> Step:
	label, route = _("Scheduler"), "scheduled-job-type"
	if is_scheduler_inactive(verbose=False):
		return step(label, False, _("The scheduler is off: nothing escalates."), route)
	# Not by `get_single_value`: newer frameworks make a date of the year 1 of none.
	last = frappe.db.get_singles_dict(SETTINGS).get("last_sweep")
	if not last:
		return step(label, False, _("No sweep has run yet; it comes every five minutes."), route)
	late = time_diff_in_seconds(now_datetime(), get_datetime(last)) > SWEEP_LATE_SECONDS
	return step(label, not late, _("Last sweep: {0}").format(isolated(format_datetime(last))), route)


def run_of_reports() -> Step:
	"""Policy: QA-12"""
	label, route = _("Run for reports"), "scheduled-job-type"
	# As above.
	last = frappe.db.get_singles_dict(SETTINGS).get("last_report_run")
	if not last:
		return step(label, False, _("No run for reports has ended yet; it comes every five minutes."), route)
	late = time_diff_in_seconds(now_datetime(), get_datetime(last)) > SWEEP_LATE_SECONDS
	detail = _("Last run for reports: {0}").format(isolated(format_datetime(last)))
	return step(label, not late, detail, route)


def reports_sent() -> Step:
	"""Policy: QA-12"""
	since, is_live = config.report_settings().reports_from, config.mode() == config.LIVE
	detail = _("They are sent as soon as the mode is Live, to whom the settings say, under Reports.")
	if since and is_live:
		moment = isolated(format_datetime(config.from_epoch(since)))
		detail = _("Since {0}; see to whom in the settings, under Reports.").format(moment)
	return step(_("Reports are sent"), bool(since) and is_live, detail, SETTINGS_ROUTE)


def paper() -> Step:
	"""Policy: QA-12"""
	is_written = pdf_writer.draws()
	detail = _("Reports can be written as PDF.") if is_written else missing_paper.remedy()
	return step(_("Reports as PDF"), is_written, detail, SETTINGS_ROUTE)


def arabic_font() -> Step:
	"""Reports go out as PDF in Arabic too."""
	done = _("Reports in Arabic can be printed.")
	missing = _(
		"Install a font for Arabic on the server, as the package fonts-noto-core: PDFs show empty boxes."
	)
	is_missing = font.is_missing()
	return step(_("A font for Arabic"), not is_missing, missing if is_missing else done, SETTINGS_ROUTE)
