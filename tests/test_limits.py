from onetest_ci.limits import clean, cut, one_line


def test_text_within_the_limit_stays_as_it_is() -> None:
    assert cut("naïve → 测试 🎉", 20) == "naïve → 测试 🎉"


def test_cut_text_is_as_long_as_allowed_and_says_that_it_was_cut() -> None:
    assert cut("abcdef", 4) == "abc…"
    assert cut("abcdef", 4, mark="") == "abcd"


def test_what_no_database_column_takes_is_removed_and_layout_kept() -> None:
    assert clean("a\x00b\x1b[31m\tc\r\nd\ud800e\x85") == "ab[31m\tc\r\nde"


def test_one_line_leaves_nothing_that_moves_the_cursor_or_turns_the_text() -> None:
    assert one_line("a\r\nb\x1b[2Jc\u202ed\u2028e") == "a b [2Jc d e"
