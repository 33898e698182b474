/** Lines as rows: the same as those of a request, whatever way they are read. */
import { expect, it } from 'vitest';
import { csvStart } from '../../../edge/jobs/csvHeader.ts';
import { packCsvLines, packJsonLines } from '../../../edge/jobs/packLines.ts';
import type { ProblemError } from '../../../edge/problems.ts';
import { layoutOf } from '../../../edge/requests/rows/layout.ts';
import { columnsArtifact } from '../../support/artifacts/columnsArtifact.ts';
import { linearArtifact } from '../../support/artifacts/linearArtifact.ts';

const encoder = new TextEncoder();
const linear = layoutOf(linearArtifact().manifest, 'encoder', 'rows');
const people = layoutOf(columnsArtifact().manifest, 'encoder', 'rows');
const lines = (...texts: string[]) => texts.map((text) => encoder.encode(text));

function refusals() {
  const problems = new Map<number, string>();
  const refuse = (row: number, { slug }: ProblemError) => {
    if (!problems.has(row)) problems.set(row, slug);
  };
  return { problems, refuse };
}

it('lines of numbers are read as a list of rows, each of them one row', () => {
  const { problems, refuse } = refusals();
  const [inputs] = Object.values(
    packJsonLines(lines('[1,2,3,4,5,6]\r\n', ' [1,2,3,4,5,7] \n'), linear, refuse),
  );
  expect([...inputs!.data]).toEqual([1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 7]);
  expect(problems.size).toBe(0);
});

it.each([
  ['two rows in a line', ['[1,2,3,4,5,6],[1,2,3,4,5,6]', '[1,2,3,4,5,6]'], { 0: 'malformed-json' }],
  ['a row over two lines', ['[1,2,3', '4,5,6],[1,2,3,4,5,6]'], { 0: 'malformed-json', 1: 'malformed-json' }],
  ['no JSON', ['[1,2,3,4,5,6]', 'oops'], { 1: 'malformed-json' }],
  ['too short a row', ['[1]', '[1,2,3,4,5,6]'], { 0: 'wrong-shape' }],
  ['a value of another type', ['[1,2,3,4,5,"6"]', '[1,2,3,4,5,6]'], { 0: 'invalid-number' }],
  ['a name that is unknown', ['{"nope":1}', '[1,2,3,4,5,6]'], { 0: 'unknown-feature' }],
])('%s is a problem of its line alone', (_, texts, expected) => {
  const { problems, refuse } = refusals();
  packJsonLines(lines(...texts), linear, refuse);
  expect(Object.fromEntries(problems)).toEqual(expected);
});

it('the header says which column is which feature; others are left out', () => {
  const header = 'city, member,id,height,age\n';
  const start = csvStart(encoder.encode(`${header}Rome,yes,7,1.8,\n`), 0, people);
  expect(start).toMatchObject({ start: header.length, ignoredColumns: ['id'] });
  const { problems, refuse } = refusals();
  const rows = lines('Rome,yes,7,1.8,\n', '"Ro""me, IT",no,8,1.7,30', 'Rome,yes,9,high,\n', 'Rome\n');
  const inputs = packCsvLines(rows, people, start.columns, refuse);
  expect(Object.fromEntries(problems)).toEqual({ 2: 'invalid-number', 3: 'wrong-shape' });
  const same = packJsonLines(
    lines(
      '{"city":"Rome","member":true,"height":1.8}',
      '{"city":"Ro\\"me, IT","member":false,"height":1.7,"age":30}',
    ),
    people,
    refuse,
  );
  for (const [name, { data }] of Object.entries(same))
    expect([...inputs[name]!.data].slice(0, 2)).toEqual([...data]);
});

it.each([
  ['city,member\nRome,yes\n', 'no column "height"'],
  ['city,member,heigth\nRome,yes,1\n', "did you mean 'heigth'"],
  ['height,height\n1,2\n', '"height" is there twice'],
  ['height,member', 'expected a header'],
])('a header that cannot be used is refused: %s', (text, message) => {
  expect(() => csvStart(encoder.encode(text), 0, people)).toThrow(message);
});
