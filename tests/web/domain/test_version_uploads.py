from __future__ import annotations

import pytest

from swingby.web.domain.errors import RefusedError
from swingby.web.domain.uploads import MOST_BYTES, Texts, read_uploads
from tests.web.domain.proposing import Sent, zipped


def test_the_folder_of_a_zip_and_what_a_system_adds_are_left_out() -> None:
    sent = zipped(
        {
            "harborline/program.yaml": "program: {}\r\n",
            "harborline/points.yaml": "points: {}",
            "harborline/scenarios/gold.yaml": "- name: gold",
            "harborline/readme.txt": "words",
            "__MACOSX/harborline/._program.yaml": b"\xff\xfe",
            "harborline/.hidden.yaml": "x",
        }
    )

    assert read_uploads([sent]) == Texts(
        {"points.yaml": "points: {}", "program.yaml": "program: {}\n"}, {"gold.yaml": "- name: gold"}
    )


def test_of_loose_files_one_that_begins_with_a_list_is_a_scenario() -> None:
    files = [Sent("program.yaml", b"program: {}"), Sent("cases.yaml", b"# words\n\n- name: gold\n")]

    assert read_uploads(files) == Texts({"program.yaml": "program: {}"}, {"cases.yaml": "# words\n\n- name: gold\n"})


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ([], "There is no YAML file in it. Choose the program's *.yaml files, or a zip of its folder."),
        ([Sent("notes.txt", b"x")], "There is no YAML file in it. Choose the program's *.yaml files, or a zip of its folder."),
        ([Sent("a.zip", b"PK\x03\x04broken")], "a.zip cannot be opened as a zip. Make it anew, without a password."),
        ([Sent("a.zip", b"")], "a.zip cannot be opened as a zip. Make it anew, without a password."),
        ([Sent("a.yaml", b"x: 1\ny: \xff")], "a.yaml, line 2: this is no UTF-8 text. Save the file as UTF-8."),
        ([Sent("a.yaml", b"x: 1\n\0")], "a.yaml, line 2: there is a character that no text has. Save the file as UTF-8."),
        ([zipped({"a/x.yaml": "x: 1", "b/x.yaml": "x: 2"})], "There are two files called x.yaml. Rename one of them."),
        (
            [zipped({"bomb.yaml": b"0" * (MOST_BYTES * 4)})],
            f"These files hold more than {MOST_BYTES:,} bytes. Leave out what is no rule.",
        ),
        (
            [zipped({f"{n}.yaml": "x: 1" for n in range(201)})],
            "These are more than 200 files. Put sections together.",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_words(sent: list[Sent], message: str) -> None:
    with pytest.raises(RefusedError) as refused:
        read_uploads(sent)

    assert str(refused.value) == message
