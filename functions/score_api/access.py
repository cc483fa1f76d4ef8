"""Who a caller is, what a rule admits, and whose applicants they see.

The gateway has checked the token's signature, issuer, audience and expiry, and that it carries a
scope of the route. This is the second look, at what the gateway cannot know: groups and branches.

An employee's roles and branches are groups of the user pool: Cognito writes groups into every
access token, where an attribute of the user would need a function of ours in every login. A
machine's are scopes: a token of client credentials has neither user nor groups.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from functions.score_api.http.problems import RequestRefused

ADVISOR, BACK_OFFICE = "advisor", "back-office"
OPERATOR, DATA_SCIENTIST = "operator", "data-scientist"
ROLES = {
    ADVISOR: "Finds applicants, sees scores, uploads files",
    BACK_OFFICE: "Uploads files and reads their results",
    OPERATOR: "Watches alarms and drift, promotes and rolls back models",
    DATA_SCIENTIST: "Trains and publishes models",
}
# Whoever is in no group of a branch sees no branch.
BRANCH_GROUP = "branch-"
ALL_BRANCHES_GROUP = "all-branches"

RESOURCE_SERVER = "credit-scoring"
SCOPES = {
    "scores.write": "Score applications",
    "applicants.read": "Read stored applicants and their scores",
    "batches.write": "Send files",
    "batches.read": "Read what became of files",
    "decisions.write": "Take decisions",
    "decisions.read": "Read decisions, letters and replays",
    "model.read": "Read what the model is",
    "drift.read": "Read drift reports",
    "operations.read": "Read alarms, traffic and what was given up",
    "models.read": "Read versions of the model, their reports and the history of promotions",
    "models.promote": "Promote and roll back",
    "operations.write": "Acknowledge findings, run again what was given up",
    "branches.all": "Act for every branch",
}
ALL_BRANCHES_SCOPE = f"{RESOURCE_SERVER}/branches.all"
# branch/<name>: one scope a branch, in a resource server of their own.
BRANCH_SCOPE = "branch/"
# Cognito puts it into access tokens of people only: an ID token and a machine's token lack it.
PERSON_SCOPE = "aws.cognito.signin.user.admin"


@dataclass(frozen=True)
class Rule:
    """groups : roles of which one is needed; scope : what a machine needs instead, None: a person
    parameters : of the query; any other is refused
    """

    groups: frozenset[str]
    scope: str | None
    parameters: tuple[str, ...] = ()

    @property
    def scopes(self) -> list[str]:
        """One of them must be in a token."""
        return [PERSON_SCOPE, *([f"{RESOURCE_SERVER}/{self.scope}"] if self.scope else [])]


EVERYBODY = frozenset(ROLES)
COUNTER = frozenset({ADVISOR, BACK_OFFICE})
SCORING = frozenset({ADVISOR, DATA_SCIENTIST})
# Many rows at once are a small file: whoever may send one may paste it.
SCORING_ROWS = SCORING | COUNTER
WATCHING = frozenset({OPERATOR, DATA_SCIENTIST})
OPERATING = frozenset({OPERATOR})
AUDIT = frozenset({ADVISOR, OPERATOR, DATA_SCIENTIST})
FILES = frozenset({ADVISOR, BACK_OFFICE, OPERATOR})
READS_APPLICANTS = Rule(COUNTER, "applicants.read")


@dataclass(frozen=True)
class Caller:
    """name : of the user or the client; branches : theirs, None: all of them

    A name is an employee's: for the trail of decisions, never for a log.
    """

    name: str
    client_id: str
    groups: frozenset[str]
    scopes: frozenset[str]
    branches: frozenset[str] | None

    @property
    def client(self) -> str:
        """The program that calls, as logs may tell it."""
        return hashlib.sha256(self.client_id.encode()).hexdigest()[:12]

    @property
    def is_person(self) -> bool:
        return PERSON_SCOPE in self.scopes

    def sees(self, branch: str) -> bool:
        return self.branches is None or branch in self.branches

    def may(self, rule: Rule) -> bool:
        if self.is_person:
            return not self.groups.isdisjoint(rule.groups)
        return rule.scope is not None and f"{RESOURCE_SERVER}/{rule.scope}" in self.scopes


def require_branch(caller: Caller, branch: str) -> None:
    """Raises RequestRefused (403) where the caller may not act for this branch."""
    if not caller.sees(branch):
        raise RequestRefused(
            HTTPStatus.FORBIDDEN,
            "Your account belongs to another branch: name your own, or ask an administrator.",
        )


def require_right(caller: Caller, rule: Rule) -> None:
    """Raises RequestRefused (403) where the rule does not admit the caller."""
    if not caller.may(rule):
        raise RequestRefused(
            HTTPStatus.FORBIDDEN,
            "Your account may not do this: ask an administrator for the role that may.",
        )


def check_parameters(rule: Rule | None, sent: Mapping[str, str]) -> None:
    """Raises RequestRefused (400) for a parameter that the route does not know."""
    known = rule.parameters if rule else ()
    if not sent.keys() <= set(known):
        allowed = f"only: {', '.join(known)}" if known else "none"
        raise RequestRefused(
            HTTPStatus.BAD_REQUEST, f"The query has an unknown parameter; allowed: {allowed}."
        )


def read_caller(claims: Mapping[str, Any]) -> Caller:
    """Raises RequestRefused (401) for claims that are no access token's."""
    client_id, scopes = str(claims.get("client_id", "")), _words(claims.get("scope"))
    name = str(claims.get("username" if PERSON_SCOPE in scopes else "client_id", ""))
    if claims.get("token_use") != "access" or not client_id or not name:
        raise RequestRefused(
            HTTPStatus.UNAUTHORIZED,
            "An access token of the user pool is needed: log in, then send it as Bearer.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    groups = _words(claims.get("cognito:groups")) if PERSON_SCOPE in scopes else frozenset()
    return Caller(name, client_id, groups, scopes, _branches(groups, scopes))


def _words(claim: object) -> frozenset[str]:
    """The gateway hands a list over as text: [advisor branch-paris-01]."""
    words = claim if isinstance(claim, list) else str(claim or "").strip("[]").split()
    return frozenset(map(str, words))


def _branches(groups: frozenset[str], scopes: frozenset[str]) -> frozenset[str] | None:
    if ALL_BRANCHES_GROUP in groups or ALL_BRANCHES_SCOPE in scopes:
        return None
    named = [(BRANCH_GROUP, group) for group in groups] + [(BRANCH_SCOPE, s) for s in scopes]
    found = (name.removeprefix(kind) for kind, name in named if name.startswith(kind))
    # A nameless one would be the branch of those who belong to none.
    return frozenset(branch for branch in found if branch)
