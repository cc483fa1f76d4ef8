"""What each kind of use costs, from list prices, measured figures and the template's sizes.

Free tiers are left out: they are an account's, not this system's. "At most" is said where a bound
of the template stands for a time that nobody measured.
"""

from credit_scoring.lender.examples import GOLDEN
from credit_scoring.metrics import EMITTED

from infra.costs import figures, prices
from infra.costs.figures import gigabytes
from infra.costs.lines import SECONDS_A_MONTH, Line, Section, line
from infra.release.emptying import VERSIONS_KEPT

# Firehose bills each record by 5 KiB.
BILLED_BY = 5 * 1024
DELIVERED_BYTES = -(-figures.LINE_BYTES.value // BILLED_BY) * BILLED_BY
TRACED_SHARE = 0.05  # of calls, beyond one a second
ITEMS_READ_AT_ONCE = 100
HOURS = SECONDS_A_MONTH / 3600
NIGHTS = 30.0
MILLION = 1e6


def price_scores(count: float = 1_000) -> Section:
    """Through the page's address, of applicants who are stored."""
    scores = (count, "scores")
    return Section(
        f"{count:,.0f} real-time scores",
        [
            line("edge", prices.EDGE_REQUEST, scores),
            line("answers out of the edge", prices.EDGE_BYTES, scores,
                 (figures.ANSWER_BYTES.value, "bytes")),
            line("HTTP API", prices.GATEWAY, scores),
            line("calls", prices.CALL, scores),
            line("computing", prices.COMPUTING, scores, (figures.SCORE_SECONDS.value, "s"),
                 (gigabytes("ScoreApi"), "GB")),
            line("profile", prices.READ, scores, (0.5, "units")),
            line("counted for its caller's limit, at most", prices.WRITE, scores, (1, "units")),
            line("pointer to the champion, and whether it counts, at most", prices.GET, scores,
                 (2, "")),
            line("record, delivered", prices.DELIVERED, scores, (DELIVERED_BYTES, "bytes")),
            line("log", prices.LOGGED, scores, (figures.LOG_BYTES.value, "bytes")),
            line("traces", prices.TRACE, scores, (TRACED_SHARE, "")),
        ],
    )  # fmt: skip


def price_work(count: float = 1_000) -> list[Section]:
    """What advisors do beside scoring; the gateway, the edge and the log are those of a score."""
    searches, decisions = (count, "searches"), (count, "decisions")
    written = -(-figures.DECISION_BYTES.value // 1024)
    seconds, memory = (figures.SEARCH_SECONDS.value, "s"), (gigabytes("ScoreApi"), "GB")
    return [
        Section(f"{count:,.0f} searches of the work list (of one branch)", [
            line("what is new: a LIST", prices.PUT, searches),
            line("what changed: a Query", prices.READ, searches, (0.5, "units")),
            line("computing", prices.COMPUTING, searches, seconds, memory),
        ]),
        Section(f"{count:,.0f} decisions", [
            line("decision and its index", prices.WRITE, decisions, (written + 1, "units")),
            line("case and its index, claimed and decided", prices.WRITE, decisions, (4, "units")),
        ]),
    ]  # fmt: skip


def price_rows(count: float = MILLION) -> Section:
    """In files, each row with a profile; once, what is kept is another section."""
    rows = (count, "rows")
    chunks = (count / figures.ROWS_A_CHUNK.value, "chunks")
    return Section(
        f"{count:,.0f} rows in files",
        [
            line("profiles written", prices.WRITE, rows, (figures.PROFILE_WRITES.value, "units")),
            line("profiles read before", prices.READ, rows, (0.5, "units")),
            line("computing", prices.COMPUTING, (count / figures.ROWS_A_SECOND.value, "s"),
                 (gigabytes("BatchScorer"), "GB")),
            line("big files: a chunk", prices.TRANSITION, chunks, (3, "transitions")),
            line("parts, list, records: PUT", prices.PUT, chunks, (3, "")),
            line("parts read and merged: GET", prices.GET, chunks, (4, "")),
        ],
    )  # fmt: skip


def price_histories(count: float = MILLION) -> Line:
    """More than price_rows says, where each applicant has a stored history."""
    more = figures.HISTORY_WRITES.value - figures.PROFILE_WRITES.value
    return line("histories of all of them", prices.WRITE, (count, "rows"), (more, "units more"))


def price_kept(count: float = MILLION) -> Section:
    """A month, of a million applicants from files, as long as each thing is kept."""
    rows = (count, "rows")
    values = figures.RECORD_BYTES.value - figures.LONG_BYTES.value
    return Section(
        f"A month of what is kept of {count:,.0f} rows",
        [
            line("profiles", prices.TABLE_BYTES, rows, (figures.PROFILE_BYTES.value, "bytes")),
            line("their recovery", prices.RECOVERY_BYTES, rows,
                 (figures.PROFILE_BYTES.value, "bytes")),
            line("the file (180 days)", prices.STORED, rows, (figures.UPLOAD_BYTES.value, "bytes")),
            line("results (490 days)", prices.STORED, rows, (figures.RESULT_BYTES.value, "bytes")),
            line("what scores rest on (400 days)", prices.STORED, rows, (values, "bytes")),
            line("scores (24 months)", prices.STORED, rows, (figures.LONG_BYTES.value, "bytes")),
        ],
    )  # fmt: skip


def price_idle_month() -> Section:
    """Nobody comes, but for the canary every hour and the monitor every night."""
    snapshots = [
        line(f"snapshots of {name}", prices.SNAPSHOT, (VERSIONS_KEPT, "versions"),
             (gigabytes(name), "GB"), (SECONDS_A_MONTH, "s"))
        for name in figures.FROM_SNAPSHOTS
    ]  # fmt: skip
    own_metrics = sum(map(len, EMITTED.values()))
    watching = [
        line("alarms", prices.ALARM, (figures.ALARMS, "alarms")),
        line("dashboard", prices.DASHBOARD, (1, "")),
        line("own metrics, at most", prices.METRIC, (own_metrics, "names")),
        line("canary computing, at most", prices.COMPUTING, (HOURS, "runs"),
             (figures.MOST_SECONDS["Canary"], "s"), (gigabytes("Canary"), "GB")),
        line("canary client", prices.MACHINE, (1, "")),
        line("canary tokens", prices.TOKEN, (HOURS, "runs")),
        line("golden dossiers scored", prices.GATEWAY, (HOURS, "runs"), (len(GOLDEN), "dossiers")),
        line("drift computing, at most", prices.COMPUTING, (NIGHTS, "nights"),
             (figures.MOST_SECONDS["DriftMonitor"], "s"), (gigabytes("DriftMonitor"), "GB")),
        line("drift image, at most", prices.IMAGE_BYTES, (figures.IMAGE_BYTES.value, "bytes")),
        line("secrets: pseudonyms, origin, canary", prices.SECRET, (figures.SECRETS, "")),
        line("key of the pointer's seal", prices.KEY, (1, "")),
        line("records delivered", prices.PUT,
             (SECONDS_A_MONTH / figures.DELIVERY_SECONDS, "objects")),
    ]  # fmt: skip
    return Section("A month in which nobody comes", [*snapshots, *watching])


def price_options() -> list[Section]:
    """What a lender adds, a month."""
    requests = (MILLION, "requests")
    return [
        Section("A program with credentials of its own (a token an hour)", [
            line("client", prices.MACHINE, (1, "")),
            line("tokens", prices.TOKEN, (HOURS, "hours")),
        ]),
        Section("100 employees who log in", [line("users", prices.EMPLOYEE, (100, "employees"))]),
        Section("A web ACL as edgeFilter makes it, a million requests", [
            line("web ACL", prices.WEB_ACL, (1, "")),
            line("rules", prices.WEB_RULE, (figures.WEB_RULES, "rules")),
            line("requests", prices.WEB_REQUEST, requests),
        ]),
        Section("Who read whom (readTrail): data events of a million scores and a million rows", [
            line("profiles read by the API", prices.DATA_EVENT, (MILLION, "reads")),
            line("profiles read by files", prices.DATA_EVENT,
                 (MILLION / ITEMS_READ_AT_ONCE, "calls")),
        ]),
        Section("Questions to the records of a million scores (Athena)", [
            line("scores", prices.SCANNED, (MILLION, "scores"),
                 (figures.LONG_BYTES.value, "bytes")),
            line("what they rest on", prices.SCANNED, (MILLION, "scores"),
                 (figures.RECORD_BYTES.value, "bytes")),
        ]),
        Section("A version of the code that nobody removes, every month", [
            line(f"snapshot of {name}", prices.SNAPSHOT, (gigabytes(name), "GB"),
                 (SECONDS_A_MONTH, "s"))
            for name in figures.FROM_SNAPSHOTS
        ]),
        Section("A promotion, every month until the next release removes older versions", [
            line("snapshot of ScoreApi that holds the champion", prices.SNAPSHOT,
                 (gigabytes("ScoreApi"), "GB"), (SECONDS_A_MONTH, "s")),
        ]),
        Section("1,000 cold starts of the API", [
            line("restored", prices.RESTORE, (1_000, "starts"), (gigabytes("ScoreApi"), "GB")),
        ]),
    ]  # fmt: skip


def list_sections() -> list[Section]:
    histories = Section("1,000,000 rows with a history each, besides", [price_histories()])
    return [
        price_scores(), *price_work(), price_rows(), histories, price_kept(), price_idle_month(),
        *price_options(),
    ]  # fmt: skip


def price_month(*, scores: float, rows: float) -> float:
    """Dollars of a month with so many scores and rows, without storage of earlier months."""
    used = price_scores(scores).dollars + price_rows(rows).dollars + price_kept(rows).dollars
    return used + price_idle_month().dollars
