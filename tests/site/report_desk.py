"""Twelve days of two departments in two countries, with escalations that are followed up, and all who read reports on them."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import frappe
import pytest

from core_helpdesk import config
from core_helpdesk.escalations import actions
from core_helpdesk.reports.ticket_words import ALL
from tests.site import report_reading as reading
from tests.site import sessions, web
from tests.site.factories import (
	add_head,
	as_user,
	make_agent,
	make_category,
	make_department,
	make_desk,
	make_team,
	make_ticket,
	make_user,
)
from tests.site.moments import Moment, epoch, moment_of_all
from tests.site.test_ticket_export import Story

if TYPE_CHECKING:
	from collections.abc import Iterator

BEGIN, NOW = "2026-03-30 09:00", "2026-04-12 09:00"
# The last full week, and days over the end of a month.
WEEK = {"since": "2026-04-05", "until": "2026-04-11"}
MONTH_END = {"since": "2026-03-30", "until": "2026-04-04"}
UNTIL_NOW = {"since": "2026-04-08", "until": "2026-04-30"}
STRETCHES = (WEEK, MONTH_END, UNTIL_NOW, {"since": "2026-04-07", "until": "2026-04-07"})
SAUDI, EGYPT = "Saudi Arabia", "Egypt"
HOUR, DAY = 3600, 24 * 3600
OPEN = ("Received", "Head Contacted")


class Followed(Story):
	"""Days in which Ticketing System Management and heads do something about escalations, too."""

	tsm = ""

	def happen(self) -> None:
		found = frappe.get_all(
			"Ticket Escalation",
			{"status": ("in", OPEN)},
			["name", "head"],
			order_by="escalated_epoch, reference_name, level",
		)
		if found and self.chance.random() < 0.6:
			self.act(self.chance.choice(found))
		elif len(self.tickets) < 16 and self.chance.random() < 0.5:
			self.tickets.append(make_ticket(group=self.chance.choice(self.groups)).name)
		else:
			super().happen()

	def act(self, row: frappe._dict) -> None:
		now, action = (
			self.moment.now,
			self.chance.choice(("confirm", "contacted", "contacted", "fail", "hand_back")),
		)
		if action == "confirm":
			with as_user(row.head):
				actions.confirm_receipt(row.name, now)
			return
		with as_user(self.tsm):
			if action == "contacted":
				due = str(config.from_epoch(now + self.chance.randint(1, 20) * HOUR))
				actions.contacted(row.name, row.head, "Phone", "Called", now, due)
			elif action == "fail" and self.chance.random() < 0.4:
				actions.fail(row.name, "No answer", now)
			elif action == "hand_back" and "hand_back" in actions.available(
				frappe.get_doc("Ticket Escalation", row.name), self.tsm
			):
				actions.hand_back(row.name, "Not theirs", now)


class Opened(NamedTuple):
	"""The site with these twelve days, for all tests of a module: they take half a minute to live."""

	desk: frappe._dict
	moment: Moment

	def undone(self) -> Iterator[None]:
		"""Undoes what one test wrote, and leaves the days; for a fixture to yield from."""
		self.moment.set(NOW)
		db = frappe.local.db
		db.savepoint("days")
		sessions.soft_commit()
		yield
		sessions.forget()
		db.sql("rollback to savepoint days")
		sessions.clear_caches()


def opened() -> Iterator[Opened]:
	"""For a fixture of a module to yield from."""
	with pytest.MonkeyPatch.context() as patch, sessions.rolled_back():
		for moment in moment_of_all(patch, BEGIN):
			yield Opened(open_desk(moment, random.Random(5)), moment)


def open_desk(moment: Moment, chance: random.Random) -> frappe._dict:
	"""The site at NOW, on the Sunday after two weeks; a head is away from that day on."""
	frappe.db.delete("HD Ticket")
	desk = make_desk(
		levels=({"after_hours": 10}, {"target": "General Manager", "after_hours": 24}), members=2
	)
	for role in ("TSM Agent",):
		for member in desk.tsm:
			frappe.get_doc("User", member).add_roles(role)
	desk.qa, desk.deputy = make_user("QA Specialist"), make_user("Department Manager")
	desk.head, desk.head_in_egypt, desk.other_head = (make_user("Department Manager") for _ in range(3))
	away = {"deputy": desk.deputy, "absent_from": NOW[:10], "absent_until": "2026-04-30"}
	desk.mine = make_department(head=desk.head, country=SAUDI, **away)
	add_head(desk.mine, head=desk.head_in_egypt, country=EGYPT)
	desk.others = make_department(head=desk.other_head)
	desk.category = make_category()
	desk.riyadh = make_team(ch_department=desk.mine, ch_category=desk.category)
	desk.cairo = make_team(ch_department=desk.mine, ch_country=EGYPT)
	desk.apart = make_team(ch_department=desk.others, ch_country=EGYPT)
	story = Followed(chance, (desk.riyadh, desk.cairo, desk.apart), moment)
	story.tsm = desk.tsm[0]
	story.live(days=12)
	story.sweep_until(epoch(NOW))
	desk.reader = make_agent()
	named = {"department": desk.mine, "users": [desk.reader], "country": EGYPT}
	web.call(desk.qa, "core_helpdesk.governance_api.name_readers", **named)
	return desk


def readers_of(desk: frappe._dict) -> dict[str, set[str]]:
	"""Who reads reports, and the groups whose figures are theirs."""
	everything = {desk.riyadh, desk.cairo, desk.apart}
	return {
		desk.qa: everything,
		desk.tsm[1]: everything,
		desk.head: {desk.riyadh},
		desk.deputy: {desk.riyadh},
		desk.head_in_egypt: {desk.cairo},
		desk.reader: {desk.cairo},
		desk.other_head: {desk.apart},
	}


def parts(user: str, report: str, **filters: object) -> dict[str, dict]:
	"""The lines of these days, by what their records are asked by."""
	found = reading.rows(user, report, **filters)
	return {row["drill"]["part"]: row for number, row in enumerate(found) if row.get("drill") and number != 1}


def drilled(user: str, report: str, figure: str, part: str = ALL, **filters: object) -> list[str]:
	wanted = {"report": report, "filters": frappe.as_json(filters), "figure": figure, "part": part}
	return web.call(user, "core_helpdesk.report_api.records", **wanted)["names"]


class Span:
	"""The time of these days as documents write moments, until now."""

	def __init__(self, since: str, until: str) -> None:
		self.start = datetime.fromisoformat(since)
		over = datetime.fromisoformat(until) + timedelta(days=1)
		self.end = min(over, datetime.fromisoformat(NOW) + timedelta(seconds=1))

	def holds(self, at: datetime | None) -> bool:
		return at is not None and self.start <= at < self.end

	def ends_before(self, at: datetime | None) -> bool:
		return at is None or at >= self.end


def groups_of(rows: list[frappe._dict], groups: set[str]) -> list[frappe._dict]:
	return [row for row in rows if row.team in groups]
