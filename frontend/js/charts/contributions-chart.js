/**
 * ECharts options of the signed bar chart of contributions. Pure: rows in, options out.
 *
 * Direction is told four times: by the side of the zero line, by the sign of the number, by a hatch
 * on what raises the risk, and by a pair of colours that colour-blind people tell apart.
 */
import { directionOf } from '../dossier/contribution-shares.js';

const FONT = 'Inter, system-ui, sans-serif';
const WIDE = 620;
const ROW_HEIGHT = { wide: 44, narrow: 58 };

/** Height in px for a number of rows at a width. */
export function chartHeight(rows, width) {
  return rows * (width >= WIDE ? ROW_HEIGHT.wide : ROW_HEIGHT.narrow) + 8;
}

/**
 * @param {import('../dossier/contribution-shares.js').Row[]} rows heaviest first
 * @param {{width: number, palette: import('./palette.js').Palette, signed: (value: number) => string,
 *   description: string}} options
 */
export function contributionsChart(rows, { width, palette, signed, description }) {
  const wide = width >= WIDE;
  const reach = Math.max(...rows.map((row) => Math.abs(row.contribution)), 0.01);
  return {
    animation: false,
    aria: { enabled: true, label: { description } },
    textStyle: { fontFamily: FONT, color: palette.ink },
    grid: wide ? { left: 292, right: 12, top: 4, bottom: 4 } : { left: 4, right: 4, top: 4, bottom: 4 },
    xAxis: { type: 'value', min: -reach * 1.35, max: reach * 1.35, show: false },
    yAxis: categoryAxis(rows, { wide, width, palette }),
    series: [bars(rows, palette, signed)],
  };
}

function categoryAxis(rows, { wide, width, palette }) {
  return {
    type: 'category',
    inverse: true,
    data: rows.map((row) => row.key),
    axisTick: { show: false },
    // Over a phone's bars the line would cross the words.
    axisLine: { show: wide, onZero: true, lineStyle: { color: palette.muted, width: 1 } },
    axisLabel: wide ? besideBars(rows, palette) : aboveBars(rows, width, palette),
    z: 3,
  };
}

/** Two lines at the left edge: what it is, and what it is here. */
function besideBars(rows, palette) {
  return {
    margin: 291,
    align: 'left',
    width: 276,
    overflow: 'truncate',
    formatter: (_, index) => labelText(rows[index], '\n'),
    rich: richText(palette),
  };
}

/** No room at the side of a phone: the words stand over the bar. */
function aboveBars(rows, width, palette) {
  return {
    width: width - 8,
    overflow: 'truncate',
    inside: true,
    margin: 0,
    align: 'left',
    verticalAlign: 'bottom',
    padding: [0, 0, 12, 0],
    formatter: (_, index) => labelText(rows[index], '  '),
    rich: richText(palette),
  };
}

function labelText(row, separator) {
  const label = `{label|${plain(row.label)}}`;
  return row.value ? `${label}${separator}{value|${plain(row.value)}}` : label;
}

/** Braces and bars would be read as markup of ECharts' rich text. */
function plain(text) {
  return text.replace(/[{}|]/g, ' ');
}

function richText(palette) {
  return {
    label: { color: palette.ink, fontFamily: FONT, fontSize: 13, fontWeight: 500, lineHeight: 18 },
    value: { color: palette.muted, fontFamily: FONT, fontSize: 12, lineHeight: 16 },
  };
}

function bars(rows, palette, signed) {
  return {
    type: 'bar',
    barWidth: 14,
    silent: true,
    data: rows.map((row) => bar(row, palette, signed)),
  };
}

function bar(row, palette, signed) {
  const direction = directionOf(row.contribution);
  const raises = row.contribution > 0;
  const color = direction === 'neutral' ? palette.muted : palette[direction];
  return {
    name: row.label,
    value: row.contribution,
    itemStyle: {
      color,
      opacity: row.isRest ? 0.55 : 1,
      borderRadius: raises ? [0, 2, 2, 0] : [2, 0, 0, 2],
      decal: raises ? hatch(palette) : { symbol: 'none' },
    },
    label: {
      show: true,
      position: raises ? 'right' : 'left',
      formatter: () => signed(row.contribution),
      color: palette.ink,
      fontFamily: FONT,
      fontSize: 13,
      fontWeight: 600,
    },
  };
}

function hatch(palette) {
  return {
    symbol: 'rect',
    color: palette.hatch,
    dashArrayX: [1, 0],
    dashArrayY: [2, 5],
    rotation: -Math.PI / 4,
    symbolSize: 1,
  };
}
