"""What was kept and by how much it would be another today make what is counted today, for any choice of places."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as some

from core_helpdesk.domain import ticket_corrections as corrections
from core_helpdesk.domain import ticket_lines
from core_helpdesk.domain.ticket_facts import Place
from core_helpdesk.domain.ticket_lines import Cell

RIYADH, CAIRO = Place("SA", "Care", "", "Riyadh", "Parcel"), Place("EG", "Care", "", "Cairo", "Parcel")
counts = some.dictionaries(some.sampled_from(["received", "closed", "kept", "missed"]), some.integers(0, 9))
cells = some.builds(
	lambda numbers, times: Cell(Counter(numbers), times), counts, some.lists(some.integers(0, 5), max_size=6)
)
months = some.dictionaries(some.sampled_from([RIYADH, CAIRO, Place()]), cells)


def told(cell: Cell) -> tuple:
	return {name: count for name, count in cell.counts.items() if count}, sorted(cell.times)


@given(months, months)
def test_kept_and_corrected_is_what_is_counted_today(then: dict, today: dict) -> None:
	"""Policy: QA-12, QA-M1"""
	found = corrections.read(corrections.written(corrections.between(then, today)))
	for wanted in (lambda _place: True, lambda place: place == CAIRO, lambda place: place.country):
		whole_then = ticket_lines.total(ticket_lines.chosen(then, wanted))
		whole_today = ticket_lines.total(ticket_lines.chosen(today, wanted))
		assert told(corrections.total(found, wanted).applied(whole_then)) == told(whole_today)


@given(months)
def test_nothing_is_corrected_where_nothing_has_changed(then: dict) -> None:
	assert corrections.between(then, then) == {}
	assert corrections.written({}) == ""
	assert corrections.read("") == corrections.read(None) == {}


def test_a_time_alone_is_a_correction() -> None:
	"""A closing that is found an hour late in the same month."""
	then = {RIYADH: Cell(Counter(closed=2), [3600, 7200])}
	today = {RIYADH: Cell(Counter(closed=2), [3600, 10800])}
	(found,) = corrections.between(then, today).values()
	assert found and found.counts == {}
	assert told(found.applied(then[RIYADH])) == told(today[RIYADH])


def test_corrections_of_places_that_became_one_are_one() -> None:
	rows = corrections.written(
		{
			RIYADH: corrections.Correction(Counter(kept=-1), Counter([5])),
			CAIRO: corrections.Correction(Counter(kept=1, missed=1), gone=Counter([5])),
		}
	)
	(found,) = corrections.read(rows.replace("Cairo", "Riyadh").replace("EG", "SA")).values()
	assert found.counts["missed"] == 1 and found.counts["kept"] == 0
	assert told(found.applied(Cell(Counter(closed=1), [5]))) == ({"closed": 1, "missed": 1}, [5])


def test_corrections_that_an_earlier_release_kept_are_read() -> None:
	(found,) = corrections.read('[["SA","Care","","Riyadh","Parcel",{"closed":-1},[]]]').values()
	assert told(found.applied(Cell(Counter(closed=3), [1, 2, 3]))) == ({"closed": 2}, [1, 2, 3])
