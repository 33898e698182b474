import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { nameColumns, partTexts, readRowNames } from '../../../training/data/rowNames.ts';
import { fromRows } from '../../../training/data/rows.ts';
import { written } from '../../support/data/tables.ts';

const data = fromRows([[1], [2], [3]]);

describe('columns of ids and texts', () => {
  it.each([
    [['embedding', 'text', 'id'], { id: 'id', text: 'text' }],
    [['doc_id', 'title', 'body'], { id: 'doc_id', text: 'body' }],
    [['uuid', 'name', 'text_embedding'], { id: 'uuid', text: 'name' }],
    [['word', 'gloss'], { text: 'gloss' }],
    [['a', 'b'], {}],
  ])('of %j are %j', (names, expected) => {
    expect(nameColumns(names)).toEqual(expected);
  });
});

describe('a file of texts', () => {
  it.each([
    ['lines', () => written('t.txt', 'one\r\ntwo\n\n'), { texts: ['one', 'two', ''] }, 'text = each line'],
    [
      'gzipped lines without a last line feed',
      () => written('t.txt.gz', gzipSync('one\ntwo\n3')),
      { texts: ['one', 'two', '3'] },
      'text = each line',
    ],
    [
      'a table, whose ids and texts are kept as written',
      () => written('t.csv', 'sku,id,body\n1,007,one\n2,08,2.50\n3,9,\n'),
      { ids: ['007', '08', '9'], texts: ['one', '2.50', ''] },
      'id = id, text = body',
    ],
  ])('is %s', async (_, file, names, taken) => {
    const location = file();
    const read = await readRowNames(data, location);
    expect([read.names, read.notes]).toEqual([names, [`${location}: ${taken}`]]);
  });

  it('has a text for each row', async () => {
    await expect(readRowNames(data, written('t.txt', 'one\ntwo\n'))).rejects.toThrow(
      /t\.txt: expected 3 rows, one for each row of rows in memory and in the same order, found 2/,
    );
  });

  it('says what a table lacks', async () => {
    await expect(readRowNames(data, written('t.csv', 'a,b\n1,2\n3,4\n5,6\n'))).rejects.toThrow(
      /expected a column id or text, found a, b; rename one with SQL: --texts "SELECT a AS text FROM '...'"/,
    );
  });
});

it('texts of parts are those of their rows, ids if there are no texts', () => {
  const parts = { train: Uint32Array.of(2, 0), test: Uint32Array.of(1) };
  const { train, test } = partTexts({ names: { ids: ['a', 'b', 'c'] } }, parts)!;
  expect([train(0), train(1), test(0)]).toEqual(['c', 'a', 'b']);
  expect(partTexts({}, parts)).toBeUndefined();
});
