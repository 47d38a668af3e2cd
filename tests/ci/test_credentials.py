"""What of the environment is a secret inside a URL."""

import pytest

from onetest_ci.ci.credentials import credentials_in_urls


def found(**environ: str) -> set[str]:
    return {secret.reveal() for secret in credentials_in_urls(environ)}


@pytest.mark.parametrize(
    ("variable", "value", "secrets"),
    [
        (
            "CI_REPOSITORY_URL",
            "https://gitlab-ci-token:glcbt-64_abc@gitlab.example/a/b.git",
            {"glcbt-64_abc"},
        ),
        (
            "CI_REPOSITORY_URL",
            "https://ci:a%2Fb%2Bcdefgh@gitlab.example/a.git",
            {"a%2Fb%2Bcdefgh", "a/b+cdefgh"},
        ),
        ("GIT_URL", "https://ghp_0123456789abcdefghij@github.com/a/b", {"ghp_0123456789abcdefghij"}),
        ("GIT_URL_1", "https://0123456789abcdef0123:x-oauth-basic@github.com/a", {"0123456789abcdef0123"}),
        ("https_proxy", "http://me:squidward@proxy.example:3128", {"squidward"}),
        ("HTTP_PROXY", "HTTP://me:squidward@proxy.example:3128", {"squidward"}),
        (
            "CI_NOTE",
            "fetch https://a:first-secret@x and https://b:other-secret@y",
            {"first-secret", "other-secret"},
        ),
    ],
)
def test_passwords_and_tokens_are_secrets(variable: str, value: str, secrets: set[str]) -> None:
    assert found(**{variable: value}) == secrets


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CI_PROJECT_URL", "https://gitlab.example/a/b"),
        ("GIT_URL", "git@github.com:a/b.git"),
        ("GIT_URL", "ssh://deploy:not-http-at-all@github.com/a/b.git"),
        # A word as short as these stands in reports for other reasons.
        ("HTTPS_PROXY", "http://user:proxy@proxy.example"),
        ("CI_REPOSITORY_URL", "https://somebody@gitlab.example/a.git"),
        # What services of the tests are reached by is no secret of the CI.
        ("DATABASE_URL", "http://postgres:postgres-password@db/test"),
        ("GIT_AUTHOR_EMAIL", "me@example.com"),
        ("CI_API_URL", "https://gitlab.example/path:with/secret-word@here"),
    ],
)
def test_what_is_no_secret_stays(variable: str, value: str) -> None:
    assert found(**{variable: value}) == set()
