"""Reasons against closing in every combination, and answers whose words say something else."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core_helpdesk.domain.closing import (
	UNSOLVED_PHRASES,
	Answer,
	ClosingFacts,
	Reason,
	ReasonCode,
	answered,
	is_satisfied,
	reasons,
	says_unsolved,
)
from core_helpdesk.domain.tracing_data import Fault, FaultKind
from core_helpdesk.domain.unsolved import folded

IN_ORDER = ClosingFacts(True, True, answer=Answer.YES)
FAULTS = (
	Fault("origin_country", FaultKind.SAME_COUNTRY),
	Fault("shipper_phone", FaultKind.UNUSABLE),
	Fault("origin_country", FaultKind.MISSING),
)
# Each fact with the value that stands in the way, the one that does not, and the reason it gives.
OBSTACLES = [
	("is_member", False, True, Reason(ReasonCode.NOT_MEMBER)),
	("is_solved", False, True, Reason(ReasonCode.NOT_SOLVED)),
	("data_faults", FAULTS, (), Reason(ReasonCode.DATA_MISSING, ("origin_country", "shipper_phone"))),
	("documents_missing", ("Invoice",), (), Reason(ReasonCode.DOCUMENTS_MISSING, ("Invoice",))),
	("claims_undecided", ("TCL-1", "TCL-2"), (), Reason(ReasonCode.CLAIM_UNDECIDED, ("TCL-1", "TCL-2"))),
	("unaccepted_leg", "Tracing EG", "", Reason(ReasonCode.LEG_NOT_ACCEPTED, ("Tracing EG",))),
	("replies_outstanding", ("Operations",), (), Reason(ReasonCode.REPLIES_OUTSTANDING, ("Operations",))),
]
ANSWERS = {
	Answer.NONE: (Reason(ReasonCode.NOT_CONFIRMED),),
	Answer.YES: (),
	Answer.NO: (Reason(ReasonCode.ANSWERED_NO),),
	Answer.DOUBTFUL: (Reason(ReasonCode.ANSWER_DOUBTFUL),),
	Answer.EXCEPTION: (),
}


def test_a_case_in_order_is_closed() -> None:
	assert reasons(IN_ORDER) == ()


@pytest.mark.parametrize("answer", Answer)
def test_all_reasons_are_told_at_once_and_in_one_order(answer: Answer) -> None:
	for standing in product((False, True), repeat=len(OBSTACLES)):
		facts = {
			name: bad if stands else good
			for stands, (name, bad, good, _) in zip(standing, OBSTACLES, strict=True)
		}
		told = [reason for stands, (_, _, _, reason) in zip(standing, OBSTACLES, strict=True) if stands]
		assert reasons(ClosingFacts(**facts, answer=answer)) == (*told, *ANSWERS[answer])
		assert reasons(ClosingFacts(**facts, answer=answer.value)) == (*told, *ANSWERS[answer])
		overridden = ClosingFacts(**facts, answer=answer, override_reason="Agreed with the customer by phone")
		left = [reason for reason in told if reason.code is ReasonCode.CLAIM_UNDECIDED]
		assert list(reasons(overridden)) == left
		assert reasons(ClosingFacts(**facts, answer=answer, override_reason=" .-")) == (
			*told,
			*ANSWERS[answer],
		)


@pytest.mark.parametrize(
	("given_faults", "about"),
	[
		(2, ()),
		(("nature", "nature", "description"), ("nature", "description")),
		(FAULTS, ("origin_country", "shipper_phone")),
	],
)
def test_faults_of_the_data_are_named_or_counted(given_faults: object, about: tuple[str, ...]) -> None:
	facts = ClosingFacts(True, True, given_faults, answer=Answer.YES)
	assert reasons(facts) == (Reason(ReasonCode.DATA_MISSING, about),)
	assert reasons(ClosingFacts(True, True, 0, answer=Answer.YES)) == ()


def test_an_answer_that_is_none_of_them_confirms_nothing() -> None:
	assert reasons(ClosingFacts(True, True, answer="Perhaps")) == (Reason(ReasonCode.NOT_CONFIRMED),)
	assert not is_satisfied("Perhaps")


def test_only_a_plain_yes_is_satisfied() -> None:
	assert [answer for answer in Answer if is_satisfied(answer)] == [Answer.YES]
	assert is_satisfied("Satisfied")


@pytest.mark.parametrize(
	("is_yes", "comment", "answer"),
	[
		(True, "", Answer.YES),
		(True, "Thank you very much", Answer.YES),
		(True, "Thanks, but it never arrived", Answer.DOUBTFUL),
		(False, "", Answer.NO),
		(False, "Everything is fine", Answer.NO),
	],
)
def test_an_answer_counts_as_what_it_says(is_yes: bool, comment: str, answer: Answer) -> None:
	assert answered(is_yes, comment) is answer


UNSOLVED = """
Still not solved
It hasn’t arrived
it has not yet arrived
it didnt arrive
it did’nt arrive
never arrived!
NEVER ARRIVED
The parcel never actually came.
not yet
Isn't resolved
It wasn`t delivered
My parcel is still in Cairo
No still waiting
No, still waiting
Still the same, sorry
I can't say that I am satisfied, I am unhappy
cannot be reached, was not helped
Yes but nobody ever called
Thanks, but one item is missing
I did NOT receive it
not been fully resolved
No same problem
no problem with you, but it has not arrived
The problem remains
please reopen
'not solved'
لم تصل الشحنة
لَمْ تُحَلّ المُشكِلة
لـم يـصـل
ولم تصلني
فلم يصل شيء
لم أستلمها
ماوصلت الشحنه
ما وصلني شي
لا تزال المشكلة قائمة
لازالت عندكم
مازال الطرد في القاهرة
وما زال الطرد في القاهرة
نعم لكن المشكلة موجودة
لا، المشكلة موجودة
لا المشكلة موجودة
لسه ما استلمت
للحين ما جاني شي
غير راضٍ
لست راضيا
لم يتم التوصيل
نفس المشكلة
بدون حل
لم يرد أحد
إلى الآن لم يصل
لم يصل إلی الآن
شكرا لكم ولكن لم تنحل
""".strip().split("\n")

SOLVED = """
.
Thank you
no problem any more
not a problem
Not a problem any more, thank you
No problem, everything arrived
There are no more problems
no problem remains
no problem persists any more
nothing is missing
Nothing is missing, it was delivered yesterday
It is no longer missing
There are no unsolved questions
I could not be more satisfied
Not only solved but fast
I am still happy with you
The missing parcel was found
The problem was solved quickly
It arrived, never had better service
لا مشكلة
لا توجد مشكلة
لا توجد أي مشكلة
لم تعد هناك مشكلة
لم تعد المشكلة موجودة
المشكلة لم تعد موجودة
ليست مشكلة
ما في مشكلة
وصلت الشحنة شكرا
وصل الطرد
وصلني الطرد اليوم
تم حل المشكلة
شكرا على كل ما تم
ممتاز جدا
لم أتوقع هذه السرعة
""".strip().split("\n")


@pytest.mark.parametrize("comment", UNSOLVED)
def test_words_that_say_it_is_not_solved(comment: str) -> None:
	assert says_unsolved(comment), folded(comment)


@pytest.mark.parametrize("comment", ["", " \n", *SOLVED])
def test_words_that_do_not_say_so(comment: str) -> None:
	assert [phrase for phrase in UNSOLVED_PHRASES if says_unsolved(comment, [phrase])] == []


@pytest.mark.parametrize(
	("comment", "says"),
	[
		("There is a problem", True),
		("PROBLEM", True),
		("problematic", False),
		("no problem any more", False),
		("not a problem", False),
		("isn't really a problem any more", False),
		("without any problem", False),
		("no, a problem", True),
		("No. Problem with the box", True),
		("no the problem is there", True),
		("هناك مُشكلة", True),
		("ومشكله أخرى", True),
		("لا توجد أي مشكلة", False),
		("ولا مشكلة", False),
		("لم تعد هناك مشكلة", False),
		("بدون مشكلة", False),
		("لا، مشكلة جديدة", True),
	],
)
def test_a_phrase_of_the_site_counts_unless_it_is_denied(comment: str, says: bool) -> None:
	assert says_unsolved(comment, ["Problem", "مشكلة"]) == says


@pytest.mark.parametrize(
	("phrase", "comment", "says"),
	[
		("broke*", "It is broken", True),
		("broke*", "unbroken", False),
		("box * open", "the box was left open", True),
		("box * open", "the box was found half open", False),
		("box * open", "the box. open", False),
		("box * open", "the box is more open", False),
		("ما وصل", "ماوصل", True),
		("المشكلة", "لا المشكلة كما هي", True),
		("المشكلة", "لا توجد المشكلة الآن", False),
		("", "anything", False),
		(" * ", "anything", False),
		("...", "anything...", False),
		("* torn", "torn", True),
		("torn *", "torn", True),
		("(a+)+$", "a", True),
		("[", "[", False),
	],
)
def test_a_phrase_is_words_and_stars(phrase: str, comment: str, says: bool) -> None:
	assert says_unsolved(comment, [phrase]) == says


def test_every_phrase_finds_itself() -> None:
	plain = [phrase.replace(" * ", " ").replace("*", "") for phrase in UNSOLVED_PHRASES]
	assert [phrase for phrase in plain if not says_unsolved(phrase)] == []
	assert len(set(UNSOLVED_PHRASES)) == len(UNSOLVED_PHRASES)


@given(st.text(), st.lists(st.text(max_size=8), max_size=3))
def test_no_words_and_no_phrases_break_it(comment: str, phrases: list[str]) -> None:
	assert says_unsolved(comment, phrases) in (True, False)


@pytest.mark.parametrize(
	("text", "words"),
	[
		("  It HASN\u2019T   arrived,yet… ", "it has not arrived | yet |"),
		("isnt wasn`t did\u2019nt cannot want", "is not was not did not can not want"),
		("\u2018quoted\u2019 the customer's", "quoted the customers"),
		("أُرْسِلَتْ إلى مَكَّةَ", "ارسلت الي مكه"),
		("آخر ٱلشحن مؤقت طارئ شـــحن", "اخر الشحن موقت طاري شحن"),
		("\ufefb \ufee3\ufeb8\ufedc\ufee0\ufe94", "لا مشكله"),
		("مشکلہ یک", "مشكلہ يك"),
		("\u200fلم\u200f تصل؟", "لم تصل |"),
		("𝐍ot café-like Straße", "not cafe like strasse"),
	],
)
def test_words_are_compared_as_they_are_meant(text: str, words: str) -> None:
	assert folded(text) == words


@given(st.sampled_from(UNSOLVED), st.sampled_from(("", "Thank you. ", "شكرا. ", "Hello,\n")))
def test_greetings_around_it_change_nothing(comment: str, greeting: str) -> None:
	assert says_unsolved(f"{greeting}{comment}. {greeting}")
	assert says_unsolved(comment.upper())
