"""docs/reference/command-line.md, read from the parser itself."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from evalkit import cli
from reference_pages.markdown import code, heading, made_by, table


def command_line_page() -> str:
    """Return docs/reference/command-line.md, read from the parser itself."""
    parser = cli._parser()
    lines = [
        made_by("evalkit/cli.py and evalkit/commands"),
        "# Command line",
        f"{parser.description} `evalkit` and `python -m evalkit` are the same.",
    ]
    for name, summary, command in _commands(parser):
        lines += [heading(2, f"evalkit {name}"), _sentence(summary)]
        lines += ["```text\n" + _usage(name, command) + "\n```"]
        body = [_option(action) for action in command._actions if action.dest != "help"]
        lines += [table(("argument", "what", "when left out"), body)]
    codes = [("0", "done"), ("1", "something was refused or failed"), ("2", "wrong use")]
    lines += [heading(2, "Exit codes"), table(("code", "means"), codes)]
    lines += [
        "With `--json`, an error is printed as data too; see [errors](errors.md).",
        heading(2, "Variables"),
        table(("variable", "what", "when unset"), _variables()),
    ]
    return "\n\n".join(lines) + "\n"


def _commands(
    parser: argparse.ArgumentParser,
) -> Iterator[tuple[str, str, argparse.ArgumentParser]]:
    groups = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    for group in groups:
        said = {choice.dest: choice.help or "" for choice in group._choices_actions}
        for name, command in group.choices.items():
            yield name, said[name], command


def _sentence(said: str) -> str:
    return f"{said[:1].upper()}{said[1:]}."


def _shown(action: argparse.Action) -> str:
    own = action.dest.upper() if action.option_strings else action.dest
    return str(action.metavar or own)


def _usage(name: str, command: argparse.ArgumentParser) -> str:
    parts = [f"evalkit {name}"]
    for action in sorted(command._actions, key=lambda a: not a.option_strings):
        if action.dest == "help":
            continue
        if action.option_strings:
            flag = action.option_strings[0]
            parts.append(f"[{flag}]" if action.nargs == 0 else f"[{flag} {_shown(action)}]")
        else:
            shown = _shown(action)
            parts.append(
                {"*": f"[{shown} ...]", "+": f"{shown} [...]"}.get(str(action.nargs), shown)
            )
    return " ".join(parts)


def _option(action: argparse.Action) -> tuple[str, str, str]:
    names = action.option_strings or [_shown(action)]
    told = ", ".join(code(one) for one in names)
    default = action.default
    if action.option_strings:
        shown = code(str(default)) if default not in (None, False, []) else ""
    else:
        shown = "may be left out" if action.nargs == "*" else "needed"
    return told, action.help or "", shown


def _variables() -> list[tuple[str, str, str]]:
    return [
        (
            code("EVALKIT_EDITIONS"),
            "folder in which editions lie",
            "`editions/` where you are, else that of the checkout",
        ),
        (
            code("EVALKIT_CACHE"),
            "folder of what can be made again: shares of cells of grids",
            "`evalkit` among the user's caches",
        ),
        (
            code("EVALKIT_CHROMIUM"),
            "the browser of tests and benchmarks",
            "the Chromium or Chrome that is found",
        ),
        (
            code("EVALKIT_NGINX"),
            "the nginx of tests and benchmarks",
            "the nginx that is found",
        ),
        (
            f"{code('EVALKIT_TOKEN')}, {code('EVALKIT_TOKEN_FILE')}",
            "the token of `/evalkit/health` and `/evalkit/metrics`, or the file that holds it",
            "these addresses do not exist",
        ),
    ]
