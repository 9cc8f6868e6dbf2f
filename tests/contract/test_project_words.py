"""The project speaks of itself only: no machine, no person, nothing left half done."""

from __future__ import annotations

import re

from tests.contract.sources import CHECKOUT, project_files, shown

# Folders of somebody's machine; `/usr` and `/etc` are everybody's.
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:root|home|work|Users|tmp|mnt)/[\w.-]+")
# The top-level domains and names that are reserved for examples, and so belong to nobody.
ADDRESS = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
NOBODYS = re.compile(r"(?:^|\.)(?:example|invalid|test|localhost|example\.(?:com|org|net))$")
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b|^(?:<{7}|>{7})", re.MULTILINE)
LARGEST = 1_000_000

TEXTS = {path: path.read_text(encoding="utf-8") for path in project_files() if path.name != "LICENSE"}


def found(pattern: re.Pattern[str]) -> dict[str, list[str]]:
	"""What the pattern finds, by file."""
	return {shown(path): words for path, text in TEXTS.items() if (words := pattern.findall(text))}


def test_no_path_of_a_machine() -> None:
	own_folder = re.compile(re.escape(f"{CHECKOUT.parent}/")) if len(CHECKOUT.parts) > 2 else MACHINE_PATH
	assert not found(MACHINE_PATH)
	assert not found(own_folder)


def test_mail_addresses_belong_to_nobody() -> None:
	everywhere = {name: set(domains) for name, domains in found(ADDRESS).items()}
	assert not {
		name: domains for name, domains in everywhere.items() if not all(map(NOBODYS.search, domains))
	}


def test_nothing_is_marked_as_unfinished() -> None:
	assert not found(UNFINISHED)


def test_no_foreign_copyright() -> None:
	assert not found(re.compile(r"Copy" + r"right \(c\) \d{4}", re.IGNORECASE))


def test_files_are_small_and_end_with_a_line_end() -> None:
	assert not [shown(path) for path in TEXTS if path.stat().st_size >= LARGEST]
	assert not [shown(path) for path, text in TEXTS.items() if text and not text.endswith("\n")]
	assert not [shown(path) for path in TEXTS if b"\r\n" in path.read_bytes()]
