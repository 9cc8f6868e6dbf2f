"""A courier's month on the site: customers write, groups answer or do not, and the real engine escalates.

Nothing pretends that another moment is now: the engine's own functions are told the moment. While the host's
documents are written the mode is Off, so that its events do not answer with the present time.
"""

import heapq
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import NamedTuple

import frappe

from core_helpdesk import config
from core_helpdesk.escalations import actions, sweep, sync
from core_helpdesk.hosts import hd_ticket
from core_helpdesk.setup.demo import letters, standards
from core_helpdesk.setup.demo.cast import user

HOUR = 3600
TICK = 300
COURSES = ("prompt", "answered", "moved", "late", "ignored", "reopened")
# How often each course is taken; of the last days more is left undone, so that there is something to see.
SHARES = (46, 12, 10, 18, 9, 5)
LAST_SHARES = (20, 12, 8, 35, 25, 0)
LAST_DAYS = 60 * HOUR
DATED_BY_FRAMEWORK = (
	"HD Ticket Comment",
	"HD Ticket Activity",
	"Notification Log",
	"ToDo",
	"Version",
	"Comment",
	"Tracing Case",
	"Tracing Claim",
	"Tracing Update",
)
GROUPS = tuple(name for name, values in standards.GROUPS.items() if values[0])


class Happening(NamedTuple):
	"""Something that is done at a moment; `order` keeps those of one moment in the order they were planned."""

	at: int
	order: int
	act: Callable[[int], None]


class Month:
	def __init__(self, since: int, until: int, seed: int) -> None:
		self.since, self.until = since, until
		self.chance = random.Random(seed)
		self.ahead: list[Happening] = []
		self.order = 0
		self.followed: set[str] = set()

	def plan(self, at: int, act: Callable[[int], None]) -> None:
		if at < self.until:
			self.order += 1
			heapq.heappush(self.ahead, Happening(int(at), self.order, act))

	def run(self) -> None:
		while self.ahead:
			happening = heapq.heappop(self.ahead)
			self.sweep_until(happening.at)
			happening.act(happening.at)
			self.date_back_written(happening.at)
			frappe.db.commit()  # nosemgrep: a command of the admin; each step stands for itself
		self.sweep_until(self.until)

	def sweep_until(self, until: int) -> None:
		"""The sweeps of every five minutes that find something to do."""
		while (due := next_due()) and (tick := -(-due // TICK) * TICK) <= until:
			sweep.run(tick)
			self.date_back_written(tick)
			self.follow_up(tick)

	def date_back_written(self, at: int) -> None:
		"""What the framework dates by itself gets the moment at which it was written in this month."""
		moment, until = config.from_epoch(at), config.from_epoch(self.until)
		for doctype in DATED_BY_FRAMEWORK:
			table = frappe.qb.DocType(doctype)
			columns = (table.at,) if doctype == "Tracing Update" else (table.creation, table.modified)
			for column in columns:
				frappe.qb.update(table).set(column, moment).where(column >= until).run()

	# --- Tickets

	def fill(self, tickets: int) -> None:
		span = self.until - self.since
		for number in range(tickets):
			# More of them lately, so that the site is at work when it is opened.
			at = self.since + int(span * (1 - self.chance.random() ** 1.6))
			shares = LAST_SHARES if at > self.until - LAST_DAYS else SHARES
			self.plan(at, self.opening(number, self.chance.choices(COURSES, shares)[0]))

	def opening(self, number: int, course: str) -> Callable[[int], None]:
		group = self.chance.choice(GROUPS) if number % 40 else "Walk-in Counter Oman"
		letter = self.chance.choice(letters.LETTERS)

		def open_ticket(at: int) -> None:
			name = make_ticket(letter, group, number, at)
			getattr(self, course)(name, group, at)

		return open_ticket

	def prompt(self, name: str, group: str, at: int) -> None:
		self.plan(at + self.hours(0.5, 7), lambda now: self.resolve(name, now))

	def answered(self, name: str, group: str, at: int) -> None:
		asked = at + self.hours(1, 5)
		back = asked + self.hours(4, 40)
		self.plan(asked, lambda now: self.answer(name, now))
		self.plan(back, lambda now: self.customer_writes(name, now))
		self.plan(back + self.hours(1, 5), lambda now: self.resolve(name, now))

	def moved(self, name: str, group: str, at: int) -> None:
		other = self.chance.choice([known for known in GROUPS if known != group])
		self.plan(at + self.hours(2, 20), lambda now: save_ticket(name, now, agent_group=other))
		self.plan(at + self.hours(22, 44), lambda now: self.resolve(name, now))

	def late(self, name: str, group: str, at: int) -> None:
		self.plan(at + self.hours(26, 46), lambda now: self.resolve(name, now))

	def ignored(self, name: str, group: str, at: int) -> None:
		self.plan(at + self.hours(60, 120), lambda now: self.resolve(name, now))

	def reopened(self, name: str, group: str, at: int) -> None:
		solved = at + self.hours(2, 8)
		again = solved + self.hours(10, 40)
		self.plan(solved, lambda now: self.resolve(name, now))
		self.plan(again, lambda now: self.customer_writes(name, now))
		self.plan(again + self.hours(20, 50), lambda now: self.resolve(name, now))

	def hours(self, least: float, most: float) -> int:
		return int(self.chance.uniform(least, most) * HOUR)

	def resolve(self, name: str, now: int) -> None:
		save_ticket(name, now, status="Resolved")
		self.plan(now + self.hours(0.3, 2), lambda later: self.record_solutions(name, later))

	def answer(self, name: str, now: int) -> None:
		write_message(name, self.chance.choice(letters.ANSWERS), "Sent", now)
		save_ticket(name, now, status="Replied")

	def customer_writes(self, name: str, now: int) -> None:
		write_message(name, self.chance.choice(letters.CUSTOMER_AGAIN), "Received", now)
		save_ticket(name, now, status="Open")

	# --- Escalations

	def follow_up(self, now: int) -> None:
		"""Plans what TSM and the heads do about escalations that have just come."""
		for row in frappe.get_all(
			"Ticket Escalation", {"status": "Received"}, ["name", "level", "head", "tsm_owner"]
		):
			if row.name not in self.followed:
				self.followed.add(row.name)
				self.plan_work(row, now)

	def plan_work(self, row: frappe._dict, now: int) -> None:
		member = row.tsm_owner or user("tsm")
		seldom = self.chance.random()
		if seldom < 0.85:
			self.plan(now + self.hours(0.2, 2), lambda later: act(member, row.name, "acknowledge", later))
		if row.head and seldom < 0.7:
			self.plan(
				now + self.hours(0.5, 5), lambda later: act(row.head, row.name, "confirm_receipt", later)
			)
			note = self.chance.choice(letters.CONTACT_NOTES)
			channel = self.chance.choice(("Phone", "E-mail", "In Person"))
			self.plan(
				now + self.hours(1, 8),
				lambda later: act(
					member, row.name, "contacted", later, person=row.head, channel=channel, note=note
				),
			)
		if seldom > 0.93:
			reason = letters.HANDED_BACK
			self.plan(
				now + self.hours(3, 12),
				lambda later: act(member, row.name, "hand_back", later, reason=reason),
			)
		elif seldom > 0.78:
			reason = self.chance.choice(letters.FAILURES)
			self.plan(now + 24 * HOUR, lambda later: act(member, row.name, "fail", later, reason=reason))

	def record_solutions(self, ticket: str, now: int) -> None:
		note = self.chance.choice(letters.SOLUTIONS)
		filters = {"reference_name": ticket, "status": "Closed with Ticket"}
		for row in frappe.get_all("Ticket Escalation", filters, ["name", "tsm_owner"]):
			if self.chance.random() < 0.8:
				act(row.tsm_owner or user("tsm"), row.name, "solve", now, note=note)


def next_due() -> int:
	clock = frappe.qb.DocType("Ticket Clock")
	query = frappe.qb.from_(clock).select(clock.next_epoch).where(clock.next_epoch > 0)
	found = query.orderby(clock.next_epoch).limit(1).run()
	return found[0][0] if found else 0


def act(who: str, escalation: str, action: str, now: int, **values: str) -> None:
	"""An action of a person; what is not possible any more by then, such as work on an ended escalation, is not done."""
	with acting_as(who):
		row = frappe.get_doc("Ticket Escalation", escalation)
		if action in actions.available(row, who):
			getattr(actions, action)(escalation, now=now, **values)


@contextmanager
def acting_as(who: str) -> Iterator[None]:
	before = frappe.session.user
	frappe.set_user(who)  # nosemgrep: the demo acts as each of its people in turn
	try:
		yield
	finally:
		frappe.set_user(before)  # nosemgrep: as above


@contextmanager
def engine_at_rest(mode: str = config.OFF) -> Iterator[None]:
	frappe.db.set_single_value(config.SETTINGS, "mode", mode)
	try:
		yield
	finally:
		frappe.db.set_single_value(config.SETTINGS, "mode", config.LIVE)


# --- The host's documents, written as its own users would, then dated back


def make_ticket(letter: letters.Letter, group: str, number: int, at: int, shipment: str = "") -> str:
	shipment = shipment or f"{4400000000 + number * 7919:010}"
	with engine_at_rest():
		ticket = frappe.get_doc(
			{
				"doctype": hd_ticket.DOCTYPE,
				"subject": letter.subject.format(shipment),
				"description": letter.text.format(shipment),
				"raised_by": f"customer{number % 60:02}@example.net",
				"ticket_type": letter.category,
				"agent_group": group,
				"via_customer_portal": 1,
			}
		).insert(ignore_permissions=True)
		name = str(ticket.name)
		date_back(name, at, ticket.raised_by)
	sync.sync(name, at)
	return name


def date_back(name: str, at: int, sender: str) -> None:
	moment = config.from_epoch(at)
	values = {"creation": moment, "opening_date": moment.date(), "opening_time": moment.time()}
	frappe.db.set_value(hd_ticket.DOCTYPE, name, values, update_modified=False)
	named = {"reference_doctype": hd_ticket.DOCTYPE, "reference_name": name}
	written = {"creation": moment, "communication_date": moment, "sender": sender, "sender_full_name": ""}
	frappe.db.set_value("Communication", named, written, update_modified=False)
	touch(name, at)


def touch(name: str, at: int) -> None:
	frappe.db.set_value(hd_ticket.DOCTYPE, name, "modified", config.from_epoch(at), update_modified=False)


def save_ticket(name: str, now: int, **values: str) -> None:
	with engine_at_rest():
		ticket = frappe.get_doc(hd_ticket.DOCTYPE, name)
		ticket.update(values)
		ticket.save(ignore_permissions=True)
		touch(name, now)
	sync.sync(name, now)


def write_message(name: str, text: str, direction: str, now: int) -> None:
	"""A message of the conversation, as a row: sending or answering it is not the demo's business."""
	ticket = frappe.db.get_value(hd_ticket.DOCTYPE, name, ["subject", "raised_by"], as_dict=True)
	moment = config.from_epoch(now)
	message = frappe.new_doc("Communication")
	message.update(
		{
			"communication_type": "Communication",
			"communication_medium": "Email",
			"sent_or_received": direction,
			"status": "Linked",
			"subject": ticket.subject,
			"content": f"<p>{text}</p>",
			"sender": ticket.raised_by if direction == "Received" else user("agent.sa"),
			"reference_doctype": hd_ticket.DOCTYPE,
			"reference_name": name,
			"communication_date": moment,
			"creation": moment,
			"modified": moment + timedelta(seconds=1),
		}
	)
	message.set_new_name()
	message.db_insert()
