"""The place of a failure: spellings of frames, and paths of other machines."""

import os
from pathlib import Path

import pytest

from onetest_ci.traces.finder import PlaceFinder
from onetest_ci.traces.own_frames import own_frames
from onetest_ci.traces.place import Place
from onetest_ci.traces.source_index import LARGEST, SourceIndex

FILES = (
    "tests/test_cart.py",
    "shop/cart.py",
    "services/a/src/index.js",
    "services/b/src/index.js",
    "web/src/cart.spec.ts",
    "src/main/java/shop/Cart.java",
    "src/test/java/shop/CartTest.java",
    "core/src/Cart.kt",
    "src/My Cart.cs",
    "cart/cart_test.go",
    "orders/cart_test.go",
    "lib/cart.rb",
    "src/Cart.php",
    "src/lib.rs",
    "src/cart.cc",
    "Sources/Cart.swift",
    "test/cart_test.exs",
    "test/cart_test.dart",
    "vendor/other/only.php",
    "node_modules/other/only.js",
    ".git/only.py",
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("finder") / "checkout"
    for name in FILES:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        first = "package com.example.shop" if name.endswith(".kt") else ""
        file.write_text(first + "\n" * 100, encoding="utf-8")
    (folder / "cart/cart_test.go").write_text("\n\tt.Log(1)\n\tt.Error(2)\n", encoding="utf-8")
    outside = folder.parent / "outside"
    outside.mkdir()
    (outside / "linked.py").write_text("\n", encoding="utf-8")
    (folder / "link").symlink_to(outside)
    (folder / "linked.py").symlink_to(outside / "linked.py")
    return folder


TRACES = {
    "python, innermost last": (
        (
            'Traceback (most recent call last):\n  File "/app/tests/test_cart.py", line 4, in test\n    a()\n'
            '  File "/app/shop/cart.py", line 9, in a\n    b()\n'
            '  File "/usr/lib/python3.11/json/decoder.py", line 5, in b\nValueError: no'
        ),
        "shop/cart.py:9",
    ),
    "python, chained": (
        (
            '  File "/app/shop/cart.py", line 9, in a\nKeyError: 1\n\n'
            "During handling of the above exception, another exception occurred:\n\n"
            '  File "/app/tests/test_cart.py", line 4, in test\nValueError: no'
        ),
        "tests/test_cart.py:4",
    ),
    "pytest": ("tests/test_cart.py:3: in test\n    a()\nshop/cart.py:7: ValueError", "shop/cart.py:7"),
    "pytest, output of the test": (
        "tests/test_cart.py:3: ValueError\n----- Captured stdout call -----\nshop/cart.py:7: printed",
        "tests/test_cart.py:3",
    ),
    "V8": (
        "Error: no\n    at async f (/w/web/src/cart.spec.ts:3:5)\n    at x (/w/lib/cart.rb:1)",
        "web/src/cart.spec.ts:3",
    ),
    "Node, a subtest": (
        (
            "Error [ERR_TEST_FAILURE]: no\n    at f (/w/web/src/cart.spec.ts:3:5) {\n"
            "  code: 'ERR_TEST_FAILURE',\n"
            "  failureType: 'testCodeFailure',\n  cause: Error: no\n      at g (/w/web/src/cart.spec.ts:9:5)"
        ),
        "web/src/cart.spec.ts:9",
    ),
    "Node, a subtest that threw no error": (
        (
            "Error [ERR_TEST_FAILURE]: no\n    at f (/w/web/src/cart.spec.ts:3:5) {\n"
            "  code: 'ERR_TEST_FAILURE',\n"
            "  failureType: 'testCodeFailure',\n  cause: 'no'\n}"
        ),
        "web/src/cart.spec.ts:3",
    ),
    "V8, file:": ("    at file:///w/web/src/cart.spec.ts:3:5", "web/src/cart.spec.ts:3"),
    "V8, Windows": ("    at f (C:\\w\\web\\src\\cart.spec.ts:3:5)", "web/src/cart.spec.ts:3"),
    "V8, file: on Windows": ("    at f (file:///C:/w/web/src/cart.spec.ts:3:5)", "web/src/cart.spec.ts:3"),
    "Firefox": ("f@http://localhost:9876/base/web/src/cart.spec.ts?abc:3:5", "web/src/cart.spec.ts:3"),
    "WebKit": ("@http://localhost/web/src/cart.spec.ts:3:5", "web/src/cart.spec.ts:3"),
    "webpack": ("    at f (webpack://web/./src/cart.spec.ts:3:5)", "web/src/cart.spec.ts:3"),
    "JVM, innermost first": (
        (
            "java.lang.Error: no\n\tat java.base/java.util.List.of(List.java:3)\n"
            "\tat shop.Cart$Inner.f(Cart.java:9)\n"
            "\tat app//shop.CartTest.total(CartTest.java:5)\nCaused by: x\n\tat shop.Cart.g(Cart.java:1)"
        ),
        "src/main/java/shop/Cart.java:9",
    ),
    "JVM, another package": ("\tat other.Cart.f(Cart.java:9)", ""),
    "Kotlin without the package's folders": (
        "\tat com.example.shop.CartKt.total(Cart.kt:9)",
        "core/src/Cart.kt:9",
    ),
    "Kotlin of another package": ("\tat com.other.CartKt.total(Cart.kt:9)", ""),
    ".NET": (
        (
            "   at Xunit.Assert.Equal() in /_/src/xunit/Asserts.cs:line 1\n"
            "   at Shop.Cart.Total() in D:\\a (1)\\src\\My Cart.cs:line 12"
        ),
        "src/My Cart.cs:12",
    ),
    ".NET, German": ("   bei Shop.Cart.Total() in D:\\src\\My Cart.cs:Zeile 12.", "src/My Cart.cs:12"),
    "Go panic": (
        "panic: no\n\nruntime.x()\n\t/usr/local/go/src/runtime/panic.go:1\nF\n\t/w/cart/cart_test.go:3 +0x2",
        "cart/cart_test.go:3",
    ),
    "testify": ("    Error Trace:\t/w/cart/cart_test.go:3\n    Error:  \tnot equal", "cart/cart_test.go:3"),
    "Go, two of the name": ("    cart_test.go:3: no", ""),
    "Ruby": ("     # /gems/rspec/x.rb:3:in `a'\n     # ./lib/cart.rb:7:in `b'", "lib/cart.rb:7"),
    "PHP": ("#0 /w/vendor/x/y.php(3): f()\n#1 /w/src/Cart.php(7): g()", "src/Cart.php:7"),
    "Rust": ("thread 't' panicked at src/lib.rs:3:5:\nno", "src/lib.rs:3"),
    "Rust before 1.73": ("thread 't' panicked at 'no', src/lib.rs:3:5", "src/lib.rs:3"),
    "Rust, the standard library": (
        "panicked at /rustc/abc/library/core/option.rs:3:5\n  at ./src/lib.rs:9:1",
        "src/lib.rs:9",
    ),
    "GoogleTest": ("../src/cart.cc:12: Failure\nno", "src/cart.cc:12"),
    "MSVC": ("C:\\w\\src\\cart.cc(12): error: no", "src/cart.cc:12"),
    "Swift": ("/w/Sources/Cart.swift:12: error: no", "Sources/Cart.swift:12"),
    "ExUnit": (
        "     test/cart_test.exs:5\n     no\n     stacktrace:\n       test/cart_test.exs:7: (test)",
        "test/cart_test.exs:7",
    ),
    "Dart": ("test/cart_test.dart 7:5  main.<fn>", "test/cart_test.dart:7"),
    "two files fit": ("    at f (src/index.js:3:5)", ""),
    "one of two fits": ("    at f (/w/services/b/src/index.js:3:5)", "services/b/src/index.js:3"),
    "other case": ("    at f (c:\\W\\Web\\SRC\\Cart.spec.ts:3:5)", "web/src/cart.spec.ts:3"),
    "vendored": ("#0 /w/vendor/other/only.php(3): f()", ""),
    "modules": ("    at f (/w/node_modules/other/only.js:3:5)", ""),
    "version control": ('  File ".git/only.py", line 3, in f', ""),
    "a link to a file": ('  File "linked.py", line 3, in f', ""),
    "a link to a folder": ('  File "link/linked.py", line 3, in f', ""),
    "upwards": ('  File "../outside/linked.py", line 3, in f', ""),
    "not there": ('  File "shop/gone.py", line 3, in f', ""),
    "line 0": ('  File "shop/cart.py", line 0, in f', ""),
}


@pytest.mark.parametrize("name", TRACES)
def test_place_of_a_trace(name: str, root: Path) -> None:
    trace, expected = TRACES[name]
    place = PlaceFinder(root).place(trace)
    assert (f"{place.file}:{place.line}" if place else "") == expected


def test_an_absolute_path_of_this_checkout_is_not_guessed(root: Path) -> None:
    finder = PlaceFinder(root)
    assert finder.place(f'  File "{root}/shop/cart.py", line 3, in f') == Place("shop/cart.py", 3)
    assert finder.place(f'  File "{root}/build/shop/cart.py", line 3, in f') is None


def test_the_test_tells_files_of_one_name_apart(root: Path) -> None:
    finder = PlaceFinder(root)
    trace = "    cart_test.go:2: logged\n    cart_test.go:3: no"
    assert finder.place(trace, code_ref="cart/cart_test.go:TestX") == Place("cart/cart_test.go", 3)
    near = finder.place("    at f (src/index.js:3:5)", report="services/b/build/junit.xml")
    assert near == Place("services/b/src/index.js", 3)


def test_without_an_own_frame_the_test_is_the_place(root: Path) -> None:
    finder = PlaceFinder(root)
    assert finder.place("no", "tests/test_cart.py", 3) == Place("tests/test_cart.py", 3)
    assert finder.place("no", "tests/test_cart.py") == Place("tests/test_cart.py", None)
    assert finder.place("no", "../outside/linked.py", 3) is None
    assert finder.place("no", "link/linked.py", 3) is None


def test_a_line_that_the_file_does_not_have_is_not_a_place(tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "a.js").write_bytes(b"1\r\n2\n3")
    (tmp_path / "web" / "b.js").write_bytes(b"1\n2\n")
    finder = PlaceFinder(tmp_path)
    assert finder.place("    at f (/app/web/a.js:3:1)") == Place("web/a.js", 3)
    for line in (0, 4, 99, 10**30):
        assert finder.place(f"    at f (/app/web/a.js:{line}:1)") is None
        assert finder.place("no", "web/a.js", line) == Place("web/a.js", None)
    # The next frame of the checkout counts, which called the first.
    assert finder.place("    at f (/app/web/a.js:9:1)\n    at g (/app/web/b.js:2:1)") == Place("web/b.js", 2)


def test_lines_of_hostile_files_are_counted_within_limits(tmp_path: Path) -> None:
    outside = tmp_path / "outside.py"
    outside.write_text("\n" * 9, encoding="utf-8")
    root = tmp_path / "checkout"
    root.mkdir()
    os.mkfifo(root / "pipe.py")
    (root / "link.py").symlink_to(outside)
    (root / "folder.py").mkdir()
    with (root / "large.py").open("wb") as large:
        large.truncate(LARGEST + 1)
    index = SourceIndex(root)
    lines = {name: index.has_line(name, 1) for name in ("pipe.py", "link.py", "folder.py", "gone.py")}
    assert not any(lines.values()), lines
    assert index.has_line("large.py", 1_000)
    assert not index.has_line("large.py", 0)


HOSTILE = (
    "a.py" * 50_000,
    "/" * 200_000 + "x.go:1",
    ("(" * 1_000 + "x.js:1:1\n") * 200,
    "\tat " + "a." * 100_000 + "b(C.java:1)",
    " " * 100_000 + 'File "' + "x" * 100_000 + '.py", line 1',
    "x.py:1 " * 100_000,
    "http://" * 50_000 + "x.js:1:1",
    "\n".join("x.rb:1" for _ in range(200_000)),
    "\x00\u202e\ud800.py:1: x",
    "  failureType: 'x',\n" * 20_000,
    " " * 200_000 + "failureType: 'x',\n" + " " * 200_000 + "cause: ",
)


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_text_leads_nowhere(number: int, root: Path) -> None:
    assert PlaceFinder(root).place(HOSTILE[number]) is None
    assert len(own_frames(HOSTILE[number])) <= 4_000


def test_own_frames_keep_the_message(root: Path) -> None:
    trace = (
        "java.lang.Error: no\n\tat org.junit.Assert.fail(Assert.java:3)\n\tat shop.Cart.f(Cart.java:9)\n"
        "\tat java.base/java.lang.reflect.Method.invoke(Method.java:5)\n\t... 23 more"
    )
    assert own_frames(trace, PlaceFinder(root).is_own) == (
        "java.lang.Error: no\n\tat shop.Cart.f(Cart.java:9)"
    )
