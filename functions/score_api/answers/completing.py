"""Applications that a caller sends, completed by what the caller may know of past credits."""

from collections.abc import Sequence
from dataclasses import dataclass

from credit_scoring.contract.applicants import Applicants, parse_record
from credit_scoring.contract.completion import Histories, complete, completed_names
from credit_scoring.errors import ApplicantNotFound
from credit_scoring.scoring import Model
from credit_scoring.stored.profiles import Profile, open_histories

from functions.score_api.request import Request
from functions.score_api.service import Service


@dataclass(frozen=True)
class Completed:
    """One application; names : the columns that the model reads and a profile filled in."""

    applicants: Applicants
    names: list[str]


def completed_for(request: Request, service: Service, model: Model, sent: Applicants) -> Completed:
    [completed] = complete_all(request, service, model, [sent])
    return completed


def complete_all(
    request: Request, service: Service, model: Model, sent: Sequence[Applicants]
) -> list[Completed]:
    """Each of these single applications, completed by the stored history of its applicant."""
    wanted = model.schema.history
    profiles = _profiles(service, [row.ids[0] for row in sent if _has_gaps(row, wanted)])
    histories = open_histories(profiles, request.caller.sees)
    return [_completed(row, histories, wanted) for row in sent]


def of_profile(profile: Profile, model: Model) -> Completed:
    """The stored application, completed by the stored history."""
    sent = parse_record(profile.record)
    return _completed(sent, {profile.applicant_id: profile.history}, model.schema.history)


def _completed(sent: Applicants, histories: Histories, wanted: Sequence[str]) -> Completed:
    names = completed_names(sent, 0, histories, wanted)
    return Completed(complete(sent, histories), names)


def _has_gaps(sent: Applicants, wanted: Sequence[str]) -> bool:
    """Whether a profile could tell more than the sender: otherwise no table need answer."""
    return bool(sent.ids[0]) and any(name not in sent.columns for name in wanted)


def _profiles(service: Service, ids: list[str]) -> dict[str, Profile]:
    if len(ids) != 1:
        return service.profiles.get_many(ids) if ids else {}
    try:  # one applicant, which is most calls: a single read
        return {ids[0]: service.profiles.get(ids[0])}
    except ApplicantNotFound:
        return {}
