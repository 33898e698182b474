/** Versions promoted weeks ago, and the drift that only a comparison with them shows. */
import { expect, it } from 'vitest';
import type { RetrainRun, RunState } from '../../../scripts/retrain/context.ts';
import { CREEPING } from '../../../scripts/retrain/gates/data/creep.ts';
import { dataInput } from '../../../scripts/retrain/gates/inspectData.ts';
import type { Judged } from '../../../scripts/retrain/gates/judging.ts';
import { DATA_GATES, type GateName } from '../../../scripts/retrain/gates/registry.ts';
import type { JournalEntry } from '../../../scripts/retrain/journal.ts';
import {
  type Reference,
  readReferences,
  referenceFor,
  withReference,
} from '../../../scripts/retrain/references.ts';
import { rememberPromoted } from '../../../scripts/retrain/rememberPromoted.ts';
import { renderRetraining } from '../../../scripts/retrain/report/retrainingReport.ts';
import { profileOf } from '../../../training/data/profile.ts';
import type { Table } from '../../../training/data/table.ts';
import { deviationOf, valuesOf, withValues } from '../../support/data/nights/edits.ts';
import { datasetOf, refusalsAfter } from '../../support/data/nights/judging.ts';
import { memoryBucket } from '../../support/data/nights/memoryBucket.ts';
import { world } from '../../support/data/nights/month.ts';
import { deliveries, machines } from '../../support/data/nights/schemas.ts';

const START = Date.parse('2026-01-01T03:17:00Z');
const DAY = 86_400_000;
const { seen: _, ...profile } = profileOf(datasetOf(machines.night(1, 300, 0)));
const promotedOn = (day: number): Reference => ({
  version: String(day).padStart(12, '0'),
  ...{ at: new Date(START + day * DAY).toISOString(), profile },
});

it('keeps a few profiles, of which one is about 30 days old', () => {
  let references: Reference[] = [];
  for (let day = 0; day < 200; day++) {
    const found = referenceFor(references, [], START + day * DAY);
    if (day === 0) expect(found).toBeUndefined();
    else if (day < 30) expect(found?.version).toBe(promotedOn(0).version);
    else {
      const age = day - Number(found!.version);
      expect(age).toBeGreaterThanOrEqual(30);
      expect(age).toBeLessThan(40);
    }
    references = withReference(references, promotedOn(day));
    expect(references.length).toBeLessThanOrEqual(5);
  }
});

it('compares with no version that somebody went back from', () => {
  const [a, b] = [promotedOn(0), promotedOn(10)];
  const rollback: JournalEntry = {
    ...{ run: 'rollback', at: '2026-01-02T09:00:00.000Z', event: 'command', reason: 'production' },
    details: { from: { production: a.version }, to: { production: 'ffffffffffff' } },
  };
  expect(referenceFor([a, b], [], START + 35 * DAY)).toBe(a);
  expect(referenceFor([a, b], [rollback], START + 35 * DAY)).toBe(b);
});

it('begins anew with the first version, where a person accepts another world, and if the file is damaged', async () => {
  const bucket = memoryBucket();
  const lines: string[] = [];
  const print = (line: string) => lines.push(line);
  const promote = async (challenger: string, state: Partial<RunState>) => {
    const run = {
      model: 'rain',
      target: { bucket },
      prepared: { data: datasetOf(machines.night(1, 300, 0)) },
      print,
    };
    await rememberPromoted(run as unknown as RetrainRun, {
      before: { production: '0' },
      challenger,
      ...state,
    });
    return (await readReferences(bucket, 'rain', print)).map(({ version }) => version);
  };
  expect(await promote('a', { before: null })).toEqual(['a']);
  expect(await promote('b', {})).toEqual(['a']);
  const creep = { gate: 'creep', passed: false, figures: '' } as const;
  expect(await promote('c', { dataVerdicts: [{ ...creep, passed: true, accepted: false }] })).toEqual(['a']);
  expect(await promote('d', { dataVerdicts: [{ ...creep, accepted: true }] })).toEqual(['d']);
  expect(await promote('e', { before: null })).toEqual(['e']);
  await bucket.put('rain/retrain/references.json', '[{"version":');
  expect(await promote('f', {})).toEqual(['f']);
  expect(lines).toEqual([expect.stringContaining('rain/retrain/references.json is damaged')]);
});

/** The night on which drift is refused, each night being promoted before; undefined if none is. */
async function refusedOn(nights: number, of: (day: number) => Table) {
  const { seen: _, ...first } = profileOf(datasetOf(of(0)));
  const reference = { version: '0a1b2c3d4e5f', at: '2025-01-01T00:00:00.000Z', profile: first };
  for (let day = 1; day <= nights; day++) {
    // The clock of these verdicts stands still.
    const refused = (await refusalsAfter(of(day - 1), of(day), 1000, reference)).filter(
      ({ gate }) => gate !== 'fresh',
    );
    if (refused.length > 0)
      return { day, gates: refused.map(({ gate }) => gate), figures: refused[0]!.figures };
  }
  return undefined;
}

it('refuses drift that passes every night', async () => {
  const drifting = (day: number) => {
    const night = machines.night(500 + day, 1000, 4);
    const by = 0.2 * day * deviationOf(valuesOf(night, 'torque'));
    return withValues(night, 'torque', (value) => value + by);
  };
  const found = await refusedOn(15, drifting);
  expect(found).toMatchObject({
    gates: ['creep'],
    figures: expect.stringMatching(
      /^since 2025-01-01 \(0a1b2c3d4e5f\), by the gate quantiles: torque: 0\.\d+ /,
    ),
  });
  expect(found!.day).toBeGreaterThan(3);
});

it('passes a month of drift by 0.03 deviations a night', async () => {
  expect(await refusedOn(29, (day) => world(deliveries, day, 700 + day, 1000))).toBeUndefined();
}, 60_000);

it('names the gates that it does not ask', () => {
  const names = Object.keys(DATA_GATES);
  const compared = names.slice(names.indexOf('missing'), names.indexOf('tenths') + 1);
  const [, left] = /from missing to tenths but (.*)$/.exec(DATA_GATES.creep.summary)!;
  expect(compared.filter((name) => !CREEPING.includes(name)).sort()).toEqual(left!.split(/, | and /).sort());
});

it('draws a column that has crept as it was weeks ago, too', async () => {
  const night = datasetOf(machines.night(3, 300, 1));
  const champion = { manifest: undefined, profile: profileOf(datasetOf(machines.night(2, 300, 0))) };
  const input = dataInput(night, { ...champion, reference: promotedOn(0) }, 300, START);
  const judged = { gate: 'creep', passed: false, accepted: false, figures: '', column: 'torque' } as const;
  expect(await renderRetraining('title', [judged], input)).toContain('weeks ago');
  expect(await renderRetraining('title', [{ ...judged, gate: 'quantiles' }], input)).not.toContain(
    'weeks ago',
  );
});

it('shows first what is refused, and then what is accepted; what passes is folded away', async () => {
  const night = datasetOf(machines.night(3, 300, 1));
  const profile = profileOf(datasetOf(machines.night(2, 300, 0)));
  const input = dataInput(night, { manifest: undefined, profile, reference: undefined }, 300, START);
  const judged = (gate: GateName, passed: boolean, accepted = false): Judged => ({
    ...{ gate, passed, accepted, figures: `figures of ${gate}` },
  });
  const all = [judged('rows', true), judged('stuck', false), judged('shares', false, true)];
  const textOf = async (verdicts: readonly Judged[]) => {
    const page = await renderRetraining('title', verdicts, input);
    return page
      .slice(page.indexOf('<body>'))
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ');
  };
  expect(await textOf(all)).toMatch(
    /Refused by 1 of 3 gates: stuck, shares accepted by --accept\. .*Refused stuck figures of stuck .*Accepted shares figures of shares .*1 gate passed rows figures of rows/,
  );
  expect(await textOf(all.slice(0, 1))).toMatch(/Refused by none of 1 gates\. .*1 gate passed rows/);
});
