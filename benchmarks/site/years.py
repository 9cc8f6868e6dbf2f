"""Three years of a large courier: stays and escalations by the million, written straight into the tables."""

from __future__ import annotations

import frappe

from benchmarks.site import courier
from core_helpdesk import config
from core_helpdesk.domain.ticket_facts import Place
from tests.site.factories import add_head, make_department, make_team, make_ticket_type, make_user

MONTHS, GROUPS, CATEGORIES = 36, 160, 6
DEPARTMENTS, COUNTRIES = 9, 12
AT_ONCE = 500_000
TABLES = ("Escalation Follow Up", "Ticket Month")


def desk() -> frappe._dict:
	"""A site in Observe with departments, a head of the first of them and a QA Specialist, who read; places by number.

	Two of the ticket categories are promised a time.
	"""
	desk = courier.desk()
	desk.qa, desk.reader = make_user("QA Specialist"), make_user("Department Manager")
	desk.departments = [make_department() for _number in range(DEPARTMENTS)]
	add_head(desk.departments[0], head=desk.reader, all_countries=1)
	desk.countries = frappe.get_all("Country", pluck="name", order_by="name", limit=COUNTRIES)
	desk.categories = [make_ticket_type() for _number in range(CATEGORIES)]
	desk.groups = [make_team(**_of_group(desk, number)) for number in range(GROUPS)]
	settings = frappe.get_doc(config.SETTINGS)
	settings.promised_categories = []
	for kind, category in zip(("Complaint", "Inquiry"), desk.categories, strict=False):
		settings.append("promised_categories", {"kind": kind, "ticket_category": category})
	settings.flags.ignore_permissions = True
	settings.save()
	frappe.db.commit()
	_write_places(desk)
	return desk


def _of_group(desk: frappe._dict, number: int) -> dict[str, str]:
	department, country = desk.departments[number % DEPARTMENTS], desk.countries[number % COUNTRIES]
	return {"ch_department": department, "ch_country": country}


def clear() -> None:
	courier.clear()
	for doctype in TABLES:
		frappe.db.sql(f"truncate `tab{doctype}`")  # nosemgrep: names from above
	frappe.db.commit()


def _write_places(desk: frappe._dict) -> None:
	"""The places of all groups and categories, by number."""
	frappe.db.sql("drop temporary table if exists ch_places")
	frappe.db.sql(
		"""create temporary table ch_places (number int primary key, place bigint, country varchar(140),
			department varchar(140), team varchar(140), ticket_category varchar(140))"""
	)
	rows = []
	for number in range(GROUPS * CATEGORIES):
		group, category = divmod(number, CATEGORIES)
		of = _of_group(desk, group)
		place = Place(
			of["ch_country"], of["ch_department"], "", desk.groups[group], desk.categories[category]
		)
		rows.append(
			(number, place.number, place.country, place.department, place.group, place.ticket_category)
		)
	values = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(rows))
	frappe.db.sql(f"insert into ch_places values {values}", [value for row in rows for value in row])


def add(desk: frappe._dict, first: int, last: int, now: int) -> None:
	"""Tickets that came evenly over the months; all but the youngest were closed within five days, one in 25 late."""
	given = {
		"now": now,
		"began": now - MONTHS * 30 * courier.DAY,
		"span": MONTHS * 30 * courier.DAY,
		"count": last - first + 1,
		"offset": first,
		"places": GROUPS * CATEGORIES,
		"head": desk.head,
		"tsm": desk.tsm[0],
		"zone": config.to_epoch("1971-01-01 00:00:00") - 365 * courier.DAY,
	}
	frappe.db.sql("set session sort_buffer_size = 256 * 1024 * 1024")
	for start in range(first, last + 1, AT_ONCE):
		part = {**given, "first": start, "last": min(start + AT_ONCE - 1, last)}
		for query in (STAYS, ESCALATIONS, RECIPIENTS, FOLLOW_UP):
			frappe.db.sql(query, part)  # nosemgrep: words from below, values by parameters
			frappe.db.commit()
	tables = ("Ticket Leg", "Ticket Escalation", "Escalation Recipient", "Escalation Follow Up")
	frappe.db.sql(
		f"analyze table {', '.join(f'`tab{name}`' for name in tables)}"
	)  # nosemgrep: names from above
	frappe.db.commit()


def hashed(number: str) -> str:
	"""Names in no order, as the framework gives them: odd factors send no two numbers below 2**32 to one."""
	return f"lpad(lower(hex({number} * 2654435761 & 4294967295)), 10, 'k')"


def moment(epoch: str) -> str:
	"""An epoch as the site's own time."""
	return f"'1970-01-01' + interval {epoch} - %(zone)s second"


OWN = "'Administrator', 'Administrator'"
OF_THE_PART = "from seq_1_to_100000000 where seq between %(first)s and %(last)s"
BEGAN = "(%(began)s + (seq - %(offset)s) * %(span)s div %(count)s)"
TOOK = "(60 + seq * 7919 %% 432000)"
ENDED = f"if({BEGAN} + {TOOK} < %(now)s, {BEGAN} + {TOOK}, 0)"
STAYS = f"""insert into `tabTicket Leg` (name, creation, modified, owner, modified_by, title, reference_doctype,
		reference_name, ticket_clock, cycle, team, department, country, ticket_category, place, from_epoch, to_epoch,
		began_by, ended_by, kept, seconds_to_close)
	select {hashed("seq")}, {moment(BEGAN)}, {moment(BEGAN)}, {OWN}, seq, 'HD Ticket', seq, concat('b', seq), 1, p.team,
		p.department, p.country, p.ticket_category, p.place, {BEGAN}, {ENDED}, 'Received', if({ENDED}, 'Closed', ''),
		seq %% 17 > 0, if({ENDED}, {TOOK}, 0)
	from seq_1_to_100000000 join ch_places p on p.number = seq * 31 %% %(places)s
	where seq between %(first)s and %(last)s order by 1"""
# What took longer than a day escalated in one of twenty cases, and a day later went to the General Manager.
RAISED = f"({BEGAN} + l.number * 86400)"
IS_RAISED = f"seq %% 20 = 3 and {TOOK} > l.number * 86400 and {RAISED} < %(now)s"
SOLVED = f"if({ENDED} > 0, if({ENDED} < {RAISED} + 86400, 'Solved', 'Closed with Ticket'), 'Received')"
LEVELS = "(select 1 number union all select 2) l"
NUMBER = "(seq * 2 + l.number)"
ESCALATIONS = f"""insert into `tabTicket Escalation` (name, creation, modified, owner, modified_by, title, status,
		reference_doctype, reference_name, ticket_subject, clock, cycle, level, team, department, country, ticket_category,
		place, target, due_epoch, escalated_epoch, due_at, escalated_at, late_seconds, answer_due_epoch, answer_due_at,
		tsm_owner, head, ended_epoch, outcome_on)
	select {hashed(NUMBER)}, {moment(RAISED)}, {moment(RAISED)}, {OWN}, seq, {SOLVED}, 'HD Ticket', seq,
		concat('Parcel ', seq), 'Group', 1, l.number, p.team, p.department, p.country, p.ticket_category, p.place,
		if(l.number = 1, 'Ticketing System Management', 'General Manager'), {RAISED}, {RAISED}, {moment(RAISED)},
		{moment(RAISED)}, 0, {RAISED} + 86400, {moment(RAISED)} + interval 1 day, %(tsm)s, %(head)s, {ENDED},
		if({ENDED}, {moment(ENDED)}, null)
	from seq_1_to_100000000 join ch_places p on p.number = seq * 31 %% %(places)s join {LEVELS}
	where seq between %(first)s and %(last)s and {IS_RAISED} order by 1"""
OF_ESCALATIONS = (
	f"from seq_1_to_100000000 join {LEVELS} where seq between %(first)s and %(last)s and {IS_RAISED}"
)
ROW = "name, creation, modified, owner, modified_by, parent, parenttype, parentfield, idx"
OF_PARENT = f"{moment(RAISED)}, {moment(RAISED)}, {OWN}, {hashed(NUMBER)}, 'Ticket Escalation'"
RECIPIENTS = f"""insert into `tabEscalation Recipient` ({ROW}, user, capacity, delivery, confirmed_on)
	select {hashed(NUMBER)}, {OF_PARENT}, 'recipients', 1, %(head)s, 'Department Head', 'Sent',
		{moment(RAISED)} + interval 2 hour {OF_ESCALATIONS} order by 1"""
FOLLOW_UP = f"""insert into `tabEscalation Follow Up` ({ROW}, at, kind, person, next_action_at)
	select {hashed(NUMBER)}, {OF_PARENT}, 'follow_up', 1, {moment(RAISED)} + interval 3 hour, 'Head Contacted', %(head)s,
		{moment(RAISED)} + interval 9 hour {OF_ESCALATIONS} order by 1"""
