"""Loading: what a row becomes, what is remembered, what is handed back."""

import csv
from pathlib import Path

import pytest

from commonground.failures import Failed
from commonground.loading import Rows
from commonground.loading.columns import Columns, UnusableRow, mapping_of
from commonground.loading.journal import Journal
from commonground.loading.rejected import Rejected
from shared.cities import City, load

CITY = Path(__file__).parents[3] / "cities" / "port-alder"


@pytest.fixture(scope="module")
def city() -> City:
    return load(CITY)


def columns(header: str, mapping: str = "") -> Columns:
    return Columns.of(header.split(","), mapping_of(mapping))


def test_columns_are_found_by_name_or_by_map_and_the_rest_is_named() -> None:
    found = columns("complaint_id,date,district,narrative", "text=narrative, occurred_at=date")
    assert found.places == {"district": "district", "text": "narrative", "occurred_at": "date"}
    assert found.ignored == ("complaint_id",)


def test_map_wins_over_a_column_of_our_own_name() -> None:
    found = columns("text,story", "text=story")
    assert found.places["text"] == "story"
    assert found.ignored == ("text",)


@pytest.mark.parametrize(
    ("header", "mapping", "words"),
    [
        ("narrative", "", "no column text; it has narrative"),
        ("text", "text=story", "no column story; it has text"),
        ("text", "story=text", "'story', but our columns are text"),
        ("text", "text", "'text' is not that"),
    ],
)
def test_what_cannot_be_mapped_is_said(header: str, mapping: str, words: str) -> None:
    with pytest.raises(Failed, match=words):
        columns(header, mapping)


def test_a_full_row_becomes_a_concern(city: City) -> None:
    header = "text,category,district,language,lat,lon,occurred_at,phone,email"
    row = dict(
        zip(
            header.split(","),
            ["Loud", "noise", "9", "en", "39.95", "-75.16", "2026-11-20", "+12155550123", "a@b.example"],
            strict=True,
        )
    )
    assert columns(header).body(row, city) == {
        "text": "Loud",
        "category": "noise",
        "language": "en",
        "occurred_at": "2026-11-20",
        "location": {"lat": 39.95, "lon": -75.16, "district": "9"},
        "contact": {"phone": "+12155550123", "email": "a@b.example"},
    }


def test_an_empty_value_is_left_out(city: City) -> None:
    assert columns("text,district,lat,phone").body(
        {"text": " Loud ", "district": " ", "lat": "", "phone": ""}, city
    ) == {"text": " Loud "}


@pytest.mark.parametrize(
    ("row", "category"),
    [
        ({"classification": "Physical  abuse", "category": ""}, "force"),
        ({"classification": "PHYSICAL ABUSE", "category": "noise"}, "noise"),
        ({"classification": "never heard of", "category": ""}, None),
    ],
)
def test_the_city_pack_says_what_a_classification_means(
    city: City, row: dict[str, str], category: str | None
) -> None:
    body = columns("text,classification,category").body({"text": "x", **row}, city)
    assert body.get("category") == category


def test_thanks_are_thanks(city: City) -> None:
    assert columns("text,category").body({"text": "x", "category": "thanks"}, city)["kind"] == "thanks"


def test_a_row_that_cannot_be_read_says_why(city: City) -> None:
    with pytest.raises(UnusableRow, match="lat is no number: north"):
        columns("text,lat").body({"text": "x", "lat": "north"}, city)
    for odd in ("nan", "inf", "-Infinity", "1e999"):
        with pytest.raises(UnusableRow, match=f"lon is no number: {odd}"):
            columns("text,lat,lon").body({"text": "x", "lat": "1", "lon": odd}, city)
    with pytest.raises(UnusableRow, match="more values than the file has columns"):
        columns("text").body({"text": "x", None: ["y"]}, city)  # type: ignore[dict-item]


def test_rows_are_counted_and_numbered_as_people_count_them(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_bytes('\ufefftext,id\r\n"two\r\nlines",1\r\nx,2\r\n'.encode())
    rows = Rows.open(file)
    assert (rows.header, rows.count) == (("text", "id"), 2)
    assert [(row.number, row.values) for row in rows] == [
        (1, {"text": "two\r\nlines", "id": "1"}),
        (2, {"text": "x", "id": "2"}),
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "is empty"), (b"text\n\xe9t\xe9\n", "is not in UTF-8"), (b"text,text\nx,y\n", "names a column twice")],
)
def test_a_file_that_cannot_be_loaded_says_why(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "rows.csv"
    file.write_bytes(content)
    with pytest.raises(Failed, match=words):
        Rows.open(file)


def done(folder: Path, digest: str, url: str) -> set[int]:
    journal = Journal(folder, digest * 64, url)
    journal.close()
    return journal.done


def test_the_journal_remembers_per_file_and_address(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "a" * 64, "http://one")
    for number in (1, 2, 30):
        journal.note(number)
    journal.close()
    assert done(tmp_path, "a", "http://one") == {1, 2, 30}
    assert done(tmp_path, "a", "http://two") == set()
    assert done(tmp_path, "b", "http://one") == set()


def test_the_journal_counts_how_often_all_began_anew(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "a" * 64, "http://one")
    journal.note(1)
    journal.forget()
    assert (journal.generation, journal.done) == (1, set())
    journal.note(2)
    journal.close()
    again = Journal(tmp_path, "a" * 64, "http://one")
    assert (again.generation, again.done) == (1, {2})
    again.close()


def test_a_choice_of_columns_is_told_from_another() -> None:
    one = columns("text,story,date", "text=story")
    assert one.digest == columns("date,story,text", "text=story").digest
    assert one.digest != columns("text,story,date").digest


def test_a_line_that_a_crash_cut_off_does_not_count(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "a" * 64, "http://one")
    journal.note(7)
    journal.close()
    file = next(tmp_path.glob("*.journal"))
    file.write_text(file.read_text() + "12")  # of 123
    again = Journal(tmp_path, "a" * 64, "http://one")
    assert again.done == {7}
    again.note(5)
    again.close()
    assert done(tmp_path, "a", "http://one") == {5, 7}


def test_a_journal_that_cannot_be_written_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Failed, match="DATA_DIR="):
        Journal(tmp_path / "file", "a" * 64, "http://one")


def test_rejected_rows_keep_their_columns_and_get_the_reason(tmp_path: Path) -> None:
    rejected = Rejected(tmp_path / "rows.csv", ("text", "id"), tmp_path / "fallback")
    rejected.add(3, {"text": "a\nb", "id": None}, "too bad")
    rejected.close()
    assert rejected.path == tmp_path / "rows.csv.rejected.csv"
    with rejected.path.open(newline="") as file:
        assert list(csv.reader(file)) == [["text", "id", "row", "reason"], ["a\nb", "", "3", "too bad"]]


def test_without_rejected_rows_there_is_no_file(tmp_path: Path) -> None:
    rejected = Rejected(tmp_path / "rows.csv", ("text",), tmp_path / "fallback")
    rejected.close()
    assert rejected.path is None
    assert list(tmp_path.iterdir()) == []


def test_beside_a_file_nobody_may_write_to_they_go_elsewhere(tmp_path: Path) -> None:
    # A folder where the file should stand keeps even root from writing it.
    (tmp_path / "rows.csv.rejected.csv").mkdir()
    rejected = Rejected(tmp_path / "rows.csv", ("text",), tmp_path / "fallback")
    rejected.add(1, {"text": "x"}, "why")
    rejected.close()
    assert rejected.path == tmp_path / "fallback" / "rows.csv.rejected.csv"
