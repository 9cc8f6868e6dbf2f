"""Tracing in the demo's month: a case of every fate, from one that nobody has taken to a claim that was paid.

Cases go their way among the month's tickets, so that sweeps in between find them due, warn and escalate.
"""

from collections.abc import Callable
from functools import partial

import frappe

from core_helpdesk import months
from core_helpdesk.setup.demo import parcels, tracing_steps
from core_helpdesk.setup.demo.cast import user
from core_helpdesk.setup.demo.month import HOUR, acting_as, write_message
from core_helpdesk.setup.demo.tracing_claims import Claims
from core_helpdesk.setup.demo.tracing_desk import ABROAD, HEADQUARTERS, officer
from core_helpdesk.setup.demo.tracing_ways import FOUND, Traced
from core_helpdesk.tracing import (
	closing,
	handing_over,
	month_acts,
	month_making,
	records,
	reminders,
	silence,
	staff_reminders,
	urgency,
)

DAY = 24 * HOUR
# How long ago a case was opened, at least and at most.
NEW, LATELY, DAYS, WEEKS, LONG = (0.1, 0.8), (1.5, 4), (4, 9), (12, 26), (25, 29)
# Each fate with its age and nature; the first dozen are the most different ones.
FATES = (
	("untaken", NEW, parcels.FAILURE),
	("worked", LATELY, parcels.ADDRESS),
	("abroad", DAYS, parcels.FAILURE),
	("solved", LATELY, parcels.ADDRESS),
	("confirmed", LATELY, parcels.PRE_ALERT),
	("doubtful", LATELY, parcels.FAILURE),
	("closed", WEEKS, parcels.FAILURE),
	("overdue", LONG, parcels.FAILURE),
	("urgent", NEW, parcels.PRE_ALERT),
	("claim_for_manager", DAYS, parcels.CLAIM),
	("claim_paid", WEEKS, parcels.CLAIM),
	("came_back", WEEKS, parcels.FAILURE),
	("unconfirmed", LONG, parcels.ADDRESS),
	("incomplete", LATELY, parcels.FAILURE),
	("not_taken_abroad", DAYS, parcels.FAILURE),
	("at_a_section", LATELY, parcels.FAILURE),
	("denied", DAYS, parcels.FAILURE),
	("overridden", WEEKS, parcels.ADDRESS),
	("past_the_rules", WEEKS, parcels.FAILURE),
	("merged", WEEKS, parcels.FAILURE),
	("overdue_abroad", LONG, parcels.FAILURE),
	("claim_drafted", LATELY, parcels.CLAIM),
	("claim_submitted", DAYS, parcels.CLAIM),
	("claim_refused", WEEKS, parcels.CLAIM),
	("claim_withdrawn", WEEKS, parcels.CLAIM),
	("claim_handed_over", DAYS, parcels.CLAIM),
)
USUAL = (
	("closed", WEEKS, parcels.ADDRESS),
	("closed_abroad", WEEKS, parcels.FAILURE),
	("worked", DAYS, parcels.FAILURE),
)
SECTION = "Delivery KSA"
LAST_REMINDERS = (30, 6)


class Tracing(Claims):
	def fill(self, cases: int) -> None:
		"""Plans the cases, and what the jobs of every day do about them."""
		for index in range(cases):
			fate, (least, most), nature = FATES[index] if index < len(FATES) else self.chance.choice(USUAL)
			self.plan(self.month.until - self.hours(least * 24, most * 24), self.opening(index, fate, nature))
		for at in range(self.month.since, self.month.until, DAY):
			self.plan(at, reminders.remind)
		for hours in LAST_REMINDERS:
			self.plan(self.month.until - hours * HOUR, staff_reminders.remind)

	def opening(self, index: int, fate: str, nature: str) -> Callable[[int], None]:
		letter = self.chance.choice(parcels.LETTERS[nature])
		country = sorted(ABROAD)[index % len(ABROAD)]

		def open_case(now: int) -> None:
			name = tracing_steps.open_case(letter, HEADQUARTERS, index, parcels.number(index), now)
			getattr(self, fate)(Traced(index, name, nature, country), now)

		return open_case

	def report(self) -> None:
		"""The month before, made, sent by the supervisor and reviewed."""
		until = self.month.until
		month = month_making.make(months.last_closed(until), until).name
		with acting_as(self.supervisor):
			month_acts.send(month_acts.locked(month), until)
		for reader, note in ((self.officer, ""), (user("qa"), "Cases abroad were taken a day late.")):
			with acting_as(reader):
				month_acts.review(month_acts.locked(month), note, until)

	# --- Fates

	def untaken(self, case: Traced, at: int) -> None:
		"""Nobody has looked at it yet."""

	def worked(self, case: Traced, at: int) -> int:
		filled = self.taken(case, at)
		self.update(
			filled + self.hours(1, 3), self.officer, case, "Customer", "Phone", "The address is confirmed."
		)
		return self.update(filled + self.hours(4, 10), self.officer, case, "Support", "System", FOUND)

	def incomplete(self, case: Traced, at: int) -> None:
		accepted = self.do(at + self.hours(0.5, 5), self.officer, case, handing_over.accept)
		data = {"nature": case.nature, "shipment_number": parcels.number(case.index)[:-1]}
		self.plan(
			accepted + HOUR,
			lambda now: tracing_steps.fill_in(self.officer, case.name, data, now, papers=False),
		)
		self.plan(
			accepted + 2 * HOUR, lambda now: tracing_steps.ask_for_missing(self.officer, case.name, now)
		)

	def abroad(self, case: Traced, at: int) -> int:
		return self.taken_abroad(case, at)

	def not_taken_abroad(self, case: Traced, at: int) -> None:
		self.passed(case, self.taken(case, at), case.group_abroad, "The sender is in your country")

	def at_a_section(self, case: Traced, at: int) -> None:
		self.passed(case, self.taken(case, at), SECTION, "Please look for it in your depot")

	def solved(self, case: Traced, at: int) -> int:
		return self.solved_by(case, self.taken(case, at), self.officer)

	def confirmed(self, case: Traced, at: int) -> int:
		return self.answered(case, self.solved(case, at), "Thank you, it is here.")

	def doubtful(self, case: Traced, at: int) -> None:
		self.answered(case, self.solved(case, at), "Yes, but the second box has not arrived.")

	def denied(self, case: Traced, at: int) -> None:
		said = self.answered(case, self.solved(case, at), "Nothing has come.", is_yes=False)
		self.update(said + self.hours(2, 6), self.officer, case, "Retail Services", "E-mail", FOUND)

	def closed(self, case: Traced, at: int) -> int:
		return self.ended(case, self.confirmed(case, at), self.officer)

	def closed_abroad(self, case: Traced, at: int) -> None:
		who = officer(case.group_abroad)
		solved = self.solved_by(case, self.taken_abroad(case, at), who)
		self.ended(case, self.answered(case, solved, "وصلت الشحنة، شكرًا لكم."), who)

	def came_back(self, case: Traced, at: int) -> None:
		said = self.answered(
			case, self.closed(case, at) + DAY, "It was somebody else's parcel.", is_yes=False
		)
		self.do(said + self.hours(1, 4), self.officer, case, handing_over.accept)

	def unconfirmed(self, case: Traced, at: int) -> None:
		self.close_once_silent(case, self.solved(case, at) + DAY)

	def close_once_silent(self, case: Traced, at: int) -> None:
		"""Looks day by day whether the customer has been silent for long enough."""

		def look(now: int) -> None:
			if silence.is_over(frappe.get_doc(records.DOCTYPE, case.name), now):
				reason = "Neither mails nor calls were answered"
				tracing_steps.close(self.officer, case.name, closing.close_unconfirmed, now, reason)
			else:
				self.close_once_silent(case, now + DAY)

		self.plan(at, look)

	def overridden(self, case: Traced, at: int) -> None:
		reason = "The customer has moved away; the sender confirmed by letter"
		self.ended(case, self.solved(case, at), self.supervisor, closing.close_with_override, reason)

	def past_the_rules(self, case: Traced, at: int) -> None:
		self.plan(
			self.taken(case, at) + 2 * DAY,
			lambda now: tracing_steps.end_past_the_rules(case.name, now, status="Closed"),
		)

	def merged(self, case: Traced, at: int) -> None:
		into = frappe.db.get_value("HD Ticket", {"raised_by": ("!=", "")}, order_by="creation asc")
		merging = {"is_merged": 1, "merged_with": into, "status": "Closed"}
		self.plan(at + self.hours(2, 9), partial(tracing_steps.end_past_the_rules, case.name, **merging))

	def urgent(self, case: Traced, at: int) -> None:
		def write(now: int) -> None:
			ticket = frappe.db.get_value(records.DOCTYPE, case.name, "ticket")
			write_message(ticket, parcels.URGENT, "Received", now)
			if urgency.is_urgent("", parcels.URGENT):
				urgency.mark(case.name, now)

		self.plan(at + HOUR, write)

	def overdue(self, case: Traced, at: int) -> None:
		self.worked(case, at)

	def overdue_abroad(self, case: Traced, at: int) -> None:
		self.taken_abroad(case, at)
