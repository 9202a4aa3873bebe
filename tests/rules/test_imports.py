"""Who may know whom, and what no module of the library does: read from the syntax trees."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "evalkit"
MODULES = sorted(PACKAGE.rglob("*.py"))

# What each part may import besides the standard library. A longer name allows a module of
# evalkit; `evalkit` alone is its version.
ALLOWED = {
    "errors.py": set(),
    "model.py": set(),
    "fingerprint.py": set(),
    "order.py": {"numpy", "pandas"},
    "csvfile.py": {"pandas", "pyarrow"},
    "reference": {"babel", "evalkit.errors", "evalkit.reference"},
    "tables.py": {
        "evalkit.errors",
        "evalkit.model",
        "evalkit.order",
        "evalkit.reference",
        "numpy",
        "pandas",
        "pandera",
    },
    "results.py": {"evalkit.csvfile", "evalkit.errors", "evalkit.model", "evalkit.order", "pandas"},
    "methods": {"dask", "evalkit.methods", "exactextract", "numpy", "pandas", "scipy", "xarray"},
    "sources": {
        "defusedxml",
        "docx",
        "evalkit.errors",
        "evalkit.fingerprint",
        "evalkit.methods.cell_shares",
        "evalkit.methods.cell_coverage",
        "evalkit.methods.coarse_cells",
        "evalkit.methods.grids",
        "evalkit.methods.zonal",
        "evalkit.model",
        "evalkit.order",
        "evalkit.reference",
        "evalkit.sources",
        "evalkit.tables",
        "numpy",
        "openpyxl",
        "pandas",
        "pyarrow",
        "pypdf",
        "python_calamine",
        "reportlab",
        "shapely",
        "xarray",
        "yaml",
    },
    "forms": {
        "docx",
        "evalkit.errors",
        "evalkit.forms",
        "evalkit.model",
        "evalkit.reference",
        "evalkit.tables",
        "openpyxl",
        "pandas",
        "reportlab",
    },
    "indicators": {
        "evalkit.errors",
        "evalkit.indicators",
        "evalkit.methods",
        "evalkit.model",
        "evalkit.reference",
        "evalkit.results",
        "evalkit.tables",
        "numpy",
        "pandas",
    },
    "simulate": {
        "evalkit.errors",
        "evalkit.indicators.membership",
        "evalkit.methods",
        "evalkit.model",
        "evalkit.reference",
        "evalkit.simulate",
        "evalkit.sources.check",
        "evalkit.sources.truth",
        "evalkit.tables",
        "numpy",
        "pandas",
    },
    "views": {
        "IPython",
        "evalkit",
        "evalkit.editions.store",
        "evalkit.errors",
        "evalkit.model",
        "evalkit.reference",
        "evalkit.results",
        "evalkit.tables",
        "evalkit.views",
        "ipywidgets",
        "openpyxl",
        "pandas",
        "plotly",
    },
    "publish": {
        "evalkit",
        "evalkit.editions.store",
        "evalkit.errors",
        "evalkit.fingerprint",
        "evalkit.publish",
        "evalkit.reference",
        "evalkit.results",
        "evalkit.runs",
        "evalkit.views",
        "jinja2",
        "markupsafe",
        "pandas",
        "plotly",
    },
}
ONLY_IN = {"papermill": "runs", "pandera": "tables.py", "voila": "live", "babel": "reference"}
NEVER_IN_A_NOTEBOOK_OF_DELEGATES = (
    "evalkit.indicators",
    "evalkit.methods",
    "evalkit.sources",
    "geopandas",
    "pandera",
    "papermill",
    "scipy",
)


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def part(path: Path) -> str:
    """The subpackage or the module beside it, as `views` or `tables.py`."""
    return path.relative_to(PACKAGE).parts[0]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Every import with its line, also those inside functions, as `evalkit.tables.Kind`."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: imports are absolute"
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def is_allowed(name: str, allowed: set[str]) -> bool:
    if name.split(".")[0] in sys.stdlib_module_names:
        return True
    if name.startswith("evalkit.__"):
        return "evalkit" in allowed
    return any(name == known or name.startswith(f"{known}.") for known in allowed - {"evalkit"})


@pytest.mark.parametrize("where", ALLOWED)
def test_a_part_knows_only_whom_it_may(where: str) -> None:
    paths = [path for path in MODULES if part(path) == where]
    assert paths, f"there is no {where}"
    wrong = [
        f"{short(path)}:{line} imports {name}"
        for path in paths
        for line, name in imported(tree(path))
        if not is_allowed(name, ALLOWED[where])
    ]
    assert wrong == []


@pytest.mark.parametrize("package", ONLY_IN)
def test_a_package_is_known_in_one_place(package: str) -> None:
    users = {
        part(path)
        for path in MODULES
        for _, name in imported(tree(path))
        if name.split(".")[0] == package
    }
    assert users == {ONLY_IN[package]}


def test_the_check_sees_imports_in_functions_and_from_the_package() -> None:
    text = "from evalkit import tables\ndef f():\n    import scipy.stats\n"
    assert [name for _, name in imported(ast.parse(text))] == ["evalkit.tables", "scipy.stats"]
    assert not is_allowed("evalkit.tables", ALLOWED["methods"])
    assert is_allowed("evalkit.methods.shares.share", ALLOWED["methods"])
    assert not is_allowed("evalkit.editions.build", ALLOWED["views"])
    assert is_allowed("evalkit.editions.store.Edition", ALLOWED["views"])


def code_cells(notebook: Path) -> str:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")


@pytest.mark.parametrize("notebook", sorted((ROOT / "dashboards").glob("*.ipynb")), ids=short)
def test_a_dashboard_stays_light(notebook: Path) -> None:
    names = [name for _, name in imported(ast.parse(code_cells(notebook)))]
    assert names
    assert [name for name in names if name.startswith(NEVER_IN_A_NOTEBOOK_OF_DELEGATES)] == []


# --- what no module does ------------------------------------------------------------------------


def findings(node: ast.AST) -> str:
    """What is wrong with a node, or nothing."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
        return "prints"
    if isinstance(node, ast.Attribute) and node.attr == "chdir":
        return "changes the folder of the process"
    if isinstance(node, ast.Assert):
        return "asserts, which is no check of data"
    if isinstance(node, ast.ExceptHandler):
        everything = node.type is None or getattr(node.type, "id", "") == "BaseException"
        return "catches everything" if everything else ""
    if isinstance(node, ast.ClassDef):
        bases = {getattr(base, "attr", getattr(base, "id", "")) for base in node.bases}
        return "is a pandas object" if bases & {"DataFrame", "Series"} else ""
    if isinstance(node, ast.Attribute) and node.attr.startswith("register_"):
        return "registers an accessor" if node.attr.endswith("_accessor") else ""
    return ""


@pytest.mark.parametrize("path", MODULES, ids=short)
def test_a_module_does_nothing_that_the_house_forbids(path: Path) -> None:
    wrong = [
        f"line {getattr(node, 'lineno', 0)}: {found}"
        for node in ast.walk(tree(path))
        if (found := findings(node))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "text",
    [
        "print(1)",
        "import os\nos.chdir('x')",
        "assert 1",
        "try:\n    1\nexcept:\n    2",
        "class A(pd.DataFrame): pass",
        "@pd.api.extensions.register_dataframe_accessor('x')\nclass A: pass",
    ],
)
def test_the_check_finds_what_is_forbidden(text: str) -> None:
    assert [found for node in ast.walk(ast.parse(text)) if (found := findings(node))]


SIDE_EFFECTS = (
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.ClassDef,
    ast.Assign,
    ast.AnnAssign,
)


@pytest.mark.parametrize("path", MODULES, ids=short)
def test_nothing_happens_on_import(path: Path) -> None:
    """At the top stand imports, definitions and constants; no call that is not assigned."""
    for node in tree(path).body:
        if isinstance(node, ast.Expr):
            assert isinstance(node.value, ast.Constant), f"line {node.lineno}: a call on import"
        elif isinstance(node, ast.If):
            told = ast.unparse(node.test)
            assert told in ("TYPE_CHECKING", "__name__ == '__main__'"), f"line {node.lineno}"
        else:
            assert isinstance(node, SIDE_EFFECTS), f"line {node.lineno}: {type(node).__name__}"


def public(body: list[ast.stmt]) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body)


@pytest.mark.parametrize("path", MODULES, ids=short)
def test_what_is_public_is_documented_and_typed(path: Path) -> None:
    assert ast.get_docstring(tree(path)), "the module has no docstring"
    wrong = []
    for node in public(tree(path).body):
        if not ast.get_docstring(node):
            wrong.append(f"line {node.lineno}: {node.name} has no docstring")
        if isinstance(node, ast.FunctionDef):
            given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            untyped = [
                a.arg for a in given if a.annotation is None and a.arg not in ("self", "cls")
            ]
            untyped += ["return"] if node.returns is None else []
            wrong += [f"line {node.lineno}: {node.name}: {name} is not typed" for name in untyped]
    assert wrong == []
