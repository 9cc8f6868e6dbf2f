"""Arabic throughout: whatever a person may read on a site has an Arabic translation, in the words of the policy."""

import re

from tests.contract.visible_strings import (
	APP,
	holiday_names,
	missing,
	translations,
	visible_strings,
)

# The policy's own words; labels of the app use these and no others.
GLOSSARY = {
	"Consignee": "المرسل إليه",
	"Customer Care Group": "مجموعة العناية بالعملاء",
	"Customer Service Manager": "مدير إدارة خدمة العملاء",
	"Department Head": "رئيس الإدارة",
	"Department Manager": "مدير الإدارة",
	"Escalation Time": "زمن التصعيد",
	"General Manager": "المدير العام",
	"Group Category": "فئة المجموعة",
	"Manage My Tickets": "إدارة تذاكري",
	"QA Specialist": "اختصاصي ضمان الجودة",
	"Quality and Risk": "إدارة الجودة والمخاطر",
	"Retail Services": "إدارة خدمات التجزئة",
	"Service Failure Complaint": "شكوى من فشل في الخدمة",
	"Shipper": "الشاحن",
	"Support Supervisor": "مشرف الدعم",
	"TSM Agent": "موظف إدارة نظام التذاكر",
	"Ticket Category": "فئة التذاكر",
	"Ticketing System Management": "مجموعة إدارة نظام التذاكر",
	"Tracing Group": "مجموعة التعقب",
	"Tracing Officer": "مسؤول التعقب",
	"Training Department": "إدارة التدريب",
	"Authorised Employee": "الموظف المفوض",
}
PLACEHOLDER = re.compile(r"\{\d*\}")
ARABIC = re.compile("[\u0600-\u06ff]")


def test_every_visible_string_has_an_arabic_translation():
	lacking = missing()
	assert not lacking, "\n" + "\n".join(f"{text!r} in {where[0]}" for text, where in lacking.items())


def test_the_holidays_of_the_seeded_countries_are_translated():
	"""A newer library may know a name or two that this release does not; the reckoning shows those in English."""
	names = holiday_names(range(2025, 2031))
	unknown = names - {row[0] for row in translations()}
	assert len(names) > 30
	assert len(unknown) <= 3, unknown


def test_every_source_string_stands_once_in_the_file():
	keys = [(row[0], *row[2:]) for row in translations()]
	assert sorted({key for key in keys if keys.count(key) > 1}) == []


def test_every_row_has_a_source_and_an_arabic_text():
	"""A third column is the context, a doctype, where one English word needs two Arabic ones."""
	assert [row for row in translations() if len(row) not in (2, 3) or not ARABIC.search(row[1])] == []


def test_a_translation_keeps_the_placeholders_of_its_source():
	"""Arabic says one and two of hours and days in words, without a figure."""
	wrong = [
		row
		for row in translations()
		if row[2:] != ["two"]
		and row[0] not in ("{0} hour", "{0} working hour", "{0} working day")
		and sorted(PLACEHOLDER.findall(row[0])) != sorted(PLACEHOLDER.findall(row[1]))
	]
	assert wrong == []


def test_no_text_begins_or_ends_with_a_space():
	assert [row for row in translations() if [part.strip() for part in row] != row] == []


def test_labels_use_the_words_of_the_policy():
	known = {row[0]: row[1] for row in translations() if len(row) == 2}
	assert {term: known.get(term) for term in GLOSSARY} == GLOSSARY


def test_every_translated_string_is_still_shown_somewhere():
	shown = {found.text for found in visible_strings()} | holiday_names(range(2020, 2041))
	assert [row[0] for row in translations() if row[0] not in shown and row[0] not in GLOSSARY] == []


def test_no_translated_call_is_made_of_a_template_literal():
	"""A text with its values inside has no translation: they go to placeholders."""
	scripts = APP.rglob("*.js")
	assert [
		path.name for path in scripts if re.search(r"(?<![\w.])__\(\s*`", path.read_text(encoding="utf-8"))
	] == []
