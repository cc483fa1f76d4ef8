/** A text as a QR code, drawn as one SVG path; the library is fetched when one is first shown. */
import { html, useEffect, useState } from '../core/preact.js';

/** Modules of white around it, as ISO/IEC 18004 asks. */
const BORDER = 4;

/** @param {{text: string, label: string}} props label: for whoever cannot see it */
export function QrCode({ text, label }) {
  const [drawn, setDrawn] = useState(null);
  useEffect(() => {
    let wanted = true;
    import('uqr').then(({ encode }) => {
      if (wanted) setDrawn(encode(text, { border: BORDER }));
    });
    return () => {
      wanted = false;
    };
  }, [text]);
  if (!drawn) return html`<div class="qr" aria-hidden="true"></div>`;
  return html`
    <svg class="qr" role="img" aria-label=${label} viewBox=${`0 0 ${drawn.size} ${drawn.size}`} shape-rendering="crispEdges">
      <path d=${pathOf(drawn.data)} />
    </svg>`;
}

/** @param {boolean[][]} rows */
function pathOf(rows) {
  const squares = rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')));
  return squares.join('');
}
