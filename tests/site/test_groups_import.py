"""The grid of all groups and their import from CSV: what each mistake is told, and that nothing is half done."""

from pathlib import Path

import frappe
import pytest

from core_helpdesk import config
from core_helpdesk.setup import checklist, group_import, groups, roles
from tests.site.factories import add_head, as_user, make_team, make_user

TSM = "Ticketing System Management"


@pytest.fixture
def place() -> dict[str, str]:
	"""Two groups without data, a category, a department without heads, two people."""
	frappe.get_doc(
		{"doctype": "Core Department", "department_name": "Operations", "department_name_ar": "العمليات"}
	).insert()
	frappe.get_doc(
		{"doctype": "Group Category", "category_name": "Claims", "category_name_ar": "المطالبات"}
	).insert()
	huda, omar = make_user(email="huda@courier.example"), make_user(email="omar@courier.example")
	frappe.db.set_value("User", huda, "full_name", "Huda Salem")
	frappe.db.set_value("User", omar, "full_name", "Omar Adel")
	return {
		"riyadh": make_team(name="Riyadh Claims"),
		"cairo": make_team(name="Cairo Claims"),
		"huda": huda,
		"omar": omar,
	}


def values_of(team: str) -> tuple[str | None, ...]:
	return frappe.db.get_value("HD Team", team, ["ch_category", "ch_department", "ch_country"])


def head_in(country: str, department: str = "Operations") -> str | None:
	return frappe.db.get_value("Department Head", {"parent": department, "country": country}, "head")


def imported(text: str | bytes, **options: bool) -> dict:
	return group_import.import_groups(text, dry_run=False, **options)


def places_of(answer: dict) -> list[tuple[int, str]]:
	return [(error["line"], error["column"]) for error in answer["errors"]]


# --- Import


def test_a_file_gives_groups_their_data_and_departments_their_heads(place: dict) -> None:
	answer = imported(
		"group,category,department,country,head\n"
		"Riyadh Claims,Claims,Operations,Saudi Arabia,huda@courier.example\n"
		"Cairo Claims,Claims,Operations,EG,Omar Adel\n"
	)
	assert (answer["errors"], answer["saved"]) == ([], True)
	assert values_of("Riyadh Claims") == ("Claims", "Operations", "Saudi Arabia")
	assert values_of("Cairo Claims") == ("Claims", "Operations", "Egypt")
	assert (head_in("Saudi Arabia"), head_in("Egypt")) == (place["huda"], place["omar"])
	assert roles.holds(roles.DEPARTMENT_MANAGER, place["omar"])


def test_a_dry_run_shows_every_change_and_makes_none(place: dict) -> None:
	text = "group,category,department,country,head\nRiyadh Claims,Claims,Operations,sa,huda@courier.example\n"
	answer = group_import.import_groups(text, dry_run=True)
	assert answer["rows"] == [
		{
			"name": "Riyadh Claims",
			"changes": {
				"ch_category": ("", "Claims"),
				"ch_department": ("", "Operations"),
				"ch_country": ("", "Saudi Arabia"),
				"head": ("", place["huda"]),
			},
		}
	]
	assert not answer["saved"]
	assert values_of("Riyadh Claims") == (None, None, None)
	assert head_in("Saudi Arabia") is None


def test_every_mistake_is_told_with_its_line_and_column_and_nothing_is_written(place: dict) -> None:
	answer = imported(
		"group,category,department,country,head\n"
		"Riyadh Claims,Claims,Operations,Saudi Arabia,huda@courier.example\n"
		"Jeddah Claims,Claims,Operations,Saudi Arabia,\n"
		"Cairo Claims,Klaims,Operatoins,Egipt,nobody@courier.example\n"
		"riyadh claims,Claims,,,\n"
	)
	assert places_of(answer) == [
		(3, "group"),
		(4, "category"),
		(4, "department"),
		(4, "country"),
		(4, "head"),
		(5, "group"),
	]
	messages = [error["message"] for error in answer["errors"]]
	assert messages[0] == "There is no group Jeddah Claims."
	assert messages[1] == "There is no group category Klaims, or it is retired."
	assert messages[3] == "Egipt is no country; write its name or its code of two letters."
	assert messages[5] == "The group Riyadh Claims is there twice."
	assert not answer["saved"]
	assert values_of("Riyadh Claims") == (None, None, None)


@pytest.mark.parametrize(
	("first_line", "column", "message"),
	(
		("group,kategory", "kategory", "Unknown column kategory. The columns are: group, category"),
		("category,department", "group", "The columns group and at least one more are needed"),
		("group", "group", "at least one more"),
		("group,category,category", "category", "The column category is there twice"),
		("group,,category", "", "Unknown column (empty)"),
	),
)
def test_wrong_columns_are_told_by_name(place: dict, first_line: str, column: str, message: str) -> None:
	answer = imported(first_line + "\nRiyadh Claims,Claims,x\n")
	assert places_of(answer) == [(1, column)]
	assert message in answer["errors"][0]["message"]


def test_a_line_with_too_many_cells_is_told(place: dict) -> None:
	answer = imported("group,category\nRiyadh Claims,Claims,Operations\n")
	assert (places_of(answer), answer["errors"][0]["message"]) == (
		[(2, "")],
		"The line has 3 cells, the headings are 2.",
	)


def test_quotes_that_do_not_end_are_told() -> None:
	answer = imported('group,category\n"Riyadh Claims,Claims\n')
	assert "cannot be read as CSV" in answer["errors"][0]["message"]


def test_the_headings_of_the_page_are_understood_too(place: dict) -> None:
	text = "Group,Group Category,Department,Country,Department Head\nRiyadh Claims,Claims,Operations,SA,Omar Adel\n"
	assert imported(text)["errors"] == []
	assert values_of("Riyadh Claims") == ("Claims", "Operations", "Saudi Arabia")


def test_two_heads_for_one_place_are_refused(place: dict) -> None:
	make_team(name="Jeddah Claims")
	answer = imported(
		"group,department,country,head\n"
		"Riyadh Claims,Operations,SA,huda@courier.example\n"
		"Jeddah Claims,Operations,SA,omar@courier.example\n"
	)
	assert places_of(answer) == [(3, "head")]
	assert "Operations in Saudi Arabia is given two heads" in answer["errors"][0]["message"]
	assert head_in("Saudi Arabia") is None


def test_a_head_needs_a_place(place: dict) -> None:
	answer = imported("group,head\nRiyadh Claims,huda@courier.example\n")
	assert places_of(answer) == [(2, "head")]
	assert "needs the department and the country" in answer["errors"][0]["message"]


def test_a_name_that_two_people_bear_is_no_answer(place: dict) -> None:
	frappe.db.set_value("User", place["omar"], "full_name", "Huda Salem")
	answer = imported("group,department,country,head\nRiyadh Claims,Operations,SA,Huda Salem\n")
	assert "more than one person" in answer["errors"][0]["message"]


def test_an_empty_cell_leaves_the_group_as_it_is(place: dict) -> None:
	frappe.db.set_value("HD Team", "Riyadh Claims", "ch_category", "Claims")
	frappe.clear_document_cache("HD Team", "Riyadh Claims")
	answer = imported("group,category,country\nRiyadh Claims,,Oman\n")
	assert list(answer["rows"][0]["changes"]) == ["ch_country"]
	assert values_of("Riyadh Claims") == ("Claims", None, "Oman")


ARABIC = "المجموعة;فئة المجموعة;الإدارة;الدولة\nRiyadh Claims;المطالبات;العمليات;SA\n"


@pytest.mark.parametrize(
	"content",
	(ARABIC, ARABIC.encode(), ARABIC.encode("utf-8-sig"), ARABIC.encode("cp1256"), "\ufeff" + ARABIC),
	ids=("text", "utf-8", "utf-8 with mark", "windows-1256", "text with mark"),
)
def test_arabic_files_are_read_as_excel_writes_them(place: dict, content: str | bytes) -> None:
	assert imported(content)["errors"] == []
	assert values_of("Riyadh Claims") == ("Claims", "Operations", "Saudi Arabia")


@pytest.mark.parametrize(
	("content", "message"),
	(
		(ARABIC.encode("utf-16"), "not in UTF-8 or Windows-1256"),
		(b"PK\x03\x04 a workbook", "Excel workbook"),
		(b"group,category\nRiyadh\x01Claims,\xff\xfe\n", "not in UTF-8 or Windows-1256"),
		(b"", "The file is empty"),
		(b"  \n\n", "The file is empty"),
		(b"group," + b"x" * 6_000_000, "too large"),
		("group,category\nRiyadh \ufffd\ufffd,x\n", "not in UTF-8 or Windows-1256"),
	),
	ids=("utf-16", "workbook", "binary", "nothing", "blank", "huge", "badly read text"),
)
def test_a_file_of_another_kind_is_refused_by_what_it_is(content: bytes | str, message: str) -> None:
	assert message in imported(content)["errors"][0]["message"]


def test_missing_categories_and_departments_are_made_only_when_asked_for(place: dict) -> None:
	text = (
		"group,category,department,country\nRiyadh Claims,Returns,Retail,SA\nCairo Claims,Returns,Retail,EG\n"
	)
	assert places_of(imported(text)) == [
		(2, "category"),
		(2, "department"),
		(3, "category"),
		(3, "department"),
	]
	answer = imported(text, create_missing=True)
	assert answer["created"] == {"Group Category": ["Returns"], "Core Department": ["Retail"]}
	assert values_of("Cairo Claims") == ("Returns", "Retail", "Egypt")
	assert frappe.db.get_value("Group Category", "Returns", "workflow_state") == "Draft"


def test_a_retired_category_and_a_disabled_department_are_not_given(place: dict) -> None:
	frappe.db.set_value("Group Category", "Claims", "workflow_state", "Retired")
	frappe.db.set_value("Core Department", "Operations", "disabled", 1)
	answer = imported("group,category,department\nRiyadh Claims,Claims,Operations\n")
	assert places_of(answer) == [(2, "category"), (2, "department")]


def test_the_hidden_group_is_not_there_for_the_import() -> None:
	answer = imported(f"group,country\n{TSM},SA\n")
	assert answer["errors"][0]["message"] == f"There is no group {TSM}."


def test_blank_lines_do_not_disturb_the_line_numbers(place: dict) -> None:
	assert places_of(imported("\ngroup,country\n\nRiyadh Claims,Oman\n\nNowhere,Oman\n")) == [(6, "group")]


def test_a_second_import_of_the_same_file_changes_nothing(place: dict) -> None:
	text = "group,category,department,country,head\nRiyadh Claims,Claims,Operations,SA,huda@courier.example\n"
	assert imported(text)["rows"]
	assert imported(text)["rows"] == []


def test_an_uploaded_file_is_read_in_its_own_encoding(place: dict) -> None:
	content = ARABIC.encode("cp1256")
	file = frappe.get_doc(
		{"doctype": "File", "file_name": "groups.csv", "content": content, "is_private": 1}
	).insert()
	answer = group_import.from_file(file.file_url, dry_run=False)
	assert answer["errors"] == []
	assert values_of("Riyadh Claims") == ("Claims", "Operations", "Saudi Arabia")


# --- Who may


@pytest.mark.parametrize("role", (roles.DEPARTMENT_MANAGER, roles.CUSTOMER_SERVICE_MANAGER, "Agent"))
def test_nobody_else_may_see_or_change_all_groups(place: dict, role: str) -> None:
	with as_user(make_user(role)):
		for call in (
			groups.groups_grid,
			lambda: groups.save_groups([]),
			lambda: imported("x"),
			checklist.first_run,
		):
			with pytest.raises(frappe.PermissionError):
				call()


@pytest.mark.parametrize("role", (roles.QA_SPECIALIST, "System Manager"))
def test_qa_specialist_and_system_manager_may(place: dict, role: str) -> None:
	with as_user(make_user(role)):
		assert imported(
			"group,category,department,country,head\nRiyadh Claims,Claims,Operations,SA,Huda Salem\n"
		)["saved"]
	assert head_in("Saudi Arabia") == place["huda"]


# --- Grid


def row_of(team: str) -> dict:
	return next(row for row in groups.groups_grid()["rows"] if row["name"] == team)


def test_the_grid_shows_every_group_but_the_hidden_one_with_what_is_missing(place: dict) -> None:
	names = [row["name"] for row in groups.groups_grid()["rows"]]
	assert TSM not in names
	assert {"Riyadh Claims", "Cairo Claims", "Billing"} <= set(names)
	assert row_of("Riyadh Claims")["gaps"][:2] == ["No Category", "No Department"]


def test_the_grid_says_where_a_department_has_no_head(place: dict) -> None:
	imported("group,category,department,country\nRiyadh Claims,Claims,Operations,SA\n")
	assert row_of("Riyadh Claims")["gaps"] == ["No Department Head"]


def test_saving_the_grid_gives_changes_and_clears(place: dict) -> None:
	row = {
		"name": "Riyadh Claims",
		"ch_category": "Claims",
		"ch_department": "Operations",
		"ch_country": "Oman",
	}
	answer = groups.save_groups([{**row, "ch_calendar": "", "head": place["huda"]}])
	assert answer["errors"] == []
	assert row_of("Riyadh Claims")["head"] == place["huda"]
	groups.save_groups([{**row, "ch_category": "", "ch_calendar": "Oman", "head": place["omar"]}])
	after = row_of("Riyadh Claims")
	assert (after["ch_category"], after["ch_calendar"], after["head"]) == ("", "Oman", place["omar"])


def test_a_head_taken_away_in_the_grid_is_taken_away(place: dict) -> None:
	row = {"name": "Riyadh Claims", "ch_department": "Operations", "ch_country": "Oman"}
	groups.save_groups([{**row, "head": place["huda"]}])
	groups.save_groups([{**row, "head": ""}])
	assert head_in("Oman") is None
	assert row_of("Riyadh Claims")["gaps"] == ["No Category", "No Department Head"]


def test_the_head_of_all_countries_is_not_taken_away_for_one(place: dict) -> None:
	add_head("Operations", head=place["huda"], all_countries=1)
	row = {"name": "Riyadh Claims", "ch_department": "Operations", "ch_country": "Oman"}
	answer = groups.save_groups([{**row, "head": ""}])
	assert "answers for Operations in all countries" in answer["errors"][0]["message"]
	assert values_of("Riyadh Claims")[2] is None


def test_one_wrong_row_of_the_grid_keeps_all_from_being_saved(place: dict) -> None:
	answer = groups.save_groups(
		[{"name": "Riyadh Claims", "ch_country": "Oman"}, {"name": "Cairo Claims", "ch_country": "Nowhere"}]
	)
	assert [(error["name"], error["column"]) for error in answer["errors"]] == [("Cairo Claims", "country")]
	assert values_of("Riyadh Claims") == (None, None, None)


def test_a_group_without_an_assignment_rule_can_be_given_its_data(place: dict) -> None:
	frappe.db.set_value("HD Team", "Riyadh Claims", "assignment_rule", None)
	answer = groups.save_groups([{"name": "Riyadh Claims", "ch_country": "Oman"}])
	assert answer["errors"] == []
	assert values_of("Riyadh Claims")[2] == "Oman"


def later_host(monkeypatch: pytest.MonkeyPatch) -> None:
	"""From 1.26 on the host switches a group's assignment rule on whenever the group is saved."""
	from helpdesk.helpdesk.doctype.hd_team.hd_team import HDTeam

	def on_update(team: HDTeam) -> None:
		frappe.db.set_value("Assignment Rule", team.assignment_rule, "disabled", 0)

	monkeypatch.setattr(HDTeam, "on_update", on_update)


@pytest.mark.parametrize("disabled", (0, 1))
def test_giving_a_group_its_data_leaves_its_assignment_rule_as_it_was(
	place: dict, monkeypatch: pytest.MonkeyPatch, disabled: int
) -> None:
	rule = frappe.db.get_value("HD Team", "Riyadh Claims", "assignment_rule")
	frappe.db.set_value("Assignment Rule", rule, "disabled", disabled)
	later_host(monkeypatch)
	groups.save_groups([{"name": "Riyadh Claims", "ch_country": "Oman"}])
	assert frappe.db.get_value("Assignment Rule", rule, "disabled") == disabled


# --- From when tickets of a group count


def start_of(team: str) -> str:
	return str(frappe.db.get_value("HD Team", team, "ch_governed_from") or "")


@pytest.mark.parametrize(
	("heading", "written", "start"),
	(
		("governed_from", "2026-03-01 08:00", "2026-03-01 08:00:00"),
		("governed_from", "2026-03-01", "2026-03-01 00:00:00"),
		("تُحتسب التذاكر من", "2026-03-01T08:00:30", "2026-03-01 08:00:30"),
	),
)
def test_a_file_says_from_when_tickets_of_a_group_count(
	place: dict, heading: str, written: str, start: str
) -> None:
	with as_user(make_user(roles.QA_SPECIALIST)):
		answer = imported(f"group,{heading}\nRiyadh Claims,{written}\n")
		again = imported(f"group,{heading}\nRiyadh Claims,{written}\n")
	assert answer["rows"] == [{"name": "Riyadh Claims", "changes": {"ch_governed_from": ("", start)}}]
	assert start_of("Riyadh Claims") == start
	assert config.group("Riyadh Claims").governed_from == config.to_epoch(start)
	assert again["rows"] == []


@pytest.mark.parametrize(
	"written", ("01/03/2026", "2026-02-30", "soon", "0026-03-01", "2026-03-01T08:00+03:00")
)
def test_a_start_that_is_no_moment_is_told_by_line_and_column(place: dict, written: str) -> None:
	answer = imported(f"group,governed_from\nRiyadh Claims,{written}\n")
	assert places_of(answer) == [(2, "governed_from")]
	assert "write it as 2026-03-01 08:00" in answer["errors"][0]["message"]
	assert start_of("Riyadh Claims") == ""


def test_the_grid_gives_and_takes_away_a_groups_start(place: dict) -> None:
	with as_user(make_user(roles.QA_SPECIALIST)):
		groups.save_groups([{"name": "Riyadh Claims", "ch_governed_from": "2026-03-01 08:00"}])
		(row,) = (row for row in groups.groups_grid()["rows"] if row["name"] == "Riyadh Claims")
		assert row["ch_governed_from"] == "2026-03-01 08:00:00"
		assert groups.save_groups([{"name": row["name"], "ch_governed_from": ""}])["errors"] == []
	assert start_of("Riyadh Claims") == ""


def test_nobody_but_the_qa_specialist_says_from_when_tickets_count(place: dict) -> None:
	with as_user(make_user("System Manager")):
		answer = imported("group,governed_from,country\nRiyadh Claims,2026-03-01,Oman\n")
	assert [(error["column"], error["message"]) for error in answer["errors"]] == [
		("governed_from", "Only a QA Specialist may say from when tickets count.")
	]
	assert values_of("Riyadh Claims")[2] is None
	with as_user(make_user("System Manager", "Agent")), pytest.raises(frappe.PermissionError):
		frappe.client.set_value("HD Team", "Riyadh Claims", "ch_governed_from", "2026-03-01 08:00:00")
	with as_user(make_user(roles.QA_SPECIALIST, "Agent")):
		frappe.client.set_value("HD Team", "Riyadh Claims", "ch_governed_from", "2026-03-02 08:00:00")
	assert start_of("Riyadh Claims") == "2026-03-02 08:00:00"


# --- First run


def steps() -> dict[str, checklist.Step]:
	return {step["label"]: step for step in checklist.first_run()}


def test_on_a_fresh_site_the_steps_say_what_is_missing() -> None:
	found = steps()
	missing = {label for label, step in found.items() if not step["done"]}
	assert {
		"QA Specialist",
		"Members of Ticketing System Management",
		"General Manager",
		"Customer Service Manager",
		"Category, department and country of every group",
		"A head for every department",
		"Outgoing mail",
		"Reply-to address",
		"An escalation policy in force",
		"Clocks started",
		"Mode Live",
		"Scheduler",
	} <= missing
	assert all(step["detail"] and step["route"] for step in found.values())


def test_steps_are_done_one_by_one(place: dict) -> None:
	imported("group,category,department,country,head\nRiyadh Claims,Claims,Operations,SA,Huda Salem\n")
	for team in frappe.get_all("HD Team", {"ch_hidden": 0, "name": ["!=", "Riyadh Claims"]}, pluck="name"):
		frappe.delete_doc("HD Team", team, force=True, ignore_on_trash=True)
	manager = make_user()
	settings = frappe.get_doc("Core Helpdesk Settings")
	settings.update({"general_manager": manager, "reply_to": "office@courier.example"})
	settings.save()
	specialist = make_user(roles.QA_SPECIALIST)
	found = steps()
	done = {label for label, step in found.items() if step["done"]}
	assert {
		"QA Specialist",
		"General Manager",
		"Category, department and country of every group",
		"A head for every department",
		"Reply-to address",
	} <= done
	assert found["QA Specialist"]["detail"] == specialist
	assert "Customer Service Manager" not in done


def test_a_disabled_general_manager_is_still_to_be_named() -> None:
	manager = make_user()
	frappe.db.set_value("User", manager, "enabled", 0)
	frappe.db.set_single_value("Core Helpdesk Settings", "general_manager", manager)
	frappe.clear_document_cache("Core Helpdesk Settings", "Core Helpdesk Settings")
	step = steps()["General Manager"]
	assert (step["done"], step["detail"]) == (False, f"{manager} is disabled.")


# --- Command line


def test_the_command_prints_each_mistake_with_its_place(place: dict, tmp_path: Path, capsys) -> None:
	path = tmp_path / "groups.csv"
	path.write_text("group,country\nRiyadh Claims,Egipt\n")
	assert not group_import.run_command(str(path), dry_run=False, create_missing=False)
	message = "Egipt is no country; write its name or its code of two letters."
	assert capsys.readouterr().err == f"{path}:2 country: {message}\n"


def test_the_command_prints_each_change_and_makes_it(place: dict, tmp_path: Path, capsys) -> None:
	path = tmp_path / "groups.csv"
	path.write_bytes("group,country\nRiyadh Claims,EG\n".encode("utf-8-sig"))
	assert group_import.run_command(str(path), dry_run=True, create_missing=False)
	assert values_of("Riyadh Claims")[2] is None
	assert group_import.run_command(str(path), dry_run=False, create_missing=False)
	assert values_of("Riyadh Claims")[2] == "Egypt"
	assert capsys.readouterr().out == "Riyadh Claims: country: – → Egypt\n" * 2
