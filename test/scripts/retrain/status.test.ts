/** What somebody on call reads: the state of each model, and the one command to run next. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { recallOf } from '../../../scripts/retrain/commands.ts';
import { historyOf, promote, rollBack } from '../../../scripts/retrain/control.ts';
import { historyLines } from '../../../scripts/retrain/historyLines.ts';
import { inForceOf } from '../../../scripts/retrain/inForce.ts';
import { openJournal } from '../../../scripts/retrain/journal.ts';
import { acquireLock } from '../../../scripts/retrain/lock.ts';
import { requireNothingLost } from '../../../scripts/retrain/lostAliases.ts';
import { aliasRelease } from '../../../scripts/retrain/release/aliases.ts';
import { statusOf } from '../../../scripts/retrain/status.ts';
import { promotedHere } from '../../../scripts/retrain/targets/promotedHere.ts';
import type { Target } from '../../../scripts/retrain/targets/target.ts';
import { noteUnrecorded, recordNotes } from '../../../scripts/retrain/unrecorded.ts';
import type { ModelBucket } from '../../../scripts/store/bucket.ts';
import { publishArtifact } from '../../../scripts/store/publish.ts';
import { refusal, StoreFailure } from '../../../scripts/store/s3Errors.ts';
import { InputError, StorageError } from '../../../shared/errors.ts';
import { versionOf } from '../../../training/artifact/artifact.ts';
import { linearArtifact } from '../../support/artifacts/linearArtifact.ts';
import { temporaryFolder } from '../../support/data/data.ts';
import { memoryBucket } from '../../support/data/nights/memoryBucket.ts';

/** Whole versions, as the bucket of a model holds them. */
const versionsOf = (name: string) =>
  [1, 2, 3].map((scale) => {
    const { manifest, graphs } = linearArtifact({ name, scale });
    const { version: _, ...content } = manifest;
    return { manifest: { ...manifest, version: versionOf(content) }, graphs };
  });
const VERSIONS = versionsOf('orders');
const [A, B, C] = VERSIONS.map(({ manifest }) => manifest.version) as [string, string, string];
const by = { user: 'eve', host: 'ci-7', pid: 3 };

/** A bucket with a model whose first version was promoted, and that names the given aliases. */
async function madeTarget(aliases: string) {
  const bucket = memoryBucket();
  await bucket.put('orders/aliases.json', aliases);
  for (const version of VERSIONS) await publishArtifact(bucket, { ...version, answers: undefined });
  const journal = await openJournal(bucket, 'orders');
  const found = { before: null, challenger: A };
  await journal.append({ run: 'r1', event: 'started', details: { found, by } });
  await journal.append({ run: 'r1', event: 'ended', outcome: 'promoted' });
  const notes = join(temporaryFolder(), 'unrecorded.jsonl');
  const target = { name: 'local', bucket, notes, release: aliasRelease(undefined) } as unknown as Target;
  return { target, bucket, journal };
}

/** A store that stops answering at a request. */
function failingBucket(bucket: ModelBucket, isDue: (method: string, key: string) => boolean): ModelBucket {
  return new Proxy(bucket, {
    get: (own, name) => {
      const member: unknown = Reflect.get(own, name);
      if (typeof member !== 'function') return member;
      return async (key: string, ...rest: unknown[]) => {
        if (isDue(String(name), key)) throw new StoreFailure('no answer after 7 attempts');
        return (await member.call(own, key, ...rest)) as unknown;
      };
    },
  });
}

/** Lists the folders, too, as a store does. */
function withFolders(bucket: ModelBucket): ModelBucket {
  const list: ModelBucket['list'] = async (options) => {
    const { objects } = await bucket.list(options);
    const folders = new Set(objects.map(({ key }) => `${key.split('/')[0]}/`));
    return { objects: [], delimitedPrefixes: [...folders] };
  };
  return { ...bucket, list: (options) => (options.delimiter ? list(options) : bucket.list(options)) };
}

const production = JSON.stringify({ production: A });
const begin = { run: 'r2', event: 'started', details: { found: { before: { production: A } }, by } } as const;

it('needs nothing while a model is as it should be, or a run is in progress', async () => {
  const { target, bucket } = await madeTarget(production);
  const [quiet] = await statusOf(target, 'orders');
  expect(quiet).toMatchObject({ aliases: { production: A }, running: null, next: 'nothing' });
  expect(quiet!.since).toContain(`promoted ${A}  (eve on ci-7)`);
  const options = { holder: 'r2', seconds: 60, wait: 0, print: () => undefined };
  const lock = await acquireLock(bucket, 'orders', options);
  expect((await statusOf(target, 'orders'))[0]!.next).toContain('wait until that run ends');
  await lock.release();
});

it('tells of a lock that is damaged, which a run then takes over', async () => {
  const { target, bucket } = await madeTarget(production);
  await bucket.put('orders/retrain/lock.json', '{"holder": "r2", "tok');
  const damagedLock = 'orders/retrain/lock.json is damaged, which counts as free: a run takes it over';
  expect((await statusOf(target, 'orders'))[0]).toMatchObject({
    running: null,
    damagedLock,
    next: 'nothing',
  });
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  const lock = await acquireLock(bucket, 'orders', { holder: 'r3', seconds: 60, wait: 0, print });
  expect(lines).toEqual([damagedLock]);
  expect((await statusOf(target, 'orders'))[0]).toMatchObject({ damagedLock: null });
  await lock.release();
});

it('names the last promoted version for aliases that are damaged', async () => {
  const { target } = await madeTarget('{"production": "aaaa');
  const [damaged] = await statusOf(target, 'orders');
  expect(damaged).toMatchObject({ aliases: null, since: null });
  expect(damaged!.next).toMatch(
    new RegExp(`promoted last: npm run deploy -- --promote orders@${A} --target local$`),
  );
});

it('--rollback of damaged aliases tells what is in force, and the command that helps', async () => {
  const { target, bucket } = await madeTarget('{"production": 3}');
  const error = await rollBack(target, 'orders').catch((thrown: unknown) => thrown as Error);
  expect(error).toBeInstanceOf(InputError);
  expect((error as Error).message.split('\n').slice(1)).toEqual([
    'in force: not known, because orders/aliases.json is damaged; Workers that have read it before keep to what it said',
    'undone: nothing, as nothing was changed',
    `next: to name the version that was promoted last: npm run deploy -- --promote orders@${A} --target local`,
  ]);
  expect((await promote(target, `orders@${A}`)).before).toBeNull();
  expect((await bucket.head('orders/aliases.json'))?.etag).toBeDefined();
});

it.each([
  [
    'before it changes anything',
    () => true,
    /^in force: not known, .*; this command has changed nothing\nundone: nothing, as nothing was changed\nnext: once the above is settled: npm run deploy/,
  ],
  [
    'while it writes the aliases',
    (method: string, key: string) => method === 'put' && key === 'orders/aliases.json',
    new RegExp(
      `^in force: not known, because the store does not tell it: production ${A}, or still production ${B}, previous ${A}\nundone: nothing\nnext: .*--status orders --target local$`,
    ),
  ],
] as const)('--rollback tells of a store that fails %s', async (_, isDue, told) => {
  const { target, bucket } = await madeTarget(JSON.stringify({ production: B, previous: A }));
  const failing = failingBucket(bucket, isDue);
  const error = await rollBack({ ...target, bucket: failing } as Target, 'orders').catch(
    (thrown: unknown) => thrown as Error,
  );
  expect((error as Error).message.split('\n').slice(1).join('\n')).toMatch(told);
});

it('reads the notes of the runs that could not be recorded where the target keeps them', async () => {
  const { target } = await madeTarget(production);
  const entry = {
    run: 'r9',
    at: new Date().toISOString(),
    event: 'ended',
    outcome: 'failed',
    reason: 'full',
  };
  writeFileSync(target.notes!, `${JSON.stringify({ target: 'local', model: 'orders', entry })}\n`);
  expect((await statusOf(target, 'orders'))[0]!.last).toContain('failed: full');
});

it.each([
  ['store', refusal('PUT orders/aliases.json', 403, '')],
  ['disk', new StorageError('the disk is full')],
])(
  '--rollback that the %s refuses tells what is in force still, and that nothing was changed',
  async (_, error) => {
    const { target, bucket } = await madeTarget(JSON.stringify({ production: B, previous: A }));
    const refusing = { ...bucket, put: () => Promise.reject(error) };
    const thrown = await rollBack({ ...target, bucket: refusing } as Target, 'orders').catch(
      (each: unknown) => each as Error,
    );
    expect((thrown as Error).message.split('\n').slice(1)).toEqual([
      `in force: production ${B}, previous ${A}`,
      'undone: nothing, as nothing was changed',
      expect.stringMatching(/^next: once the above is settled: npm run deploy/),
    ]);
  },
);

it('shows a run that was recorded late in its place, by the time at which it ended', async () => {
  const { target, bucket, journal } = await madeTarget(production);
  const lost = { run: 'r2', event: 'ended', outcome: 'failed', reason: 'the disk is full' } as const;
  const tick = () => new Promise((resolve) => setTimeout(resolve, 5));
  await tick();
  await noteUnrecorded(target, 'orders', lost);
  await tick();
  await journal.append({ run: 'rollback', event: 'command', reason: 'production', details: { by } });
  const inPlace = async () => {
    const lines = historyLines((await historyOf(target, 'orders')).entries);
    expect(lines.map((line) => line.slice(22).split(' ')[0])).toEqual(['promoted', 'failed:', 'rollback:']);
    expect((await statusOf(target, 'orders'))[0]).toMatchObject({
      last: expect.stringContaining('rollback: production'),
      next: 'nothing',
    });
  };
  await inPlace();
  await recordNotes(target, 'orders', journal);
  expect(journal.entries.map(({ run }) => run)).toEqual(['r1', 'r1', 'r2', 'rollback']);
  expect((await openJournal(bucket, 'orders')).entries).toEqual(journal.entries);
  await inPlace();
});

it('tells of a model whose first run was refused by which gate, when, and the command to look', async () => {
  const { target } = await madeTarget(production);
  const bucket = { ...memoryBucket() };
  const empty = { ...target, bucket: withFolders(bucket) } as Target;
  const journal = await openJournal(bucket, 'pumps');
  expect(await statusOf(empty, undefined)).toEqual([]);
  await journal.append({ run: 'r1', event: 'started', details: { found: { before: null }, by } });
  const at = new Date().toISOString().slice(0, 16).replace('T', ' ');
  const details = { next: 'mend the data: npm run retrain -- pumps --accept range' };
  const refused = { run: 'r1', event: 'ended', outcome: 'refused', reason: 'refused by range' } as const;
  await journal.append({ ...refused, details });
  for (const given of [undefined, 'pumps'])
    expect(await statusOf(empty, given)).toMatchObject([
      {
        ...{ model: 'pumps', aliases: null, damage: null, since: null, unfinished: null },
        last: expect.stringMatching(new RegExp(`^${at} UTC \\(.*\\)  refused by range  \\(eve on ci-7\\)$`)),
        next: `nothing answers yet; to see the runs: npm run deploy -- --history pumps --target local; to go on, ${details.next}`,
      },
    ]);
  expect((await historyOf(empty, 'pumps')).entries).toHaveLength(2);
});

it('asks a Worker that does not tell its statistics once, whatever the number of shadows', async () => {
  const { target, bucket } = await madeTarget(production);
  const models = ['orders', 'orders-de', 'orders-fr'];
  for (const model of models) {
    const [first, second] = versionsOf(model);
    for (const version of [first!, second!])
      await publishArtifact(bucket, { ...version, answers: undefined });
    const shadow = { version: second!.manifest.version, percentage: 10 };
    await bucket.put(
      `${model}/aliases.json`,
      JSON.stringify({ production: first!.manifest.version, shadow }),
    );
  }
  let asked = 0;
  const stats = async () => {
    asked++;
    return undefined;
  };
  const promotedHere = { models: async () => models, of: async () => undefined };
  const all = { ...target, live: { stats }, promotedHere } as unknown as Target;
  const statuses = await statusOf(all, undefined);
  expect(statuses.map(({ shadow }) => shadow.length)).toEqual([1, 1, 1]);
  expect(asked).toBe(1);
});

it('asks for another run after one that failed, whose error names no command', async () => {
  const { target, journal } = await madeTarget(production);
  await journal.append(begin);
  await journal.append({ run: 'r2', event: 'ended', outcome: 'failed', reason: 'n.csv: no such file' });
  const [failed] = await statusOf(target, 'orders');
  expect(failed!.last).toContain('failed: n.csv: no such file');
  expect(failed!.next).toContain('run the retraining again once the above is settled');
});

it('takes back a canary that no run watches any more', async () => {
  const { target, journal } = await madeTarget(
    JSON.stringify({ production: A, canary: { version: B, percentage: 10 } }),
  );
  await journal.append(begin);
  const [stuck] = await statusOf(target, 'orders');
  expect(stuck).toMatchObject({
    unfinished: 'r2',
    next: expect.stringContaining('--rollback orders --target local'),
  });
});

it('names the whole command that goes on with a killed run, which it says was killed', async () => {
  const { target, bucket, journal } = await madeTarget(production);
  const command = 'npm run retrain -- tabular --data orders.csv --name orders';
  await journal.append({ ...begin, details: { ...begin.details, command } });
  const [killed] = await statusOf(target, 'orders');
  expect(killed!.last).toMatch(new RegExp(`\\d\\d UTC \\(.* ago\\)  killed after its start; ${A} stays`));
  expect(killed!.next).toMatch(
    /^nothing that clients need; .*resumes that run.*: npm run retrain -- tabular/,
  );
  expect((await historyOf(target, 'orders')).killed).toBe('r2');
  const options = { holder: 'r2', seconds: 60, wait: 0, print: () => undefined };
  const lock = await acquireLock(bucket, 'orders', options);
  expect((await statusOf(target, 'orders'))[0]!.last).toContain('not ended: goes on, or was killed after');
  expect((await historyOf(target, 'orders')).killed).toBeNull();
  await lock.release();
  const other = await acquireLock(bucket, 'orders', { ...options, holder: 'r3' });
  expect((await statusOf(target, 'orders'))[0]!.running).toMatch(
    /^run r3 .*; it resumes run r2, which was killed, or undoes it$/,
  );
  await other.release();
  // It had promoted a version, and not yet asked it for its answers.
  const found = { before: { production: A }, challenger: B };
  await journal.append({ run: 'r2', event: 'done', step: 'train', details: { found } });
  await journal.append({ run: 'r2', event: 'begun', step: 'promote' });
  await bucket.put('orders/aliases.json', JSON.stringify({ production: B, previous: A }));
  const [unconfirmed] = await statusOf(target, 'orders');
  expect(unconfirmed!.since).toContain(`killed after train; ${B} is in production`);
  expect(unconfirmed!.next).toMatch(new RegExp(`^${B} answers, but [^:]*; to go on, [^:]*: ${command}$`));
  // One that was rolled back by hand would be refused again.
  const change = { from: { production: B, previous: A }, to: { production: A }, by };
  await bucket.put('orders/aliases.json', production);
  await journal.append({ run: 'rollback', event: 'command', reason: `production ${A}`, details: change });
  expect((await statusOf(target, 'orders'))[0]!.next).toMatch(
    new RegExp(`^nothing that clients need; wait for other rows, .*: ${command} --accept recalled$`),
  );
});

it('repeats the advice of the last refusal until something else has been done', async () => {
  const { target, journal } = await madeTarget(production);
  await journal.append(begin);
  expect((await statusOf(target, 'orders'))[0]!.next).toContain(
    'resumes that run, if it is the same, or undoes it',
  );
  const details = { next: 'if the world has changed, run again with --accept quantiles' };
  await journal.append({
    run: 'r2',
    event: 'ended',
    outcome: 'refused',
    reason: 'refused by quantiles',
    details,
  });
  const refused = (await statusOf(target, 'orders'))[0]!;
  expect(refused.next).toBe(`nothing that clients need; ${details.next}`);
  expect(refused.last).toContain(`refused by quantiles; ${A} stays  (eve on ci-7)`);
  expect(refused.since).toContain(`promoted ${A}`);
  await journal.append({ run: 'rollback', event: 'command', reason: 'production', details: { by } });
  expect((await statusOf(target, 'orders'))[0]!.next).toBe('nothing');
});

it('tells a version in production that Workers can no longer load, and what to return to', async () => {
  const { target, bucket } = await madeTarget(JSON.stringify({ production: A, previous: B }));
  await bucket.put(`orders/${A}/encoder.onnx`, 'half of it');
  const [broken] = await statusOf(target, 'orders');
  expect(broken).toMatchObject({
    damage: `orders/${A}/encoder.onnx is missing or damaged`,
    next: `to return to ${B}: npm run deploy -- --rollback orders --target local`,
  });
  await bucket.put('orders/aliases.json', production);
  expect((await statusOf(target, 'orders'))[0]!.next).toContain('--promote orders@<version>');
  await bucket.delete(`orders/${A}/manifest.json`);
  expect((await statusOf(target, 'orders'))[0]!.damage).toContain(`orders/${A} is missing from the bucket`);
  // A version that is gone is none to return to.
  expect((await promote(target, `orders@${B}`)).aliases).toEqual({ production: B });
});

it.each<[string, (target: Target) => Promise<unknown>, { production: string; previous?: string }]>([
  ['promotes', (target) => promote(target, `orders@${B}`), { production: A }],
  ['goes back to', (target) => rollBack(target, 'orders'), { production: A, previous: B }],
])('%s no version that is damaged', async (_, change, aliases) => {
  const { target, bucket } = await madeTarget(JSON.stringify(aliases));
  await bucket.delete(`orders/${B}/encoder.onnx`);
  const message = await change(target).then(String, ({ message }: Error) => message);
  expect(message.split('\n')).toEqual([
    `orders/${B}/encoder.onnx is missing or damaged: expected orders@${B} to be whole, as it is to answer`,
    expect.stringContaining(`in force: production ${A}`),
    'undone: nothing, as nothing was changed',
    'next: npm run models -- list orders --target local; then npm run deploy -- --promote orders@<version> --target local',
  ]);
  expect((await statusOf(target, 'orders'))[0]!.aliases).toEqual(aliases);
});

it('tells the whole version that was in production last where the two that aliases name are damaged', async () => {
  const { target, bucket, journal } = await madeTarget(JSON.stringify({ production: B, previous: C }));
  for (const version of [B, C]) await bucket.put(`orders/${version}/encoder.onnx`, 'half of it');
  for (const to of [C, B])
    await journal.append({ run: 'promote', event: 'command', details: { to: { production: to }, by } });
  expect((await statusOf(target, 'orders'))[0]!.next).toBe(
    `to return to ${A}: npm run deploy -- --promote orders@${A} --target local`,
  );
});

it('looks at the lock of a run on a disk that takes no writes', async () => {
  const { target, bucket } = await madeTarget(production);
  const print = () => undefined;
  const signal = new AbortController().signal;
  await acquireLock(bucket, 'orders', { holder: 'r9', seconds: 60, wait: 0, signal, print });
  const full = { ...bucket, put: () => Promise.reject(new StorageError('the disk is full')) };
  const [state] = await statusOf({ ...target, bucket: full } as Target, 'orders');
  expect(state!.running).toContain('r9');
});

it('takes a store that fails for no damaged version', async () => {
  const { target, bucket } = await madeTarget(production);
  const get = async (key: string) => {
    if (key.endsWith('.onnx')) throw new InputError('no answer after 7 attempts');
    return bucket.get(key);
  };
  const failing = { ...target, bucket: { ...bucket, get } } as Target;
  await expect(statusOf(failing, 'orders')).rejects.toThrow('no answer after 7 attempts');
});

it('takes aliases that are gone for no new model', async () => {
  const { target, bucket, journal } = await madeTarget(production);
  await bucket.delete('orders/aliases.json');
  const [lost] = await statusOf(target, 'orders');
  expect(lost).toMatchObject({
    aliases: null,
    damage: expect.stringContaining('orders/aliases.json is gone; Workers'),
  });
  expect(lost!.next).toMatch(
    new RegExp(`promoted last: npm run deploy -- --promote orders@${A} --target local$`),
  );
  await expect(requireNothingLost(target, 'orders', journal.entries)).rejects.toThrow(
    `orders/aliases.json is gone, though orders@${A} was promoted last`,
  );
  for (const change of [rollBack(target, 'orders'), promote(target, 'orders')])
    await expect(change).rejects.toThrow(
      /is gone: expected aliases.*\nin force: not known, because .* is gone; Workers.*\n.*\nnext: to name the version that was promoted last/,
    );
  expect(await inForceOf(target, 'orders')).toMatchObject({
    isKnown: false,
    text: expect.stringContaining('orders/aliases.json is gone; Workers'),
  });
  expect((await promote(target, `orders@${A}`)).aliases).toEqual({ production: A });
  // Without that version there is nothing to compare with.
  await bucket.delete(`orders/${A}/manifest.json`);
  await requireNothingLost(target, 'orders', journal.entries);
});

it('says that a killed run is undone, not resumed, once a command has changed the aliases', async () => {
  const { target, journal } = await madeTarget(production);
  await journal.append(begin);
  const change = {
    from: { production: A, canary: { version: B, percentage: 10 } },
    to: { production: A },
    by,
  };
  await journal.append({ run: 'rollback', event: 'command', reason: 'production', details: change });
  expect((await statusOf(target, 'orders'))[0]!.next).toContain('undoes that run, as a command');
});

it('takes the removal of a killed canary for no recall, and that of one that was watched for one', async () => {
  const { journal } = await madeTarget(production);
  const found = { before: { production: A }, challenger: B };
  const from = { production: A, canary: { version: B, percentage: 10 } };
  const rollback = {
    run: 'rollback',
    event: 'command',
    details: { from, to: { production: A }, by },
  } as const;
  await journal.append(begin);
  await journal.append({ run: 'r2', event: 'done', step: 'train', details: { found } });
  await journal.append({ run: 'r2', event: 'begun', step: 'watch' });
  await journal.append(rollback);
  expect(recallOf(journal.entries, B)).toBeUndefined();
  const killed = { run: 'r2', event: 'ended', outcome: 'abandoned', details: { killed: true } } as const;
  await journal.append(killed);
  expect(recallOf(journal.entries, B)).toBeUndefined();
  const watching = { ...begin, run: 'r3' };
  await journal.append(watching);
  await journal.append({ run: 'r3', event: 'done', step: 'train', details: { found } });
  await journal.append(rollback);
  await journal.append({ run: 'r3', event: 'ended', outcome: 'refused', reason: 'changed by someone else' });
  expect(recallOf(journal.entries, B)).toMatchObject({ run: 'rollback' });
});

it('tells of a bucket that is lost what was in production, also after a run that was refused for it', async () => {
  const here = promotedHere(temporaryFolder());
  await here.note('orders', A);
  const bucket = memoryBucket();
  const release = aliasRelease(undefined);
  const target = { name: 'local', bucket, release, promotedHere: here } as unknown as Target;
  const journal = await openJournal(bucket, 'orders');
  for (let runs = 0; runs < 2; runs++) {
    const [status] = await statusOf(target, undefined);
    expect(status).toMatchObject({
      ...{ model: 'orders', aliases: null, damage: expect.stringContaining('is gone') },
      next: `to publish it again from this disk: npm run publish -- orders@${A} --target local`,
    });
    await expect(requireNothingLost(target, 'orders', journal.entries)).rejects.toThrow(
      `the bucket has nothing of orders, though orders@${A} was promoted here`,
    );
    await journal.append({ run: 'r1', event: 'ended', outcome: 'failed' });
  }
});
