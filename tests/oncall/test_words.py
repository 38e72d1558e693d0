import pytest

from bot.oncall.words import Asked, Verb, read


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        pytest.param("", Asked(Verb.WHO), id="nothing"),
        pytest.param("who is on call?", Asked(Verb.WHO), id="a sentence"),
        pytest.param("지금 당직", Asked(Verb.WHO), id="now, in Korean"),
        pytest.param("now data-platform", Asked(Verb.WHO, "data-platform"), id="of one schedule"),
        pytest.param("next", Asked(Verb.NEXT), id="next"),
        pytest.param("다음 당직 data-platform", Asked(Verb.NEXT, "data-platform"), id="next, in Korean"),
        pytest.param("내 당직", Asked(Verb.MINE), id="mine, in Korean"),
        pytest.param("MINE", Asked(Verb.MINE), id="mine, aloud"),
        pytest.param("week", Asked(Verb.WEEK), id="week"),
        pytest.param("next week", Asked(Verb.WEEK, "", 1), id="next week"),
        pytest.param("week data-platform next week", Asked(Verb.WEEK, "data-platform", 1), id="of a schedule"),
        pytest.param("data-platform 다음 주", Asked(Verb.WEEK, "data-platform", 1), id="next week, in Korean"),
        pytest.param("다음주 당직 누구", Asked(Verb.WEEK, "", 1), id="who next week, in Korean"),
        pytest.param("지난주", Asked(Verb.WEEK, "", -1), id="last week, in Korean"),
        pytest.param("대신 <@U0ALEX>", Asked(Verb.COVER, "<@U0ALEX>"), id="cover, in Korean"),
        pytest.param("override <@U0ALEX>", Asked(Verb.OVERRIDE, "<@U0ALEX>"), id="override"),
        pytest.param("첫당직", Asked(Verb.START), id="first shift, in Korean"),
        pytest.param("도움말", Asked(Verb.HELP), id="help, in Korean"),
        pytest.param("wekk", Asked(None, "wekk", nearest=Verb.WEEK), id="a slip"),
        pytest.param("covre", Asked(None, "covre", nearest=Verb.COVER), id="another slip"),
        pytest.param("다읍", Asked(None, "다읍", nearest=Verb.NEXT), id="a slip in Korean"),
        pytest.param("일졍", Asked(None, "일졍", nearest=Verb.WEEK), id="another slip in Korean"),
        pytest.param("나요", Asked(None, "나요"), id="no slip in Korean"),
        pytest.param("data-platform", Asked(None, "data-platform"), id="perhaps a schedule"),
    ],
)
def test_words_in_both_languages_mean_a_verb(words, asked):
    assert read(words) == asked


def test_no_word_means_two_verbs():
    words = [word for verb in Verb for word in verb.words]

    assert len(words) == len(set(words))
