/** Tonight's rows without those of new categories: what is new altogether is for the gate `appeared`. */
import { relationsOf } from '../../../../training/data/relations.ts';
import { type Column, selectFrom } from '../../../../training/data/table.ts';
import type { DataGate, DataInput } from '../gate.ts';
import { appeared } from './appeared.ts';

/** Judges the rows of known categories alone, where new ones are few: a new product has its own price, and a shop its place. */
export function ofKnownRows(gate: DataGate): DataGate {
  return { ...gate, judge: (input, limit) => gate.judge(knownRows(input), limit) };
}

const known = new WeakMap<DataInput, DataInput>();

/** Once for all gates: correlations take time. */
function knownRows(input: DataInput): DataInput {
  const made = known.get(input) ?? withoutNew(input);
  known.set(input, made);
  return made;
}

function withoutNew(input: DataInput): DataInput {
  const { now, before, columns } = input;
  const isNew = new Uint8Array(now.rows);
  for (const column of columns) for (const row of newRows(column, input)) isNew[row] = 1;
  if (before === undefined || !isNew.includes(1)) return input;
  const rows = Uint32Array.from(isNew.keys()).filter((row) => isNew[row] === 0);
  const left = columns.map((column) => selectFrom(column, rows));
  return {
    ...input,
    columns: left,
    now: { ...now, rows: rows.length, relations: relationsOf(left, rows.length) },
  };
}

/** Rows of categories that the champion has not, if these are few enough for `appeared`. */
function newRows(column: Column, { now, before }: DataInput): number[] {
  const old = before?.columns.find(({ name }) => name === column.name);
  if (column.type !== 'category' || old?.type !== 'category') return [];
  // Of more categories than a profile has, nobody knows which are new.
  if (old.shares === undefined || old.distinct > old.shares.length) return [];
  const names = new Set(old.shares.map(([name]) => name));
  const isNew = column.categories.map((name) => !names.has(name));
  const rows = Array.from(column.codes.keys()).filter((row) => isNew[column.codes[row]!]);
  return rows.length > appeared.limit! * now.rows ? [] : rows;
}
