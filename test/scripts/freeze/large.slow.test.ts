/** What freezing needs: memory and time of many small models, and a recommender of 20,000 items. */
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSettings } from '../../../edge/settings.ts';
import { freezableGraphs } from '../../../scripts/freeze/freezableGraphs.ts';
import { freeze } from '../../../scripts/freeze/freeze.ts';
import { FULL_WORKLOAD } from '../../../scripts/freeze/workload.ts';
import { random } from '../../../shared/random.ts';
import { fromItemLists } from '../../../training/data/interactions.ts';
import { recommend } from '../../../training/recipes/recommend.ts';
import { train } from '../../../training/train.ts';
import { linearArtifact } from '../../support/artifacts/linearArtifact.ts';

const { limits } = readSettings({});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latentedge-large-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Bytes that the processes which this one has started have in memory together. */
function childBytes(): number {
  let bytes = 0;
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      // `pid (name) state parent ...`; the 22nd field after the name is the resident pages.
      const [, parent, ...rest] = readFileSync(`/proc/${entry}/stat`, 'utf8').split(') ')[1]!.split(' ');
      if (Number(parent) === process.pid) bytes += 4096 * Number(rest[19]);
    } catch (error) {
      // It has just ended.
      if (!['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code!)) throw error;
    }
  }
  return bytes;
}

test('44 graphs are frozen by processes that need less than 1 GB together', {
  timeout: 600_000,
}, async () => {
  const artifacts = Array.from({ length: 11 }, (_, i) =>
    linearArtifact({ name: `linear-${i}`, scale: 2 ** i }),
  );
  const graphs = freezableGraphs(artifacts, limits).slice(0, 44);
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, childBytes());
  }, 50);
  const { report } = await freeze(graphs, { workload: FULL_WORKLOAD, cache: join(folder, 'many') });
  clearInterval(timer);
  expect(report.graphs).toHaveLength(graphs.length);
  expect(peak).toBeGreaterThan(0);
  expect(peak).toBeLessThan(1e9);
});

test('a recommender of 20,000 items is frozen', { timeout: 600_000 }, async () => {
  const items = 20_000;
  const source = random(1, 'shop');
  const lists = Array.from({ length: 300 }, () => Array.from({ length: 50 }, () => source.integer(items)));
  const { artifact } = await train({
    force: true, // trained too briefly to beat the mean
    name: 'shop',
    data: fromItemLists(
      lists,
      Array.from({ length: items }, (_, item) => `${item}`),
    ),
    variant: recommend.variant,
    settings: { ...recommend.settings, codeSize: 64, start: 'random', epochs: 1 },
    out: folder,
  });
  const graphs = freezableGraphs([artifact], limits);
  const { report } = await freeze(graphs, { workload: FULL_WORKLOAD, cache: join(folder, 'shop') });
  expect(report.refused).toEqual({});
  expect(report.graphs.map((label) => label.split('/')[1])).toEqual(
    expect.arrayContaining(['encoder', 'decoder', 'recommend', 'similar']),
  );
  // The memory of an isolate, which holds both.
  expect(report.image.pages * 2 ** 16 + report.image.bytes).toBeLessThan(128e6);
});
