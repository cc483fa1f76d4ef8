"""Group the accepted files into cells that serve as peers."""

from credit_scoring.decision import accepts
from credit_scoring.population.peers import FILE

from training.explanations.peers import held_out_positions, make_peers
from training.pipeline.resumable import Work
from training.pipeline.settings import RunSettings
from training.pipeline.steps.fit import read_model
from training.pipeline.steps.measure import held_out_pds, read_repair
from training.pipeline.steps.shared import prepared_rows
from training.pipeline.steps.validate import read_crossfit


def depends_on(settings: RunSettings) -> object:  # noqa: ARG001
    return None


def run(work: Work[RunSettings]) -> str:
    prepared, model, pds = prepared_rows(work), read_model(work), held_out_pds(work)
    positions = held_out_positions(prepared, read_crossfit(work).repaired(read_repair(work)))
    accepted = accepts(pds, cutoff=model.cutoff)
    peers = make_peers(model.schema, positions, pds, prepared.defaulted, accepted)
    if peers is None:
        return "too few accepted files"
    (work.results / FILE).write_bytes(peers.to_bytes())
    return f"{len(peers.rows)} cells of {int(peers.rows.min())} accepted files or more"
