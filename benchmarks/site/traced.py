"""Open tracing cases by the hundred thousand with their tickets, legs and cycles, written straight into the tables."""

from __future__ import annotations

import frappe

from benchmarks.site import courier
from core_helpdesk import config
from core_helpdesk.tracing import records, timing
from tests.site.tracing_desk import ABROAD, HOME, make_tracing_desk

FIRST, CLOSED = 30_000_000, 35_000_000
NAME = "TC-B-"
# Of ten cases so many are in the group of each country; half of all that are abroad were passed on by one officer.
SHARES = {HOME: range(4), ABROAD[0]: range(4, 7), ABROAD[1]: range(7, 10)}
TABLES = ("Tracing Case", "Tracing Leg", "Tracing Cycle")


def desk() -> frappe._dict:
	"""A site in Observe with headquarters, two groups abroad, an officer each, and a supervisor."""
	courier.stand_down()
	made = make_tracing_desk("Observe")
	made.calendars = {country: config.group(team).calendar for country, team in made.groups.items()}
	frappe.db.commit()
	return made


def add_cases(desk: frappe._dict, count: int, now: int, first: int = FIRST) -> None:
	"""Cases of the last twenty days, a tenth of them solved, a fiftieth urgent, a fifth taken by nobody."""
	site = config.site_rules()
	for country, share in SHARES.items():
		place = desk.groups[country]
		calendar = desk.calendars[country]
		due = timing.times(now - 10 * courier.DAY, calendar, site).due
		given = {
			"now": now,
			"made": config.from_epoch(now),
			"team": place,
			"officer": desk.officers[country],
			"headquarters": desk.headquarters,
			"passed_by": desk.officer,
			"country": country,
			"calendar": calendar,
			"department": desk.department,
			"due": due,
			"due_on": config.from_epoch(due),
			"first": first,
			"last": first + count - 1,
			"least": share.start,
			"most": share.stop - 1,
			"away": int(country != HOME),
		}
		for query in (CASES, FIRST_LEGS, CYCLES, *([LEGS_ABROAD] if country != HOME else [])):
			frappe.db.sql(
				f"{query} {OF_THE_SHARE}", given
			)  # nosemgrep: words from below, values by parameters
	add_tickets(desk, count, now, first)
	frappe.db.commit()
	frappe.db.sql("analyze table `tabTracing Case`, `tabTracing Leg`, `tabTracing Cycle`, `tabHD Ticket`")
	frappe.db.commit()


def add_closed_cases(desk: frappe._dict, count: int, now: int) -> None:
	"""Cases like those, closed an hour ago on a clear yes."""
	add_cases(desk, count, now, CLOSED)
	values = {
		"at": now - 3600,
		"on": config.from_epoch(now - 3600),
		"first": f"{NAME}{CLOSED}",
		"last": f"{NAME}9",
	}
	for query in CLOSE:
		frappe.db.sql(query, values)  # nosemgrep: words from below, values by parameters
	frappe.db.commit()


def add_tickets(desk: frappe._dict, count: int, now: int, first: int = FIRST) -> None:
	courier.add_tickets(desk, first, count, began=now - courier.DAY)
	for country, share in SHARES.items():
		frappe.db.sql(  # nosemgrep: values by parameters
			"""update `tabHD Ticket` set agent_group = %s
				where name between %s and %s and name %% 10 between %s and %s""",
			(desk.groups[country], first, first + count - 1, share.start, share.stop - 1),
		)
	frappe.db.commit()


def drop_closed_cases() -> None:
	for doctype in TABLES:
		key = "name" if doctype == records.DOCTYPE else "parent"
		frappe.db.delete(doctype, {key: (">=", f"{NAME}{CLOSED}")})
	frappe.db.delete("HD Ticket", {"name": ("between", (CLOSED, CLOSED + 1_000_000))})
	frappe.db.commit()


def clear() -> None:
	courier.clear()
	for doctype in TABLES:
		frappe.db.sql(f"truncate `tab{doctype}`")  # nosemgrep: names from above
	frappe.db.commit()


OWN = "'Administrator', 'Administrator'"
OF_THE_SHARE = "from seq_1_to_100000000 where seq between %(first)s and %(last)s and seq %% 10 between %(least)s and %(most)s"
# When a case was opened and last updated, and whether anybody has it, by its number.
OPENED = "%(now)s - (seq %% 20) * 86400"
UPDATED = "%(now)s - (seq div 7 %% 20) * 43200"
TAKEN = "seq div 10 %% 5 > 0"
CASES = f"""insert into `tabTracing Case` (name, creation, modified, owner, modified_by, ticket, open_ticket, title,
		shipment_number, nature, status, answer, urgent, urgent_since, team, country, department, calendar, officer,
		handed_to, customer_name, customer_email, cycle, opened_epoch, due_epoch, due_on, leg_due_epoch, leg_due_on,
		warn_epoch, came_epoch, last_update_epoch, last_update_on, follow_up_on, faults)
	select concat('{NAME}', seq), %(made)s, %(made)s, {OWN}, seq, seq, concat('Parcel ', seq),
		lpad(seq, 11, '1'), 'Service Failure Complaint', if(seq div 10 %% 10 = 0, 'Solved', 'Open'),
		if(seq div 10 %% 30 = 0, 'Satisfied', ''), seq div 10 %% 50 = 0,
		if(seq div 10 %% 50 = 0, %(made)s - interval 1 day, null), %(team)s, %(country)s, %(department)s, %(calendar)s,
		if({TAKEN}, %(officer)s, null), if(%(away)s, %(country)s, null), 'Customer', 'customer@example.com', 1, {OPENED},
		%(due)s + seq %% 20 * 43200, %(due_on)s, %(due)s + seq %% 17 * 43200, %(due_on)s, %(due)s - 86400, {OPENED},
		{UPDATED},
		%(made)s - interval seq div 7 %% 20 * 12 hour,
		if(seq %% 3 = 0, date(%(made)s) + interval cast(seq %% 12 as signed) - 6 day, null), 0"""
LEG_COLUMNS = """name, creation, modified, owner, modified_by, parent, parenttype, parentfield, idx, number, team,
	country, calendar, is_tracing, assigned_epoch, assigned_on, accepted_epoch, left_epoch, due_epoch, from_team, passed_by"""
FIRST_LEGS = f"""insert into `tabTracing Leg` ({LEG_COLUMNS})
	select concat('b1', seq), %(made)s, %(made)s, {OWN}, concat('{NAME}', seq), '{records.DOCTYPE}', 'legs', 1, 1,
		%(headquarters)s, '{HOME}', %(calendar)s, 1, {OPENED}, %(made)s, {OPENED} + 3600,
		if(%(away)s, {OPENED} + 7200, 0), %(due)s, null, null"""
LEGS_ABROAD = f"""insert into `tabTracing Leg` ({LEG_COLUMNS})
	select concat('b2', seq), %(made)s, %(made)s, {OWN}, concat('{NAME}', seq), '{records.DOCTYPE}', 'legs', 2, 2,
		%(team)s, %(country)s, %(calendar)s, 1, {OPENED} + 7200, %(made)s, if({TAKEN}, {OPENED} + 9000, 0), 0, %(due)s,
		%(headquarters)s, if(seq %% 2, %(passed_by)s, 'Administrator')"""
CYCLES = f"""insert into `tabTracing Cycle` (name, creation, modified, owner, modified_by, parent, parenttype,
		parentfield, idx, number, opened_epoch, due_epoch)
	select concat('b', seq), %(made)s, %(made)s, {OWN}, concat('{NAME}', seq), '{records.DOCTYPE}', 'cycles', 1, 1,
		{OPENED}, %(due)s"""
CLOSE = (
	"""update `tabTracing Case` set status = 'Closed', open_ticket = null, answer = 'Satisfied', closing = 'Confirmed',
		closed_on = %(on)s where name between %(first)s and %(last)s""",
	"""update `tabTracing Leg` set left_epoch = greatest(assigned_epoch, %(at)s)
		where parent between %(first)s and %(last)s and left_epoch = 0""",
	"""update `tabTracing Cycle` set closed_epoch = %(at)s, solved_epoch = %(at)s, answer = 'Satisfied',
		closing = 'Confirmed' where parent between %(first)s and %(last)s""",
)
