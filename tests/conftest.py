"""Fixtures for everyone: the model cache, the shared test data, databases; what is missing skips with a reason."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from rtc_server.weights.cache import locate_default
from tests.fakes.postgres import PostgresProgram, postgres_program
from tests.replays import replay_all

REPOSITORY = Path(__file__).resolve().parent.parent


IN_REAL_TIME = frozenset({"caller", "e2e", "recording", "rtc", "speech", "static"})
"""Folders whose tests keep to the clock of a call or wait for a browser; ``make test`` runs them one after the other,
with nothing beside."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark those tests."""
    for item in items:
        if item.path.relative_to(REPOSITORY / "tests").parts[0] in IN_REAL_TIME:
            item.add_marker(pytest.mark.realtime)


@pytest.fixture(scope="session")
def weights() -> Path:
    """The folder of model weights, as ``visavis models pull`` leaves it."""
    folder = locate_default().folder
    if not (folder / "silero-vad" / "silero_vad.onnx").exists():
        pytest.skip(f"no model weights in {folder}: run 'visavis models pull'")
    return folder


@pytest.fixture(scope="session")
def ocr_b_font() -> Path:
    """The type of machine-readable zones, which specimens of documents are drawn with."""
    font = locate_default().folder / "ocr-b-font" / "OCRB7.ttf"
    if not font.exists():
        pytest.skip(f"no OCR-B font at {font}: run 'visavis models pull ocr-b-font'")
    return font


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Third-party test data that stands beside the checkout and is never committed."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no shared test data at {folder}")
    return folder


@pytest.fixture(scope="session", autouse=True)
def journals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Every server that the suite starts writes its journals here; in the end all must replay to the same commands."""
    folder = tmp_path_factory.mktemp("journals")
    os.environ["VISAVIS_JOURNAL_DIR"] = str(folder)
    yield folder
    del os.environ["VISAVIS_JOURNAL_DIR"]
    replay_all(folder)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresProgram]:
    """One PostgreSQL for the whole suite."""
    with postgres_program() as program:
        yield program


@pytest.fixture
def postgres_url(postgres: PostgresProgram) -> Iterator[str]:
    """An empty PostgreSQL database of the test's own."""
    url = postgres.create_database()
    yield url
    postgres.drop_database(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of the test's own with nothing in it, not even tables: the test runs once on each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'visavis.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of the test's own without rows: the test runs once on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'visavis.db'}"
        return
    postgres: PostgresProgram = request.getfixturevalue("postgres")
    url = postgres.borrow_database()
    yield url
    postgres.return_database(url)
