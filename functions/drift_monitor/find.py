"""All that is wrong in a window, each thing once, at the source that causes it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from functions.drift_monitor.bins import decile_edges, number_codes
from functions.drift_monitor.chance import share_rise
from functions.drift_monitor.faults import (
    FEWEST_REFUSED,
    UNKNOWN_CATEGORY,
    find_faults,
    find_refusals,
    find_stray_units,
)
from functions.drift_monitor.finding import AT_THE_DOOR, ExactKey, Finding, Kind
from functions.drift_monitor.raw_columns import Binning, RawColumns
from functions.drift_monitor.rows import ScoredRows
from functions.drift_monitor.scopes import EVERYWHERE, Reference, Scope
from functions.drift_monitor.severity import ContributionScale, Floats
from functions.drift_monitor.shifts import find_pd_shift, find_shifts
from functions.drift_monitor.stability import movement

FEWEST_ROWS = 50
# Of runs without a cause: one in a thousand may call somebody, one in two hundred write a ticket.
FALSE_PAGES, FALSE_TICKETS = 0.001, 0.005
TESTS_OF_FAULTS = 5
# What sources with so many of the rows show is no matter of a source: faults, and shifts.
MOST, SEVERAL = 0.5, 0.25

type Refusals = Mapping[str, Mapping[tuple[str, str], int]]
type RefusedFiles = Mapping[str, Mapping[tuple[str, str], Mapping[str, int]]]


@dataclass(frozen=True)
class Yardstick:
    """What every window of one model is held against, computed once.

    rows : of the reference; contributions : theirs, float64 (m, F)
    """

    columns: RawColumns
    rows: ScoredRows
    contributions: Floats

    @cached_property
    def reference(self) -> Reference:
        raw = self.columns.matrix(self.rows.inputs, self.rows.features)
        binning = Binning.of_reference(self.columns, raw)
        whole = np.zeros(len(raw), np.intp)
        histograms = [h[0] for h in binning.histograms(binning.codes(raw), whole, 1)]
        return Reference(self.columns, raw, histograms, binning)

    @cached_property
    def scale(self) -> ContributionScale:
        return ContributionScale(self.contributions)

    @cached_property
    def pd_edges(self) -> NDArray[np.floating]:
        return decile_edges(self.rows.default_probabilities)

    def pd_histogram(self, default_probabilities: Floats) -> NDArray[np.intp]:
        codes = number_codes(default_probabilities, self.pd_edges)
        return np.bincount(codes, minlength=len(self.pd_edges) + 3)


@dataclass(frozen=True)
class Window:
    """Who was scored, by source.

    contributions : float64 (n, F)
    sources : names; source_of : of each row its place in them (n,)
    files : of each row the file that brought it, "" for a call (n,)
    of_everybody : rows drawn among all, bool (n,); the others fill up small sources
    refused : by source, (column, cause) -> rows that were turned away
    scored : by source, rows that were not, each time they were sent
    refused_files : as `refused`, by file, the most first
    """

    rows: ScoredRows
    contributions: Floats
    sources: Sequence[str]
    source_of: NDArray[np.intp]
    files: NDArray[np.object_]
    of_everybody: NDArray[np.bool_]
    refused: Refusals
    scored: Mapping[str, int]
    refused_files: RefusedFiles = field(default_factory=dict)


class Comparison:
    """The scopes of a window beside the yardstick of its model."""

    def __init__(self, yardstick: Yardstick, window: Window) -> None:
        self._yardstick, self._window = yardstick, window
        self._raw = yardstick.columns.matrix(window.rows.inputs, window.rows.features)
        assert yardstick.reference.binning is not None
        self._binning = yardstick.reference.binning
        self._codes = self._binning.codes(self._raw)
        # By column, (sources, bins): also what the nights to come are compared with.
        self.histograms = self._binning.histograms(
            self._codes, window.source_of, len(window.sources)
        )
        counts = np.bincount(window.source_of, minlength=len(window.sources))
        self.big_sources = [place for place, n in enumerate(counts) if n >= FEWEST_ROWS]
        scopes = 1 + len(self.big_sources)
        # A file may be looked at alone, too.
        pieces = scopes + len(np.unique(window.files))
        self._fault_alpha = FALSE_PAGES / (len(yardstick.columns.names) * TESTS_OF_FAULTS * pieces)
        self._shift_alpha = FALSE_TICKETS / ((len(yardstick.columns.names) + 1) * scopes)

    def find(self) -> list[Finding]:
        """Faults, then shifts that no fault explains; urgent and heavy ones first."""
        scopes = {
            place: self._scope([place], self._window.sources[place]) for place in self.big_sources
        }
        faults = {place: self._faults_of_source(place, scope) for place, scope in scopes.items()}
        faults |= self._refusals_of_others()
        faulty = {place for place, found in faults.items() if found}
        whole = self._whole_without(faulty)
        everywhere = [f for f in self._all_faults(whole) if not self._is_of_sources(f, faults)]
        found = [*everywhere]
        for place in faulty:
            found += [f for f in faults[place] if not self._is_told(everywhere, f)]
        explained = [*everywhere]
        if len(whole) == self._window.of_everybody.sum():  # broken sources are among them
            explained += [finding for place in faulty for finding in faults[place]]
        known = {name for finding in explained for name in finding.columns}
        shifts = self._shifts(whole, known)
        found += shifts
        healthy = [scope for place, scope in scopes.items() if place not in faulty]
        own = [] if everywhere else [f for scope in healthy for f in self._shifts(scope, known)]
        found += self._gathered([f for f in own if not _has(shifts, f)])
        return sorted(found, key=lambda finding: finding.rank)

    def _refusals_of_others(self) -> dict[int, list[Finding]]:
        """Of sources with too few rows to be looked at since so many were turned away."""
        few = set(range(len(self._window.sources))) - set(self.big_sources)
        scopes = {place: self._scope([place], self._window.sources[place]) for place in few}
        return {
            place: [self._with_files(finding, place) for finding in find_refusals(scope)]
            for place, scope in scopes.items()
            if scope.sent_rows >= FEWEST_ROWS
        }

    def _gathered(self, found: list[Finding]) -> list[Finding]:
        """What many sources show each by itself is everywhere, too faint in some to be named."""
        gathered: dict[tuple[str, ...], list[Finding]] = {}
        for finding in found:
            gathered.setdefault(finding.columns, []).append(finding)
        return [
            each
            for same in gathered.values()
            for each in (
                [replace(max(same, key=lambda f: f.severity), source=EVERYWHERE)]
                if sum(f.rows for f in same) > SEVERAL * len(self._window.rows)
                else same
            )
        ]

    def _is_of_sources(self, finding: Finding, faults: Mapping[int, list[Finding]]) -> bool:
        """Whether a few sources cause what shows everywhere: without them it is gone."""
        theirs = {place for place, found in faults.items() if _has(found, finding)}
        counts = np.bincount(self._window.source_of, minlength=len(self._window.sources))
        if not theirs or sum(counts[place] for place in theirs) > MOST * counts.sum():
            return False
        rest = sorted(set(range(len(self._window.sources))) - theirs)
        return not _has(self._all_faults(self._scope(rest, EVERYWHERE)), finding)

    def _whole_without(self, faulty: set[int]) -> Scope:
        """Everybody, but for sources whose own fault would hide in the crowd or colour it."""
        places = set(range(len(self._window.sources)))
        counts = np.bincount(self._window.source_of, minlength=len(places))
        is_everywhere = sum(counts[place] for place in faulty) > MOST * counts.sum()
        kept = places if is_everywhere else places - faulty
        return self._scope(sorted(kept), EVERYWHERE)

    def named_histograms(self) -> dict[str, list[NDArray[np.intp]]]:
        """By source and EVERYWHERE: rows in each bin, by column."""
        by_source = {
            name: [histogram[place] for histogram in self.histograms]
            for place, name in enumerate(self._window.sources)
        }
        everybody = np.flatnonzero(self._window.of_everybody)
        return by_source | {EVERYWHERE: self._histograms_of(everybody)}

    def _shows(self, finding: Finding, rows: NDArray[np.intp]) -> bool:
        """Whether these rows alone show it, too."""
        names, reference = self._yardstick.columns.names, self._yardstick.reference
        places = [names.index(name) for name in finding.columns if name in names]
        now = self._histograms_of(rows)
        return any(
            movement(reference.histograms[place], now[place], alpha=self._shift_alpha).is_moved
            for place in places
        )

    def _histograms_of(self, rows: NDArray[np.intp]) -> list[NDArray[np.intp]]:
        whole = np.zeros(len(rows), np.intp)
        return [h[0] for h in self._binning.histograms(self._codes[:, rows], whole, 1)]

    def _faults_of_source(self, place: int, scope: Scope) -> list[Finding]:
        """A source's faults; those that only some of its files have are found in these."""
        of_all = self._faults(scope)
        of_files = self._faults_of_files(place, scope.source, known=of_all)
        stray = self._stray(scope, [*of_all, *of_files])
        named = [self._with_files(finding, place) for finding in (*of_all, *stray)]
        return [*(_without_files_of(of_files, each) for each in named), *of_files]

    def _faults_of_files(
        self, place: int, source: str, *, known: Sequence[Finding]
    ) -> list[Finding]:
        """Each fault once, with the files that show it. known : faults of the source as a whole"""
        by_key: dict[ExactKey, Finding] = {}
        for file, rows in self._files_of(place):
            for finding in self._faults(self._scope_of(rows, source)):
                of_file = replace(finding, files=(file,))
                before = by_key.get(finding.exact_key)
                by_key[finding.exact_key] = _together(before, of_file) if before else of_file
        told = [*known, *by_key.values()]
        return [f for f in by_key.values() if not self._is_told([t for t in told if t is not f], f)]

    def _is_told(self, found: Sequence[Finding], finding: Finding) -> bool:
        """Whether these tell it already, a swap of its column included."""
        return _has(found, finding) or any(self._swap_explains(f, finding) for f in found)

    def _swap_explains(self, swap: Finding, finding: Finding) -> bool:
        """Whether a fault is what a swap looks like in fewer rows: one column in the other's units,
        or with the other's missing values.
        """
        if swap.kind is not Kind.SWAPPED or not set(finding.columns) <= set(swap.columns):
            return False
        if finding.kind is not Kind.MISSING:
            return finding.kind is Kind.UNIT
        [other] = set(swap.columns) - set(finding.columns)
        reference = self._yardstick.reference
        usual = int(reference.missing[reference.names.index(other)])
        missing = round(finding.measures["share"] * finding.rows)
        return share_rise(missing, finding.rows, usual, len(reference)) > self._fault_alpha

    def _files_of(self, place: int) -> list[tuple[str, NDArray[np.intp]]]:
        """The files of a source that are big enough to be judged, if it sent several."""
        rows = np.flatnonzero(self._window.source_of == place)
        of_rows = self._window.files[rows]
        files = sorted({str(file) for file in of_rows} - {""})
        pieces = [(file, rows[of_rows == file]) for file in files]
        return [piece for piece in pieces if len(piece[1]) >= FEWEST_ROWS] if len(files) > 1 else []

    def _with_files(self, finding: Finding, place: int) -> Finding:
        """Name the files that show a fault of a whole source; all of them where none stands out."""
        if finding.kind in AT_THE_DOOR:
            return replace(finding, files=self._files_refused(finding))
        files = {str(f) for f in self._window.files[self._window.source_of == place]} - {""}
        shown = [file for file, rows in self._files_of(place) if self._shows(finding, rows)]
        return replace(finding, files=tuple(shown or sorted(files)))

    def _files_refused(self, finding: Finding) -> tuple[str, ...]:
        """Those whose rows were turned away, which may have none that was scored."""
        [column], cause = finding.columns, finding.measures.get("cause", UNKNOWN_CATEGORY)
        files = self._window.refused_files.get(finding.source, {}).get((column, cause), {})
        return tuple(f for f, rows in files.items() if rows >= FEWEST_REFUSED) or tuple(files)

    def _scope(self, places: Sequence[int], source: str) -> Scope:
        """The rows of these sources; of EVERYWHERE those that were drawn among all."""
        window = self._window
        is_in = np.isin(window.source_of, places)
        rows = np.flatnonzero(is_in if source else is_in & window.of_everybody)
        refused, names = Counter[tuple[str, str]](), [window.sources[place] for place in places]
        for name in names:
            refused.update(window.refused.get(name, {}))
        scored = sum(window.scored.get(name, 0) for name in names)
        return replace(self._scope_of(rows, source), refused=refused, scored=scored)

    def _scope_of(self, rows: NDArray[np.intp], source: str) -> Scope:
        window, yardstick = self._window, self._yardstick
        return Scope(
            columns=yardstick.columns,
            raw=self._raw[rows],
            histograms=self._histograms_of(rows),
            source=source,
            severities=yardstick.scale.by_column(
                window.contributions[rows], yardstick.columns.features
            ),
            default_probabilities=window.rows.default_probabilities[rows],
        )

    def _faults(self, scope: Scope) -> list[Finding]:
        return find_faults(scope, self._yardstick.reference, alpha=self._fault_alpha)

    def _all_faults(self, scope: Scope) -> list[Finding]:
        """Also those of a part of the rows."""
        found = self._faults(scope)
        return [*found, *self._stray(scope, found)]

    def _stray(self, scope: Scope, found: Sequence[Finding]) -> list[Finding]:
        taken = {name for finding in found for name in finding.columns}
        reference, alpha = self._yardstick.reference, self._fault_alpha
        return list(find_stray_units(scope, reference, taken=taken, alpha=alpha))

    def _shifts(self, scope: Scope, faulty: set[str]) -> list[Finding]:
        yardstick = self._yardstick
        found = list(
            find_shifts(scope, yardstick.reference, faulty=faulty, alpha=self._shift_alpha)
        )
        if found or faulty:
            return found
        sides = (yardstick.rows.default_probabilities, scope.default_probabilities)
        before, now = (yardstick.pd_histogram(side) for side in sides)
        pd_shift = find_pd_shift(before, now, scope, alpha=self._shift_alpha)
        return [pd_shift] if pd_shift else []


def _together(one: Finding, other: Finding) -> Finding:
    """The same fault of two files."""
    rows, measures = one.rows + other.rows, dict(other.measures)
    if "share" in measures:
        sides = ((each.rows, each.measures["share"]) for each in (one, other))
        measures["share"] = sum(of_side * share for of_side, share in sides) / rows
    return replace(other, rows=rows, measures=measures, files=(*one.files, *other.files))


def _without_files_of(of_files: Sequence[Finding], finding: Finding) -> Finding:
    """Not named are those of which this column is told in another way."""
    others = {f for each in of_files if each.columns == finding.columns for f in each.files}
    left = tuple(file for file in finding.files if file not in others)
    return replace(finding, files=left or finding.files)


def _has(found: Sequence[Finding], finding: Finding) -> bool:
    """Whether it is among them, whoever sends it."""
    sought = replace(finding, source=EVERYWHERE).exact_key
    return any(replace(each, source=EVERYWHERE).exact_key == sought for each in found)
