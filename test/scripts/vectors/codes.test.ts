import { describe, expect, it } from 'vitest';
import { codeVectors } from '../../../scripts/vectors/codes.ts';
import { type Vector, vectorLine } from '../../../scripts/vectors/vector.ts';
import { fromRows } from '../../../training/data/rows.ts';
import { columnsArtifact } from '../../support/artifacts/columnsArtifact.ts';
import { expectedCodes, linearArtifact } from '../../support/artifacts/linearArtifact.ts';

const ROWS = Array.from({ length: 300 }, (_, row) => Array.from({ length: 6 }, (_, i) => (row - i) / 8));
const ids = ROWS.map((_, row) => `doc-${row}`);
const data = { ...fromRows(ROWS), names: { ids, texts: ids.map((id) => `about ${id}`) } };

async function vectorsOf(source: ReturnType<typeof codeVectors>): Promise<Vector[]> {
  const all: Vector[] = [];
  for await (const batch of source.batches) all.push(...batch);
  return all;
}

describe('codes of rows as vectors', () => {
  it('have ids, texts and values of the encoder', async () => {
    const source = codeVectors(linearArtifact(), data);
    expect([source.count, source.dimensions, source.notes]).toEqual([300, 2, []]);
    const codes = expectedCodes(ROWS);
    expect(await vectorsOf(source)).toEqual(
      ids.map((id, row) => ({ id, values: codes[row], metadata: { id, text: `about ${id}` } })),
    );
  });

  it('are numbered without ids, which is said', async () => {
    const source = codeVectors(linearArtifact(), fromRows(ROWS));
    expect(source.notes).toEqual(['id = number of the row, from 0']);
    expect((await vectorsOf(source)).at(-1)).toMatchObject({ id: '299', metadata: { id: '299' } });
  });

  it('have texts that fit metadata, cut between characters, which is said', async () => {
    const texts = ROWS.map((_, row) => (row === 0 ? `x${'é'.repeat(5000)}` : 'short'));
    const source = codeVectors(linearArtifact(), { ...data, names: { ids, texts } });
    expect(source.notes).toEqual(['1 texts are longer than 8192 bytes, and cut: metadata have 10 KiB']);
    const [first] = await vectorsOf(source);
    expect(first!.metadata.text).toBe(`x${'é'.repeat(4095)}`);
  });

  it.each([
    [
      'rows of another width',
      () => codeVectors(linearArtifact(), fromRows([[1, 2]])),
      /expected vectors of 6 values for linear, received 2/,
    ],
    [
      'a model of columns',
      () => codeVectors(columnsArtifact(), data),
      /expected a model that encodes vectors/,
    ],
    [
      'an id twice',
      () => codeVectors(linearArtifact(), { ...data, names: { ids: ids.with(5, 'doc-2') } }),
      /expected an id of its own for each row, found doc-2 in rows 3 and 6/,
    ],
    [
      'an empty id',
      () => codeVectors(linearArtifact(), { ...data, names: { ids: ids.with(5, '') } }),
      /found none in row 6/,
    ],
  ])('are refused for %s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});

describe('a line', () => {
  const vector = { id: 'a', values: [0.1], metadata: { id: 'a' } };
  it('has the version in its id and namespace', () => {
    expect(JSON.parse(vectorLine(vector, '0123456789ab'))).toEqual({
      ...vector,
      id: '0123456789ab/a',
      namespace: '0123456789ab',
    });
  });

  it('is refused for an id that Vectorize has no room for', () => {
    expect(vectorLine({ ...vector, id: 'é'.repeat(25) }, '0123456789ab')).toContain('é');
    expect(() => vectorLine({ ...vector, id: 'é'.repeat(26) }, '0123456789ab')).toThrow(
      /expected at most 51 bytes, since Vectorize takes 64 with the version, received 52/,
    );
  });
});
