"""Which of many things meet, and which chains come back to where they began, without comparing all pairs.

Imports the standard library only; what is compared, and what it means, is its caller's.
"""

from __future__ import annotations

from collections import defaultdict, deque
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

if TYPE_CHECKING:
	from collections.abc import Iterable, Iterator, Mapping, Sequence

	Cell = tuple[str, ...]
	"""Values that something is for, one per fact; an empty value leaves that fact open."""

	Owned = tuple[int, Cell]


def meetings(cells: Iterable[Owned]) -> list[tuple[int, int]]:
	"""Pairs of different owners with cells that agree, the smaller number first, each pair once.

	Cells that leave the same facts open meet when they are equal; of two kinds of cells, those meet that are
	equal in what both name. So each two kinds are joined by a table, and the cost follows what is found.
	"""
	kinds: dict[tuple[bool, ...], list[Owned]] = defaultdict(list)
	for owner, cell in cells:
		kinds[tuple(map(bool, cell))].append((owner, cell))
	found: set[tuple[int, int]] = set()
	for one, other in combinations_with_replacement(kinds, 2):
		shared = [place for place, named in enumerate(zip(one, other, strict=True)) if all(named)]
		found.update(_joined(kinds[one], kinds[other], shared))
	return sorted(found)


def _joined(ones: list[Owned], others: list[Owned], shared: Sequence[int]) -> Iterator[tuple[int, int]]:
	table: dict[Cell, list[int]] = defaultdict(list)
	for owner, cell in others:
		table[tuple(cell[place] for place in shared)].append(owner)
	for owner, cell in ones:
		for rival in table.get(tuple(cell[place] for place in shared), ()):
			if owner != rival:
				yield (owner, rival) if owner < rival else (rival, owner)


def circle_through(start: str, chains: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
	"""The shortest way from `start` back to it, both ends named; empty if there is none."""
	before: dict[str, str] = {}
	waiting = deque([start])
	while waiting:
		name = waiting.popleft()
		for follower in chains.get(name, ()):
			if follower == start:
				return (*_way(before, start, name), start)
			if follower not in before:
				before[follower] = name
				waiting.append(follower)
	return ()


def _way(before: Mapping[str, str], start: str, end: str) -> tuple[str, ...]:
	way = [end]
	while way[-1] != start:
		way.append(before[way[-1]])
	return tuple(reversed(way))


def circles(chains: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
	"""Circles that together pass through every name that lies on one, each the shortest from where it begins."""
	seen: set[str] = set()
	left = _without_dead_ends(chains)
	for name in left:
		if name in seen:
			continue
		circle = circle_through(name, left)
		if circle:
			seen.update(circle)
			yield circle


def _without_dead_ends(chains: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
	"""The chains without all that leads nowhere and all that nothing leads to: neither can lie on a circle."""
	forwards = _trimmed(chains)
	backwards: dict[str, list[str]] = {name: [] for name in forwards}
	for name, followers in forwards.items():
		for follower in followers:
			backwards[follower].append(name)
	kept = _trimmed(backwards)
	return {
		name: tuple(follower for follower in followers if follower in kept)
		for name, followers in forwards.items()
		if name in kept
	}


def _trimmed(chains: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
	"""What is left when names without followers are taken away until there are none."""
	leading: dict[str, list[str]] = defaultdict(list)
	count = {name: len(followers) for name, followers in chains.items()}
	for name, followers in chains.items():
		for follower in followers:
			leading[follower].append(name)
	ended = [name for name in {*count, *leading} if not count.get(name)]
	gone = set(ended)
	for name in ended:
		for leader in leading[name]:
			count[leader] -= 1
			if not count[leader] and leader not in gone:
				gone.add(leader)
				ended.append(leader)
	return {
		name: tuple(follower for follower in followers if follower not in gone)
		for name, followers in chains.items()
		if name not in gone
	}
