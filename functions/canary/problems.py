"""What a canary may find wrong, each with what an operator needs to tell causes apart."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """code : for the log; is_outage : the API did not answer, which has an alarm of its own
    is_inconclusive : nothing is known to be wrong, nor to be right
    """

    code: str
    detail: str
    is_outage: bool = False
    is_inconclusive: bool = False

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"


def no_model(error: str) -> Problem:
    return Problem("no model", f"{error}: the pointer or its bundle cannot be read")


def no_golden(version: str) -> Problem:
    detail = f"bundle {version} was published without any: train and promote it anew"
    return Problem("no golden dossiers", detail)


def token_refused(status: int) -> Problem:
    return Problem("no token", f"Cognito answered {status} to the canary's client")


def call_refused(status: int) -> Problem:
    """401 and 403 are a matter of tokens and scopes; 0 is no answer at all."""
    detail = f"the API answered {status}" if status else "the API did not answer"
    return Problem("call refused", detail, is_outage=status == 0 or status >= 500)


def other_model(where: str, expected: str, found: str) -> Problem:
    return Problem("other model", f"{where} scored with {found}, the pointer names {expected}")


def not_comparable(where: str, found: str) -> Problem:
    """Of a version that may answer for some minutes, before or after a promotion."""
    detail = f"{where} scored with {found}, whose bundle holds other dossiers: the next run tells"
    return Problem("promoted meanwhile", detail, is_inconclusive=True)


def wrong_probability(where: str, row: str) -> Problem:
    return Problem("wrong probability", f"{where} gave another PD to {row} than the training did")


def no_probability(where: str, row: str) -> Problem:
    return Problem("no probability", f"{where} gave none to {row}")


def doubled(where: str, row: str) -> Problem:
    return Problem("too many probabilities", f"{where} gave more than one to {row}")


def stranger(where: str, count: int) -> Problem:
    """Unnamed: whoever it is, it is no golden dossier."""
    return Problem("too many probabilities", f"{where} gave some to {count} whom nobody sent")


def storage_failed(where: str, reason: str) -> Problem:
    return Problem("storage failed", f"{where}: {reason}")


def file_late(seconds: float) -> Problem:
    return Problem("file late", f"no result of the file within {seconds:.0f} s")


def file_incomplete(scored: int, sent: int) -> Problem:
    return Problem("file incomplete", f"{scored} of {sent} dossiers of the file were scored")


def file_unreadable(error: str) -> Problem:
    return Problem("file unreadable", f"{error}: the receipt or the scores of the file are damaged")
