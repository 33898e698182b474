/** JSON as text: mostly right, and here and there what parsers and models trip over. */
import * as fc from 'fast-check';

/** What JavaScript values cannot say, or what says no JSON at all. */
const RAW = [
  ...[
    '1e999',
    '-1e999',
    '1e-999',
    '3.5e38',
    '-0',
    '0.1e1',
    '123456789012345678901234567890',
    '9007199254740993',
  ],
  ...['NaN', 'Infinity', 'undefined', '01', '+1', '1.', '.5', '0x10', "'a'", '1 2', ''],
  ...[
    '"\\ud800"',
    '"\\udc00\\ud800"',
    '"\\u0000"',
    '"\\x"',
    '"\n"',
    '"',
    '/* */ 1',
    '[,]',
    '[1,]',
    '{,}',
    '{"a"}',
  ],
  ...['{"a":1,"a":2}', '{"__proto__":{"a":1}}', '{"constructor":{"prototype":{}}}', '{"toJSON":1}'],
  ...['['.repeat(40) + ']'.repeat(40), '[['.repeat(3000), `${'{"a":'.repeat(20)}1${'}'.repeat(20)}`],
] as const;
/** Stands in a value for one of these, and is replaced in its text. */
const MARK = /"@raw(\d+)@"/g;

const raw = fc.nat(RAW.length - 1).map((i) => `@raw${i}@`);

/** A value that hardly any place takes. */
export const hostile: fc.Arbitrary<unknown> = fc.oneof(
  { arbitrary: raw, weight: 3 },
  fc.constantFrom(null, true, false, '', 'x', {}, [], [[]], [null], { a: 1 }, '__proto__', 'ä漢🎲', '\ufeff'),
  fc.constantFrom(-1, 0, 0.5, 1e20, -1e20, 2 ** 31, 2 ** 32, 2 ** 53, 1e-45, 3.4e38, -3.4e38, 1e39, 5e-324),
  fc.double(),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.integer({ min: 0, max: 2000 }).map((length) => 'x'.repeat(length)),
  fc.jsonValue({ maxDepth: 3 }),
);

/** The text of a value, with what stands in it for other text. */
export function jsonText(value: unknown): string {
  return (JSON.stringify(value) ?? 'undefined').replace(MARK, (_, i) => RAW[Number(i)]!);
}

/** A number that float32 holds, as models see them; now and then one that is far from all training data. */
export const cell: fc.Arbitrary<number> = fc.oneof(
  { arbitrary: fc.integer({ min: -80, max: 80 }).map((quarters) => quarters / 4), weight: 60 },
  { arbitrary: fc.constantFrom(-0, 1e-45, 1e6, -1e6, 1e18, 1e-38), weight: 2 },
);

/** So many rows of cells. */
export function matrix(width: number, minRows = 1, maxRows = 4): fc.Arbitrary<number[][]> {
  const row = fc.array(cell, { minLength: width, maxLength: width });
  return fc.array(row, { minLength: minRows, maxLength: maxRows });
}

const at = fc.nat(200);
const MEMBERS = [
  'rows',
  'codes',
  'labels',
  'label',
  'n',
  'seed',
  'steps',
  'k',
  'items',
  'inputs',
  'data',
  'id',
];
const member = fc.oneof(
  fc.constantFrom(...MEMBERS, '__proto__', 'constructor', ''),
  fc.string({ maxLength: 8 }),
);

/** Spoils a value, or one inside it. */
export type Spoil = (value: unknown) => unknown;

export const spoil: fc.Arbitrary<Spoil> = fc.oneof(
  { arbitrary: fc.tuple(at, hostile).map(([place, by]) => changing(place, () => by)), weight: 4 },
  at.map((place) => changing(place, (value) => [value, value])),
  at.map((place) => changing(place, () => undefined)),
  fc
    .tuple(at, member, hostile)
    .map(([place, name, by]) => changing(place, (value) => withMember(value, name, by))),
);

/** Changes one of the values of a copy, counted from the outside in; to nothing takes it out of its object or list. */
function changing(place: number, change: Spoil): Spoil {
  return (whole) => {
    const slots = slotsOf({ root: structuredClone(whole) });
    const { parent, key } = slots[place % slots.length]!;
    const changed = change(parent[key]);
    if (changed !== undefined) parent[key] = changed;
    else if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
    return slots[0]!.parent.root;
  };
}

/** A list gets another element; what is neither list nor object becomes one. Unlike assignment, this takes any name. */
function withMember(value: unknown, name: string, added: unknown): unknown {
  if (Array.isArray(value)) return [...value, added];
  const members = Object.entries(typeof value === 'object' ? (value ?? {}) : {});
  return Object.fromEntries([...members, [name, added]]);
}

interface Slot {
  readonly parent: Record<string, unknown>;
  readonly key: string;
}

/** Every place that holds a value, outer ones first. */
function slotsOf(root: Record<string, unknown>): Slot[] {
  const slots: Slot[] = [{ parent: root, key: 'root' }];
  for (let i = 0; i < slots.length && slots.length < 300; i++) {
    const { parent, key } = slots[i]!;
    const value = parent[key];
    if (typeof value !== 'object' || value === null) continue;
    for (const name of Object.keys(value))
      slots.push({ parent: value as Record<string, unknown>, key: name });
  }
  return slots;
}
