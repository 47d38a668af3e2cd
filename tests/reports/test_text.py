from onetest_ci.model import Attachment
from onetest_ci.reports.engine.text import TextBuffer, attachments_in
from onetest_ci.text.cut import cut_middle


def collect(pieces: list[str], limit: int) -> tuple[str, list[Attachment], int]:
    cuts: list[None] = []
    buffer = TextBuffer(limit, lambda: cuts.append(None))
    for piece in pieces:
        buffer.add(piece)
    text = buffer.take()
    return text, buffer.take_attachments(text), len(cuts)


def test_a_short_text_is_whole() -> None:
    assert collect(["ab", "c"], 3) == ("abc", [], 0)


def test_a_long_text_is_cut_the_same_in_however_many_pieces() -> None:
    text = "".join(chr(0x100 + i % 500) for i in range(5000))
    expected = cut_middle(text, 101)

    for size in (1, 7, 50, 51, 100, 4999, 5000):
        pieces = [text[at : at + size] for at in range(0, len(text), size)]
        assert collect(pieces, 101) == (expected, [], 1)


def test_a_buffer_starts_afresh_for_each_text() -> None:
    buffer = TextBuffer(10, lambda: None)
    buffer.add("x" * 50 + "[[ATTACHMENT|a]]" + "x" * 50)
    first = buffer.take()

    assert buffer.take_attachments(first) == [Attachment("a")]
    buffer.add("short")
    assert buffer.take() == "short"
    assert buffer.take_attachments("short") == []


def test_marks_are_found_anywhere_in_a_text() -> None:
    assert attachments_in(
        "x [[ATTACHMENT|a/b c.png]] y\n[[ATTACHMENT| d ]][[ATTACHMENT|]] [[ATTACHMENT|open"
    ) == [
        Attachment("a/b c.png"),
        Attachment("d"),
    ]
