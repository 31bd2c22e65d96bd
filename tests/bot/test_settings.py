"""Settings: read once, checked, with sentences that name the variable."""

import pytest

from bot.settings import BotSettings, SettingsInvalid


def test_without_any_variable_the_bot_listens_on_this_machine_only() -> None:
    """The defaults of docs/settings.md."""
    settings = BotSettings.from_environment({})
    assert (settings.host, settings.port, settings.origins) == ("127.0.0.1", 8000, frozenset())
    assert settings.allowed_origins == {"http://127.0.0.1:8000", "http://localhost:8000"}
    assert not settings.secure_cookies


def test_origins_are_read_and_normalised() -> None:
    """A list with spaces and capitals; https origins make cookies https-only."""
    settings = BotSettings.from_environment({"SHOUDAI_ORIGINS": "https://A.example , https://b.example/"})
    assert settings.origins == {"https://a.example", "https://b.example"}
    assert settings.secure_cookies


@pytest.mark.parametrize(
    "origin", ["*", "https://*.example.com", "www.example.com", "https://a.example/page", "ftp://a"]
)
def test_an_origin_that_would_never_match_is_an_error(origin: str) -> None:
    """Silence would look like a broken widget."""
    with pytest.raises(SettingsInvalid, match="SHOUDAI_ORIGINS"):
        BotSettings.from_environment({"SHOUDAI_ORIGINS": origin})


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_a_port_that_is_none_is_an_error(port: str) -> None:
    """The sentence names the variable."""
    with pytest.raises(SettingsInvalid, match="SHOUDAI_WEB_PORT"):
        BotSettings.from_environment({"SHOUDAI_WEB_PORT": port})


def test_a_host_open_to_the_network_has_no_origin_of_its_own_but_the_one_given() -> None:
    """0.0.0.0 is no address that a page can have: SHOUDAI_ORIGINS must name it."""
    settings = BotSettings.from_environment(
        {"SHOUDAI_HOST": "0.0.0.0", "SHOUDAI_ORIGINS": "http://10.0.0.5:8000"}
    )
    assert "http://10.0.0.5:8000" in settings.allowed_origins
    assert "http://127.0.0.1:8000" not in settings.allowed_origins
