"""A courier's month, made up from a seed: tickets as customers bring them and as their groups handle them."""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from core_helpdesk.offline import courier
from core_helpdesk.offline.csv_files import EVENT_COLUMNS, TICKET_COLUMNS
from core_helpdesk.offline.policy_file import read_policy_file
from core_helpdesk.offline.replay import written

if TYPE_CHECKING:
	from pathlib import Path

	from core_helpdesk.domain.working_time import WorkCalendar
	from core_helpdesk.offline.courier import CourierCategory, CourierGroup
	from core_helpdesk.offline.words import Words

FIRST_DAY, LAST_DAY = date(2026, 3, 1), date(2026, 3, 31)
ZONE = ZoneInfo(courier.ZONE)
HOUR, DAY = 3600, 86400
# how many of a working day's tickets come in each hour of the local day
HOURLY = (1, 1, 1, 1, 1, 2, 4, 9, 22, 34, 38, 34, 24, 26, 30, 28, 22, 16, 12, 11, 10, 8, 5, 3)
ON_A_DAY_OFF = 0.3
FORGOTTEN, REOPENED, ASKS_CUSTOMER = 0.02, 0.045, 0.3


class Files(NamedTuple):
	"""The files of a generated month, in the form that a replay reads."""

	tickets: Path
	events: Path
	policy: Path


@dataclass(slots=True)
class Story:
	"""One ticket while it is made up; `at` is how far its life has been told."""

	opened: int
	category: CourierCategory
	group: CourierGroup
	channel: str
	at: int
	first_group: str = ""
	resolved: int = 0
	closed: int = 0
	events: list[tuple[int, str, str]] = field(default_factory=list)

	def tell(self, event: str, value: str) -> None:
		self.events.append((self.at, event, value))


@dataclass(slots=True)
class Courier:
	"""The teller of stories: chance, the calendars of the countries, and the end of the month."""

	chance: random.Random
	calendars: dict[str, WorkCalendar]
	until: int

	def story(self) -> Story:
		"""A ticket from the moment a customer brings it."""
		groups = courier.GROUPS
		group = self.chance.choices(groups, [group.share for group in groups])[0]
		categories = courier.CATEGORIES
		category = self.chance.choices(categories, [category.share for category in categories])[0]
		channel = self.chance.choices(tuple(courier.CHANNELS), tuple(courier.CHANNELS.values()))[0]
		opened = self.arrival(self.calendars[group.country])
		story = Story(opened, category, group, channel, opened, group.name)
		self.live(story)
		return story

	def arrival(self, calendar: WorkCalendar) -> int:
		"""A moment of the month at which customers call: mostly in office hours, less on days off."""
		while True:
			day = FIRST_DAY + timedelta(days=self.chance.randrange((LAST_DAY - FIRST_DAY).days + 1))
			if not calendar.rules.day(day).hours and self.chance.random() > ON_A_DAY_OFF:
				continue
			hour = self.chance.choices(range(24), HOURLY)[0]
			local = datetime(day.year, day.month, day.day, hour, self.chance.randrange(60))
			return int(local.replace(tzinfo=calendar.rules.timezone).timestamp())

	def live(self, story: Story) -> None:
		self.work(story, self.chance.uniform(0.05, 0.3))
		story.tell("state", courier.ACTIVE)
		self.hand_over(story)
		self.solve(story)
		if self.chance.random() < REOPENED:
			story.at += int(self.chance.uniform(4, 60) * HOUR)
			story.resolved = 0
			story.tell("state", courier.ACTIVE)
			self.solve(story)
		story.at += self.chance.choice((2, 3, 3, 4)) * DAY
		story.closed = story.at
		story.tell("state", courier.CLOSED)

	def hand_over(self, story: Story) -> None:
		"""To the department that the category belongs to, and now and then to a wrong one first."""
		if (
			self.chance.random() >= story.category.handed_over
			or story.group.department == story.category.department
		):
			return
		if self.chance.random() < 0.08:
			self.move(story, self.chance.choice(courier.GROUPS))
		self.move(story, self.owner(story))

	def move(self, story: Story, group: CourierGroup) -> None:
		self.work(story, self.chance.uniform(0.1, 0.6))
		if group is not story.group:
			story.group = group
			story.tell("group", group.name)

	def owner(self, story: Story) -> CourierGroup:
		owners = [group for group in courier.GROUPS if group.department == story.category.department]
		near = [group for group in owners if group.country == story.group.country]
		return self.chance.choice(near or owners)

	def solve(self, story: Story) -> None:
		share = self.chance.uniform(0.2, 0.8)
		effort = story.category.effort * self.chance.lognormvariate(0, 0.75)
		if self.chance.random() < FORGOTTEN:
			effort *= 9
		if self.chance.random() < ASKS_CUSTOMER:
			self.work(story, effort * share)
			self.ask_customer(story)
			effort *= 1 - share
		self.work(story, effort)
		story.resolved = story.at
		story.tell("state", courier.RESOLVED)

	def ask_customer(self, story: Story) -> None:
		story.tell("state", courier.WAITING)
		story.at += int(self.chance.lognormvariate(2.0, 0.9) * HOUR)
		story.tell("state", courier.ACTIVE)

	def work(self, story: Story, effort: float) -> None:
		"""Time passes until the group has spent its typical working hours times `effort`."""
		seconds = max(60, int(effort * story.group.pace_hours * HOUR) // 60 * 60)
		# a life that would go on after the month is not told to its end
		calendar = self.calendars[story.group.country]
		story.at = calendar.add(story.at, seconds) if story.at <= self.until else story.at + seconds


def write_month(folder: Path, tickets: int, seed: int, say: Words) -> Files:
	"""The files of a generated month; the same seed and number give the same files."""
	files = Files(folder / "tickets.csv", folder / "events.csv", folder / "policy.toml")
	files.policy.write_text(courier.policy_text(say), encoding="utf-8", newline="\n")
	sources = read_policy_file(files.policy, say).calendars
	calendars = {country: source.calendar(2025, 2027) for country, source in sources.items()}
	teller = Courier(random.Random(seed), calendars, month_end())
	stories = sorted((teller.story() for _ in range(tickets)), key=lambda story: story.opened)
	named = [(f"T-{number:05}", story) for number, story in enumerate(stories, 1)]
	_write(files.tickets, (*TICKET_COLUMNS, "channel"), [_ticket(name, story, say) for name, story in named])
	events = [row for name, story in named for row in _events(name, story, say)]
	_write(files.events, EVENT_COLUMNS, sorted(events, key=lambda row: row[1]))
	return files


def month_end() -> int:
	"""The last second of the month at headquarters."""
	after = LAST_DAY + timedelta(days=1)
	return int(datetime(after.year, after.month, after.day, tzinfo=ZONE).timestamp()) - 1


def _ticket(name: str, story: Story, say: Words) -> tuple[str, ...]:
	resolved, closed = (
		written(moment, ZONE) if 0 < moment <= month_end() else ""
		for moment in (story.resolved, story.closed)
	)
	opened = written(story.opened, ZONE)
	group, category, channel = (
		say.name(story.first_group),
		say.name(story.category.name),
		say.name(story.channel),
	)
	return (name, opened, group, category, resolved, closed, channel)


def _events(name: str, story: Story, say: Words) -> list[tuple[str, ...]]:
	return [
		(name, written(at, ZONE), event, say.name(value))
		for at, event, value in story.events
		if at <= month_end()
	]


def _write(path: Path, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
	with path.open("w", encoding="utf-8-sig", newline="") as file:
		csv.writer(file, lineterminator="\n").writerows([header, *rows])
