"""Answers as reports give them, of any length, in either language, with what people write into tickets."""

from __future__ import annotations

from datetime import date, datetime

import frappe

from core_helpdesk.reports.answer import (
	DAY,
	MOMENT,
	NUMBER,
	SHARE,
	WHOLE,
	Answer,
	bars,
	column,
	figure,
)

MARKUP = '<img src="file:///etc/hostname"> & <b>bold</b>'
FORMULA = "=1+1"
LONG = " ".join(["A consignee who writes without end"] * 12)
WORDS = {
	"en": ("Ticket", "Subject", "Department", "Operations", "Retail Services", "Open", "Ended"),
	"ar": ("التذكرة", "الموضوع", "القسم", "إدارة العمليات", "خدمات التجزئة", "مفتوحة", "منتهية"),
}
TITLE = {"en": "Escalated Tickets: 22 November 2026", "ar": "تقرير التصعيد: 22 نوفمبر 2026"}
NOTHING = {"en": "Nothing escalated, and nothing is open.", "ar": "لم يصعد شيء."}


def answer(count: int = 4, *, subjects: tuple[str, ...] = (MARKUP, FORMULA, LONG)) -> Answer:
	"""So many rows in the present language."""
	spoken = frappe.local.lang
	ticket, subject, department, operations, retail, is_open, ended = WORDS[spoken]
	columns = [
		column("ticket", ticket, width=90),
		column("subject", subject, width=220),
		column("department", department, width=160),
		column("level", "Level", kind=WHOLE, width=80),
		{**column("share", "Share", kind=SHARE), "help": f"Share <i>of</i> {department}."},
		column("hours", "Hours", kind=NUMBER),
		column("day", "Day", kind=DAY),
		column("at", "Escalated On", kind=MOMENT, width=165),
	]
	rows = [
		{
			"ticket": str(1000 + n),
			"subject": subjects[n % len(subjects)],
			"department": operations,
			"level": 1234,
			"share": 97.5,
			"hours": None if n == 1 else -3.5,
			"day": date(2026, 11, 22),
			"at": datetime(2026, 11, 22, 14, 5),
			"tones": {"hours": "red"},
			"bold": 1 if n == 0 else 0,
		}
		for n in range(count)
	]
	chart = bars([operations, retail], {is_open: [3, 1], ended: [0, 4]}, ["#ed8936", "#a0aec0"], stacked=True)
	summary = [figure(count, is_open, "orange"), figure(0, ended)]
	return Answer(columns, rows, "" if rows else NOTHING[spoken], chart if rows else None, summary)
