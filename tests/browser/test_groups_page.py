"""All groups at once: five hundred of them edited in a table, and read from a file with a preview."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk.setup.demo import cast
from tests.browser.looking import Eyes, look, said
from tests.browser.screens import picture

if TYPE_CHECKING:
	from collections.abc import Callable
	from pathlib import Path

	from playwright.sync_api import Page

LANGUAGES = ("en", "ar")
MANY = 500
DEPARTMENT = "Ground Services"


@pytest.fixture(scope="module", autouse=True)
def groups(connection: None) -> None:
	"""Rows only: a group saved five hundred times would also make as many assignment rules."""
	cast.gather()
	if not frappe.db.exists("Core Department", DEPARTMENT):
		frappe.get_doc({"doctype": "Core Department", "department_name": DEPARTMENT}).insert()
	fields = ["name", "team_name", "owner", "modified_by", "creation", "modified"]
	moment = frappe.utils.now()
	rows = [
		(f"Station {n:03}", f"Station {n:03}", "Administrator", "Administrator", moment, moment)
		for n in range(MANY)
	]
	frappe.db.bulk_insert("HD Team", fields, rows, ignore_duplicates=True)
	frappe.db.commit()


@pytest.mark.parametrize("language", LANGUAGES)
def test_five_hundred_groups_are_listed(page_as: Callable[..., Page], language: str) -> None:
	page = look(page_as, Eyes("qa", language), "/app/core-groups", "groups")
	assert page.locator(".groups-grid tbody tr").count() >= MANY


def test_cells_are_edited_and_saved_together(page_as: Callable[..., Page]) -> None:
	page = look(page_as, Eyes("qa", "en"), "/app/core-groups", "groups before editing")
	page.locator(".groups-grid input[type=search]").fill("Station 00")
	for number in ("001", "002"):
		row = page.locator(".groups-grid tr", has_text=f"Station {number}")
		row.locator("input[data-field=ch_department]").fill(DEPARTMENT)
		row.locator("input[data-field=ch_country]").fill("Kuwait")
		row.locator("input[data-field=ch_country]").blur()
	picture(page, "groups edited", "en")
	page.get_by_role("button", name="Save", exact=True).click()
	page.get_by_text("2 groups saved.").wait_for()
	frappe.db.rollback()
	stored = frappe.get_all(
		"HD Team", {"name": ("in", ("Station 001", "Station 002"))}, ["ch_department", "ch_country"]
	)
	assert stored == [{"ch_department": DEPARTMENT, "ch_country": "Kuwait"}] * 2
	assert page.failures == []


def test_a_value_for_many_groups_is_set_once(page_as: Callable[..., Page]) -> None:
	page = look(page_as, Eyes("qa", "en"), "/app/core-groups", "groups before filling")
	page.locator(".groups-grid input[type=search]").fill("Station 01")
	page.locator(".groups-grid .pick-all").check()
	page.locator(".groups-grid .fill select").select_option("ch_country")
	page.locator(".groups-grid .fill .value").fill("Oman")
	page.get_by_role("button", name="Set for Selected").click()
	page.get_by_role("button", name="Save", exact=True).click()
	page.get_by_text("10 groups saved.").wait_for()
	frappe.db.rollback()
	assert frappe.db.count("HD Team", {"name": ("like", "Station 01%"), "ch_country": "Oman"}) == 10


def test_a_groups_start_is_written_as_a_moment(page_as: Callable[..., Page]) -> None:
	page = look(page_as, Eyes("qa", "en"), "/app/core-groups", "groups before a start")
	cell = page.locator(".groups-grid tr", has_text="Station 150").locator(
		"input[data-field=ch_governed_from]"
	)
	cell.fill("01.03.2026")
	cell.blur()
	assert "wrong" in cell.get_attribute("class")
	cell.fill("2026-03-01 08:00")
	cell.blur()
	assert cell.input_value() == "2026-03-01 08:00:00"
	assert "wrong" not in cell.get_attribute("class")
	page.get_by_role("button", name="Save", exact=True).click()
	page.get_by_text("1 groups saved.").wait_for()
	frappe.db.rollback()
	stored = frappe.db.get_value("HD Team", "Station 150", "ch_governed_from")
	assert str(stored) == "2026-03-01 08:00:00"
	assert page.failures == []


def test_a_groups_start_is_the_qa_specialists_to_write(page_as: Callable[..., Page]) -> None:
	page = look(page_as, Eyes("system.manager", "en"), "/app/core-groups", "groups of an admin")
	row = page.locator(".groups-grid tr", has_text="Station 151")
	assert row.locator("input[data-field=ch_governed_from]").is_disabled()
	assert row.locator("input[data-field=ch_country]").is_enabled()


def test_an_unknown_name_is_marked_and_nothing_is_saved(page_as: Callable[..., Page]) -> None:
	page = look(page_as, Eyes("qa", "en"), "/app/core-groups", "groups before a mistake")
	cell = page.locator(".groups-grid tr", has_text="Station 100").locator("input[data-field=ch_department]")
	cell.fill("No Such Department")
	cell.blur()
	page.get_by_role("button", name="Save", exact=True).click()
	page.get_by_text("Nothing was changed. Please put this right first:").wait_for()
	picture(page, "groups refused", "en")
	frappe.db.rollback()
	assert not frappe.db.get_value("HD Team", "Station 100", "ch_department")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_is_previewed_before_it_is_imported(
	page_as: Callable[..., Page], tmp_path: Path, language: str
) -> None:
	group = {"en": "Station 200", "ar": "Station 201"}[language]
	file = tmp_path / "groups.csv"
	file.write_text(f"group,department,country\n{group},{DEPARTMENT},Qatar\n", encoding="utf-8")
	page = look(page_as, Eyes("qa", language), "/app/core-groups", "groups before importing")
	with page.expect_file_chooser() as chooser:
		page.get_by_role("button", name=said("Import CSV", language)).click()
	chooser.value.set_files(file)
	dialog = page.locator(".modal-dialog:visible")
	dialog.get_by_text(group).wait_for()
	picture(page, "groups import preview", language)
	dialog.get_by_role("button", name=said("Import {0} Groups", language).format(1)).click()
	# The alert goes by itself after some seconds.
	page.get_by_text(said("{0} groups saved.", language).format(1)).wait_for()
	frappe.db.rollback()
	assert frappe.db.get_value("HD Team", group, "ch_country") == "Qatar"
	assert page.failures == []


def test_a_wrong_file_names_line_and_column(page_as: Callable[..., Page], tmp_path: Path) -> None:
	file = tmp_path / "groups.csv"
	file.write_text("group,country\nStation 300,Atlantis\n", encoding="utf-8")
	page = look(page_as, Eyes("qa", "en"), "/app/core-groups", "groups before a wrong file")
	with page.expect_file_chooser() as chooser:
		page.get_by_role("button", name="Import CSV").click()
	chooser.value.set_files(file)
	dialog = page.locator(".modal-dialog:visible")
	dialog.get_by_text("Line 2, Station 300, Country").wait_for()
	picture(page, "groups wrong file", "en")
	assert page.failures == []
