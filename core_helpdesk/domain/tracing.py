"""Routes of tracing: a shipment of another country goes to its tracing group through headquarters.

Values in, values out: no frappe, no reading of the time of day. Groups and countries are named as they are stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
	from collections.abc import Iterable, Mapping


class RouteReason(str, Enum):
	"""Why a group is the wrong one.

	THROUGH_HEADQUARTERS: headquarters has not handed the case to that country. COUNTRIES_UNKNOWN: nobody has
	entered which countries the shipment concerns. OTHER_COUNTRY: it concerns others.
	"""

	NONE = ""
	THROUGH_HEADQUARTERS = "Through Headquarters"
	COUNTRIES_UNKNOWN = "Countries Unknown"
	OTHER_COUNTRY = "Other Country"


class Ruling(NamedTuple):
	"""Whether a ticket may go to a group, and where it goes instead and why if not."""

	is_allowed: bool
	instead: str = ""
	reason: RouteReason = RouteReason.NONE


ALLOWED = Ruling(True)


@dataclass(frozen=True, slots=True)
class Network:
	"""The tracing groups, headquarters included, each with its country; all other groups are sections.

	Policy: TRC-09
	"""

	headquarters: str
	groups: Mapping[str, str]

	@property
	def home(self) -> str:
		"""The country of headquarters."""
		return self.country_of(self.headquarters)

	def is_tracing(self, team: str) -> bool:
		return team in self.groups

	def country_of(self, team: str) -> str:
		"""The country of a tracing group, empty for a section."""
		return self.groups.get(team, "")

	def groups_of(self, country: str) -> tuple[str, ...]:
		"""The tracing groups of a country by their names."""
		return tuple(sorted(team for team, own in self.groups.items() if own == country))

	def is_abroad(self, team: str) -> bool:
		"""True for a tracing group that can be reached through headquarters only."""
		return bool(self.headquarters) and self.is_tracing(team) and self.country_of(team) != self.home

	def abroad(self, countries: Iterable[str]) -> tuple[str, ...]:
		"""The countries other than home, each once, in their order."""
		return tuple(country for country in dict.fromkeys(countries) if country not in ("", self.home))


@dataclass(frozen=True, slots=True)
class Standing:
	"""Where a ticket is now: its group, the country that headquarters handed it to, the countries it concerns.

	`handed_to` is empty if headquarters has handed it to none since it had the ticket last; `countries` begin with
	the destination.
	"""

	team: str
	handed_to: str = ""
	countries: tuple[str, ...] = ()


def rule(network: Network, standing: Standing, to: str) -> Ruling:
	"""Whether the ticket may go to the group `to`.

	Policy: TRC-09
	"""
	if to == standing.team or not network.is_abroad(to):
		return ALLOWED
	if standing.team == network.headquarters:
		return _from_headquarters(network, standing, to)
	if standing.handed_to == network.country_of(to):
		return ALLOWED
	return Ruling(False, network.headquarters, RouteReason.THROUGH_HEADQUARTERS)


def handed_to_after(network: Network, standing: Standing, to: str) -> str:
	"""The country that the case is handed to once it is in the group `to`; empty again at headquarters.

	A section, or another group at home, that has the case in between leaves it as it is.
	Policy: TRC-09
	"""
	if not network.headquarters:
		return standing.handed_to
	if to == network.headquarters:
		return ""
	if standing.team == network.headquarters and network.is_abroad(to):
		return network.country_of(to)
	return standing.handed_to


def destination(network: Network, countries: Iterable[str]) -> tuple[str, tuple[str, ...]]:
	"""The group that headquarters hands a case of these countries to, and those of them without a group.

	It stays at headquarters where none has one.
	Policy: TRC-09
	"""
	abroad = network.abroad(countries)
	without = tuple(country for country in abroad if not network.groups_of(country))
	first = next((groups[0] for groups in map(network.groups_of, abroad) if groups), network.headquarters)
	return first, without


def _from_headquarters(network: Network, standing: Standing, to: str) -> Ruling:
	abroad = network.abroad(standing.countries)
	if network.country_of(to) in abroad:
		return ALLOWED
	if not abroad:
		return Ruling(False, network.headquarters, RouteReason.COUNTRIES_UNKNOWN)
	instead, _ = destination(network, abroad)
	return Ruling(False, instead, RouteReason.OTHER_COUNTRY)
