"""A courier's tickets by the hundred thousand, written straight into the tables of a throw-away site."""

from __future__ import annotations

import frappe

from core_helpdesk import config
from core_helpdesk.escalations import rows
from tests.site.factories import make_desk

HOUR = 3600
DAY = 24 * HOUR


def desk() -> frappe._dict:
	"""A site in Observe with a group, a policy of working time, a head and three TSM members."""
	stand_down()
	made = make_desk(
		"Observe", levels=({"clock_kind": "Working Time"}, {"target": "General Manager"}), members=3
	)
	made.calendar = config.group(made.team).calendar
	frappe.db.commit()
	return made


def stand_down() -> None:
	"""Nobody is in TSM and no policy in force, whatever was measured before."""
	tsm = frappe.get_doc("HD Team", config.settings().tsm_team)
	tsm.users = []
	tsm.flags.ch_engine = True
	tsm.save()
	frappe.db.set_value("Escalation Policy", {"workflow_state": "Active"}, "workflow_state", "Draft")


def clear() -> None:
	frappe.db.commit()
	for doctype in (
		"Ticket Clock",
		"Ticket Leg",
		"Ticket Escalation",
		"Escalation Recipient",
		"Escalation Effect",
	):
		frappe.db.sql(f"truncate `tab{doctype}`")  # nosemgrep: names from this line
	frappe.db.sql("delete from `tabHD Ticket` where subject like 'Parcel %%'")  # nosemgrep: a fixed text
	frappe.db.commit()


def add_tickets(desk: frappe._dict, first: int, count: int, *, began: int) -> None:
	"""Open tickets of the host, as if made at `began`."""
	made = config.from_epoch(began)
	frappe.db.sql(  # nosemgrep: the server's own sequence, values by parameters
		"""insert into `tabHD Ticket` (name, creation, modified, owner, modified_by, subject, status, agent_group,
				ticket_type, raised_by)
			select seq, %(made)s, %(made)s, 'Administrator', 'Administrator', concat('Parcel ', seq), 'Open', %(team)s,
				'Unspecified', 'customer@example.com' from seq_1_to_100000000
			where seq between %(first)s and %(last)s""",
		{"made": made, "team": desk.team, "first": first, "last": first + count - 1},
	)
	frappe.db.commit()


def add_clocks(desk: frappe._dict, first: int, count: int, *, began: int, due: int) -> None:
	"""Running clocks of such tickets, due at `due` and the seconds after it; 0: each due at its own time ahead."""
	frappe.db.sql(  # nosemgrep: the server's own sequence, values by parameters
		f"""insert into `tabTicket Clock` (name, creation, modified, owner, modified_by, title, reference_doctype,
				reference_name, clock, state, ticket_state, ticket_category, team, department, country, policy, calendar,
				cycle, level, began_epoch, anchor_epoch, group_since, due_epoch, next_epoch, due_at)
			select concat('b', seq), %(made)s, %(made)s, 'Administrator', 'Administrator', seq, 'HD Ticket', seq,
				'{rows.GROUP}', 'Running', 'Open', 'Unspecified', %(team)s, %(department)s, 'Saudi Arabia', %(policy)s,
				%(calendar)s, 1, 0, %(began)s, %(began)s, %(made)s, %(due)s + seq %% 1000, %(due)s + seq %% 1000,
				%(due_at)s
			from seq_1_to_100000000 where seq between %(first)s and %(last)s""",
		{
			"made": config.from_epoch(began),
			"team": desk.team,
			"department": desk.department,
			"policy": desk.policy,
			"calendar": desk.calendar,
			"began": began,
			"due": due,
			"due_at": config.from_epoch(due),
			"first": first,
			"last": first + count - 1,
		},
	)
	frappe.db.commit()


def analyse() -> None:
	"""Fresh statistics, as a site has them that did not grow within a minute."""
	frappe.db.sql("analyze table `tabTicket Clock`, `tabHD Ticket`")  # nosemgrep: fixed names
	frappe.db.commit()
