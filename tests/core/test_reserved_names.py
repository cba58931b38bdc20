"""Which names of accounts read as the operator's."""

from __future__ import annotations

import pytest

from watcher.core.reserved_names import is_reserved
from watcher.translations import Locale, text


@pytest.mark.parametrize("language", list(Locale), ids=str)
def test_what_pages_call_the_operator_is_reserved(language: Locale) -> None:
    assert is_reserved(text(language, "the_operator"))


@pytest.mark.parametrize(
    "name",
    [
        *("operator", "OPERATOR", "The operator", "operator (official)", "operator2", "Operators", "admin", "sysadmin"),
        *(
            "o p e r a t o r",
            "o.p-e_r/ator",
            "op\u200berator",
            "oper\u00adator",
            "opera\u2060tor",
            "opérator",
            "öperator",
        ),
        *("орerаtоr", "ОPERATОR", "οperator", "ορεrατοr", "оpeгatог", "0perator", "operat0r", "0p3r4t0r", "ᴏᴘᴇʀᴀᴛᴏʀ"),
        *("ｏｐｅｒａｔｏｒ", "𝐨𝐩𝐞𝐫𝐚𝐭𝐨𝐫", "ⓞⓟⓔⓡⓐⓣⓞⓡ", "Adm1n", "аdmin", "adrnin", "ADMΙN", "AdmiNιstrator", "@dmin"),
        *(
            "运营者",
            "本站运营者",
            "運營者",
            "运 营 者",
            "运\u200b营者",
            "营运者",
            "管理员",
            "系统管理员",
            "管理員",
            "⼈管理员",
            "站长",
        ),
    ],
)
def test_a_name_that_reads_as_the_operator_s_is_reserved(name: str) -> None:
    assert is_reserved(name)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Grace",
            "Ada's shop",
            "Cooperator",
            "Opera Torino",
            "Padmini",
            "Administration",
            "Tom Root",
            "Оля",
            "Πέτρος",
        ),
        *("运营部", "运营小王", "张管理", "李运", "長野", "404", "…", "", "Owner 5"),
    ],
)
def test_other_names_are_free(name: str) -> None:
    assert not is_reserved(name)
