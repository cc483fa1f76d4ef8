"""Programs that may call the API for themselves, read from CDK context: names and their scopes.

    -c machines='{"core-banking": ["scores.write", "applicants.read", "branch/paris-01"]}'

The API's authorizer knows clients by name, so each is part of the stack.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from constructs import Node
from credit_scoring.stored.batches import is_branch
from credit_scoring.stored.score_records import CANARY

from functions.score_api.access import BRANCH_SCOPE, RESOURCE_SERVER, SCOPES
from infra.stack_parts.settings import SettingInvalid

_NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")


class MachineInvalid(SettingInvalid):
    """The context `machines` does not say what a machine may do."""

    def __init__(self, what: str) -> None:
        allowed = [*SCOPES, f"{BRANCH_SCOPE}<name of a branch>"]
        sentence = f"context machines: {what}; allowed scopes: {', '.join(allowed)}."
        ValueError.__init__(self, sentence)


@dataclass(frozen=True)
class Machine:
    """scopes : of the resource server `credit-scoring`; branches : for which it acts"""

    name: str
    scopes: tuple[str, ...]
    branches: tuple[str, ...]


# Ours: it scores for a branch that nobody else may act for.
CANARY_MACHINE = Machine(CANARY, ("scores.write",), (CANARY,))


def read_machines(node: Node) -> list[Machine]:
    """Raises MachineInvalid. The CDK's command line hands JSON over as text."""
    given = node.try_get_context("machines") or {}
    try:
        named = json.loads(given) if isinstance(given, str) else given
    except ValueError:
        raise MachineInvalid("it is not JSON") from None
    if not isinstance(named, Mapping):
        raise MachineInvalid("it is not an object of names and lists of scopes")
    return [_read_machine(name, scopes) for name, scopes in sorted(named.items())]


def _read_machine(name: str, scopes: object) -> Machine:
    if not _NAME.fullmatch(name):
        raise MachineInvalid(f"{name!r} is not a name of lower case letters, digits and hyphens")
    if name == CANARY or f"{BRANCH_SCOPE}{CANARY}" in (scopes if isinstance(scopes, list) else ()):
        raise MachineInvalid(f"{CANARY} is the system's own check, and nobody's branch")
    listed = [str(scope) for scope in scopes] if isinstance(scopes, list) else []
    own = tuple(scope for scope in listed if scope in SCOPES)
    branches = tuple(s.removeprefix(BRANCH_SCOPE) for s in listed if s.startswith(BRANCH_SCOPE))
    if not own or len(own) + len(branches) < len(listed) or not all(map(is_branch, branches)):
        raise MachineInvalid(f"{name} has a scope that does not exist, or none")
    return Machine(name, own, branches)


def token_scopes(machine: Machine) -> list[str]:
    """As a token carries them."""
    own = [f"{RESOURCE_SERVER}/{scope}" for scope in machine.scopes]
    return own + [f"{BRANCH_SCOPE}{branch}" for branch in machine.branches]
