"""A second, slow replay: reads the same files by itself and walks quarter of an hour by quarter of an hour.

It shares no code with the command under test; calendars come straight from the library `holidays`.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import holidays

if sys.version_info >= (3, 11):
	import tomllib
else:
	import tomli as tomllib

if TYPE_CHECKING:
	import random
	from pathlib import Path

STEP = 900
COUNTRIES = {
	"SA": "Asia/Riyadh",
	"AE": "Asia/Dubai",
	"EG": "Africa/Cairo",
	"KW": "Asia/Kuwait",
	"DE": "Europe/Berlin",
	"US": "America/New_York",
	"IN": "Asia/Kolkata",
}
GROUPS = ["", "Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Unlisted"]
STARTS = (
	(2026, 3, 12),
	(2013, 6, 20),
	(2021, 12, 20),
	(2024, 4, 1),
	(2025, 10, 20),
	(2016, 9, 5),
)
"""Weeks with a feast, a changed weekend, or clocks that are put forward or back."""


@dataclass
class Walk:
	"""The replay of one folder with tickets.csv, events.csv and policy.toml."""

	folder: Path
	until: int = 0
	policy: dict = field(default_factory=dict)
	rows: list[tuple] = field(default_factory=list)
	works: dict[str, dict[int, bool]] = field(default_factory=dict)

	def run(self) -> list[list[str]]:
		self.policy = tomllib.loads((self.folder / "policy.toml").read_text(encoding="utf-8"))
		tickets = list(csv.DictReader((self.folder / "tickets.csv").open(encoding="utf-8", newline="")))
		events = list(csv.DictReader((self.folder / "events.csv").open(encoding="utf-8", newline="")))
		columns = ("opened_at", "resolved_at", "closed_at")
		times = [self.epoch(row[name]) for row in tickets for name in columns if row[name]]
		self.until = self.until or max(times + [self.epoch(row["at"]) for row in events])
		for ticket in tickets:
			self.walk(ticket, [row for row in events if row["ticket"] == ticket["ticket"]])
		self.rows.sort()
		return [
			[name, str(cycle), str(level), group, target, self.local(at)]
			for at, name, cycle, level, group, target in self.rows
		]

	def epoch(self, text: str) -> int:
		moment = datetime.fromisoformat(text)
		zone = ZoneInfo(self.policy["timezone"])
		return int((moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp())

	def local(self, at: int) -> str:
		return datetime.fromtimestamp(at, ZoneInfo(self.policy["timezone"])).strftime("%Y-%m-%d %H:%M:%S")

	def country(self, group: str) -> str:
		listed = self.policy["groups"].get(group, {}) if group else {}
		return listed.get("country") or self.policy["defaults"]["country"]

	def is_working(self, country: str, at: int) -> bool:
		known = self.works.setdefault(country, {})
		if at not in known:
			calendar = self.policy["calendars"][country]
			now = datetime.fromtimestamp(at, ZoneInfo(calendar["timezone"]))
			known[at] = not is_off(country, now.date()) and any(
				begin <= now.strftime("%H:%M") < end
				for begin, end in (part.split("-") for part in calendar["hours"])
			)
		return known[at]

	def policy_for(self, group: str, category: str) -> dict | None:
		for entry in self.policy["policies"]:
			by_category = "*" in entry["categories"] or (category != "" and category in entry["categories"])
			if by_category and ("*" in entry["groups"] or group in entry["groups"]):
				return entry
		return None

	def changes(self, ticket: dict[str, str], events: list[dict[str, str]]) -> list[tuple[int, str, str]]:
		"""Moment, event and value of everything that is recorded for a ticket, in file order."""
		opened = self.epoch(ticket["opened_at"])
		found = [(max(opened, self.epoch(row["at"])), row["event"], row["value"]) for row in events]
		ends = [self.epoch(ticket[name]) for name in ("resolved_at", "closed_at") if ticket[name]]
		if ends and all(event == "group" for _, event, _ in found):
			found.append((max(opened, min(ends)), "resolution", ""))
		return found

	def walk(self, ticket: dict[str, str], events: list[dict[str, str]]) -> None:
		changes = self.changes(ticket, events)
		life = Life(self, ticket["ticket"], ticket["category"])
		at = self.epoch(ticket["opened_at"])
		life.move(ticket["group"])
		while at <= self.until:
			for _, event, value in [change for change in changes if change[0] == at]:
				if event == "group":
					life.move(value)
				else:
					life.become("resolved" if event == "resolution" else self.policy["states"][value])
			life.look(at)
			life.count(at)
			at += STEP


@dataclass
class Life:
	"""One ticket on its walk."""

	world: Walk
	name: str
	category: str
	group: str = ""
	state: str = "open"
	cycle: int = 0
	level: int = 0
	entry: dict | None = None
	country: str = ""
	counted: int = 0

	def move(self, group: str) -> None:
		moved, self.group = group != self.group, group
		if moved and self.level == 0 and self.state != "resolved":
			self.cycle = self.cycle or (1 if group else 0)
			self.begin_level_one()

	def become(self, state: str) -> None:
		before, self.state = self.state, state
		if state == "resolved" and before != "resolved":
			self.entry, self.level = None, 0
		elif state != "resolved" and before == "resolved" and (self.cycle or self.group):
			self.cycle, self.level = self.cycle + 1, 0
			self.begin_level_one()

	def begin_level_one(self) -> None:
		self.entry = self.world.policy_for(self.group, self.category) if self.group else None
		self.country, self.counted = self.world.country(self.group), 0

	def waits(self) -> bool:
		return self.entry["levels"][self.level]["pauses"] and self.state == "paused"

	def look(self, at: int) -> None:
		if self.entry is None or self.waits():
			return
		step = self.entry["levels"][self.level]
		if self.counted < step["after_hours"] * 3600:
			return
		self.level += 1
		self.world.rows.append((at, self.name, self.cycle, self.level, self.group, step["target"]))
		self.country, self.counted = self.world.country(self.group), 0
		if self.level == len(self.entry["levels"]):
			self.entry = None

	def count(self, at: int) -> None:
		if self.entry is None or self.waits():
			return
		clock = self.entry["levels"][self.level]["clock"]
		if clock == "elapsed" or self.world.is_working(self.country, at):
			self.counted += STEP


@cache
def is_off(country: str, day: date) -> bool:
	"""True on a weekend day by the law of that date and on a public holiday."""
	library = holidays.country_holidays(country, years=day.year)
	return library.is_weekend(day) or day in library


def write_random_folder(chance: random.Random, folder: Path) -> None:
	"""Files of a random replay, with all that may stand in them and is not wrong."""
	zone = chance.choice(("Asia/Riyadh", "Asia/Dubai", "Africa/Cairo", "Europe/Berlin", "Asia/Kolkata"))
	first = datetime(*chance.choice(STARTS), tzinfo=ZoneInfo(zone))
	write_policy(chance, folder / "policy.toml", zone)
	tickets, events = [], []
	for number in range(chance.randint(20, 40)):
		_write_ticket(chance, f"T{number}", first, tickets, events)
	chance.shuffle(events)
	header = ("ticket", "opened_at", "group", "category", "resolved_at", "closed_at", "remark")
	_write_rows(folder / "tickets.csv", [header, *tickets])
	_write_rows(folder / "events.csv", [("ticket", "at", "event", "value"), *events])


def write_policy(chance: random.Random, path: Path, zone: str) -> None:
	lines = [f'timezone = "{zone}"', "[states]"]
	lines += ['New = "open"', 'Waiting = "paused"', 'Solved = "resolved"', 'Closed = "resolved"']
	for country, calendar_zone in COUNTRIES.items():
		hours = chance.choice(
			('"09:00-18:00"', '"08:00-12:00", "13:00-17:00"', '"00:00-24:00"', '"07:15-11:45"')
		)
		lines += [
			f"[calendars.{country}]",
			f'country = "{country}"',
			f'timezone = "{calendar_zone}"',
			f"hours = [{hours}]",
		]
	lines += ["[defaults]", f'country = "{chance.choice(list(COUNTRIES))}"', 'department = "All"']
	for group in GROUPS[1:-2]:
		lines += [f"[groups.{group}]", f'country = "{chance.choice(list(COUNTRIES))}"']
	lines += [f"[groups.{GROUPS[-2]}]", 'department = "No country"']
	for number in range(chance.randint(1, 4)):
		groups = chance.choice((["*"], chance.sample(GROUPS[1:], 3)))
		categories = chance.choice((["*"], ["*"], ["Claim"], ["Claim", "Inquiry"]))
		lines += ["[[policies]]", f'name = "{number}"', f"groups = {groups}", f"categories = {categories}"]
		for level in range(chance.randint(1, 3)):
			lines += ["[[policies.levels]]", f"after_hours = {chance.choice((0.25, 1, 4, 8, 8.5, 16, 24))}"]
			lines += [f'clock = "{chance.choice(("elapsed", "working"))}"', f'target = "Target {level}"']
			lines += [f"pauses = {str(chance.random() < 0.6).lower()}"]
	path.write_text("\n".join(lines), encoding="utf-8")


def _write_ticket(
	chance: random.Random, name: str, first: datetime, tickets: list[tuple], events: list[tuple]
) -> None:
	opened = first + timedelta(seconds=STEP * chance.randrange(96 * 8))
	category = chance.choice(("", "Claim", "Inquiry", "Complaint"))
	ends = [
		_text(chance, opened + timedelta(seconds=STEP * chance.randrange(-2, 900)))
		if chance.random() < 0.6
		else ""
		for _ in range(2)
	]
	tickets.append((name, _text(chance, opened), chance.choice(GROUPS), category, *ends, "a, b"))
	at = opened - timedelta(seconds=STEP * chance.choice((0, 0, 0, 3)))
	only_groups = chance.random() < 0.3
	for _ in range(chance.randint(0, 9)):
		at += timedelta(seconds=STEP * chance.choice((0, 0, 1, 4, 16, 33, 96, 200)))
		if only_groups or chance.random() < 0.35:
			events.append((name, _text(chance, at), "group", chance.choice(GROUPS)))
		else:
			states = ("New", "Waiting", "Waiting", "New", "Solved", "Closed")
			events.append((name, _text(chance, at), "state", chance.choice(states)))


def _text(chance: random.Random, moment: datetime) -> str:
	"""The moment as some export writes it; with an offset where the local time alone would not do."""
	# arithmetic on the wall clock may end in an hour that does not exist: the instant is what is meant
	instant = moment.astimezone(timezone.utc)
	local = instant.astimezone(moment.tzinfo)
	ambiguous = local.replace(fold=1 - local.fold).utcoffset() != local.utcoffset()
	if ambiguous or chance.random() < 0.15:
		return instant.astimezone(timezone(timedelta(hours=chance.choice((0, 3, -5.5))))).isoformat(" ")
	return local.replace(tzinfo=None).isoformat(chance.choice(" T"))


def _write_rows(path: Path, rows: list[tuple]) -> None:
	with path.open("w", encoding="utf-8", newline="") as file:
		csv.writer(file).writerows(rows)
