"""Each permission is taken away in turn: does somebody notice?"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from botocore.exceptions import ClientError
from tqdm import tqdm

from infra.local.errors import StackMisbehaves, StepFailed
from infra.local.permissions.granted import Permission
from infra.local.permissions.removal import Policies
from infra.local.permissions.roles import ROLES, Role
from infra.local.permissions.stage import Exercise, Stage
from infra.local.permissions.workers import end_workers


@dataclass(frozen=True)
class Proof:
    """fails : which exercise does not come off without it, "" for none; why : its own words"""

    permission: Permission
    fails: str
    why: str = ""

    def __str__(self) -> str:
        return f"{self.permission}: {self.fails or 'NOTHING FAILS'} {self.why[:120]}"


def prove(
    stage: Stage,
    policies: Policies,
    by_role: Mapping[str, Sequence[Permission]],
    roles: Mapping[str, Role] = ROLES,
) -> list[Proof]:
    """Raises StepFailed when an exercise fails with all permissions."""
    total = sum(len(permissions) for permissions in by_role.values())
    proofs: list[Proof] = []
    with tqdm(total=total, unit="permission", file=sys.stderr) as progress:
        for name, permissions in by_role.items():
            role = roles[name]
            with role.prepared(stage):
                for exercise in role.exercises:
                    _require_sound(stage, role, exercise, name)
                for permission in permissions:
                    progress.set_postfix_str(str(permission))
                    proofs.append(proof := _prove_one(stage, policies, role, permission))
                    progress.write(str(proof))
                    progress.update()
    return proofs


def _prove_one(stage: Stage, policies: Policies, role: Role, permission: Permission) -> Proof:
    """What fails without it must come off again with it: else something else is broken."""
    with policies.less(permission):
        for exercise in _likeliest_first(role, permission):
            if why := _failure(stage, role, exercise):
                break
        else:
            return Proof(permission, "")
    _require_sound(stage, role, exercise, str(permission))
    return Proof(permission, exercise.what, why)


def _likeliest_first(role: Role, permission: Permission) -> list[Exercise]:
    def is_likely(exercise: Exercise) -> bool:
        action, place = permission.action, permission.place
        return action.startswith(exercise.first_for) or place.endswith(exercise.first_for)

    return sorted(role.exercises, key=lambda exercise: not is_likely(exercise))


def _failure(stage: Stage, role: Role, exercise: Exercise) -> str:
    """Why it does not come off in processes that have just started, "" when it does."""
    end_workers(str(stage.access.endpoint), [stage.outputs[name] for name in role.functions])
    try:
        exercise.run(stage)
    except (StackMisbehaves, ClientError) as error:
        return str(error)
    return ""


def _require_sound(stage: Stage, role: Role, exercise: Exercise, what: str) -> None:
    if why := _failure(stage, role, exercise):
        raise StepFailed(f"{what}: {exercise.what}, with all permissions,", why.rstrip("."))
