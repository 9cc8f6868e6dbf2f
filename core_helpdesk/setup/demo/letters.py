"""What the demo's customers and staff write, in English and Arabic."""

from typing import NamedTuple


class Letter(NamedTuple):
	"""A customer's message: the ticket's category, its subject and its text; {0} is the shipment's number."""

	category: str
	subject: str
	text: str


LETTERS = (
	Letter(
		"Complaint",
		"Shipment {0} was not delivered on the promised day",
		"The courier did not come. Please tell me when {0} will be delivered.",
	),
	Letter(
		"Complaint",
		"لم تصل الشحنة {0} في الموعد",
		"السلام عليكم، كان من المفترض أن تصل الشحنة {0} أمس ولم تصل حتى الآن. أرجو الإفادة بموعد التسليم.",
	),
	Letter(
		"Request",
		"Change of delivery address for {0}",
		"Please deliver {0} to the office instead of the house; the address is in the attachment.",
	),
	Letter(
		"Request", "طلب تغيير عنوان التسليم للشحنة {0}", "أرغب في تغيير عنوان تسليم الشحنة {0} إلى مقر العمل."
	),
	Letter(
		"Claim",
		"Claim for the damaged contents of {0}",
		"The box of {0} arrived open and two items were broken. Photos and the invoice are attached.",
	),
	Letter(
		"Claim", "مطالبة بتعويض عن محتويات الشحنة {0}", "وصلت الشحنة {0} تالفة، ومرفق صور وفاتورة المحتويات."
	),
	Letter(
		"Inquiry",
		"Which papers does customs need for {0}?",
		"Customs has asked for papers for {0}. Which ones exactly?",
	),
	Letter(
		"Inquiry",
		"استفسار عن رسوم التخليص للشحنة {0}",
		"كم تبلغ رسوم التخليص الجمركي للشحنة {0} وكيف يتم السداد؟",
	),
	Letter(
		"Complaint",
		"The driver of {0} would not carry the parcel upstairs although the service is paid for, and nobody answers calls",
		"I paid for delivery to the door. The driver of {0} left the parcel in the street.",
	),
)
ANSWERS = (
	"We are checking with the station and will write to you today.",
	"Could you send us a copy of the invoice, please?",
	"نعمل على متابعة الشحنة مع المحطة وسنوافيكم بالنتيجة اليوم.",
	"نرجو تزويدنا بصورة من الفاتورة.",
)
CUSTOMER_AGAIN = ("Here it is. Please hurry.", "مرفق المطلوب، أرجو سرعة الرد.")
CONTACT_NOTES = (
	"Explained the case; the head assigns a driver this afternoon.",
	"The head asks the station for a report and calls back.",
	"تم شرح الحالة، وسيكلّف رئيس الإدارة المحطة بالحل اليوم.",
)
SOLUTIONS = (
	"Delivered and confirmed by the customer.",
	"Papers sent to customs; released.",
	"تم التسليم وتأكيد العميل.",
)
FAILURES = (
	"The station could not find the parcel within 24 hours.",
	"لم يرد تأكيد من الجمارك خلال المدة.",
)
HANDED_BACK = "The customer asked to wait for a new delivery date; the group keeps the case."
