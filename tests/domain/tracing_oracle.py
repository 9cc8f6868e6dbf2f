"""A second, slow way to live a tracing case: from the words of the clauses, date by date, nothing carried on.

It shares no code with the domain under test but the facts it is given: of a calendar the hours and days off, of the
terms the numbers. All it keeps is what happened; every answer is found by looking back over that.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tests.domain.brute_force_time import hours_on
from tests.domain.tracing_world import CLAIMS, DATA, DOCUMENTS, HOME

if TYPE_CHECKING:
	from core_helpdesk.domain.calendar_rules import CalendarRules
	from tests.domain.tracing_world import Step, World

CLAIM_WAYS = {
	"Draft": {"Supervisor Approval", "Withdrawn"},
	"Supervisor Approval": {"Draft", "Manager Approval", "Approved", "Refused", "Withdrawn"},
	"Manager Approval": {"Draft", "Approved", "Refused", "Withdrawn"},
	"Approved": {"Handed Over", "Withdrawn"},
	"Handed Over": {"Paid", "Refused"},
}
UNDECIDED = {"Draft", "Supervisor Approval", "Manager Approval"}
SAYS_UNSOLVED = {"It still has not arrived", "لم تصل الشحنة بعد"}


class Dates:
	"""A calendar asked date by date when it closes."""

	def __init__(self, rules: CalendarRules) -> None:
		self.rules = rules
		self.zone = ZoneInfo(rules.zone)
		self.closing = cache(self.find_closing)

	def find_closing(self, day: date) -> int:
		"""When the day's work is over, 0 on a day off."""
		hours = hours_on(self.rules, day)
		if not hours:
			return 0
		past_midnight, seconds = divmod(max(end for _, end in hours), 86_400)
		clock = (datetime.combine(day, time()) + timedelta(days=past_midnight, seconds=seconds)).time()
		shown = datetime.combine(day + timedelta(days=past_midnight), clock, self.zone)
		return int(shown.timestamp())

	def working_day(self, start: int, number: int) -> int:
		"""The closing of the working day of that number; 0 is the one on which `start` counts as received."""
		day = datetime.fromtimestamp(start, timezone.utc).astimezone(self.zone).date()
		while not self.closing(day) > start:
			day += timedelta(days=1)
		while number:
			day += timedelta(days=1)
			number -= bool(self.closing(day))
		return self.closing(day)

	def days_late(self, start: int, days: int, end: int) -> int:
		"""How many working days more than allowed it took until `end`: the day that was needed, less those given."""
		needed = 0
		while self.working_day(start, needed) < end:
			needed += 1
		return max(0, needed - days)


@cache
def dates_of(world_number: int, calendar: str, stage: int) -> Dates:
	from tests.domain.tracing_world import world

	return Dates(world(world_number).stages[calendar][stage])


@dataclass
class Stay:
	"""A stay in a group, as it was written down when it happened."""

	team: str
	since: int
	from_team: str
	by: str
	until: int = 0
	taken: int = 0
	taken_by: str = ""
	answered: int = 0


@dataclass
class Oracle:
	"""What happened to a case; `stage` is how much of each calendar is confirmed."""

	number: int
	world: World
	stage: dict[str, int] = field(default_factory=dict)
	stays: list[Stay] = field(default_factory=list)
	opens: list[int] = field(default_factory=list)
	closes: list[tuple[int, str]] = field(default_factory=list)
	countries: tuple[str, ...] = ()
	solved: bool = False
	documents: set[str] = field(default_factory=set)
	data: set[str] = field(default_factory=set)
	claims: dict[str, str] = field(default_factory=lambda: dict.fromkeys(CLAIMS, "Draft"))
	answer: str = ""

	def see(self, step: Step) -> object:
		"""What a step leads to: the ruling on a hand-over, the reasons against a close, or nothing."""
		return getattr(self, f"do_{step.what}")(step.at, *step.value)

	@property
	def is_open(self) -> bool:
		return len(self.opens) > len(self.closes)

	@property
	def team(self) -> str:
		return self.stays[-1].team

	def dates(self, country: str) -> Dates:
		return dates_of(self.number, country, self.stage.get(country, 0))

	def is_section(self, team: str) -> bool:
		return team not in self.world.tracing

	def enter(self, at: int, team: str, by: str, from_team: str) -> None:
		if self.stays and not self.stays[-1].until:
			self.stays[-1].until = at
		self.stays.append(Stay(team, at, from_team, by))

	def do_begin(self, at: int, team: str) -> None:
		self.opens.append(at)
		self.enter(at, team, "", "")

	def do_hand_over(self, at: int, to: str, by: str) -> object:
		if not self.is_open:
			return None
		ruling = self.ruling(to)
		goal = to if ruling[0] else "" if by else ruling[1]
		if goal and goal != self.team:
			self.enter(at, goal, by, self.team)
		return ruling

	def ruling(self, to: str) -> tuple[bool, str, str]:
		"""TRC-09 in its words: another country's group is reached through headquarters, and only for its shipments."""
		head = self.world.headquarters
		country = self.world.tracing.get(to)
		free = not head or to == self.team or self.is_section(to) or country == HOME
		if free:
			return True, "", ""
		if self.team != head:
			return (True, "", "") if self.handed_to() == country else (False, head, "Through Headquarters")
		abroad = [own for own in self.countries if own != HOME]
		if not abroad:
			return False, head, "Countries Unknown"
		if country in abroad:
			return True, "", ""
		for own in abroad:
			for group in sorted(self.world.tracing):
				if self.world.tracing[group] == own:
					return False, group, "Other Country"
		return False, head, "Other Country"

	def handed_to(self) -> str:
		"""The country to whose group the case went straight from its last stay at headquarters."""
		teams = [stay.team for stay in self.stays]
		if self.world.headquarters not in teams or teams[-1] == self.world.headquarters:
			return ""
		last = len(teams) - 1 - teams[::-1].index(self.world.headquarters)
		country = self.world.tracing.get(teams[last + 1], HOME)
		return "" if country == HOME else country

	def do_concern(self, at: int, countries: tuple[str, ...]) -> None:
		self.countries = countries

	def do_confirm(self, at: int, calendar: str, stage: int) -> None:
		self.stage[calendar] = stage

	def do_accept(self, at: int, by: str) -> None:
		if self.is_open and not self.stays[-1].taken:
			self.stays[-1].taken, self.stays[-1].taken_by = at, by

	def do_reply(self, at: int, number: int) -> None:
		if number > len(self.stays) or (not number and not self.is_open):
			return
		stay = self.stays[number - 1 if number else -1]
		stay.answered = stay.answered or at

	def do_pause(self, at: int, paused: bool) -> None:
		"""Ten working days are given whatever the ticket waits for."""

	def do_solve(self, at: int) -> None:
		self.solved = True

	def do_document(self, at: int, name: str) -> None:
		self.documents.add(name)

	def do_complete(self, at: int, name: str) -> None:
		self.data.add(name)

	def do_claim(self, at: int, name: str, state: str) -> None:
		if state in CLAIM_WAYS.get(self.claims[name], ()):
			self.claims[name] = state

	def do_answer(self, at: int, is_yes: bool, comment: str) -> None:
		unsolved = "Doubtful" if comment in SAYS_UNSOLVED else "Satisfied"
		self.answer = unsolved if is_yes else "Not Satisfied"

	def do_silence(self, at: int) -> None:
		self.answer = self.answer or "Closed Unconfirmed"

	def do_close(self, at: int, is_member: bool, override: str) -> object:
		if not self.is_open:
			return None
		found = self.reasons(is_member)
		if override == "agreed by phone":
			found = [reason for reason in found if reason[0] == "Claim Undecided"]
		if not found:
			self.closes.append((at, self.answer))
			self.stays[-1].until = at
		return found

	def reasons(self, is_member: bool) -> list[tuple[str, tuple[str, ...]]]:
		"""TRC-12, TRC-13, TRC-14 and CX-3.9: everything that is not as it must be."""
		lacking = tuple(name for name in DATA if name not in self.data)
		papers = tuple(name for name in DOCUMENTS if name not in self.documents)
		claims = tuple(name for name in CLAIMS if self.claims[name] in UNDECIDED)
		waiting = () if self.stays[-1].taken else (self.team,)
		silent = tuple(str(n) for n, stay in enumerate(self.stays, 1) if stay.by and not stay.answered)
		conditions = [
			("Not Member", (), not is_member),
			("Not Solved", (), not self.solved),
			("Data Missing", lacking, lacking),
			("Documents Missing", papers, papers),
			("Claim Undecided", claims, claims),
			("Leg Not Accepted", waiting, waiting),
			("Replies Outstanding", silent, silent),
			("Not Confirmed", (), self.answer == ""),
			("Answered No", (), self.answer == "Not Satisfied"),
			("Answer Doubtful", (), self.answer == "Doubtful"),
		]
		return [(code, about) for code, about, holds in conditions if holds]

	def do_reopen(self, at: int, team: str) -> None:
		if self.is_open:
			return
		_, answer = self.closes[-1]
		if answer == "Satisfied":
			self.opens.append(at)
		else:
			self.closes.pop()
		self.solved, self.answer = False, ""
		self.enter(at, team, "", "")

	def times(self) -> tuple:
		"""When the case was opened, in whose calendar it counts, and when it is due, warned of and due elsewhere."""
		tracing = [stay for stay in self.stays if not self.is_section(stay.team)]
		country = self.world.country((tracing or self.stays)[-1].team)
		start, terms = self.opens[-1], self.world.terms
		other = self.dates(country).working_day(start, terms.regulator_days) if terms.regulator_days else 0
		return (start, country, *self.due_and_warn(country, start), other)

	def due_and_warn(self, country: str, start: int) -> tuple[int, int]:
		dates, terms = self.dates(country), self.world.terms
		due = dates.working_day(start, terms.working_days)
		if not terms.warn_share:
			return due, 0
		# the last whole day that does not go beyond the share
		used = [
			day for day in range(1, terms.working_days + 1) if day <= terms.working_days * terms.warn_share
		]
		return due, dates.working_day(start, max(used, default=1))

	def legs(self) -> list[tuple]:
		"""Every stay as (number, group, since, until, acceptance, by whom, answer, from, by, due, warning)."""
		return [
			(
				number,
				stay.team,
				stay.since,
				stay.until,
				stay.taken,
				stay.taken_by,
				stay.answered,
				stay.from_team,
				stay.by,
				*self.leg_times(stay),
			)
			for number, stay in enumerate(self.stays, 1)
		]

	def leg_times(self, stay: Stay) -> tuple[int, int]:
		"""TRC-03: each assignment to a tracing group has its time; a section has none."""
		if self.is_section(stay.team):
			return 0, 0
		return self.due_and_warn(self.world.country(stay.team), stay.since)
