"""The form of a key, where it may go, and where things are."""

from __future__ import annotations

import socket

import pytest

from core.errors import SettingsError
from core.tripo import (
    TripoClient,
    base_is_loopback,
    clean_key,
    default_base,
    default_file_hosts,
    is_sandbox_key,
    region_of,
)
from tests.tripo.conftest import KEY, http_reply, local_client, raw_server


@pytest.mark.parametrize("text", [KEY, f"  {KEY}\n", f'"{KEY}"', f" '{KEY}' ", f'" {KEY} "'])
def test_blanks_and_quotes_around_a_key_are_forgiven(text: str) -> None:
    assert clean_key(text) == KEY


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "is empty"),
        ("  ''  ", "is empty"),
        ("tsk-abcdef", "underscore"),
        ("tcli_abcdef", "client id"),
        ("sk_abcdef", "does not start with tsk_"),
        ("TSK_abcdef", "does not start with tsk_"),
        ("tsk_abc def", "white space inside"),
        ("tsk_abc\ndef", "white space inside"),
        ("tsk_", "nothing after"),
        ("tsk_schlüssel", "characters that no key has"),
        ("tsk_abc\x00def", "characters that no key has"),
    ],
)
def test_a_key_that_cannot_be_right_is_refused_with_its_fault_and_never_quoted(text: str, fault: str) -> None:
    with pytest.raises(SettingsError, match=fault) as refused:
        clean_key(text)

    assert "abc" not in refused.value.message + refused.value.suggestion


@pytest.mark.parametrize("key", ["tsk_sandbox", "tsk_sandbox_second"])
def test_the_sandboxs_key_never_leaves_this_machine(key: str) -> None:
    assert is_sandbox_key(key)
    for base in (
        "",
        "https://openapi.tripo3d.ai/v3",
        "http://10.0.0.5:8600/v3",
        "http://127.0.0.1.evil.com/v3",
    ):
        with pytest.raises(SettingsError, match="not on this machine"):
            TripoClient(key, base_url=base)
    for base in ("http://127.0.0.1:8600/v3", "http://localhost:8600/v3", "http://[::1]:8600/v3"):
        TripoClient(key, base_url=base).close()


def test_a_key_that_merely_resembles_the_sandboxs_is_a_key() -> None:
    assert not is_sandbox_key("tsk_sandboxer")
    TripoClient("tsk_sandboxer").close()


@pytest.mark.parametrize(
    "base", ["openapi.tripo3d.ai/v3", "ftp://x/v3", "https://", "https://[::1/v3", "https://x:y/v3"]
)
def test_an_address_that_is_none_is_refused(base: str) -> None:
    with pytest.raises(SettingsError, match="TRIPO_API_BASE"):
        TripoClient(KEY, base_url=base)


def test_the_last_slash_of_an_address_does_not_matter() -> None:
    with TripoClient(KEY, base_url="https://gateway.example.com/tripo/v3/") as client:
        assert repr(client) == "TripoClient(v3, https://gateway.example.com/tripo/v3)"


def test_the_public_addresses_are_the_documented_ones() -> None:
    assert default_base("v2") == "https://api.tripo3d.ai/v2/openapi"
    assert default_base("v3") == "https://openapi.tripo3d.ai/v3"
    assert default_file_hosts() == (".tripo3d.com", ".tripo3d.ai", "tripo-data.cdn.bcebos.com")


@pytest.mark.parametrize(
    ("base", "region"),
    [
        ("https://openapi.tripo3d.ai/v3", "international"),
        ("https://api.tripo3d.com/v2/openapi", "china"),
        ("http://127.0.0.1:8600/v3", "local"),
        ("https://gateway.example.com/v3", "other"),
        ("nonsense", "other"),
    ],
)
def test_an_address_belongs_to_a_region(base: str, region: str) -> None:
    assert region_of(base) == region
    assert base_is_loopback(base) is (region == "local")


@pytest.mark.parametrize("setting", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_a_proxy_of_the_machine_is_not_asked_for_the_machine_itself(
    monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed_again:
        nobody = f"http://127.0.0.1:{closed_again.getsockname()[1]}"
    monkeypatch.setenv(setting, nobody)
    reply = http_reply("200 OK", b'{"code": 0, "data": {"balance": 5, "frozen": 0}}')

    with raw_server(reply) as server, local_client(server) as client:
        assert client.balance().balance == 5
