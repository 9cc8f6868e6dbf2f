"""Routes of tracing over all pairs of twelve countries, against the rule said in another way."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core_helpdesk.domain.tracing import (
	Network,
	RouteReason,
	Ruling,
	Standing,
	destination,
	handed_to_after,
	leaves_for_abroad,
	rule,
)

COUNTRIES = ("SA", "AE", "EG", "JO", "BH", "KW", "QA", "OM", "IN", "PK", "GB", "US")
WITH_GROUP = COUNTRIES[:7]
HEADQUARTERS = "Tracing Riyadh"
HOME_BRANCH = "Tracing Jeddah"
SECTION = "Operations"
NOWHERE = "Tracing Somewhere"
GROUPS = {
	HEADQUARTERS: "SA",
	NOWHERE: "",
	HOME_BRANCH: "SA",
	"Tracing AE 2": "AE",
	**{f"Tracing {country}": country for country in WITH_GROUP[1:]},
}
NETWORK = Network(HEADQUARTERS, GROUPS)
EVERYWHERE = Network(HEADQUARTERS, GROUPS | {f"Tracing {country}": country for country in COUNTRIES[7:]})
NO_HEADQUARTERS = Network("", GROUPS)

THROUGH = Ruling(False, HEADQUARTERS, RouteReason.THROUGH_HEADQUARTERS)
UNKNOWN = Ruling(False, HEADQUARTERS, RouteReason.COUNTRIES_UNKNOWN)
ALLOWED = Ruling(True, "", RouteReason.NONE)


def other(instead: str) -> Ruling:
	return Ruling(False, instead, RouteReason.OTHER_COUNTRY)


def by_the_words(groups: dict[str, str], team: str, handed_to: str, concerned: list[str], to: str) -> Ruling:
	"""The rule as the policy has it, looking at one ticket and one group: no code of the domain."""
	abroad = [name for name, country in groups.items() if country not in ("", groups[HEADQUARTERS])]
	if to != team and groups.get(to) == "":
		own = [min(n for n in abroad if groups[n] == c) for c in concerned if c in groups.values()]
		instead = own[0] if own and team == HEADQUARTERS else HEADQUARTERS
		return Ruling(False, instead, RouteReason.NO_COUNTRY)
	if to not in abroad or to == team:
		return ALLOWED
	if team != HEADQUARTERS:
		return ALLOWED if groups[to] == handed_to else THROUGH
	if groups[to] in concerned:
		return ALLOWED
	if concerned == []:
		return UNKNOWN
	for country in concerned:
		candidates = [name for name in abroad if groups[name] == country]
		if candidates:
			return other(min(candidates))
	return other(HEADQUARTERS)


def standings(concerned: tuple[str, ...]) -> list[Standing]:
	teams = ("", SECTION, *EVERYWHERE.groups)
	return [Standing(team, handed_to, concerned) for team in teams for handed_to in ("", *COUNTRIES)]


@pytest.mark.parametrize("network", [NETWORK, EVERYWHERE], ids=["seven with groups", "all with groups"])
@pytest.mark.parametrize("origin", COUNTRIES)
def test_every_pair_of_countries_is_ruled_by_the_words_of_the_policy(network: Network, origin: str) -> None:
	groups = dict(network.groups)
	teams = ("", SECTION, *groups)
	for target in COUNTRIES:
		concerned = tuple(dict.fromkeys(country for country in (target, origin) if country != "SA"))
		for standing, to in product(standings(concerned), teams):
			expected = by_the_words(groups, standing.team, standing.handed_to, list(concerned), to)
			assert rule(network, standing, to) == expected, (standing, to)


@pytest.mark.parametrize("network", [NETWORK, EVERYWHERE], ids=["seven with groups", "all with groups"])
@pytest.mark.parametrize(("origin", "target"), [*product(COUNTRIES, COUNTRIES)])
def test_every_pair_of_countries_has_a_way_that_is_allowed(
	network: Network, origin: str, target: str
) -> None:
	"""From anywhere to headquarters, on to the destination's group, or a stay where there is none."""
	concerned = tuple(dict.fromkeys(country for country in (target, origin) if country != "SA"))
	to, without = destination(network, concerned)
	having = [country for country in concerned if country in network.groups.values()]
	assert list(without) == [country for country in concerned if country not in having]
	assert (to == HEADQUARTERS) == (not having)
	assert to == HEADQUARTERS or network.country_of(to) == having[0]

	standing = Standing(SECTION, "", concerned)
	assert rule(network, standing, HEADQUARTERS).is_allowed
	standing = Standing(HEADQUARTERS, handed_to_after(network, standing, HEADQUARTERS), concerned)
	assert rule(network, standing, to).is_allowed
	standing = Standing(to, handed_to_after(network, standing, to), concerned)
	assert standing.handed_to == (having[0] if having else "")
	assert rule(network, standing, SECTION).is_allowed
	standing = Standing(SECTION, handed_to_after(network, standing, SECTION), concerned)
	assert rule(network, standing, to).is_allowed


@pytest.mark.parametrize(
	("standing", "to", "ruling"),
	[
		(Standing(SECTION), HEADQUARTERS, ALLOWED),
		(Standing(SECTION), HOME_BRANCH, ALLOWED),
		(Standing(SECTION), "Retail", ALLOWED),
		(Standing(SECTION), "", ALLOWED),
		(Standing(SECTION, "", ("EG",)), "Tracing EG", THROUGH),
		(Standing("", "", ("EG",)), "Tracing EG", THROUGH),
		(Standing(HOME_BRANCH, "", ("EG",)), "Tracing EG", THROUGH),
		(Standing("Tracing JO", "JO", ("EG", "JO")), "Tracing EG", THROUGH),
		(Standing("Tracing EG", "", ("EG",)), "Tracing EG", ALLOWED),
		(Standing("Tracing AE", "", ("AE",)), "Tracing AE 2", THROUGH),
		(Standing("Tracing AE", "AE", ("AE",)), "Tracing AE 2", ALLOWED),
		(Standing(SECTION, "EG", ("EG",)), "Tracing EG", ALLOWED),
		(Standing(HOME_BRANCH, "EG", ("EG",)), "Tracing EG", ALLOWED),
		(Standing(HEADQUARTERS), "Tracing EG", UNKNOWN),
		(Standing(HEADQUARTERS, "", ("", "SA")), "Tracing EG", UNKNOWN),
		(Standing(HEADQUARTERS, "EG"), "Tracing EG", UNKNOWN),
		(Standing(HEADQUARTERS, "", ("EG", "JO")), "Tracing EG", ALLOWED),
		(Standing(HEADQUARTERS, "", ("EG", "JO")), "Tracing JO", ALLOWED),
		(Standing(HEADQUARTERS, "", ("EG", "JO")), "Tracing AE", other("Tracing EG")),
		(Standing(HEADQUARTERS, "", ("US", "AE")), "Tracing EG", other("Tracing AE")),
		(Standing(HEADQUARTERS, "", ("US", "GB")), "Tracing EG", other(HEADQUARTERS)),
		(Standing(SECTION), NOWHERE, Ruling(False, HEADQUARTERS, RouteReason.NO_COUNTRY)),
		(Standing(HOME_BRANCH, "", ("EG",)), NOWHERE, Ruling(False, HEADQUARTERS, RouteReason.NO_COUNTRY)),
		(Standing(HEADQUARTERS), NOWHERE, Ruling(False, HEADQUARTERS, RouteReason.NO_COUNTRY)),
		(Standing(HEADQUARTERS, "", ("EG",)), NOWHERE, Ruling(False, "Tracing EG", RouteReason.NO_COUNTRY)),
	],
)
def test_rulings(standing: Standing, to: str, ruling: Ruling) -> None:
	assert rule(NETWORK, standing, to) == ruling
	assert rule(NO_HEADQUARTERS, standing, to) == ALLOWED


@pytest.mark.parametrize(
	("standing", "to", "leaves"),
	[
		(Standing(HEADQUARTERS, "", ("EG",)), "Tracing EG", True),
		# Not where it was to go, and abroad all the same.
		(Standing(HEADQUARTERS, "", ("EG",)), "Tracing AE", True),
		(Standing(HEADQUARTERS, "", ("EG",)), NOWHERE, True),
		(Standing(HEADQUARTERS, "", ("US",)), "Tracing AE", False),
		(Standing(HEADQUARTERS), "Tracing AE", False),
		(Standing(HEADQUARTERS, "", ("EG",)), SECTION, False),
		(Standing(HEADQUARTERS, "", ("EG",)), HOME_BRANCH, False),
		(Standing(HEADQUARTERS, "", ("EG",)), HEADQUARTERS, False),
		(Standing(SECTION, "EG", ("EG",)), "Tracing EG", False),
		(Standing(SECTION, "", ("EG",)), "Tracing EG", False),
	],
)
def test_a_case_leaves_for_abroad_from_headquarters(standing: Standing, to: str, leaves: bool) -> None:
	assert leaves_for_abroad(NETWORK, standing, to, rule(NETWORK, standing, to)) is leaves


def test_headquarters_without_a_country_is_never_abroad() -> None:
	network = Network(HEADQUARTERS, GROUPS | {HEADQUARTERS: ""})
	assert not network.is_abroad(HEADQUARTERS)
	assert network.is_abroad(NOWHERE) and network.is_abroad("Tracing EG")


@pytest.mark.parametrize(
	("standing", "to", "after"),
	[
		(Standing(HEADQUARTERS), "Tracing EG", "EG"),
		(Standing(HEADQUARTERS, "JO"), "Tracing EG", "EG"),
		(Standing(HEADQUARTERS), SECTION, ""),
		(Standing(HEADQUARTERS), HOME_BRANCH, ""),
		(Standing("Tracing EG", "EG"), SECTION, "EG"),
		(Standing("Tracing EG", "EG"), HOME_BRANCH, "EG"),
		(Standing("Tracing EG", "EG"), "", "EG"),
		(Standing("Tracing EG", "EG"), HEADQUARTERS, ""),
		(Standing(SECTION, "EG"), "Tracing EG", "EG"),
		# Past the rules: only headquarters hands over to a country.
		(Standing(SECTION, "EG"), "Tracing JO", "EG"),
		(Standing(SECTION), "Tracing JO", ""),
		(Standing(HEADQUARTERS), HEADQUARTERS, ""),
	],
)
def test_the_country_that_a_case_is_handed_to(standing: Standing, to: str, after: str) -> None:
	assert handed_to_after(NETWORK, standing, to) == after
	assert handed_to_after(NO_HEADQUARTERS, standing, to) == standing.handed_to


@pytest.mark.parametrize(
	("countries", "expected"),
	[
		((), (HEADQUARTERS, ())),
		(("SA",), (HEADQUARTERS, ())),
		(("", "EG", "EG"), ("Tracing EG", ())),
		(("AE", "SA"), ("Tracing AE", ())),
		(("US", "EG"), ("Tracing EG", ("US",))),
		(("EG", "US"), ("Tracing EG", ("US",))),
		(("US", "GB"), (HEADQUARTERS, ("US", "GB"))),
	],
)
def test_the_group_that_a_case_is_handed_to(countries: tuple[str, ...], expected: tuple) -> None:
	assert destination(NETWORK, countries) == expected


def test_a_network_knows_its_groups() -> None:
	assert NETWORK.home == "SA"
	assert NETWORK.groups_of("AE") == ("Tracing AE", "Tracing AE 2")
	assert NETWORK.groups_of("US") == ()
	assert [NETWORK.country_of(team) for team in (HEADQUARTERS, "Tracing EG", SECTION, "")] == [
		"SA",
		"EG",
		"",
		"",
	]
	assert [NETWORK.is_tracing(team) for team in (HEADQUARTERS, "Tracing EG", SECTION, "")] == [
		True,
		True,
		False,
		False,
	]
	assert NO_HEADQUARTERS.home == ""


some_teams = st.sampled_from(("", SECTION, *GROUPS))


@settings(max_examples=300)
@given(
	some_teams,
	st.lists(some_teams, max_size=12),
	st.lists(st.sampled_from(("", *COUNTRIES)), max_size=3).map(tuple),
)
def test_whoever_keeps_the_rules_reaches_a_country_only_as_headquarters_handed_it_over(
	start: str, wishes: list[str], countries: tuple[str, ...]
) -> None:
	standing = Standing(start, "", countries)
	handed: str | None = None
	for wish in wishes:
		ruling = rule(NETWORK, standing, wish)
		to = wish if ruling.is_allowed else ruling.instead
		# What is offered instead is allowed itself.
		assert rule(NETWORK, standing, to).is_allowed
		if NETWORK.is_abroad(to) and to != standing.team:
			if standing.team == HEADQUARTERS:
				handed = NETWORK.country_of(to)
			assert NETWORK.country_of(to) == handed
			assert handed in countries
		handed = None if to == HEADQUARTERS else handed
		standing = Standing(to, handed_to_after(NETWORK, standing, to), countries)
		assert standing.handed_to == (handed or "")
