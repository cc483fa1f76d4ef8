"""The table of docs/security.md: what fails without each permission, and what nobody here asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from infra.local.permissions.granted import Permission
from infra.local.permissions.unasked import why_unasked
from infra.repository import ROOT

PAGE: Final = ROOT / "docs" / "security.md"
BEGIN: Final = "<!-- Written by make permissions: begin -->"
END: Final = "<!-- Written by make permissions: end -->"
_HEAD: Final = "| Role | Permission | On | What fails without it |"
_UNASKED_HEAD: Final = "| Role | Not asked here | Why |"

type Key = tuple[str, str, str]


def renew(page: str, permissions: Sequence[Permission], fails: Mapping[Key, str]) -> str:
    """The page with its words as they are, and its tables of these permissions.

    fails : what fails without each that was tried; of the others it stands in the page already
    """
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    known = {**read_proven(page), **fails}
    tables = "\n\n".join([write_proven(permissions, known), write_unasked(permissions)])
    return f"{before}{BEGIN}\n{tables}\n{END}{after}"


def write_proven(permissions: Iterable[Permission], fails: Mapping[Key, str]) -> str:
    rows = [
        f"| {each.role} | `{each.action}` | `{each.place}` | {fails[each.key]} |"
        for each in permissions
        if each.key in fails and not why_unasked(each)
    ]
    return "\n".join([_HEAD, "|---|---|---|---|", *rows])


def write_unasked(permissions: Iterable[Permission]) -> str:
    def kind(permission: Permission) -> tuple[str, str]:
        return permission.role, why_unasked(permission)

    rows = [
        f"| {role} | {', '.join(_by_place(same))} | {why} |"
        for (role, why), same in groupby(sorted(filter(why_unasked, permissions), key=kind), kind)
    ]
    return "\n".join([_UNASKED_HEAD, "|---|---|---|", *rows])


def read_proven(page: str) -> dict[Key, str]:
    """What the page says that fails, by role, action and place."""
    _, _, rest = page.partition(f"{BEGIN}\n{_HEAD}\n")
    found: dict[Key, str] = {}
    for line in rest.partition("\n\n")[0].splitlines()[1:]:
        role, action, place, fails = (cell.strip(" `") for cell in line.strip("|").split("|"))
        found[role, action, place] = fails
    return found


def _by_place(permissions: Iterable[Permission]) -> Iterator[str]:
    def place(permission: Permission) -> str:
        return permission.place

    for name, same in groupby(sorted(permissions, key=place), place):
        actions = ", ".join(f"`{each.action}`" for each in same)
        yield actions if name == "*" else f"{actions} on `{name}`"
