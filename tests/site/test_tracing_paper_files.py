"""Files of a case's papers: private ones that their writer may read, and no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from tests.site import web
from tests.site.claim_desk import make_file
from tests.site.factories import make_agent
from tests.site.tracing_desk import make_case, make_tracing_desk

if TYPE_CHECKING:
	from frappe.model.document import Document

CASE = "Tracing Case"
PAPER = "Copy of the Air Waybill"


@pytest.fixture
def desk() -> frappe._dict:
	return make_tracing_desk()


def give(user: str, case: Document, address: str) -> None:
	rows = [{"document": PAPER, "is_received": 1, "file": address}]
	web.put(user, f"{web.RESOURCE}/{CASE}/{case.name}", documents=rows)


def test_a_public_file_is_refused_with_what_to_do(desk: frappe._dict) -> None:
	"""Policy: TRC-14"""
	case = make_case(desk)
	public = make_file(desk.officer, private=False)
	for user in (desk.officer, desk.supervisor):
		with pytest.raises(frappe.ValidationError, match=f"{PAPER}: upload the file as a private one"):
			give(user, case, public.file_url)
	assert not any(row.file for row in case.reload().documents)


def test_no_public_file_is_attached_to_a_case(desk: frappe._dict) -> None:
	"""Policy: TRC-14"""
	case = make_case(desk)
	of_case = {"attached_to_doctype": CASE, "attached_to_name": case.name}
	with pytest.raises(frappe.ValidationError, match="Upload the file as a private one"):
		make_file(desk.officer, private=False, **of_case)
	paper = make_file(desk.officer, **of_case)
	with pytest.raises(frappe.ValidationError, match="Upload the file as a private one"):
		web.put(desk.officer, f"{web.RESOURCE}/File/{paper.name}", is_private=0)
	elsewhere = make_file(desk.officer, private=False)
	with pytest.raises(frappe.ValidationError, match="Upload the file as a private one"):
		web.put(desk.officer, f"{web.RESOURCE}/File/{elsewhere.name}", **of_case)
	assert frappe.get_all("File", of_case, pluck="is_private") == [1]


def test_a_link_to_elsewhere_may_be_kept_on_a_case(desk: frappe._dict) -> None:
	case = make_case(desk)
	link = frappe.new_doc("File", file_url="https://example.com/way", file_name="way")
	link.update({"attached_to_doctype": CASE, "attached_to_name": case.name}).insert()
	assert link.file_url == "https://example.com/way"


def test_a_private_one_is_as_open_as_its_case(desk: frappe._dict) -> None:
	case = make_case(desk)
	paper = make_file(desk.officer, attached_to_doctype=CASE, attached_to_name=case.name)
	give(desk.officer, case, paper.file_url)
	assert [row.file for row in case.reload().documents if row.document == PAPER] == [paper.file_url]
	may_open = {
		user: bool(frappe.has_permission("File", "read", doc=paper, user=user))
		for user in (desk.supervisor, make_agent(), desk.officers["Egypt"])
	}
	assert list(may_open.values()) == [True, False, False]


def test_nobody_gives_a_file_that_is_not_theirs_to_read(desk: frappe._dict) -> None:
	case = make_case(desk)
	for address in (make_file(make_agent()).file_url, "/private/files/../../site_config.json"):
		with pytest.raises(frappe.ValidationError, match="no such file"):
			give(desk.officer, case, address)
	with pytest.raises(frappe.ValidationError, match="a private one"):
		give(desk.officer, case, "https://example.com/x.pdf")


def test_what_was_there_before_keeps_nobody_from_working(desk: frappe._dict) -> None:
	case = make_case(desk)
	frappe.db.set_value("Tracing Document", case.documents[0].name, "file", "/files/old.pdf")
	web.put(desk.officer, f"{web.RESOURCE}/{CASE}/{case.name}", follow_up_on="2099-01-04")
	assert str(case.reload().follow_up_on) == "2099-01-04"
