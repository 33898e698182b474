/** Ends of runs that are interrupted late, or find a bucket out of order: leftovers, undoing and advice. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { readAliases } from '../../../scripts/retrain/aliases.ts';
import type { EndedRun, Retrained } from '../../../scripts/retrain/call.ts';
import { promote } from '../../../scripts/retrain/control.ts';
import { ACCEPTABLE } from '../../../scripts/retrain/gates/judging.ts';
import { foundBy, historyLines } from '../../../scripts/retrain/historyLines.ts';
import { unlessInterrupted } from '../../../scripts/retrain/interruptible.ts';
import { openJournal, unfinishedRun } from '../../../scripts/retrain/journal.ts';
import { liveWorker } from '../../../scripts/retrain/live.ts';
import { aliasRelease } from '../../../scripts/retrain/release/aliases.ts';
import { retrain } from '../../../scripts/retrain/retrain.ts';
import { statusOf } from '../../../scripts/retrain/status.ts';
import { dryWorker } from '../../../scripts/retrain/targets/dryWorker.ts';
import { type PromotedHere, promotedHere } from '../../../scripts/retrain/targets/promotedHere.ts';
import type { Target } from '../../../scripts/retrain/targets/target.ts';
import { unrecordedOf } from '../../../scripts/retrain/unrecorded.ts';
import type { ModelBucket } from '../../../scripts/store/bucket.ts';
import { StoreFailure } from '../../../scripts/store/s3Errors.ts';
import { GateError, InputError, InterruptedError, nextOf, StorageError } from '../../../shared/errors.ts';
import { readArtifact } from '../../../training/artifact/artifact.ts';
import { keptFolder } from '../../support/data/data.ts';
import { memoryBucket } from '../../support/data/nights/memoryBucket.ts';
import { machines } from '../../support/data/nights/schemas.ts';
import { writeTable } from '../../support/data/nights/writeTable.ts';

const folder = keptFolder();
const SET = ['epochs=1', 'hidden=[4]', 'codeSize=2', 'checkpointEvery=0'];

const COMMAND = 'npm run retrain -- tabular --name motors --data 2.csv';
const AGAIN = `once the above is settled: ${COMMAND}`;
/** After an interruption, nothing above has to be settled. */
const RESTART = `to run it again: ${COMMAND}`;

interface Calling {
  readonly bucket: ModelBucket;
  readonly night: number;
  readonly seed?: number;
  readonly promotedHere?: PromotedHere;
  /** What a copy of the store has, once the store does not answer. */
  readonly copy?: ModelBucket;
  readonly notes?: string;
  /** Returns true at the moment of Ctrl-C, given a line of the log or what is written to the bucket. */
  readonly isDue?: (moment: string) => boolean;
}

/** Runs a night on a Worker that answers all that is asked of it. Returns how it ended, and its log. */
async function run({ bucket, night, copy, notes, seed = 1, promotedHere, isDue = () => false }: Calling) {
  const interrupt = new AbortController();
  const lines: string[] = [];
  const look = (moment: string) => {
    if (isDue(moment)) interrupt.abort(new InterruptedError('interrupted by Ctrl-C (SIGINT)'));
  };
  const print = (line: string) => {
    lines.push(line);
    look(line);
  };
  const watched: ModelBucket = {
    ...bucket,
    put: async (key, value, options) => {
      const written = await bucket.put(key, value, options);
      look(`${key} ${typeof value === 'string' ? value : ''}`);
      return written;
    },
  };
  const live = dryWorker(liveWorker('http://localhost:1', undefined), () => undefined);
  const target: Target = {
    ...{ name: 'local', bucket: watched, live, release: aliasRelease(live), close: async () => undefined },
    rows: async () => watched,
    notes: notes ?? join(keptFolder(), 'unrecorded.jsonl'),
    ...(promotedHere && { promotedHere }),
    ...(copy && { copied: async () => ({ ...target, bucket: copy }) }),
  };
  let ended: EndedRun | undefined;
  const result = await retrain({
    ...{ recipe: 'tabular', target, lockSeconds: 60, wait: 0, signal: interrupt.signal, print },
    command: { line: COMMAND, trains: true },
    options: {
      ...{ name: 'motors', data: join(folder, `${night}.csv`), out: join(folder, 'artifacts') },
      ...{ engine: 'onnxruntime', seed, threads: 1, set: SET, limits: {}, accept: ACCEPTABLE },
      ...{
        allowBreaking: false,
        dryRun: false,
        watch: 0,
        canaryAnswers: 1,
        shadowAnswers: 1,
        fewAnswers: 'promote',
      },
    },
    ended: (each) => {
      ended = each;
    },
  }).catch((error: unknown) => error as Error);
  return { result, lines, ended };
}

const failed = ({ result }: Awaited<ReturnType<typeof run>>): Error => {
  if (result instanceof Error) return result;
  throw new Error(`expected a run that fails, received one that was ${result.outcome}`);
};

const inForce = async (bucket: ModelBucket) => (await readAliases(bucket, 'motors/aliases.json')).aliases;

/** A bucket with a version in production. */
async function promotedBucket() {
  const bucket = memoryBucket();
  const { result } = await run({ bucket, night: 1 });
  expect(result).toMatchObject({ outcome: 'promoted', champion: null });
  return { bucket, version: (result as { challenger: string }).challenger };
}

beforeAll(() => {
  mkdirSync(join(folder, 'artifacts'));
  for (const night of [1, 2]) writeTable(join(folder, `${night}.csv`), machines.night(night, 400, night));
});

it.each([
  ['the aliases were written', (moment: string) => moment.startsWith('motors/aliases.json ')],
  ['the last step has begun', (moment: string) => moment.startsWith('\nconfirm: ')],
])(
  'Ctrl-C once %s takes the promotion back',
  async (_, isDue) => {
    const { bucket, version } = await promotedBucket();
    const ending = await run({ bucket, night: 2, isDue });
    expect(failed(ending)).toBeInstanceOf(InterruptedError);
    expect(failed(ending).message.split('\n')).toEqual([
      'interrupted by Ctrl-C (SIGINT)',
      `in force: production ${version}, as before this run`,
      `undone: motors/aliases.json: back to production ${version}`,
      `next: ${RESTART}`,
    ]);
    expect(ending.ended).toMatchObject({ outcome: 'abandoned', next: RESTART, model: 'motors' });
    expect(await inForce(bucket)).toEqual({ production: version });
    expect((await openJournal(bucket, 'motors')).entries.at(-1)).toMatchObject({ outcome: 'abandoned' });
  },
  60_000,
);

it('Ctrl-C after the last step undoes nothing, and names the command that does', async () => {
  const { bucket, version } = await promotedBucket();
  const { result, lines } = await run({ bucket, night: 2, isDue: (moment) => moment.includes('"ended"') });
  expect(result).toMatchObject({ outcome: 'promoted', champion: version });
  expect(lines.at(-1)).toBe(
    'nothing is undone, as the interruption came after the last step; to take motors back: npm run deploy -- --rollback motors --target local',
  );
  expect((await inForce(bucket))?.production).not.toBe(version);
}, 60_000);

it("the champion's rows that come again promote nothing, and it is said that they came again", async () => {
  const { bucket, version } = await promotedBucket();
  const { result } = await run({ bucket, night: 1 });
  const reason = expect.stringMatching(/^the champion's rows came again.*look at the export$/);
  expect(result).toMatchObject({ outcome: 'unchanged', challenger: version, reason });
  const { entries } = await openJournal(bucket, 'motors');
  expect(entries.at(-1)).toMatchObject({ outcome: 'unchanged', reason });
  expect(historyLines(entries).at(-1)).toContain("unchanged: the champion's rows came again");
}, 60_000);

it('another seed trains another challenger, which is judged by rows that are new to both', async () => {
  writeTable(join(folder, '3.csv'), machines.night(3, 700, 3));
  const bucket = memoryBucket();
  const first = await run({ bucket, night: 3 });
  const version = (first.result as Retrained).challenger!;
  // The split is kept from version to version.
  for (const seed of [2, 3]) {
    const { result, lines } = await run({ bucket, night: 3, seed });
    expect(lines.join('\n')).toMatch(
      new RegExp(`rows are split as for motors@\\w+ \\(seed 1\\); --seed ${seed} is that of training`),
    );
    // All but those that the Bloom filter takes for seen, 6 % at most.
    const judged = lines.find((line) => line.startsWith('gate champion '))!;
    expect(judged).toMatch(/; (6[4-9]|70) of 70 held-out rows, new to both$|; 70 rows$/);
    const candidate = (result as Retrained).challenger!;
    expect(candidate).not.toBe(version);
    const { manifest } = await readArtifact(join(folder, 'artifacts/motors', candidate));
    expect(manifest.training).toMatchObject({ seed, splitSeed: 1 });
  }
}, 60_000);

it('a bucket that is not in order refuses a run with the one command that helps', async () => {
  const { bucket, version } = await promotedBucket();
  const promote = `npm run deploy -- --promote motors@${version} --target local`;
  const refusedWith = async (kind: typeof InputError | typeof GateError, next: string, mended: string) => {
    const error = failed(await run({ bucket, night: 2 }));
    expect(error).toBeInstanceOf(kind);
    // Once, by the error itself or at the end of its message.
    const told = error.message.split('\n').filter((line) => line.startsWith('next: '));
    expect(nextOf(error) === null ? told : [`next: ${nextOf(error)}`]).toEqual([`next: ${next}`]);
    expect(error.message.split('npm run').length - 1).toBe(
      told.length === 0 ? 0 : next.split('npm run').length - 1,
    );
    await bucket.put('motors/aliases.json', mended);
  };
  const production = JSON.stringify({ production: version });
  await bucket.put('motors/aliases.json', '{"production": "');
  await refusedWith(InputError, `to name the version that was promoted last: ${promote}`, production);
  await bucket.delete('motors/aliases.json');
  await refusedWith(InputError, `to name it again: ${promote}`, production);
  const canary = { production: version, canary: { version, percentage: 10 } };
  await bucket.put('motors/aliases.json', JSON.stringify(canary));
  const rollback = 'npm run deploy -- --rollback motors --target local';
  await refusedWith(GateError, `to remove it: ${rollback}`, production);
  await bucket.delete(`motors/${version}/manifest.json`);
  const list = 'npm run models -- list motors --target local';
  const choose = `${list}; then ${promote.replace(version, '<version>')}`;
  const gone = JSON.stringify({ production: version, previous: 'ffffffffffff' });
  await refusedWith(InputError, choose, gone);
  // Nor is there anything to go back to in a version that is gone.
  await refusedWith(InputError, choose, production);
}, 60_000);

it('a store that refuses the key at once leaves what was before, and the command to run again', async () => {
  const refused = async () => {
    throw new InputError(
      'the store answered 403, InvalidAccessKeyId: R2_ACCESS_KEY_ID is not the id of a token',
    );
  };
  const bucket: ModelBucket = { ...memoryBucket(), get: refused, head: refused, put: refused, list: refused };
  const error = failed(await run({ bucket, night: 1 }));
  expect(error).toBeInstanceOf(InputError);
  expect(error.message.split('\n')).toEqual([
    expect.stringContaining('403, InvalidAccessKeyId'),
    'in force: what was before this run; which version, the store does not tell',
    'undone: nothing, as nothing was changed',
    `next: ${AGAIN}`,
  ]);
});

it('damaged aliases: a run tells that what is in force is not known, and is in the history', async () => {
  const { bucket, version } = await promotedBucket();
  await bucket.put('motors/aliases.json', '{"production": "');
  const ending = await run({ bucket, night: 2 });
  const [, ...told] = failed(ending).message.split('\n');
  const next = `to name the version that was promoted last: npm run deploy -- --promote motors@${version} --target local`;
  expect(told).toEqual([
    'in force: not known, because motors/aliases.json is damaged; Workers that have read it before keep to what it said',
    'undone: nothing, as nothing was changed',
    `next: ${next}`,
  ]);
  expect(ending.ended).toMatchObject({ outcome: 'failed', champion: null, next });
  expect((await openJournal(bucket, 'motors')).entries.at(-1)).toMatchObject({
    ...{ event: 'ended', outcome: 'failed' },
    reason: expect.stringContaining('is damaged'),
  });
}, 60_000);

const LOST =
  'PUT motors: the store answered 403, InvalidAccessKeyId: R2_ACCESS_KEY_ID is not the id of a token';

/** A store that is lost at a write, given the key, and the value of texts. */
function lostAt(bucket: ModelBucket, isDue: (key: string, text: string) => boolean): ModelBucket {
  let isLost = false;
  return new Proxy(bucket, {
    get: (own, name) => {
      const member: unknown = Reflect.get(own, name);
      if (typeof member !== 'function') return member;
      return async (key: string, ...rest: unknown[]) => {
        isLost ||= name === 'put' && isDue(key, String(rest[0]));
        if (isLost) throw new StoreFailure(LOST);
        return (await member.call(own, key, ...rest)) as unknown;
      };
    },
  });
}

it('a resumed run knows that the killed one may have changed the aliases', async () => {
  const { bucket, version } = await promotedBucket();
  const isPromoted = (key: string, text: string) =>
    key.includes('/journal/') && /"event":"done","step":"promote"/.test(text);
  await run({ bucket: lostAt(bucket, isPromoted), night: 2 });
  expect((await inForce(bucket))?.production).not.toBe(version);
  await bucket.delete('motors/retrain/lock.json');
  const isBegun = (key: string, text: string) => key.includes('/journal/') && text.includes('"begun"');
  const ending = await run({ bucket: lostAt(bucket, isBegun), night: 2 });
  expect(ending.lines.join('\n')).toContain('resuming run');
  expect(failed(ending).message).toMatch(
    /\nin force: not known, because .*; \w{12} may answer; before this run: /,
  );
}, 60_000);

/** Where a store may be lost, with what is known then. */
const LOSSES = [
  ['publish', /\.onnx$/, 'as before this run', 'no alias was changed yet'],
  ['promote', /aliases\.json$/, 'not known, because undoing the run failed', 'undone: nothing so far, and'],
] as const;
it.each(LOSSES)(
  'a store that is lost during %s: what is in force, and one command',
  async (_, key, force, undone) => {
    const { bucket, version } = await promotedBucket();
    const ending = await run({ bucket: lostAt(bucket, (put) => key.test(put)), night: 2 });
    const [error, inForce, left, next, ...rest] = failed(ending).message.split('\n');
    expect([error, rest]).toEqual([LOST, []]);
    expect(inForce).toContain(`production ${version}`);
    expect(inForce).toContain(force);
    expect(left).toContain(undone);
    expect(next).toMatch(/^next: once .*: npm run /);
    expect(ending.ended).toMatchObject({ outcome: 'failed' });
    // Once the store answers, and the lock has expired, the same command goes on with the run.
    await bucket.delete('motors/retrain/lock.json');
    const again = await run({ bucket, night: 2 });
    expect(again.lines.join('\n')).toContain('resuming run');
    expect(again.result).toMatchObject({ outcome: 'promoted', champion: version });
  },
  60_000,
);

/** Requests at which a store is lost, to its lock or after that. */
const STARTS = [
  ['its first request', (key: string) => key.includes('lock.json')],
  ['the start of the run', (key: string) => key.includes('/journal/')],
] as const;
it.each(STARTS)(
  'a store that is lost at %s: a copy tells what is in force, and the run is in the history later',
  async (_, isDue) => {
    const { bucket, version } = await promotedBucket();
    const notes = join(keptFolder(), 'unrecorded.jsonl');
    const ending = await run({ bucket: lostAt(bucket, isDue), night: 2, copy: bucket, notes });
    expect(failed(ending).message.split('\n')).toEqual([
      LOST,
      `in force: production ${version}, as before this run`,
      'undone: nothing, as nothing was changed',
      `next: ${AGAIN}`,
    ]);
    expect(ending.ended).toMatchObject({ outcome: 'failed', champion: version });
    await bucket.delete('motors/retrain/lock.json');
    expect((await run({ bucket, night: 2, notes })).result).toMatchObject({ outcome: 'promoted' });
    const lines = historyLines((await openJournal(bucket, 'motors')).entries);
    expect(lines.map((line) => line.slice(22).split(' ')[0])).toEqual(['promoted', 'failed:', 'promoted']);
    expect(lines[1]).toContain('403, InvalidAccessKeyId');
  },
  60_000,
);

it('a store that is lost while a promotion is undone: a copy tells which version answers', async () => {
  const { bucket } = await promotedBucket();
  const isConfirmed = (key: string, text: string) =>
    key.includes('/journal/') && text.includes('"event":"begun","step":"confirm"');
  const ending = await run({ bucket: lostAt(bucket, isConfirmed), night: 2, copy: bucket });
  const { production } = (await inForce(bucket))!;
  expect(failed(ending).message).toMatch(
    new RegExp(`\nin force: production ${production}, previous \\w{12}; undoing the run failed \\(`),
  );
}, 60_000);

it('a run that was killed once it had taken its promotion back promotes again, and status tells so', async () => {
  const { bucket, version } = await promotedBucket();
  const isEnd = (key: string, text: string) => key.includes('/journal/') && text.includes('"ended"');
  const isDue = (moment: string) => moment.startsWith('\nconfirm: ');
  // What it notes elsewhere is lost.
  await run({ bucket: lostAt(bucket, isEnd), night: 2, isDue });
  await bucket.delete('motors/retrain/lock.json');
  expect(await inForce(bucket)).toEqual({ production: version });
  const place = { name: 'local', bucket, notes: join(folder, 'none'), release: aliasRelease(undefined) };
  const [status] = await statusOf(place as unknown as Target, 'motors');
  expect(status!.since).toMatch(
    new RegExp(`killed after promote; \\w{12} was taken back, ${version} is in production`),
  );
  expect(status!.last).toBe(status!.since);
  expect(status!.next).toMatch(new RegExp(`resumes that run, .*: ${COMMAND}$`));
  const again = await run({ bucket, night: 2 });
  expect(again.lines.join('\n')).toContain('resuming run');
  const { challenger } = again.result as { challenger: string };
  expect(await inForce(bucket)).toEqual({ production: challenger, previous: version });
}, 60_000);

it('what a command has promoted while a run was killed is by the command, and the run is abandoned', async () => {
  const { bucket, version } = await promotedBucket();
  const isDue = (key: string, text: string) =>
    key.includes('/journal/') && /"event":"done","step":"smoke"/.test(text);
  await run({ bucket: lostAt(bucket, isDue), night: 2 });
  await bucket.delete('motors/retrain/lock.json');
  const { entries } = await openJournal(bucket, 'motors');
  const { challenger } = foundBy(unfinishedRun(entries)!);
  const place = { name: 'local', bucket, notes: join(folder, 'none'), release: aliasRelease(undefined) };
  await promote(place as unknown as Target, `motors@${challenger}`);
  // The next run undoes it, and is interrupted then.
  const next = await run({ bucket, night: 1, seed: 5, isDue: (moment) => moment.startsWith('\ninspect: ') });
  expect(next.lines.join('\n')).toContain('undoing run');
  expect(await inForce(bucket)).toEqual({ production: challenger, previous: version });
  const [status] = await statusOf(place as unknown as Target, 'motors');
  expect(status!.since).toContain(
    `promote: production ${challenger}, previous ${version}; away from ${version}`,
  );
  const lines = historyLines((await openJournal(bucket, 'motors')).entries);
  expect(lines.filter((line) => line.includes('it was killed'))).toEqual([
    expect.stringContaining(`abandoned: it was killed, and another run came next; ${challenger} stays`),
  ]);
}, 60_000);

it('a promotion that cannot be recorded is noted', async () => {
  const bucket = memoryBucket();
  const notes = join(keptFolder(), 'unrecorded.jsonl');
  const isEnd = (key: string, text: string) => key.includes('/journal/') && text.includes('"ended"');
  const { result } = await run({ bucket: lostAt(bucket, isEnd), night: 1, notes });
  expect(result).toMatchObject({ outcome: 'promoted' });
  const { run: id } = result as { run: string };
  expect(await unrecordedOf({ name: 'local', notes }, 'motors')).toMatchObject([
    { run: id, event: 'ended', outcome: 'promoted' },
  ]);
}, 60_000);

it('a killed run of another seed differs in the seed, and not in the data', async () => {
  const { bucket } = await promotedBucket();
  const killed = new Proxy(bucket, {
    get: (own, name) => {
      const member: unknown = Reflect.get(own, name);
      if (name !== 'put') return typeof member === 'function' ? member.bind(own) : member;
      return async (key: string, value: string, ...rest: unknown[]) => {
        // Not even its end is recorded.
        if (/journal/.test(key) && /"ended"/.test(value)) throw new StoreFailure('killed');
        if (/journal/.test(key) && /"done"/.test(value)) throw new StoreFailure('killed');
        return (await (member as ModelBucket['put']).call(own, key, value, ...(rest as []))) as unknown;
      };
    },
  });
  await run({ bucket: killed, night: 2 });
  const { lines } = await run({ bucket, night: 2, seed: 2 });
  expect(lines.find((line) => line.startsWith('undoing run'))).toMatch(/differs from it in seed$/);
  await run({ bucket: killed, night: 1, seed: 3 });
  const other = await run({ bucket, night: 2, seed: 4 });
  expect(other.lines.find((line) => line.startsWith('undoing run'))).toMatch(
    /differs from it in seed, data$/,
  );
}, 60_000);

it.each([
  [3_600_000, '60 min behind'],
  [-3_600_000, '60 min ahead of'],
  [30_000, undefined],
])(
  "tells a store's clock that is %i ms ahead, and runs all the same",
  async (ahead, told) => {
    const bucket = memoryBucket();
    const head = async (key: string) => {
      const known = await bucket.head(key);
      return known && { ...known, uploaded: new Date(known.uploaded.getTime() + ahead) };
    };
    const { result, lines } = await run({ bucket: { ...bucket, head }, night: 1 });
    expect(result).toMatchObject({ outcome: 'promoted' });
    const warning = lines.find((line) => line.startsWith("warning: this machine's clock"));
    expect(warning?.includes(`clock is ${told} that of the store`)).toBe(
      told === undefined ? undefined : true,
    );
  },
  60_000,
);

it('a bucket that is lost is not taken for one without any version', async () => {
  const here = promotedHere(join(folder, 'promoted'));
  const first = await run({ bucket: memoryBucket(), night: 1, promotedHere: here });
  expect(first.result).toMatchObject({ outcome: 'promoted' });
  const version = await here.of('motors');
  const error = failed(await run({ bucket: memoryBucket(), night: 2, promotedHere: here }));
  expect(error.message).toContain(
    `the bucket has nothing of motors, though motors@${version} was promoted here`,
  );
  expect(error.message).toMatch(
    new RegExp(`next: to publish it again .*: npm run publish -- motors@${version} --target local$`),
  );
  // Another model has none to lose.
  expect(await here.of('pumps')).toBeUndefined();
}, 60_000);

it('an interruption during the last epoch ends the run before the challenger is packaged', async () => {
  const bucket = memoryBucket();
  const ending = await run({ bucket, night: 2, isDue: (line) => line.startsWith('epoch 1/1 ') });
  expect(failed(ending)).toBeInstanceOf(InterruptedError);
  expect(failed(ending).message).toContain('\nundone: nothing, as nothing was changed\n');
  // The report is the last part of packaging.
  expect(ending.lines.filter((line) => line.startsWith('report:'))).toEqual([]);
});

it("work that changes nothing is abandoned at once, and its later failure is nobody's", async () => {
  const interrupt = new AbortController();
  let fail = (_: Error): void => undefined;
  const endless = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const waiting = unlessInterrupted(endless, interrupt.signal);
  interrupt.abort(new InterruptedError('interrupted'));
  await expect(waiting).rejects.toThrow('interrupted');
  fail(new Error('too late'));
  expect(await unlessInterrupted(Promise.resolve(1), new AbortController().signal)).toBe(1);
});

it('a disk that is full from the start on: tells what is in force', async () => {
  const { bucket, version } = await promotedBucket();
  const put = () => Promise.reject(new StorageError('the disk of the local bucket is full'));
  const ending = await run({ bucket: { ...bucket, put }, night: 2 });
  expect(failed(ending).message.split('\n')).toEqual([
    'the disk of the local bucket is full',
    expect.stringContaining(`in force: production ${version}, as before this run`),
    'undone: nothing, as nothing was changed',
    `next: ${AGAIN}`,
  ]);
  expect(ending.ended).toMatchObject({ outcome: 'failed', challenger: null });
}, 60_000);
