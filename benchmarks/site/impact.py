"""The impact study of a request over past tickets with two notes of the host and a recorded stay each."""

from __future__ import annotations

import resource
import time
from typing import TYPE_CHECKING

import frappe
from frappe.utils import now_datetime

from benchmarks.site import courier
from core_helpdesk import config
from core_helpdesk.governance import request_impact, request_proposal
from core_helpdesk.governance.group_documents import known_groups

if TYPE_CHECKING:
	from collections.abc import Iterator

	from core_helpdesk.governance.request_proposal import Study

COUNTS = (100_000, 1_000_000)
FIRST = 20_000_000
DAYS = 90
NOTES = "set team to {team}", "set status to Resolved"


def run(counts: tuple[int, int] = COUNTS) -> Iterator[str]:
	"""The lines of the report."""
	desk = courier.desk()
	courier.clear()
	desk.other = request_team(desk)
	for count in counts:
		now = config.now_epoch()
		add_past(desk, count, now)
		before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
		began, worked = time.perf_counter(), time.process_time()
		asked = {"run": "benchmark", "by": "Administrator", "at": now, "days": DAYS}
		found = request_impact.result_of(study(desk), "benchmark", asked)
		taken, worked = time.perf_counter() - began, time.process_time() - worked
		grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
		assert found["concerned"] == count, found
		yield (
			f"{count:,} past tickets studied, all concerned: {taken:.1f} s, of which {worked:.1f} s of this process's "
			f"processor; {count / taken:,.0f} tickets/s; memory grew by {grown:.0f} MB"
		)
		clear(desk)


def request_team(desk: frappe._dict) -> str:
	from tests.site.factories import make_team

	team = make_team(ch_department=desk.department, ch_country="Saudi Arabia")
	frappe.db.commit()
	return team


def study(desk: frappe._dict) -> Study:
	"""A group's tickets under eight working hours instead of a day."""
	request = frappe.new_doc("Group Request")
	request.update({"kind": "Change Escalation", "team": desk.team, "escalation_hours": 8})
	request.clock_kind = "Working Time"
	return request_proposal.study_of(request, known_groups(config.now_epoch()))


def add_past(desk: frappe._dict, count: int, now: int) -> None:
	"""Tickets spread over the period: each moved after four hours and solved after twelve more."""
	first_of = now - DAYS * courier.DAY + courier.HOUR
	courier.add_tickets(desk, FIRST, count, began=first_of)
	spread = {"first": FIRST, "last": FIRST + count - 1, "step": (DAYS - 1) * courier.DAY / count}
	frappe.db.sql(  # nosemgrep: values by parameters
		"""update `tabHD Ticket` set creation = creation + interval floor((name - %(first)s) * %(step)s) second,
			status = 'Resolved' where name between %(first)s and %(last)s""",
		spread,
	)
	for number, (action, hours) in enumerate(((NOTES[0].format(team=desk.team), 4), (NOTES[1], 16))):
		frappe.db.sql(  # nosemgrep: values by parameters
			"""insert into `tabHD Ticket Activity` (name, creation, modified, owner, modified_by, ticket, action)
				select concat('p', %(number)s, name), creation + interval %(hours)s hour, modified, owner, owner, name,
					%(action)s from `tabHD Ticket` where name between %(first)s and %(last)s""",
			{**spread, "number": number, "hours": hours, "action": action},
		)
	add_stays(desk, spread)
	frappe.db.commit()
	frappe.db.sql(
		"analyze table `tabHD Ticket`, `tabHD Ticket Activity`, `tabTicket Leg`"
	)  # nosemgrep: fixed names
	frappe.db.commit()


def add_stays(desk: frappe._dict, spread: dict[str, float]) -> None:
	"""What the app recorded of them: from the note of the group until the ticket was solved."""
	read = f"unix_timestamp() - timestampdiff(second, creation, %(now)s) + {courier.HOUR} *"
	frappe.db.sql(  # nosemgrep: names from the lines above, values by parameters
		f"""insert into `tabTicket Leg` (name, creation, modified, owner, modified_by, title, reference_doctype,
				reference_name, cycle, team, from_epoch, to_epoch)
			select concat('p', name), creation, modified, owner, owner, name, 'HD Ticket', name, 1, agent_group,
				{read} 4, {read} 16 from `tabHD Ticket` where name between %(first)s and %(last)s""",
		{**spread, "now": now_datetime()},
	)


def clear(desk: frappe._dict) -> None:
	frappe.db.sql(
		"delete from `tabHD Ticket Activity` where owner = 'Administrator' and name like 'p%%'"
	)  # nosemgrep
	courier.clear()
