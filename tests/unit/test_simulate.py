"""Simulated reports: the same for a seed, never mixed, marked wherever they show, all found."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import evalkit
from evalkit import cli, testing
from evalkit.editions import simulated, store
from evalkit.editions.inputs import Role
from evalkit.editions.quality import of_files
from evalkit.editions.store import Edition
from evalkit.errors import EditionError, EvalkitError, Reason
from evalkit.methods.amounts import doubtful
from evalkit.model import Basis
from evalkit.reference import paths
from evalkit.reference.consistency import Relation, rules
from evalkit.reference.texts import text
from evalkit.simulate import simulate
from evalkit.simulate.scale import scale
from evalkit.simulate.write import write
from evalkit.sources.check import check
from evalkit.sources.loaded import Loaded
from evalkit.sources.truth import COLUMNS
from evalkit.views.overview import Overview
from evalkit.views.report import Report

MARK = text("basis.simulated")
SEVERITIES = {"silent": "gap", "late": "gap", "unanswered": "gap"}


def about_reports(findings: pd.DataFrame) -> pd.DataFrame:
    """Leave out what is found in the project's own data of aid activities."""
    return findings[~findings["kind"].str.startswith("activity_")]


def keys(frame: pd.DataFrame) -> set[tuple[str, ...]]:
    return set(frame[list(COLUMNS)].itertuples(index=False, name=None))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of four cycles."""
    out = tmp_path_factory.mktemp("simulated")
    write(simulate(1, 4), out)
    return out


@pytest.fixture(scope="module")
def simulated_edition(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Edition:
    """An edition of them, beside the project's own data."""
    home = tmp_path_factory.mktemp("editions")
    return evalkit.build([folder], out=home / "training")


# --- the reports --------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(tmp_path: Path) -> None:
    one, same, other = (
        {path.name: path.read_bytes() for path in write(simulate(seed, 2), tmp_path / name)}
        for name, seed in (("one", 7), ("same", 7), ("other", 8))
    )
    assert one == same
    assert one["answers-simulated.csv"] != other["answers-simulated.csv"]
    assert all("simulated" in name for name in one)


def test_every_row_is_simulated_and_of_a_real_party_question_and_cycle() -> None:
    made = simulate(3, 3)
    own = {row["iso3"] for row in _rows("parties.csv")}
    cycles = [row["cycle"] for row in _rows("cycles.csv")]
    for name in ("answers", "submissions", "registrations"):
        rows = made.tables[name]
        assert set(rows["basis"]) == {Basis.SIMULATED}
        assert set(rows["party"]) <= own
    assert set(made.tables["answers"]["cycle"]) == set(cycles[:3])
    assert set(made.tables["answers"]["question"]) <= {
        row["question"] for row in _rows("questions/mc-1-8.csv")
    }


def _rows(name: str) -> list[dict[str, str]]:
    read = pd.read_csv(paths.reference(name), dtype=str, keep_default_na=False)
    return read.to_dict("records")


def test_more_cycles_than_there_are_is_refused_with_how_many_there_are() -> None:
    with pytest.raises(EvalkitError, match="Ask for 1 to 5"):
        simulate(1, 6)


def test_reports_of_any_size_are_simulated_on_tables_that_are_given() -> None:
    base = scale(20, 3, 12)
    made = simulate(1, base["cycles"], parties=base["parties"], questions=base["questions"])
    reports = len(made.tables["submissions"])
    silent = int((made.truth["kind"] == "silent").sum())
    assert reports + silent == 60, "each Party owes each report, and sends it or is silent"
    unanswered = int((made.truth["kind"] == "unanswered").sum())
    assert len(made.tables["answers"]) == 12 * reports - unanswered


# --- what the report on quality finds -----------------------------------------------------------


@pytest.mark.parametrize(("seed", "cycles"), [(2, 1), (4, 3), (11, 4)])
def test_the_report_finds_what_is_planted_and_nothing_else(
    seed: int, cycles: int, tmp_path: Path
) -> None:
    made = simulate(seed, cycles)
    found = about_reports(of_files(write(made, tmp_path)).findings)
    assert keys(found) == keys(made.truth)
    assert len(found) == len(made.truth), "a case is told once"
    expected = found["kind"].map(SEVERITIES).fillna("doubt")
    assert (found["severity"] == expected).all()


def test_the_edition_tells_the_same_and_no_value_is_changed(
    simulated_edition: Edition, folder: Path
) -> None:
    file = simulated_edition.path / "quality" / "quality-simulated.csv"
    read = pd.read_csv(file, comment="#", dtype=str, keep_default_na=False, encoding="utf-8-sig")
    made = simulate(1, 4)
    assert keys(about_reports(read)) == keys(made.truth)
    stored = simulated_edition.table("answers").drop(columns="origin")
    pd.testing.assert_frame_equal(stored, made.tables["answers"].drop(columns="origin"))
    first = read[read["kind"] == "within"].iloc[0]
    assert (first["file"], first["remedy"] != "") == ("incoming/answers-simulated.csv", True)


def test_every_kind_of_rule_is_planted_so_that_each_is_tested() -> None:
    planted = set(simulate(1, 4).truth["rule"])
    # Readers refuse codes that exclude each other, so that none of them reaches a table.
    never = (Relation.EXPECTED_IF, Relation.ALONE)
    checked = {r.rule for r in rules() if r.relation not in never}
    # Answers to these hang on two rules at once: a planted one would contradict twice.
    twice = {"3.1.b-asked", "3.1.c-asked", "4.1.n-asked", "7.3-asked"}
    assert checked - planted == twice


def test_rules_name_questions_of_the_form_and_codes_that_may_be_answered() -> None:
    form = {row["question"]: row for row in _rows("questions/mc-1-8.csv")}
    for rule in rules():
        assert rule.left in form
        allowed = form[rule.left]["choices"].split("|")
        assert set(rule.left_is) <= set(allowed), rule.rule
        if rule.relation in (Relation.ASKED_IF, Relation.EXPECTED_IF) and rule.right:
            assert set(rule.right_is) <= set(form[rule.right]["choices"].split("|")), rule.rule
        assert rule.meaning
        assert rule.remedy.endswith(".")


def test_amounts_do_not_depend_on_the_unit_or_on_the_order_of_rows() -> None:
    rng = np.random.default_rng(5)
    amounts = pd.DataFrame(
        [(f"P{p}", "q", f"c{c}", c) for p in range(40) for c in range(3)],
        columns=["party", "question", "cycle", "order"],
    )
    amounts["value"] = np.exp(rng.normal(5, 0.1, len(amounts)))
    amounts.loc[7, "value"] *= 1000
    amounts.loc[50, "value"] *= 100
    found = doubtful(amounts)
    shuffled = amounts.sample(frac=1, random_state=1)
    scaled = doubtful(shuffled.assign(value=shuffled["value"] * 1000)).loc[amounts.index]
    assert found["unit"].tolist() == scaled["unit"].tolist()
    assert found["outlier"].tolist() == scaled["outlier"].tolist()
    assert found.index[found["unit"]].tolist() == [7, 8], "there and back again"
    assert bool(found.at[50, "outlier"])


# --- never mixed, always marked -----------------------------------------------------------------


def test_the_edition_is_marked_and_never_the_current_one(
    simulated_edition: Edition, folder: Path
) -> None:
    home = simulated_edition.path.parent
    assert simulated_edition.simulated
    assert simulated_edition.manifest["simulated"] is True
    assert simulated_edition.name.endswith("-simulated")
    assert not (home / store.CURRENT).exists()
    with pytest.raises(EditionError, match="--out simulated") as caught:
        evalkit.build([folder], out=home / store.CURRENT)
    assert caught.value.reason is Reason.WRONG_USE
    assert not (home / store.CURRENT).exists()


def test_no_real_report_and_no_figure_about_reports_stands_beside(
    simulated_edition: Edition,
) -> None:
    for name in simulated.REPORTS:
        assert set(simulated_edition.table(name)["basis"]) == {Basis.SIMULATED}
    assert "data/facts/registrations.csv" in simulated_edition.manifest["left_out"]
    assert "reporting-rate" not in set(simulated_edition.table("published")["indicator"])


def test_simulated_reports_are_refused_beside_others_given_and_in_incoming() -> None:
    invented = testing.minimal()["submissions"]
    loaded = {
        "incoming/a": Loaded("tidy", "incoming/a", {"submissions": invented}),
        "incoming/b": Loaded(
            "tidy", "incoming/b", {"submissions": invented.assign(basis="reported")}
        ),
    }
    with pytest.raises(EditionError, match=r"incoming/a.*incoming/b") as caught:
        simulated.separate(loaded, dict.fromkeys(loaded, Role.GIVEN))
    assert caught.value.remedy == "Build the one or the other."
    with pytest.raises(EditionError, match=r"lie among the real ones: incoming/a"):
        simulated.separate(loaded, dict.fromkeys(loaded, Role.INCOMING))


def texts_of(widget) -> str:
    """All that a page of widgets holds: texts, figures, downloads."""
    values = [str(getattr(widget, "value", ""))]
    values += [str(out["data"]) for out in getattr(widget, "outputs", ())]
    return " ".join([*values, *(texts_of(child) for child in getattr(widget, "children", ()))])


def test_every_view_of_a_simulated_edition_carries_the_mark(
    simulated_edition: Edition, edition: Edition
) -> None:
    shown = Overview(simulated_edition, "indicator=reporting-rate")
    assert text("page.simulated") in shown.widget.children[1].value, "above the page"
    for name in ("map", "bars"):
        assert MARK in str(shown.outputs[name].outputs[0]["data"])
    for name in ("map", "note", "table"):
        assert MARK in shown.htmls[name].value
    assert shown.htmls["downloads"].value.count("-simulated.") == 2
    report = Report(simulated_edition)
    assert text("page.simulated") in report.head().data
    assert MARK in report.table("reporting-rate", of=["WLD"]).data
    assert MARK in report._note(simulated_edition.results_of("signatories"))
    quality = (simulated_edition.path / "quality" / "quality-simulated.html").read_text("utf-8")
    assert MARK in quality
    real = Overview(edition, "indicator=reporting-rate")
    assert MARK not in texts_of(real.widget)
    assert "-simulated" not in real.htmls["downloads"].value


def test_the_page_is_one_file_that_asks_for_nothing_and_escapes(tmp_path: Path) -> None:
    bad = tmp_path / "submissions.csv"
    bad.write_text(
        "party,cycle,submitted_on,source,basis\n"
        "<script>alert(1)</script>,2019-short,2019-12-01,a,reported\n"
        "GHA,2019-short,=1+1,a,reported\n",
        encoding="utf-8",
    )
    out = tmp_path / "report"
    assert cli.main(["check", str(bad), "--report", str(out)]) == cli.REFUSED
    page = (out / "quality.html").read_text("utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "http" not in page
    assert "src=" not in page
    for told in ("unknown_name", "not_a_day", "2020-12-31"):
        assert told in page or told in (out / "quality.csv").read_text("utf-8-sig")


def test_the_list_of_what_is_planted_is_known_and_holds_no_rows(folder: Path) -> None:
    known = check(folder / "truth-simulated.csv")
    assert (known.source, known.tables, known.failures) == ("simulated-truth", {}, ())
