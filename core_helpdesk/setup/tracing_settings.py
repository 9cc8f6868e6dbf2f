"""First contents of Tracing Settings: kinds of shipment numbers and the documents that each nature asks for.

Written once; what is changed or taken out later stays so.
"""

import frappe

from core_helpdesk.setup import ledger

DOCTYPE = "Tracing Settings"
NUMBER_KINDS = (
	{"kind_name": "Air Waybill (IATA)", "pattern": "9{11}", "check_digit": "Modulo 7"},
	{"kind_name": "Postal Item (S10)", "pattern": "AA9{9}AA", "check_digit": "Modulo 11 (S10)"},
)
REQUIRED_DOCUMENTS = (
	("Service Failure Complaint", "Copy of the Air Waybill", "نسخة من بوليصة الشحن"),
	("Address Change", "Customer's Written Request", "طلب خطي من العميل"),
	("Claim", "Claim Form", "نموذج المطالبة"),
	("Claim", "Invoice of the Contents", "فاتورة المحتويات"),
	("Pre-Alert", "Commercial Invoice", "الفاتورة التجارية"),
)


def seed() -> None:
	"""Policy: TRC-06, TRC-14"""
	if ledger.made(DOCTYPE):
		return
	settings = frappe.get_doc(DOCTYPE)
	if not settings.number_kinds:
		settings.extend("number_kinds", [dict(kind) for kind in NUMBER_KINDS])
	if not settings.required_documents:
		columns = ("nature", "document", "document_ar")
		rows = [dict(zip(columns, row, strict=True)) for row in REQUIRED_DOCUMENTS]
		settings.extend("required_documents", rows)
	settings.save(ignore_permissions=True)  # setup runs as whoever installs or migrates
	ledger.remember(DOCTYPE, DOCTYPE)
