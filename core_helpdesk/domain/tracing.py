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
	entered which countries the shipment concerns. OTHER_COUNTRY: it concerns others. NO_COUNTRY: nobody has entered
	where the group is. DATA_MISSING: the case has not the data that it needs abroad.
	"""

	NONE = ""
	THROUGH_HEADQUARTERS = "Through Headquarters"
	COUNTRIES_UNKNOWN = "Countries Unknown"
	OTHER_COUNTRY = "Other Country"
	NO_COUNTRY = "No Country"
	DATA_MISSING = "Data Missing"


class Ruling(NamedTuple):
	"""Whether a ticket may go to a group, and where it goes instead and why if not."""

	is_allowed: bool
	instead: str = ""
	reason: RouteReason = RouteReason.NONE


ALLOWED = Ruling(True)


@dataclass(frozen=True, slots=True)
class Network:
	"""The tracing groups, headquarters included, each with its country, empty while nobody has entered it; all other
	groups are sections.

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
		"""True for a tracing group that can be reached through headquarters only; also while its country is not known."""
		if not self.headquarters or team == self.headquarters or not self.is_tracing(team):
			return False
		country = self.country_of(team)
		return not country or country != self.home

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
	if not network.country_of(to):
		return Ruling(False, network.headquarters, RouteReason.NO_COUNTRY)
	if standing.handed_to == network.country_of(to):
		return ALLOWED
	return Ruling(False, network.headquarters, RouteReason.THROUGH_HEADQUARTERS)


def leaves_for_abroad(network: Network, standing: Standing, to: str, ruling: Ruling) -> bool:
	"""Whether the ruling on a way to `to` takes the ticket from headquarters to another country.

	What its case needs there must be known before.
	Policy: TRC-04, TRC-09
	"""
	goes_to = to if ruling.is_allowed else ruling.instead
	return standing.team == network.headquarters and network.is_abroad(goes_to)


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
	abroad, country = network.abroad(standing.countries), network.country_of(to)
	if country in abroad:
		return ALLOWED
	instead, _ = destination(network, abroad)
	if not country:
		return Ruling(False, instead, RouteReason.NO_COUNTRY)
	return Ruling(False, instead, RouteReason.OTHER_COUNTRY if abroad else RouteReason.COUNTRIES_UNKNOWN)
