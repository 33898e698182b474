/** A shadow of a model: its gate, and the commands that set it, end it, or let it answer. */
import { describe, expect, it } from 'vitest';
import { requireShadowFits, shown } from '../../../scripts/retrain/aliases.ts';
import { endShadow, historyOf, promote, rollBack } from '../../../scripts/retrain/control.ts';
import { shadow as gate } from '../../../scripts/retrain/gates/shadow.ts';
import { historyLines } from '../../../scripts/retrain/historyLines.ts';
import { deleteVersion, inventory } from '../../../scripts/retrain/inventory/inventory.ts';
import { aliasRelease } from '../../../scripts/retrain/release/aliases.ts';
import { addedUp, readShadow, shadowLines } from '../../../scripts/retrain/shadow/figures.ts';
import { statusOf } from '../../../scripts/retrain/status.ts';
import { promotedHere } from '../../../scripts/retrain/targets/promotedHere.ts';
import type { Target } from '../../../scripts/retrain/targets/target.ts';
import { undo } from '../../../scripts/retrain/undo.ts';
import { publishArtifact } from '../../../scripts/store/publish.ts';
import { AdminStats, type ShadowStats } from '../../../shared/adminApi.ts';
import { Aliases } from '../../../shared/aliases.ts';
import { GateError, InputError } from '../../../shared/errors.ts';
import { versionOf } from '../../../training/artifact/artifact.ts';
import { linearArtifact } from '../../support/artifacts/linearArtifact.ts';
import { temporaryFolder } from '../../support/data/data.ts';
import { memoryBucket } from '../../support/data/nights/memoryBucket.ts';

/** Whole versions, as the bucket of a model holds them. */
const VERSIONS = [1, 2, 3].map((scale) => {
  const { manifest, graphs } = linearArtifact({ name: 'orders', scale });
  const { version: _, ...content } = manifest;
  return { manifest: { ...manifest, version: versionOf(content) }, graphs };
});
const [A, B, C] = VERSIONS.map(({ manifest }) => manifest.version) as [string, string, string];
const BOUNDS = [0.01, 0.1, 1];
const shadowed = { production: A, shadow: { version: B, percentage: 20 } };

/** What an isolate has counted of B beside A. */
function stats(isolate: string, over: Partial<ShadowStats> = {}): AdminStats {
  const own: ShadowStats = {
    ...{ name: 'orders', production: A, shadow: B, operation: 'score' },
    ...{ requests: 300, rows: 600, errors: 0, dropped: 4 },
    values: { count: 600, meanDifference: 0.25, largestDifference: 2 },
    verdicts: { rows: 600, differing: 6 },
    ...{ durations: [300, 0, 0, 0], productionDurations: [300, 0, 0, 0], ...over },
  };
  return AdminStats.parse({ isolate, durationBounds: BOUNDS, models: [], shadows: [own] });
}

const versions = { model: 'orders', production: A, shadow: B };
const judged = (over: Partial<ShadowStats>, limit = gate.limit!) =>
  gate.judge({ figures: addedUp([stats('one', over)], versions), atLeast: 200 }, limit);

describe('the gate', () => {
  it.each<[what: string, over: Partial<ShadowStats>, passed: boolean, figures: RegExp]>([
    ['enough requests', {}, true, /^300 of 200 requests compared, in 1 isolate \(4 not copied\); 0 failed/],
    ['too few', { requests: 199 }, false, /^199 of 200/],
    ['none', { requests: 0, verdicts: null, values: null }, false, /^0 of 200 .*; no verdicts$/],
    ['a failure', { errors: 1 }, false, /; 1 failed;/],
    ['verdicts within the limit', { verdicts: { rows: 600, differing: 30 } }, true, /of 600 verdicts differ/],
    ['too many other verdicts', { verdicts: { rows: 600, differing: 31 } }, false, /of 600 verdicts differ/],
    ['no verdicts', { verdicts: null }, true, /no verdicts$/],
    ['answers as slow as allowed', { durations: [200, 0, 100, 0] }, true, /p95 up to 1 s, production 0.01 s/],
    ['slow answers', { durations: [200, 0, 0, 100] }, false, /p95 up to Infinity s/],
  ])('with %s', (_, over, passed, figures) => {
    expect(judged(over)).toMatchObject({ passed, figures: expect.stringMatching(figures) });
  });

  it('takes another limit for verdicts, and refuses what is not known', () => {
    expect(judged({ verdicts: { rows: 600, differing: 31 } }, 0.1)).toMatchObject({ passed: true });
    expect(gate.judge({ figures: undefined, atLeast: 0 }, 1)).toMatchObject({
      passed: false,
      figures: expect.stringContaining('scope admin'),
    });
  });
});

describe('figures', () => {
  it('add up the last reading of each isolate, of these two versions', async () => {
    const readings = [
      stats('one', { requests: 10 }),
      stats('two', { values: { count: 200, meanDifference: 1.25, largestDifference: 9 } }),
      stats('one', { requests: 30 }),
      stats('three', { shadow: C }),
    ];
    const live = { stats: async () => readings.shift() };
    const figures = await readShadow(live, versions, { enough: 330, seconds: 5 });
    expect(figures).toMatchObject({ requests: 330, rows: 1200, judged: 1200, differing: 12, isolates: 2 });
    expect(readings).toHaveLength(1);
    // (600 x 0.25 + 200 x 1.25) / 800
    expect(shadowLines(figures!)).toEqual([
      'shadow, score: 330 requests, values differ by 0.500 on average, 9.00 at most, 12 of 1200 verdicts differ',
    ]);
  });

  it('are undefined at once if the key does not permit them', async () => {
    const started = performance.now();
    expect(
      await readShadow({ stats: async () => undefined }, versions, { enough: 1, seconds: 60 }),
    ).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

/** A bucket with these aliases, and a Worker that has counted what `over` says. */
async function madeTarget(aliases: Aliases, over: Partial<ShadowStats> = {}) {
  const bucket = memoryBucket();
  for (const version of VERSIONS) await publishArtifact(bucket, { ...version, answers: undefined });
  await bucket.put('orders/aliases.json', JSON.stringify(aliases));
  const live = { stats: async () => stats('one', over) };
  const target = { name: 'local', bucket, live, release: aliasRelease(undefined) } as unknown as Target;
  const inForce = async () =>
    Aliases.parse(
      JSON.parse(new TextDecoder().decode(await (await bucket.get('orders/aliases.json'))!.arrayBuffer())),
    );
  return { target, inForce };
}

describe('commands', () => {
  it('promote a shadow that passes its gate, and it is none any more', async () => {
    const { target, inForce } = await madeTarget(shadowed);
    const lines: string[] = [];
    await promote(target, 'orders', { print: (line) => lines.push(line) });
    expect(await inForce()).toEqual({ production: B, previous: A });
    expect(lines.join('\n')).toMatch(/shadow, score: 300 requests[\s\S]*gate shadow +passed/);
  });

  it('do not promote one that fails, unless that is accepted, which the history tells', async () => {
    const { target, inForce } = await madeTarget(shadowed, { errors: 3 });
    for (const given of ['orders', `orders@${B}`])
      await expect(promote(target, given)).rejects.toThrow(/refused by shadow \(.*3 failed/);
    const command = { line: 'npm run deploy -- --promote orders', trains: false };
    await expect(promote(target, 'orders', { command })).rejects.toMatchObject({
      next: expect.stringMatching(
        /answer for longer.*all the same: npm run deploy -- --promote orders --accept shadow$/,
      ),
    });
    expect(await inForce()).toEqual(shadowed);
    await promote(target, 'orders', { accept: ['shadow'] });
    expect((await inForce()).production).toBe(B);
    expect(historyLines((await historyOf(target, 'orders')).entries).at(-1)).toContain(
      'accepted: shadow (300 of 200',
    );
  });

  it('promote another version without asking, and the shadow goes on', async () => {
    const { target: plain, inForce } = await madeTarget(shadowed, { errors: 3 });
    const here = promotedHere(temporaryFolder());
    const target = { ...plain, promotedHere: here };
    await promote(target, `orders@${C}`);
    expect(await inForce()).toEqual({ production: C, previous: A, shadow: shadowed.shadow });
    expect(await here.of('orders')).toBe(C);
    await rollBack(target, 'orders');
    expect(await inForce()).toEqual(shadowed);
    // Were the bucket lost, nobody would be told to publish what somebody went back from.
    expect(await here.of('orders')).toBe(A);
  });

  it('end a shadow, which no client has seen', async () => {
    const { target, inForce } = await madeTarget({ ...shadowed, previous: C });
    await endShadow(target, 'orders');
    expect(await inForce()).toEqual({ production: A, previous: C });
    const [line] = historyLines((await historyOf(target, 'orders')).entries);
    expect(line).toContain(`end-shadow: production ${A}, previous ${C}`);
    await expect(endShadow(target, 'orders')).rejects.toThrow(InputError);
    await expect(rollBack(target, 'orders')).resolves.toMatchObject({ aliases: { production: C } });
  });

  it('tell in the status what the Worker has counted, and what to do', async () => {
    const { target } = await madeTarget(shadowed);
    const [status] = await statusOf(target, 'orders');
    expect(status!.shadow[0]).toBe('shadow: 300 requests compared, 0 failed, 4 not copied');
    expect(status!.next).toContain(
      `to have it judged, and promoted: npm run deploy -- --promote orders@${B} --target local`,
    );
    expect(status!.next).toContain('--end-shadow orders --target local');
    expect(shown(status!.aliases!)).toBe(`production ${A}, shadow ${B} of 20 %`);
  });

  it('keep the version of a shadow', async () => {
    const { target } = await madeTarget(shadowed);
    const options = { target, out: '/nonexistent', dryRun: true };
    const entry = (await inventory(options)).find(({ version }) => version === B)!;
    expect(entry.aliases).toEqual(['shadow']);
    await expect(deleteVersion(options, entry)).rejects.toThrow(`orders@${B} is shadow`);
  });

  it('allow one shadow, of a version in production, in a Worker that can run it', () => {
    const release = aliasRelease(undefined);
    const target = { name: 'local', release };
    expect(() => requireShadowFits(target, 'orders', { production: A })).not.toThrow();
    expect(() => requireShadowFits(target, 'orders', shadowed, B)).not.toThrow();
    expect(() => requireShadowFits(target, 'orders', shadowed, C)).toThrow(GateError);
    expect(() => requireShadowFits(target, 'orders', undefined)).toThrow(
      'expected a version of orders in production',
    );
    const bundled = { name: 'cloudflare', release: { ...release, hasShadows: false } };
    expect(() => requireShadowFits(bundled, 'orders', { production: A })).toThrow('--release aliases');
  });
});

it('is taken back with the run that made it, and only then', async () => {
  const { target, inForce } = await madeTarget({ ...shadowed, previous: C });
  const options = { target, model: 'orders', keepPromoted: true, print: () => undefined };
  const before = { production: A, previous: C };
  await undo({ ...options, state: { before, challenger: C } });
  expect(await inForce()).toEqual({ ...shadowed, previous: C });
  await undo({ ...options, state: { before, challenger: B } });
  expect(await inForce()).toEqual(before);
});
