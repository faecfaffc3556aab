"""Whatever bytes a reader is given, it reads them or refuses them with an error of ours. Longer: ``tools/fuzz.py``."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterpoise.errors import CounterpoiseError
from tests.sources.parsers import parsers

PARSERS = parsers()
PIECES = st.one_of(
    st.binary(max_size=8),
    st.sampled_from([b'"', b",", b"\t", b"<a>", b"&x;", b"{", b"1e309", b"2021-02-30", b"\0"]),
)


@pytest.mark.parametrize("name", PARSERS)
def test_the_document_of_every_reader_is_read(name):
    PARSERS[name].read(PARSERS[name].seed)


@pytest.mark.parametrize("name", PARSERS)
@settings(max_examples=12, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_changed_documents_are_read_or_refused_in_our_words(name, data):
    content = PARSERS[name].seed
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(content)))
        content = content[:at] + data.draw(PIECES) + content[at + data.draw(st.integers(0, 40)) :]
    try:
        PARSERS[name].read(content)
    except CounterpoiseError:
        return
