"""What is pointed at on pages that nobody here drew is found again; `python -m tests.extract.pointing` prints more."""

from __future__ import annotations

from itertools import islice

import pytest

from tests.extract.pointing import DEBIAN, figures, pages_in, pages_of_others
from tests.sizes import FAULTS


@pytest.mark.faults
@pytest.mark.sized
def test_what_has_a_name_is_found_again_after_ten_changes_and_hardly_anything_else_is_believed_to_be_it() -> None:
    sums = figures(islice(pages_of_others(), 3, None, FAULTS.sized(90, 12)))
    print(f"{sums.pages} pages of others; by a name: {sums.named}; by counting places: {sums.counted}")
    assert sums.pages >= 4
    most = FAULTS.sized(3, 1) / 100  # of a few pages, one is much
    assert len(sums.named.wrong) <= most * sums.named.there, sums.named.wrong
    assert sums.named.found >= 0.9 * sums.named.there
    assert len(sums.counted.wrong) <= 0.02 * sums.counted.there, sums.counted.wrong
    assert sums.counted.found >= 0.9 * sums.counted.there


@pytest.mark.faults
@pytest.mark.sized
def test_debians_documents_can_be_pointed_at() -> None:
    sums = figures(islice(pages_in(DEBIAN), FAULTS.sized(3, 40)))
    if not sums.pages:
        pytest.skip("no HTML in /usr/share/doc: nothing was pointed at")
    print(f"{sums.pages} documents; by a name: {sums.named}; by counting places: {sums.counted}")
    assert sums.named.found + sums.counted.found >= 0.8 * (sums.named.there + sums.counted.there)
