"""Whether a customer's words say that nothing is solved, in Arabic or English, whatever they answered.

Better a few happy customers before a person than an unhappy one counted as satisfied: phrases may be wide.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
	from collections.abc import Iterable

ENGLISH = """
still not|still no|still have not|still has not|still did not|still does not|still waiting|still open|still wrong
still missing|still damaged|still lost|still unsolved|still the same|still pending|still in|still at|still with
is still|are still|still is|still there|still exists|not yet|no longer works|unsolved|unresolved
not * solved|not * resolved|not * fixed|not * settled|not * sorted|not * done|not * closed|not * clear
not * work*|not * help*|not * satisf*|not * happy|unhappy|unsatisfied|dissatisfied|not agree
not * arriv*|not * receiv*|not * deliver*|not * reach*|not * come|not * came|not * found|not * got
not get it|not get my|not get the|not * refunded|not * paid|not * compensated|not * replaced|not * returned
not * replied|not * answered|not * contacted|not * updated|not * changed|not * corrected
never * arriv*|never * receiv*|never * deliver*|never * came|never * got|never * solved|never * resolved
never * replied|never * answered|never * contacted|never * called|never * reach*|never * fixed
nothing * arrived|nothing * received|nothing * done|nothing * changed|nothing * solved|nothing * happened
nobody * replied|nobody * called|nobody * answered|nobody * contacted|no one * replied|no one * called
no reply|no response|no answer|no solution|no result|no update|no refund|no delivery|without solution
without a solution|same problem|same issue|problem remains|problem persists|problem continues|problem exists
issue remains|issue persists|is missing|are missing|is lost|please reopen|reopen the|reopen my|reopen it
"""

ARABIC = """
لا يزال|لا تزال|لا يزالون|لا زال|لا زالت|ما زال|ما زالت|ما يزال|ما تزال|لم يزل|لم تزل|ليس بعد
لا زلت * انتظر|ما زلت * انتظر|لا زلنا * ننتظر|ما زلنا * ننتظر|لسه|لسا|لسى|للحين
لم يتم|لم تتم|لم يحل*|لم تحل*|لم تنحل|لم ينحل|لم يحدث|لم يتغير|لم تتغير|لم تنته*|لم ينته*
لم يصل*|لم تصل*|لم * يصل|لم * تصل|لم استلم*|لم نستلم*|لم يستلم*|لم تستلم*|لم يسلم*|لم تسلم*|لم يوصل*
لم يرجع*|لم ترجع*|لم يعوض*|لم يرد*|لم يجب*|لم يتواصل*|لم تتواصل*|لم يصلح*|لم يعالج*|لم تعالج*|لم اجد*
لن يصل*|لن تصل*|ليست محلوله|ليس محلولا|غير محلول*|غير منته*|غير مستلم*|غير راض*|لست راض*|لست سعيد*|لست مقتنع*
ما وصل*|ما توصل*|ما جت*|ما جات*|ما جاء*|ما جاني*|ما استلم*|ما تسلم*|ما انحل*|ما تحل*|ما نحل*
ما ردوا*|ما رد|ما احد رد|ما احد تواصل|ما تواصل*|ما صار شي*|ما تغير*|ما خلص*|ما انتهت|ما رجع*|ما لقيت*
ما تم حل*|ما تم الحل|ما تم شي*|ما تم تسليم*|ما تم توصيل*|ما تم الرد|ما تم استلام*
بدون حل|دون حل|بلا حل|بدون رد|دون رد|لا يوجد حل|لا يوجد رد|ما في حل|ما فيه حل|لا حل|لا رد
نفس المشكله|نفس الخطا|المشكله موجوده|المشكله قائمه|المشكله مستمره|المشكله باقيه|المشكله كما هي
الشكوى قائمه|مو راضي*|مب راضي*|مش راضي*|مش محلول*|مو محلول*|مش مبسوط*
"""

UNSOLVED_PHRASES = tuple(phrase for phrase in re.split(r"[|\n]", ENGLISH + ARABIC) if phrase)
"""The phrases that every site knows; a * alone stands for up to two words, one after letters for any ending."""

NEGATIONS = {"no", "not", "never", "nothing", "none", "nobody", "without"}
NEGATIONS |= {
	"لا",
	"لم",
	"لن",
	"ليس",
	"ليست",
	"لست",
	"ما",
	"مافي",
	"مافيه",
	"بدون",
	"دون",
	"بلا",
	"غير",
	"مو",
	"مب",
	"مش",
}
# What a "no" before it does not deny: it is the answer, and the customer goes on.
NEVER_DENIED = NEGATIONS | {"still", "same", "please", "reopen", "لسه", "لسا", "لسي", "للحين", "نفس"}
# What may stand between: "not a problem", "nothing is missing", "لم تعد هناك مشكلة".
BETWEEN = {"a", "an", "any", "more", "longer", "further", "is", "are", "there", "been", "really"}
BETWEEN |= {"تعد", "يعد", "عاد", "عادت", "توجد", "يوجد", "هناك", "اي", "في", "فيه", "عندي", "لدي"}

# Letters that are one for whoever types in a hurry, Persian ones for Arabic, and all that is meant as an apostrophe.
ALIKE = str.maketrans(
	{
		**{"ى": "ي", "ی": "ي", "ة": "ه", "ٱ": "ا", "ک": "ك", "ـ": ""},
		**dict.fromkeys("\u2018\u2019\u201b\u02bc\u0060\u00b4\u2032\uff07", "'"),
	}
)
CONTRACTED = re.compile(
	r"\b(?:(\w+)n't|(is|are|was|were|has|have|had|do|does|did|could|would|should|ca|wo)'?nt|(can)not)\b"
)
CLAUSE_END = re.compile(r"[.,;:!?()،؛؟\n\r\u2028\u2029]+")
WORD = re.compile(r"\w+|\|")
# "Not only solved" and "could not be more satisfied" say the opposite.
GAP = r"(?:(?!only |just |more )\w+ ){0,2}"
AND = "[وف]?"
JOINED = re.compile("^(ما|لا) ")


class Sought(NamedTuple):
	"""A phrase as it is looked for, and its first word."""

	pattern: re.Pattern[str]
	first: str


def says_unsolved(comment: str, phrases: Iterable[str] = UNSOLVED_PHRASES) -> bool:
	"""True if one of the phrases stands in the comment and is not itself denied, as in "not a problem".

	Case, vowels, apostrophes and the forms of one Arabic letter make no difference. A phrase is words; a * alone
	stands for up to two words, one at the end of a word for any ending.
	Policy: TRC-22, CX-3.9
	"""
	text = folded(comment) + " "
	return any(
		not _is_denied(text[: found.start()].split(), sought.first)
		for phrase in phrases
		if (sought := _sought(phrase))
		for found in sought.pattern.finditer(text)
	)


def folded(text: str) -> str:
	"""Words as they are compared, with one blank between, and `|` where a clause ends.

	Contractions are written out: "hasn't" is "has not".
	"""
	parts = unicodedata.normalize("NFKD", text.translate(ALIKE)).casefold()
	letters = "".join(part for part in parts if unicodedata.category(part) not in ("Mn", "Cf"))
	words = CONTRACTED.sub(lambda found: f"{found[1] or found[2] or found[3]} not", letters.translate(ALIKE))
	return " ".join(WORD.findall(CLAUSE_END.sub("|", words.replace("'", ""))))


@lru_cache(maxsize=1024)
def _sought(phrase: str) -> Sought | None:
	"""None for a phrase without words.

	An Arabic word may be written as one with the "and" before it, and "ما" and "لا" as one with what follows.
	"""
	words: list[str] = []
	pattern = ""
	for token in phrase.split():
		own = [word for word in folded(token).split() if word != "|"]
		words += own
		if own:
			pattern += " ".join(own) + (r"\w* " if token.endswith("*") else " ")
		elif words and token == "*":
			pattern += GAP
	if not words:
		return None
	return Sought(re.compile(rf"\b{AND}" + JOINED.sub(r"\1 ?", pattern)), words[0])


def _is_denied(before: list[str], first: str) -> bool:
	"""Whether a phrase that begins with the word `first` is denied by the words before it."""
	if first in NEVER_DENIED:
		return False
	between = len(before)
	while between and before[between - 1] in BETWEEN:
		between -= 1
	word = before[between - 1] if between else ""
	# "لا المشكلة موجودة" is an answer and no denial: before something definite it would need a verb.
	is_answer = word == "لا" and first.startswith("ال") and between == len(before)
	return not is_answer and (word in NEGATIONS or (word[:1] in ("و", "ف") and word[1:] in NEGATIONS))
