import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readAliases } from '../../scripts/retrain/aliases.ts';
import { promote, rollBack } from '../../scripts/retrain/control.ts';
import { openJournal } from '../../scripts/retrain/journal.ts';
import { aliasRelease } from '../../scripts/retrain/release/aliases.ts';
import { STEPS } from '../../scripts/retrain/steps/registry.ts';
import { readStored } from '../../scripts/retrain/stored.ts';
import type { Target } from '../../scripts/retrain/targets/target.ts';
import { listAll } from '../../scripts/store/bucket.ts';
import type { Aliases } from '../../shared/aliases.ts';
import type { Finished } from '../support/commands/cli.ts';
import { cloudflareApi } from '../support/commands/cloudflareApi.ts';
import { writeProject } from '../support/commands/project.ts';
import { type RetrainBench, retrainBench, SECRET } from '../support/commands/retrainRun.ts';
import { oneWritePerSecond, type Passing } from '../support/commands/s3Proxy.ts';
import { keptFolder } from '../support/data/data.ts';
import { WEATHER_SETTINGS, weatherRows, writeWeather } from '../support/data/weather.ts';

const ALIASES = 'rain/aliases.json';
/** The whole command, as it was given. */
const AGAIN =
  /^once the above is settled: npm run retrain -- rain --target cloudflare .*--data \S+\.csv .* --set /;
const RESTART = /^to run it again: npm run retrain -- rain --target cloudflare .*--data \S+\.csv .* --set /;
/** By hand, without the proxy. */
const rolledBack = () =>
  rollBack({ bucket: bench.bucket, release: aliasRelease(undefined) } as Target, 'rain');

let bench: RetrainBench;
let folder: string;
let champion: string;

beforeAll(async () => {
  bench = await retrainBench();
  folder = keptFolder();
  writeProject(folder);
  // An upload that breaks off now and then goes on where it was.
  let cuts = 0;
  bench.proxy.after = ({ method, key }) =>
    method === 'PUT' && key.endsWith('onnx') && cuts++ % 2 === 0 ? 'cut' : undefined;
  const { code, stdout, stderr } = await retrain(1).finished;
  expect([code, stderr, cuts]).toEqual([0, '', 6]);
  expect((await aliasesInOrder()).production).toBe(JSON.parse(stdout).challenger);
});
afterAll(() => bench.dispose());
beforeEach(async () => {
  champion = (await aliasesInOrder()).production;
});
afterEach(async () => {
  bench.proxy.before = () => undefined;
  bench.proxy.after = () => undefined;
});

/** On the data of a day, with a canary. */
function retrain(
  day: number,
  flags: readonly string[] = [],
  output = ['--json'],
  environment: NodeJS.ProcessEnv = {},
) {
  const data = writeWeather(join(folder, `${day}.csv`), weatherRows(day));
  const own = ['--data', data, '--canary', '10', '--watch', '0', '--gate', 'mse:0.8', '--warm-start'];
  // The lock of a killed run expires soon, a store that is gone is given up soon, and nobody asks the canary.
  const soon = ['--lock-seconds', '3', '--wait', '60', '--store-seconds', '2', '--few-answers', 'promote'];
  const all = [...own, ...soon, ...output, ...flags, '--set', ...WEATHER_SETTINGS];
  return bench.run(folder, all, environment);
}

/** Checks what every Worker relies on at any moment: valid aliases that name complete versions. */
async function aliasesInOrder(): Promise<Aliases> {
  const { aliases } = await readAliases(bench.bucket, ALIASES);
  const { production, canary, previous } = aliases!;
  for (const version of [production, canary?.version, previous])
    if (version !== undefined) await readStored(bench.bucket, 'rain', version);
  return aliases!;
}

/** The entry of the journal that is being written. */
function recorded({ method, key, body }: Passing): { event?: string; step?: string } {
  if (method !== 'PUT' || !/\/retrain\/journal\/\d+\.json$/.test(key)) return {};
  return JSON.parse(body.toString());
}

/** Kills a run that has done a step, and has not yet been able to say so. */
async function killedAfter(step: string, day: number, flags: readonly string[] = []): Promise<void> {
  const { process, finished } = retrain(day, flags);
  bench.proxy.before = (request) => {
    const line = recorded(request);
    if (line.event !== 'done' || line.step !== step) return undefined;
    process.kill('SIGKILL');
    return 'cut';
  };
  const { code, stderr } = await finished;
  bench.proxy.before = () => undefined;
  expect([step, code, stderr]).toEqual([step, null, '']);
}

async function lastOutcome(): Promise<string | undefined> {
  const { entries } = await openJournal(bench.bucket, 'rain');
  return entries.findLast(({ event }) => event === 'ended')?.outcome;
}

/** A Worker behind a door: once that is closed, no key is taken any more. */
async function workerDoor(upstream: string) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (door.isClosed) {
      response.writeHead(401, { 'Content-Type': 'application/problem+json' });
      response.end(JSON.stringify({ detail: 'The key is not known.' }));
      return;
    }
    const { authorization = '', 'content-type': type = 'application/json' } = request.headers;
    const answer = await fetch(new URL(request.url!, upstream), {
      ...{ method: request.method!, headers: { authorization, 'content-type': type } },
      ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
    });
    const version = answer.headers.get('X-Model-Version');
    response.writeHead(answer.status, version === null ? {} : { 'X-Model-Version': version });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const door = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    isClosed: false,
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return door;
}

describe('kill -9', () => {
  it('at any step leaves production in order, and the next run goes on', { timeout: 300_000 }, async () => {
    // Nobody asks the shadow.
    const flags = ['--shadow', '50', '--accept', 'shadow'];
    for (const step of Object.keys(STEPS)) {
      await killedAfter(step, 2, flags);
      const { production } = await aliasesInOrder();
      if (!['promote', 'confirm'].includes(step)) expect([step, production]).toEqual([step, champion]);
    }
    const { code, stdout, stderr } = await retrain(2, flags).finished;
    expect([code, stderr]).toEqual([0, '']);
    const { challenger, ...done } = JSON.parse(stdout);
    expect(done).toMatchObject({ outcome: 'promoted', champion });
    expect(await aliasesInOrder()).toEqual({ production: challenger, previous: champion });
    const { entries } = await openJournal(bench.bucket, 'rain');
    expect(new Set(entries.slice(-20).map(({ run }) => run)).size).toBe(1);
  });

  it('with an active canary is undone by a run on other data', async () => {
    await killedAfter('canary', 3);
    expect(await aliasesInOrder()).toMatchObject({ production: champion, canary: { percentage: 10 } });
    const { code, stderr } = await retrain(4, ['--gate', 'enough:1000000']).finished;
    expect([code, stderr]).toEqual([3, expect.stringContaining('refused by enough')]);
    expect(await aliasesInOrder()).toMatchObject({ production: champion });
    expect((await aliasesInOrder()).canary).toBeUndefined();
    const { entries } = await openJournal(bench.bucket, 'rain');
    const outcomes = entries.filter(({ event }) => event === 'ended').map(({ outcome }) => outcome);
    expect(outcomes.slice(-2)).toEqual(['abandoned', 'refused']);
  });
});

describe('a rollback by hand', () => {
  it('of what a killed run has promoted is not overridden by the next run', async () => {
    await killedAfter('promote', 12);
    const { production } = await aliasesInOrder();
    expect(production).not.toBe(champion);
    await rolledBack();
    const { code, stderr, stdout } = await retrain(12, [], []).finished;
    expect(stdout).toContain('instead of resuming it: a command has changed the aliases since (rollback, 2');
    expect([code, stderr]).toEqual([3, expect.stringContaining(`refused by recalled (${production} again`)]);
    expect(stderr).toMatch(/if going back was a mistake: npm run retrain -- rain .* --accept recalled\n/);
    expect(await aliasesInOrder()).toEqual({ production: champion });
  });

  it('of a canary that a killed run left does not refuse the command that is told next', async () => {
    await killedAfter('canary', 14);
    await rolledBack();
    const { code, stderr, stdout } = await retrain(14, ['--gate', 'mse:9'], []).finished;
    expect(stdout).toContain('instead of resuming it');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/recalled .*no command has gone back from/);
    expect((await aliasesInOrder()).previous).toBe(champion);
  });

  it('of a canary keeps the run that watches it from promoting it', async () => {
    let isDue = true;
    bench.proxy.before = async (request) => {
      const { step, event } = recorded(request);
      if (isDue && step === 'watch' && event === 'begun') {
        isDue = false;
        await rolledBack();
      }
      return undefined;
    };
    const before = await aliasesInOrder();
    const { code, stderr } = await retrain(13).finished;
    expect([code, stderr]).toEqual([3, expect.stringContaining('was changed by someone else')]);
    expect(await aliasesInOrder()).toEqual(before);
  });
});

describe('Ctrl-C', () => {
  it.each(['evaluate', 'publish', 'smoke', 'canary', 'watch', 'promote', 'confirm'])(
    'during %s undoes the run, and tells what is in force',
    async (step) => {
      const before = await aliasesInOrder();
      const run = retrain(5);
      let [isDue, isStopped] = [false, false];
      bench.proxy.before = async (request) => {
        // Once more would mean to quit at once.
        if (isStopped) return undefined;
        const entry = recorded(request);
        // The next request of the step, or the end of one that makes none.
        if (isDue || (entry.step === step && entry.event === 'done')) {
          isStopped = true;
          run.process.kill('SIGINT');
          // A busy process may be told of the signal after the answer that ends the run.
          await new Promise((resolve) => setTimeout(resolve, 500));
        } else isDue = entry.step === step && entry.event === 'begun';
        return undefined;
      };
      const { code, stderr, stdout } = await run.finished;
      expect([code, stderr]).toEqual([130, expect.stringContaining(`in force: production ${champion}`)]);
      const next = expect.stringMatching(RESTART);
      expect(JSON.parse(stdout)).toMatchObject({ outcome: 'abandoned', next });
      expect(await aliasesInOrder()).toEqual(before);
      expect(await lastOutcome()).toBe('abandoned');
    },
  );
});

it('a second Ctrl-C while a promotion is undone ends it at once, and tells what is in force', async () => {
  const run = retrain(26);
  const pressed = async () => {
    run.process.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 500));
  };
  let isUndone = false;
  bench.proxy.before = async (request) => {
    const { step, event } = recorded(request);
    if (step === 'confirm' && event === 'begun') {
      isUndone = true;
      await pressed();
    } else if (isUndone && request.method === 'PUT' && request.key === ALIASES) {
      isUndone = false;
      run.process.kill('SIGINT');
      await run.finished;
      return 'cut';
    }
    return undefined;
  };
  const { code, stderr } = await run.finished;
  const { production } = await aliasesInOrder();
  expect(production).not.toBe(champion);
  expect([code, stderr.trimEnd().split('\n')]).toEqual([
    130,
    [
      expect.stringContaining('undoing this run'),
      `Ctrl-C (SIGINT) again: ended at once; in force: production ${production}, previous ${champion}; to see what is left to do: npm run deploy -- --status rain --target cloudflare --release aliases`,
    ],
  ]);
});

describe('a store behind an unreliable network', () => {
  const unchanged = async ({ code, stderr }: Finished, message: string, expected: number) => {
    expect([code, stderr]).toEqual([expected, expect.stringContaining(message)]);
    expect(stderr).not.toContain(SECRET);
    expect((await aliasesInOrder()).production).toBe(champion);
  };
  /** Without the journal, which every run adds to. */
  const objects = async () =>
    (await listAll(bench.bucket, { prefix: 'rain/' })).keys.filter((key) => !key.includes('/retrain/'))
      .length;

  it('an upload that breaks off for good leaves nothing', async () => {
    const before = await objects();
    bench.proxy.before = ({ method, key }) =>
      method === 'PUT' && key.endsWith('decoder.onnx') ? 'cut' : undefined;
    await unchanged(await retrain(6).finished, 'no answer after', 1);
    expect([await objects(), await lastOutcome()]).toEqual([before, 'failed']);
  });

  it('a failure before anything was changed gives no advice to go back', async () => {
    let failing = false;
    bench.proxy.before = (request) => {
      failing ||= recorded(request).step === 'judge';
      return failing ? { status: 503, code: 'SlowDown' } : undefined;
    };
    const { code, stdout, stderr } = await retrain(6).finished;
    expect([code, stderr]).toEqual([1, expect.stringContaining(`in force: production ${champion}`)]);
    expect(stderr).toContain('as before this run');
    expect(stderr).toContain(
      'undone: nothing, as nothing was changed\nnext: once the above is settled: npm run retrain -- rain ',
    );
    expect(stderr).not.toContain('--rollback');
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'failed', next: expect.stringMatching(AGAIN) });
  });

  it('a run that cannot read its data is part of the history', async () => {
    const gone = bench.run(folder, ['--data', join(folder, 'gone.csv'), '--json', '--wait', '60']);
    const { code, stdout } = await gone.finished;
    expect([code, JSON.parse(stdout)]).toMatchObject([2, { outcome: 'failed', model: 'rain' }]);
    const { entries } = await openJournal(bench.bucket, 'rain');
    expect(entries.at(-1)).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('gone.csv') });
    expect(entries.at(-1)?.details?.by).toMatchObject({ host: hostname() });
  });

  it('one that takes one write a second to a key is no problem', async () => {
    bench.proxy.before = oneWritePerSecond();
    const { code, stderr } = await retrain(11, ['--gate', 'mse:9', '--lock-seconds', '30']).finished;
    expect([code, stderr]).toEqual([0, '']);
    champion = (await aliasesInOrder()).production;
  });

  it('a token that may not write is named', async () => {
    bench.proxy.before = ({ method }) =>
      method === 'PUT' ? { status: 403, code: 'AccessDenied' } : undefined;
    await unchanged(await retrain(6).finished, 'needs the permission "Object Read & Write"', 2);
  });

  it('aliases that someone else changes meanwhile stay as they are', async () => {
    const theirs: Aliases = { production: champion };
    bench.proxy.before = async ({ method, key }) => {
      if (method === 'PUT' && key === ALIASES) await bench.bucket.put(ALIASES, JSON.stringify(theirs));
      return undefined;
    };
    await unchanged(await retrain(6).finished, 'was changed by someone else', 3);
    expect(await aliasesInOrder()).toEqual(theirs);
  });

  it('two runs at once: the second is refused, or waits', async () => {
    let second: Promise<Finished> | undefined;
    const first = retrain(7);
    bench.proxy.before = async (request) => {
      if (recorded(request).step === 'train') second ??= retrain(7, ['--wait', '0']).finished;
      // The first goes on once the second has been refused.
      if (recorded(request).step === 'evaluate') await second;
      return undefined;
    };
    const { code } = await first.finished;
    expect(code).toBe(0);
    const refused = (await second)!;
    expect(refused).toMatchObject({ code: 4, stderr: expect.stringContaining('is in progress') });
    for (const line of [
      `in force: production ${champion}`,
      'undone: nothing',
      'for the other run to end: npm run retrain -- rain ',
    ])
      expect(refused.stderr).toContain(line);
    expect(JSON.parse(refused.stdout)).toMatchObject({ outcome: 'busy', undone: [] });
    const { entries } = await openJournal(bench.bucket, 'rain');
    expect(entries.filter(({ run }) => run === 'retrain')).toEqual([
      expect.objectContaining({
        event: 'command',
        reason: expect.stringMatching(/^not run: .*is in progress/),
      }),
    ]);
  });

  it('--dry-run goes to the last step, writes nothing and prints no secret', async () => {
    const writes: string[] = [];
    bench.proxy.before = ({ method, key }) => {
      if (method !== 'GET' && method !== 'HEAD') writes.push(`${method} ${key}`);
      return undefined;
    };
    const { code, stdout, stderr } = await retrain(8, ['--dry-run'], []).finished;
    expect([code, stderr, writes]).toEqual([0, '', []]);
    for (const line of ['would put rain/aliases.json', 'would send POST', ': would be promoted'])
      expect(stdout).toContain(line);
    expect(stdout).not.toContain(SECRET);
    // Of the records of a run, which nothing answers from, nobody wants to read.
    expect(stdout).not.toMatch(/would (put|delete) rain\/retrain\//);
  });

  it('--dry-run of bundled models prints every change', async () => {
    await bench.bucket.put('rain/deployed.json', JSON.stringify({ production: champion }));
    const api = await cloudflareApi();
    const id = api.deployed([{ type: 'plain_text', name: 'BUNDLED', text: `code:0 rain@${champion}` }]);
    const flags = ['--release', 'versions', '--dry-run', '--replace-code'];
    const { CLOUDFLARE_API_BASE_URL } = api.environment;
    const environment = { CLOUDFLARE_API_BASE_URL };
    const { code, stdout, stderr } = await retrain(9, flags, [], environment).finished;
    await api.close();
    expect([code, stderr]).toEqual([0, '']);
    const commands = [...stdout.matchAll(/^would (run wrangler|deploy) (.*?)(:[^:]*)?$/gm)].map(
      ([, , command]) => command,
    );
    const other = '00000000-0000-4000-8000-000000000000';
    expect(commands).toEqual([
      expect.stringMatching(/^versions upload --config \S+wrangler.json --var BUNDLED/),
      `${id}@100%, ${other}@0%`,
      `${id}@90%, ${other}@10%`,
      `${other}@100%`,
    ]);
    expect(api.requests.filter((each) => each.startsWith('POST'))).toEqual([]);
    expect(stdout).not.toContain(SECRET);
  });

  it('SIGTERM is not success, and a lost store is reported with what remains', async () => {
    const stopped = retrain(10);
    bench.proxy.before = (request) => {
      if (recorded(request).step === 'train') stopped.process.kill('SIGTERM');
      return undefined;
    };
    expect(await stopped.finished).toMatchObject({ code: 143, stderr: expect.stringContaining('SIGTERM') });

    let isGone = false;
    bench.proxy.before = (request) => {
      isGone ||= recorded(request).step === 'smoke';
      return isGone ? 'cut' : undefined;
    };
    const { code, stderr } = await retrain(10).finished;
    expect([code, stderr]).toEqual([1, expect.stringContaining('undoing the run failed')]);
    // No alias was changed yet: only if the challenger may be what answers is it right to go back.
    expect(stderr).toMatch(
      /in force: production .*, as before this run\nundone: no alias was changed yet.*\nnext: once the above is settled: npm run retrain -- rain /,
    );
    expect(stderr).not.toContain('--rollback');
    expect((await aliasesInOrder()).production).toBe(champion);
  });

  it.each(['smoke', 'watch', 'confirm'])(
    'a key of the Worker that is refused from %s on: the run is undone, and says what to set',
    async (due) => {
      const before = await aliasesInOrder();
      const door = await workerDoor(bench.environment.LATENTEDGE_URL!);
      bench.proxy.before = (request) => {
        const { step, event } = recorded(request);
        door.isClosed ||= step === due && event === 'begun';
        return undefined;
      };
      const { code, stderr, stdout } = await retrain(15, [], ['--json'], { LATENTEDGE_URL: door.url })
        .finished;
      await door.close();
      expect([code, stderr]).toEqual([3, expect.stringContaining('export LATENTEDGE_API_KEY=')]);
      expect(stderr).toContain(`\nin force: production ${champion}`);
      expect(stderr).toContain('as before this run\nundone: ');
      // Before, no alias was changed that a Worker would have to reread.
      expect(stderr.includes('; the Worker refused the key for /admin/reload (401), and')).toBe(
        due !== 'smoke',
      );
      expect(JSON.parse(stdout)).toMatchObject({
        outcome: 'rolled back',
        next: expect.stringMatching(AGAIN),
      });
      expect(await aliasesInOrder()).toEqual(before);
    },
  );

  it.each([
    ['publish', 'as before this run', AGAIN],
    ['promote', 'not known, because undoing the run failed', /^once the store answers.*--status rain /],
  ] as const)(
    'a key of the store that is refused from %s on: what is known, and one command',
    async (due, inForce, next) => {
      let isRefused = false;
      bench.proxy.before = (request) => {
        isRefused ||= recorded(request).step === due && recorded(request).event === 'begun';
        const isEntry = recorded(request).event === 'begun';
        return isRefused && !isEntry ? { status: 403, code: 'InvalidAccessKeyId' } : undefined;
      };
      const { code, stderr, stdout } = await retrain(16).finished;
      const told = JSON.parse(stdout);
      expect([code, stderr]).toEqual([
        2,
        expect.stringContaining('R2_ACCESS_KEY_ID is not the id of a token'),
      ]);
      expect(stderr).not.toMatch(/^ +at /m);
      expect(told).toMatchObject({ outcome: 'failed', next: expect.stringMatching(next) });
      expect(told.inForce).toContain(inForce);
      expect(told.inForce).toContain(`production ${champion}`);
      expect((await aliasesInOrder()).production).toBe(champion);
    },
  );

  // The last one: it leaves a journal that says nothing of what was before.
  it('damaged aliases and journals do not prevent a rollback', async () => {
    const release = aliasRelease(undefined);
    const target = { bucket: bench.bucket, release } as Target;
    const { keys } = await listAll(bench.bucket, { prefix: 'rain/retrain/journal/' });
    await bench.bucket.put(keys[0]!, '{"run":');
    await bench.bucket.put(ALIASES, '{"production":');
    await expect(rollBack(target, 'rain')).rejects.toThrow(/is damaged.*\nin force: not known/s);
    await expect(promote(target, 'rain@latest')).rejects.toThrow('12 hex digits');
    await promote(target, `rain@${champion}`);
    expect(await aliasesInOrder()).toEqual({ production: champion });
    expect((await openJournal(bench.bucket, 'rain')).entries.at(-1)).toMatchObject({ event: 'command' });
  });
});
