// The table of figures, as text that is also Markdown.

const TITLES = ['what', 'measured', 'held against', 'floor', 'ratio', 'to reach', ''];
/** Columns of words; the others are numbers. */
const WORDS = new Set([0, 2]);
const rows = [];

/**
 * One figure. `floor` is what it is held `against`, in the same unit. What is to be reached: of the figure `most`, of its
 * ratio to the floor `leastRatio`.
 */
export function report(what, value, unit, { against = '', floor, most, leastRatio } = {}) {
  const ratio = floor === undefined ? undefined : value / floor;
  const rules = [
    [most, value <= most, most === undefined ? '' : inUnit(most, unit)],
    [leastRatio, ratio >= leastRatio, `ratio ${leastRatio}`],
  ].filter(([limit]) => limit !== undefined);
  rows.push([
    what,
    inUnit(value, unit),
    against,
    floor === undefined ? '' : inUnit(floor, unit),
    ratio === undefined ? '' : ratio.toFixed(2),
    rules.map(([, , text]) => text).join(', '),
    rules.length === 0 ? '' : rules.every(([, isReached]) => isReached) ? 'reached' : 'missed',
  ]);
}

function inUnit(value, unit) {
  const digits = value >= 100 || Number.isInteger(value) ? 0 : value >= 10 ? 1 : 2;
  const number = value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${number} ${unit}`.trim();
}

/** Prints the table; without verdicts where the figures are not worth one. */
export function print({ hasVerdicts }) {
  if (!hasVerdicts) {
    rows.forEach((row) => row.splice(-1, 1, ''));
  }
  const widths = TITLES.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)));
  const line = (cells) => {
    const padded = cells.map((cell, column) =>
      WORDS.has(column) ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
    );
    console.log(`| ${padded.join(' | ')} |`);
  };
  line(TITLES);
  console.log(`|${widths.map((width, column) => '-'.repeat(width + 1) + (WORDS.has(column) ? '-' : ':')).join('|')}|`);
  rows.forEach(line);
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
