import { describe, expect, test } from 'vitest';
import { excessOf, MAX_CONTAINERS, MAX_DEPTH, MAX_NAMES } from '../../edge/runtime/jsonExcess.ts';
import { type Random, random } from '../../shared/random.ts';

const check = (json: string) => () => {
  const excess = excessOf(new TextEncoder().encode(json));
  if (excess !== undefined) throw new Error(excess);
};
const nested = (depth: number) => `${'['.repeat(depth)}1${']'.repeat(depth)}`;

test('so many levels are let through, and one more is not', () => {
  expect(check(nested(MAX_DEPTH))).not.toThrow();
  expect(check(nested(MAX_DEPTH + 1))).toThrow();
  expect(check(`[${nested(MAX_DEPTH - 1)}, ${nested(MAX_DEPTH - 1)}]`)).not.toThrow();
  expect(check('{"a":'.repeat(MAX_DEPTH + 1))).toThrow(`nests deeper than ${MAX_DEPTH} levels`);
});

test('so many arrays and objects are let through, and one more is not', () => {
  const flat = (count: number) => `[${new Array(count - 1).fill('{}').join()}]`;
  expect(check(flat(MAX_CONTAINERS))).not.toThrow();
  expect(check(flat(MAX_CONTAINERS + 1))).toThrow(`more than ${MAX_CONTAINERS} arrays and objects`);
});

test('8 MiB of brackets are refused at once', () => {
  const bytes = new Uint8Array(8 * 1024 * 1024).fill(0x5b);
  const start = performance.now();
  expect(excessOf(bytes)).toContain('nests deeper');
  expect(performance.now() - start).toBeLessThan(50);
});

describe('different names', () => {
  const named = (count: number, name: (i: number) => string = (i) => `name ${i}`) =>
    `{${Array.from({ length: count }, (_, i) => `${JSON.stringify(name(i))} : 1`).join()}}`;

  test('so many are let through, and a few more are not', () => {
    expect(check(named(MAX_NAMES))).not.toThrow();
    // Names that share a hash are counted once.
    expect(check(named(1.05 * MAX_NAMES))).toThrow(`more than ${MAX_NAMES} different names`);
  });

  test('the same ones may come as often as they like, and values are no names', () => {
    expect(check(named(5 * MAX_NAMES, (i) => `name ${i % 100}`))).not.toThrow();
    const values = Array.from({ length: 3 * MAX_NAMES }, (_, i) => `"value ${i}"`);
    expect(check(`[${values.join()}]`)).not.toThrow();
  });
});

describe('what is in strings does not count', () => {
  const brackets = '[{'.repeat(MAX_DEPTH);
  test.each([
    ['brackets', JSON.stringify([brackets])],
    ['as a member', JSON.stringify({ [brackets]: 1 })],
    ['after an escaped quote', JSON.stringify([`"${brackets}`])],
    ['after an escaped backslash', JSON.stringify(['\\', nested(3), `\\"${brackets}`])],
    ['beyond ASCII', JSON.stringify([`ä漢🎲${brackets}`])],
  ])('%s', (_, json) => expect(check(json)).not.toThrow());

  test('but what follows them does', () => {
    expect(check(`["\\\\", ${nested(MAX_DEPTH)}]`)).toThrow();
  });
});

test.each(['', '"', '"\\', ']]]]', 'NaN', '\u0000'])('%j is left to the parser', (text) => {
  expect(check(text)).not.toThrow();
});

/** Any JSON of at most `depth` levels. */
function anyJson(source: Random, depth: number): unknown {
  const kind = depth === 0 ? 0 : source.integer(4);
  if (kind === 0) return ['"[{', '\\', '\\"]}', 'x'][source.integer(4)];
  if (kind === 1) return source.uniform();
  const members = Array.from({ length: source.integer(3) }, () => anyJson(source, depth - 1));
  return kind === 2 ? members : Object.fromEntries(members.map((member, i) => [`"[${i}`, member]));
}

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

test('agrees with the parsed value, whatever it is', () => {
  const source = random(7, 'nesting');
  const outcomes = { passed: 0, refused: 0 };
  for (let i = 0; i < 3000; i++) {
    let value = anyJson(source, 8);
    const levels = source.integer(18);
    for (let level = 0; level < levels; level++) value = [value];
    const isDeep = depthOf(value) > MAX_DEPTH;
    const refused = expect(check(JSON.stringify(value)));
    if (isDeep) refused.toThrow();
    else refused.not.toThrow();
    outcomes[isDeep ? 'refused' : 'passed']++;
  }
  expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(100);
});
