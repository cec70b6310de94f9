"""Settings: precedence, origins, and clear refusals."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from ragkit.errors import ConfigError
from ragkit.settings import Settings, load_settings


def test_arguments_win_over_environment_over_file(tmp_path):
    (tmp_path / "ragkit.toml").write_text('k = 3\nfusion = "rrf"\nmax_tokens = 100\n[decoding]\ntop_k = 5\n')
    environ = {"RAGKIT_K": "4", "RAGKIT_FUSION": "dense", "RAGKIT_DECODING__TOP_P": "0.5", "RAGKIT_CACHE": "/x"}
    settings, origins = load_settings({"k": 9, "generator": None}, folder=tmp_path, environ=environ)
    assert (settings.k, settings.fusion, settings.max_tokens) == (9, "dense", 100)
    assert settings.decoding == {"top_k": 5, "top_p": 0.5}
    assert (origins["k"], origins["max_tokens"], origins["embedder"]) == ("option", "ragkit.toml", "default")
    assert origins["fusion"] == "environment (RAGKIT_FUSION)"


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"RAGKIT_K": "many"}, "setting k"),
        ({"RAGKIT_KAY": "1"}, "setting kay"),
        ({"RAGKIT_DENSE_WEIGHT": "2"}, "dense_weight"),
    ],
)
def test_mistakes_are_named(tmp_path, environ, words):
    with pytest.raises(ConfigError, match=words):
        load_settings(folder=tmp_path, environ=environ)


def test_a_broken_file_is_refused(tmp_path):
    (tmp_path / "ragkit.toml").write_text("k = = 3")
    with pytest.raises(ConfigError, match=r"ragkit\.toml"):
        load_settings(folder=tmp_path, environ={})


def test_settings_never_change():
    with pytest.raises(ValidationError):
        Settings().k = 3
