"""The shipments that the demo traces: what customers write of them, and all data that a case needs."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from core_helpdesk.setup.demo.letters import Letter

HOME = "Saudi Arabia"
FAILURE, ADDRESS, CLAIM, PRE_ALERT = "Service Failure Complaint", "Address Change", "Claim", "Pre-Alert"
AIRLINE = "176"
FIRST_SERIAL = 2300451
LETTERS = {
	FAILURE: (
		Letter(
			"Complaint",
			"Air waybill {0}: no news for ten days",
			"{0} left the airport ten days ago. The receiver has heard nothing since. Please trace it.",
		),
		Letter(
			"Complaint",
			"بوليصة الشحن {0}: لا توجد أخبار منذ عشرة أيام",
			"غادرت الشحنة {0} المطار منذ عشرة أيام ولم يصل المستلم أي خبر عنها. أرجو البحث عنها.",
		),
	),
	ADDRESS: (
		Letter(
			"Request",
			"Air waybill {0}: the receiver has moved",
			"The office that {0} is for has moved. Please deliver it to the new address.",
		),
		Letter(
			"Request",
			"بوليصة الشحن {0}: تغيير عنوان المرسل إليه",
			"انتقل مكتب المرسل إليه، ونرجو تسليم الشحنة {0} في العنوان الجديد.",
		),
	),
	CLAIM: (
		Letter(
			"Claim",
			"Air waybill {0}: contents broken on arrival",
			"{0} arrived with a broken seal, and part of the contents is broken. We ask for compensation.",
		),
		Letter(
			"Claim",
			"بوليصة الشحن {0}: تلف المحتويات",
			"وصلت الشحنة {0} وقد تلف جزء من محتوياتها، ونطلب التعويض.",
		),
	),
	PRE_ALERT: (
		Letter(
			"Request",
			"Air waybill {0}: medical samples, keep cold",
			"{0} arrives this week and must be kept cold. Please tell the station before it lands.",
		),
	),
}
STORY = "Left the airport on time; no scan since it was handed to the station of the destination."
URGENT = "Urgent: the receiver needs the parcel tomorrow. Please call back today."


class Place(NamedTuple):
	"""Where one end of a shipment is, with a number that is dialled there."""

	phone: str
	address: str
	city: str


PLACES = {
	HOME: Place("+966112345678", "King Road 1, Riyadh", "Riyadh"),
	"United Arab Emirates": Place("+97143210000", "Creek Street 2, Dubai", "Dubai"),
	"Egypt": Place("+20223456789", "شارع النيل 3، القاهرة", "القاهرة"),
	"Jordan": Place("+96264600000", "شارع المطار 4، عمّان", "عمّان"),
}


def number(index: int) -> str:
	"""An air waybill's number whose last digit checks the seven before it."""
	serial = FIRST_SERIAL + index * 7919
	return f"{AIRLINE}-{serial}{serial % 7}"


def data(nature: str, abroad: str, index: int, day: date) -> dict[str, Any]:
	"""All data of a case about a shipment between home and the country abroad, of `day`.

	Policy: TRC-04, TRC-05, TRC-06
	"""
	is_inbound = nature == PRE_ALERT or index % 3 == 2
	origin, destination = (abroad, HOME) if is_inbound else (HOME, abroad)
	sender, receiver = PLACES[origin], PLACES[destination]
	return {
		"shipment_number": number(index),
		"direction": "Inbound" if is_inbound else "Outbound",
		"origin_country": origin,
		"destination_country": destination,
		"nature": nature,
		"description": STORY,
		"shipper_name": "Export Department",
		"shipper_phone": sender.phone,
		"shipper_email": "export@example.net",
		"shipper_address": sender.address,
		"consignee_name": "قسم الاستلام" if index % 2 else "Receiving Department",
		"consignee_phone": receiver.phone,
		"consignee_email": "receiving@example.net",
		"consignee_address": receiver.address,
		**details(nature, receiver, index, day),
	}


def details(nature: str, receiver: Place, index: int, day: date) -> dict[str, Any]:
	"""What this nature alone asks for."""
	return {
		FAILURE: {"failure": "No scan for ten days", "event_date": day - timedelta(days=10)},
		ADDRESS: {"new_address": f"{receiver.address}, second floor", "new_city": receiver.city},
		CLAIM: {
			"failure": "Seal broken, part of the contents damaged",
			"claim_amount": 1200 + index * 150,
			"claim_currency": "SAR",
			"contents": "Four measuring instruments, two of them broken",
		},
		PRE_ALERT: {
			"expected_on": day + timedelta(days=2),
			"special_instructions": "Keep between 2 and 8 degrees",
		},
	}[nature]
