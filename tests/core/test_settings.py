"""Settings: read once, all faults at once, secrets from files and never in a log."""

import stat
import threading

import pytest

from lms.core.settings import Settings, SettingsError

GOOD = {"LMS_SECRET_KEY": "x" * 32, "LMS_MAIL_URL": "outbox:"}


def read(tmp_path, **environ):
    return Settings.from_env({"LMS_DATA_DIR": str(tmp_path / "data"), **GOOD, **environ})


def faults(tmp_path, **environ):
    with pytest.raises(SettingsError) as refused:
        read(tmp_path, **environ)
    return refused.value.faults


def test_defaults(tmp_path):
    settings = read(tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path}/data/lms.sqlite3"
    assert settings.issuer_url == settings.base_url == "http://localhost:8000"
    assert settings.languages == ("fr", "en", "ar")
    assert (settings.workers, settings.trusted_proxies, settings.demo) == (2, 0, False)
    assert settings.is_loopback
    assert settings.hostname == "localhost"


def test_all_faults_at_once_each_with_its_remedy(tmp_path):
    wrong = {
        "LMS_SECRET_KEY": "short",
        "LMS_MAIL_URL": "",
        "LMS_BASE_URL": "coaching.example",
        "LMS_ISSUER_URL": "ftp://x",
        "LMS_LANGUAGES": "fr,de",
        "LMS_TRUSTED_PROXIES": "some",
        "LMS_WORKERS": "0",
        "LMS_DEMO": "maybe",
        "LMS_MAIL_FROM": "Coaching <no-reply@coaching.example>",
        "LMS_DATABASE_URL": "mysql://localhost/lms",
        "LMS_SITE_NAME": "two\nlines",
    }
    found = faults(tmp_path, **wrong)
    assert {line.partition(":")[0] for line in found} == set(wrong)
    assert all(len(line.partition(": ")[2]) > 10 for line in found)
    assert all("invalid literal" not in line for line in found)


@pytest.mark.parametrize(
    "url",
    [
        "https://coaching.example/lms",
        "https://coaching.example?x",
        "https://user@coaching.example",
        "https://coaching.example:port",
        "https://",
        "javascript:alert(1)",
        "https://a b",
    ],
)
def test_an_address_has_no_path_and_nothing_else(tmp_path, url):
    assert faults(tmp_path, LMS_BASE_URL=url)[0].startswith("LMS_BASE_URL")


@pytest.mark.parametrize(
    ("url", "host", "hostname"),
    [
        ("https://Coaching.Example/", "coaching.example", "coaching.example"),
        ("http://[::1]:8000", "[::1]:8000", "::1"),
        ("http://192.168.1.2:8000", "192.168.1.2:8000", "192.168.1.2"),
    ],
)
def test_host_of_the_address(tmp_path, url, host, hostname):
    settings = read(tmp_path, LMS_BASE_URL=url)
    assert (settings.host, settings.hostname) == (host, hostname)


@pytest.mark.parametrize(
    "url", ["http://mail", "smtp://", "smtp://host:none", "mail.example.org", "smtp:host"]
)
def test_a_mail_server_is_an_address(tmp_path, url):
    assert faults(tmp_path, LMS_MAIL_URL=url)[0].startswith("LMS_MAIL_URL")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_in_whatever_way_it_is_written(tmp_path, scheme):
    settings = read(tmp_path, LMS_DATABASE_URL=f"{scheme}://u:p@host/name")
    assert settings.database_url == "postgresql+psycopg://u:p@host/name"


def test_empty_means_not_set(tmp_path):
    assert read(tmp_path, LMS_WORKERS="", LMS_BASE_URL="", LMS_DEMO="").workers == 2


def test_a_file_may_hold_the_value(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("from a file, from a file, from a file\n", encoding="utf-8")
    settings = read(tmp_path, LMS_SECRET_KEY="", LMS_SECRET_KEY_FILE=str(secret))
    assert settings.secret_key == "from a file, from a file, from a file"


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    assert faults(tmp_path, LMS_SECRET_KEY_FILE=str(tmp_path / "none")) == [
        f"LMS_SECRET_KEY: LMS_SECRET_KEY_FILE names {tmp_path}/none, which cannot be read"
    ]
    (tmp_path / "binary").write_bytes(b"\xff\xfe\xff")
    assert "cannot be read" in faults(tmp_path, LMS_MAIL_URL_FILE=str(tmp_path / "binary"))[0]


def test_a_data_folder_that_cannot_be_is_named(tmp_path):
    (tmp_path / "file").touch()
    found = faults(tmp_path, LMS_DATA_DIR=str(tmp_path / "file" / "data"), LMS_WORKERS="x")
    assert [line.partition(":")[0] for line in found] == ["LMS_WORKERS", "LMS_DATA_DIR"]


def test_no_secret_is_shown(tmp_path):
    settings = read(
        tmp_path,
        LMS_SECRET_KEY="secret-one " * 4,
        LMS_MAIL_URL="smtp://u:secret-two@host",
        LMS_DATABASE_URL="postgresql://u:secret-three@host/n",
        LMS_KEY_PASSPHRASE="secret-four",
        LMS_REDIS_URL="redis://:secret-five@host",
        LMS_DEMO_PASSWORD="secret-six",
    )
    assert "secret-" not in repr(settings)


def test_the_demonstration_keeps_one_secret(tmp_path):
    """Several processes that start together end with the same secret."""
    environ = {"LMS_DATA_DIR": str(tmp_path), "LMS_DEMO": "1"}
    found = []
    start = threading.Barrier(8)

    def begin():
        start.wait()
        found.append(Settings.from_env(environ).secret_key)

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert len(found[0]) >= 32
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
    assert Settings.from_env(environ).mail_url == "outbox:"
