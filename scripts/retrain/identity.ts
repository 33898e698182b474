/** What determines a run. A killed run is resumed only by one that is determined by the same. */
import { isDeepStrictEqual } from 'node:util';
import { sha256 } from '../../training/artifact/artifact.ts';
import { fingerprint } from '../../training/data/dataset.ts';
import { hashTable } from '../../training/data/rowHashes.ts';
import type { PreparedRun } from '../cli/preparedRun.ts';
import type { RetrainOptions } from './context.ts';

/** Everything that determines a run, as JSON. */
export type Identity = Readonly<Record<string, unknown>>;

export function identityOf(prepared: PreparedRun, options: RetrainOptions): Identity {
  const { canary, watch, canaryAnswers, fewAnswers, limits, accept, allowBreaking } = options;
  const { shadow, shadowAnswers, warmStart, rows, seed } = options;
  const { recipe, engine, settings, data } = prepared;
  return JSON.parse(
    JSON.stringify({
      ...{
        recipe: recipe.name,
        settings,
        seed,
        engine,
        data: fingerprint(data),
        [TABLE]: tableHash(prepared),
      },
      ...{ canary, watch, canaryAnswers, fewAnswers, limits, accept, allowBreaking, warmStart, rows },
      ...{ shadow, shadowAnswers },
    }),
  );
}

/** Names what differs between two runs. */
export function differences(before: Identity, now: Identity): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  const differing = [...names].filter(
    (name) => name !== TABLE && !isDeepStrictEqual(before[name], now[name]),
  );
  // Seed and settings decide how rows are split, and so how they are encoded: the fingerprint is another one.
  const isDrawn = differing.includes('seed') || differing.includes('settings');
  if (!isDrawn) return differing;
  const [known, own] = [before[TABLE], now[TABLE]];
  if (known === undefined || own === undefined)
    return differing.map((name) => (name === 'data' ? 'data (or only how it is drawn and split)' : name));
  return differing.filter((name) => name !== 'data' || known !== own);
}

/** The member that says if the data is the same, whatever the seed. */
const TABLE = 'table';

/** Hash of the rows as they were read; undefined if only a sample of them is held, which the seed draws. */
function tableHash({ data }: PreparedRun): string | undefined {
  const { observed, stored, parts: _, ...rows } = data;
  if (stored !== undefined) return undefined;
  if (observed === undefined) return fingerprint(rows);
  const { high, low } = hashTable(observed);
  return sha256(Buffer.concat([high, low].map(({ buffer }) => new Uint8Array(buffer))));
}
