"""environment.yml says the same as pyproject.toml: names and lower bounds, both ways."""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
# In environment.yml alone: the tool that installs its pip section.
ONLY_CONDA = {"pip"}


def as_bounds(lines: Iterable[str]) -> dict[str, str]:
    """Canonical name → version bound, in one spelling."""
    found: dict[str, str] = {}
    for line in lines:
        requirement = Requirement(line)
        name = canonicalize_name(requirement.name)
        assert name not in found, f"{name} stands twice"
        found[name] = str(requirement.specifier)
    return found


def of_project(project: dict[str, Any]) -> dict[str, str]:
    """Bounds of pyproject.toml: Python, the project's own packages, the dev group."""
    return as_bounds(
        [
            "python" + project["project"]["requires-python"],
            *project["project"]["dependencies"],
            *project["dependency-groups"]["dev"],
        ]
    )


def of_conda(environment: dict[str, Any]) -> dict[str, str]:
    """Bounds of environment.yml, its pip section with the rest."""
    lines: list[str] = []
    for entry in environment["dependencies"]:
        lines += entry["pip"] if isinstance(entry, dict) else [entry]
    bounds = as_bounds(lines)
    return {name: bound for name, bound in bounds.items() if name not in ONLY_CONDA}


def drift(project: dict[str, str], conda: dict[str, str]) -> list[str]:
    """One sentence for each package in which the two differ."""
    said = []
    for name in sorted(project.keys() | conda.keys()):
        if name not in conda:
            said.append(f"{name} is in pyproject.toml and missing in environment.yml")
        elif name not in project:
            said.append(f"{name} is in environment.yml and missing in pyproject.toml")
        elif project[name] != conda[name]:
            said.append(
                f"{name} is '{project[name]}' in pyproject.toml "
                f"and '{conda[name]}' in environment.yml"
            )
    return said


@pytest.fixture(scope="module")
def project() -> dict[str, str]:
    return of_project(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def conda() -> dict[str, str]:
    return of_conda(yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8")))


def test_environment_says_the_same_as_pyproject(
    project: dict[str, str], conda: dict[str, str]
) -> None:
    assert drift(project, conda) == []


def test_both_files_were_really_read(project: dict[str, str], conda: dict[str, str]) -> None:
    for name in ("python", "pandas", "voila", "playwright", "types-pyyaml"):
        assert name in project
        assert name in conda


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"pandas": None},
            "pandas is in pyproject.toml and missing in environment.yml",
        ),
        (
            {"dask": ">=2026"},
            "dask is in environment.yml and missing in pyproject.toml",
        ),
        (
            {"pandas": ">=2.0"},
            "pandas is '>=3.0' in pyproject.toml and '>=2.0' in environment.yml",
        ),
    ],
)
def test_drift_names_the_package(changed: dict[str, str | None], sentence: str) -> None:
    project = {"python": ">=3.11", "pandas": ">=3.0"}
    merged = {**project, **changed}
    conda = {name: bound for name, bound in merged.items() if bound is not None}
    assert drift(project, conda) == [sentence]


def test_packages_come_from_conda_forge_alone() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert environment["channels"] == ["conda-forge", "nodefaults"]
