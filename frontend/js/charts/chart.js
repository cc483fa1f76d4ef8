/** Shows an ECharts picture; the library is fetched only when a first chart is shown. */
import { html, useEffect, useRef, useState } from '../core/preact.js';
import { theme } from '../core/theme.js';
import { readPalette } from './palette.js';

let library = null;

/** Starts the download early, e.g. while the data of the chart are still on their way. */
export function loadCharts() {
  library ??= import('../../vendor/echarts.js').catch((error) => {
    library = null;
    throw error;
  });
  return library;
}

/**
 * @param {{build: (size: {width: number, palette: object}) => object, height: (width: number) => number,
 *   label: string, fallback: object}} props build makes the options for a width; label says the
 *   content to who cannot see it; fallback is shown when the library cannot be fetched
 */
export function Chart({ build, height, label, fallback }) {
  const [failed, setFailed] = useState(false);
  const frame = useRef(null);
  const latest = useRef(null);
  latest.current = { build, height };
  const shown = theme.value;
  const chart = useRef(null);

  useEffect(() => mount(frame.current, chart, latest, () => setFailed(true)), []);
  useEffect(() => {
    if (chart.current) draw(frame.current, chart.current, latest.current);
  }, [build, shown]);

  if (failed) return fallback;
  return html`<div class="chart" role="img" aria-label=${label} ref=${frame}></div>`;
}

/** Keeps the picture as wide as its frame, on screen and on paper; returns how to end that. */
function mount(frame, chart, latest, onFailure) {
  const redraw = () => chart.current && draw(frame, chart.current, latest.current);
  const resized = new ResizeObserver(redraw);
  const controller = new AbortController();
  loadCharts().then((echarts) => {
    if (controller.signal.aborted) return;
    frame.style.height = `${latest.current.height(frame.clientWidth)}px`;
    chart.current = echarts.init(frame, null, { renderer: 'svg' });
    redraw();
    resized.observe(frame);
    matchMedia('print').addEventListener('change', redraw, { signal: controller.signal });
  }, onFailure);
  return () => {
    controller.abort();
    resized.disconnect();
    chart.current?.dispose();
    chart.current = null;
  };
}

function draw(frame, chart, { build, height }) {
  const width = frame.clientWidth;
  if (width === 0) return;
  const tall = height(width);
  frame.style.height = `${tall}px`;
  chart.resize({ width, height: tall });
  chart.setOption(build({ width, palette: readPalette(frame) }), { notMerge: true });
}
