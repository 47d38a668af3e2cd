from onetest_ci.limits import clean, cut, one_line


def test_a_text_within_the_limit_is_unchanged() -> None:
    assert cut("naïve → 测试 🎉", 20) == "naïve → 测试 🎉"


def test_a_truncated_text_has_the_maximum_length_and_a_mark() -> None:
    assert cut("abcdef", 4) == "abc…"
    assert cut("abcdef", 4, mark="") == "abcd"


def test_characters_that_no_database_column_accepts_are_removed_and_layout_kept() -> None:
    assert clean("a\x00b\x1b[31m\tc\r\nd\ud800e\x85") == "ab[31m\tc\r\nde"


def test_one_line_has_no_character_that_moves_the_cursor_or_turns_the_text() -> None:
    assert one_line("a\r\nb\x1b[2Jc\u202ed\u2028e") == "a b [2Jc d e"
