"""Which frames are of libraries, runtimes and test frameworks, and not of the user's own code."""

import re
from typing import Final

from onetest_ci.traces.frames import Frame, Runtime

FOLDERS: Final = frozenset(
    {
        *("site-packages", "dist-packages", "__pypackages__", "node_modules", "bower_components"),
        *("jspm_packages", ".yarn", ".pnpm-store", "vendor", ".cargo", "rustc", ".gradle", ".m2", ".nuget"),
        *(".venv", "venv", ".tox", ".nox", ".bundle", "gems", "rubygems", ".rbenv", ".pub-cache", "deps"),
        *("Pods", "Carthage", "_deps", "third_party", "__pycache__"),
    }
)
"""Folders that hold other people's code, in a path from a trace or in a checkout."""

# Places of runtimes. In order: Python, Node, Deno and Bun, Go, Rust, Ruby, Debian's packages, Dart, .NET.
_PATHS: Final = (
    r"/lib(?:64)?/python\d|/Lib/(?:unittest|asyncio|importlib|concurrent|contextlib)\b|^<frozen|^importlib/"
    r"|^(?:node:|internal/|ext:|bun:|native:)|/pkg/mod/|/(?:usr/local/go|go/\d[^/]*|libexec)/src/"
    r"|/src/(?:testing|runtime|reflect|net/http)/[a-z_]+\.go$"
    r"|/rustc/|/rustlib/|/lib/ruby/|^/usr/(?:lib|share|include)/|^dart:|/_/src/(?:xunit|NUnit|libraries)"
    r"|^_testmain\.go$|/webpack/(?:bootstrap|runtime)"
)
_JVM: Final = (
    r"(?:java|javax|jdk|sun|com\.sun|jakarta|kotlin|kotlinx|groovy|scala|clojure|android|androidx|junit"
    r"|org\.(?:junit|testng|gradle|apache|codehaus|spockframework|scalatest|scalactic|assertj|hamcrest"
    r"|mockito|opentest4j|springframework|hibernate|powermock|easymock|jetbrains|eclipse|openqa|slf4j)"
    r"|io\.(?:kotest|mockk|cucumber|restassured|netty|micronaut|quarkus|ktor|reactivex)|reactor|worksheet"
    r"|com\.(?:google\.common|google\.truth|intellij|android|fasterxml))\."
)
_DOTNET: Final = (
    r"(?:System|Microsoft|Xunit|NUnit|Moq|FluentAssertions|Shouldly|NSubstitute|Castle|TechTalk|Reqnroll"
    r"|MbUnit|Gallio)\."
)


def is_library(frame: Frame) -> bool:
    """Return whether a frame is of a library, by its path and the name of its function."""
    if frame.function:
        pattern = _JVM if frame.runtime is Runtime.JVM else _DOTNET
        if re.match(pattern, frame.function):
            return True
    return not FOLDERS.isdisjoint(frame.path.split("/")[:-1]) or re.search(_PATHS, frame.path) is not None
