// The checked-in report of the public surface. It may change only together with an entry in the changelog.
import { createHash } from 'node:crypto';

const title = '# The public surface of voxterm';
const explanation = [
  '`npm run api` writes this file, and `npm run check:api` fails when it is not what the source says. What stands here is',
  'covered by semantic versioning, so a change of it needs a line under `Unreleased` in CHANGELOG.md.',
];

/** The entries under `Unreleased`: lines of lists, with the lines that continue them. */
export function unreleased(changelog) {
  const [, section = ''] =
    /^## \[?Unreleased\]?[^\n]*\n([\s\S]*?)(?=^## |(?![\s\S]))/im.exec(changelog) ?? [];
  const entries = [];
  for (const line of section.split('\n')) {
    if (/^\s*[-*] /.test(line)) entries.push(line.trim());
    else if (/^\s+\S/.test(line) && entries.length > 0) entries.push(`${entries.pop()} ${line.trim()}`);
  }
  return entries;
}

/** Stands for the entries in the report; order and line breaks do not count. */
function seal(entries) {
  return createHash('sha256')
    .update([...entries].sort().join('\n'))
    .digest('hex')
    .slice(0, 16);
}

/** The report of a surface that changes with these entries of the changelog. */
export function render(surface, changelog) {
  const entries = unreleased(changelog);
  return [
    title,
    '',
    ...explanation,
    '',
    `Changelog at its last change: ${entries.length} unreleased entries, ${seal(entries)}`,
    '',
    surface.trim(),
    '',
  ].join('\n');
}

function parse(report) {
  const [, count, recorded] =
    /^Changelog at its last change: (\d+) unreleased entries, (\w+)$/m.exec(report) ?? [];
  const start = report.indexOf('\n## ');
  if (recorded === undefined || start < 0) return undefined;
  return { count: Number(count), recorded, surface: report.slice(start).trim() };
}

/** The first few lines that only one of two texts has. */
function difference(before, after) {
  const had = new Set(before.split('\n'));
  const has = new Set(after.split('\n'));
  const lines = [
    ...before
      .split('\n')
      .filter((line) => !has.has(line))
      .map((line) => `- ${line}`),
    ...after
      .split('\n')
      .filter((line) => !had.has(line))
      .map((line) => `+ ${line}`),
  ];
  return lines.length > 20 ? [...lines.slice(0, 20), `… and ${lines.length - 20} more`] : lines;
}

/**
 * What `npm run api` has to do. `report` is the checked-in report, undefined if it does not exist.
 * @returns {{ kind: 'same' } | { kind: 'write', report: string } | { kind: 'refuse', message: string }}
 */
export function update(report, surface, changelog) {
  const before = report === undefined ? undefined : parse(report);
  if (before === undefined) return { kind: 'write', report: render(surface, changelog) };
  if (before.surface === surface.trim()) return { kind: 'same' };
  const entries = unreleased(changelog);
  if (entries.length > 0 && seal(entries) !== before.recorded)
    return { kind: 'write', report: render(surface, changelog) };
  return {
    kind: 'refuse',
    message: [
      'The public surface changed, and the changelog did not:',
      ...difference(before.surface, surface.trim()),
      'Add a line about it under `Unreleased` in CHANGELOG.md, and run `npm run api` again.',
    ].join('\n'),
  };
}

/** Why `npm run check:api` fails; undefined when the report matches the source. */
export function complaint(report, surface) {
  const before = report === undefined ? undefined : parse(report);
  if (before?.surface === surface.trim()) return undefined;
  return [
    'The public surface is not what the report says:',
    ...difference(before?.surface ?? '', surface.trim()),
    'If this is intended, add a line under `Unreleased` in CHANGELOG.md and run `npm run api`.',
  ].join('\n');
}
