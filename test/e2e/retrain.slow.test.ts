import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAliases } from '../../scripts/retrain/aliases.ts';
import { s3Bucket } from '../../scripts/store/s3.ts';
import type { Aliases } from '../../shared/aliases.ts';
import { ANSWERS_FILE, type KnownAnswers } from '../../shared/answers.ts';
import { type Finished, type Running, runScript, start } from '../support/commands/cli.ts';
import { keptFolder } from '../support/data/data.ts';
import { POISONS, WEATHER_SETTINGS, weatherRows, writeWeather } from '../support/data/weather.ts';
import { type Load, startLoad } from '../support/edge/load.ts';

/** In order: each goes on where the one before ended, under one load that never stops. */
describe('retrain under load, against a Worker that npm run serve runs', () => {
  let folder: string;
  let serving: Running;
  let load: Load;
  let v1: string;
  let v2: string;
  /** A canary for a while. */
  let v3: string;
  const data = (name: string, rows: readonly (readonly string[])[]) => writeWeather(join(folder, name), rows);
  const retrain = (path: string, ...flags: string[]): Promise<Finished> =>
    runScript(
      'retrain',
      ['rain', '--data', path, '--threads', '1', '--gate', 'mse:0.6', ...flags, '--set', ...WEATHER_SETTINGS],
      folder,
    );
  const answersOf = (version: string): KnownAnswers =>
    JSON.parse(readFileSync(join(folder, 'artifacts', 'rain', version, ANSWERS_FILE), 'utf8'));
  /** What Workers read now. */
  const aliases = async (): Promise<Aliases | undefined> => {
    const serving = JSON.parse(readFileSync(join(folder, 'artifacts', '.serving.json'), 'utf8'));
    const bucket = s3Bucket({ ...serving.bucket, secretAccessKey: 'local' });
    return (await readAliases(bucket, 'rain/aliases.json')).aliases;
  };

  beforeAll(async () => {
    folder = keptFolder();
    mkdirSync(join(folder, 'artifacts'), { recursive: true });
    const first = await retrain(data('v1.csv', weatherRows(1)), '--json');
    expect([first.code, first.stderr]).toEqual([0, '']);
    v1 = JSON.parse(first.stdout).challenger;
    const artifact = join('artifacts', 'rain', v1);
    // This runtime loads only models from the bucket that use the operators of the bundled one.
    serving = start('serve', [artifact, '--port', '0', '--runtime', 'slim', '--json'], folder);
    const { url } = JSON.parse(await serving.saw('\n'));
    load = startLoad(url, 'rain', answersOf(v1).rows);
  });
  afterAll(async () => {
    serving.process.kill('SIGINT');
    await serving.finished;
  });

  it('publishes a better version as a shadow, then as a canary, and promotes it', async () => {
    await load.sees(v1);
    const { code, stdout, stderr } = await retrain(
      data('v2.csv', weatherRows(2)),
      ...['--warm-start', '--shadow', '100', '--shadow-answers', '20'],
      ...['--canary', '10', '--watch', '60', '--canary-answers', '20', '--json'],
    );
    expect([code, stderr]).toEqual([0, '']);
    ({ challenger: v2 } = JSON.parse(stdout));
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'promoted', champion: v1, challenger: v2 });
    expect(v2).not.toBe(v1);
    await load.sees(v2);
    expect(await aliases()).toEqual({ production: v2, previous: v1 });
    const history = await runScript('deploy', ['--history', 'rain', '--target', 'local', '--json'], folder);
    const steps = JSON.parse(history.stdout).entries.filter(
      ({ event }: { event: string }) => event === 'done',
    );
    const judged = steps.find(({ step }: { step?: string }) => step === 'shadow').details.found
      .shadowVerdicts;
    expect(judged).toMatchObject([{ gate: 'shadow', passed: true, accepted: false }]);
  });

  it('takes a shadow back that too few clients have asked', async () => {
    const flags = ['--shadow', '1', '--shadow-answers', '100000', '--watch', '2', '--json'];
    const { code, stdout } = await retrain(data('v5.csv', weatherRows(5)), '--gate', 'mse:10', ...flags);
    expect([code, JSON.parse(stdout)]).toMatchObject([
      3,
      {
        outcome: 'rolled back',
        reason: expect.stringMatching(/refused by shadow \(\d+ of 100000 requests compared/),
        inForce: `production ${v2}, previous ${v1}, as before this run`,
      },
    ]);
    expect(await aliases()).toEqual({ production: v2, previous: v1 });
  });

  it.each(Object.keys(POISONS))('refuses %s', async (poison) => {
    const rows = POISONS[poison]!(weatherRows(3));
    const { code, stderr } = await retrain(data('poison.csv', rows), '--canary', '10');
    expect([code, stderr]).toEqual([3, expect.stringMatching(/^error: refused by/)]);
    expect(await aliases()).toEqual({ production: v2, previous: v1 });
  });

  it('deploys what is in production, and what was refused only by force', async () => {
    // Honest data on which nothing was learned: unlike poison, it is refused after training.
    const unlearned = ['--no-warm-start', '--set', 'epochs=1', 'learningRate=1e-9'];
    const unpromoted = await retrain(data('unlearned.csv', weatherRows(6)), ...unlearned, '--json');
    const { challenger } = JSON.parse(unpromoted.stdout);
    expect(unpromoted.code).toBe(3);
    const deploy = (...flags: string[]) => runScript('deploy', [...flags, '--dry-run', '--json'], folder);
    const { code, stdout } = await deploy();
    expect([code, JSON.parse(stdout).models]).toEqual([
      0,
      [{ name: 'rain', version: v2, why: 'in production according to the aliases in artifacts/.bucket' }],
    ]);
    const refused = await deploy(join('artifacts', '.candidates', 'rain', challenger));
    expect([refused.code, refused.stderr]).toEqual([
      3,
      expect.stringMatching(/is refused, by retrain run .*--force/),
    ]);
  });

  it('rolls back a version that passes every gate, but that the Worker cannot run', async () => {
    const { code, stderr } = await retrain(
      data('v3.csv', weatherRows(4)),
      ...['--canary', '10', '--watch', '3', '--gate', 'mse:10', '--set', 'activation=tanh'],
    );
    expect([code, stderr]).toEqual([3, expect.stringMatching(/^error: rain@\w+\/encode: /)]);
    expect(await aliases()).toEqual({ production: v2, previous: v1 });
    const { stdout } = await runScript(
      'deploy',
      ['--history', 'rain', '--target', 'local', '--json'],
      folder,
    );
    const ended = JSON.parse(stdout).entries.filter(({ event }: { event: string }) => event === 'ended');
    expect(ended.at(-1)).toMatchObject({ outcome: 'rolled back' });
  });

  it('does nothing if requests have not drifted, or are too few to tell', async () => {
    const path = data('v2.csv', weatherRows(2));
    const { code, stdout } = await retrain(path, '--if-drift', '0.99', '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      { outcome: 'not needed', drift: expect.any(Number) },
    ]);
    const few = await retrain(path, '--if-drift', '0.0001', '--drift-rows', '1000000');
    expect([few.code, few.stdout]).toEqual([0, expect.stringContaining('not judged, from')]);
  });

  it('takes a canary back that too few clients have asked, unless told otherwise', async () => {
    const path = data('v5.csv', weatherRows(5));
    const canary = ['--canary', '10', '--watch', '2', '--canary-answers', '100000'];
    const { code, stdout } = await retrain(path, ...canary, '--gate', 'mse:10', '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([
      3,
      {
        outcome: 'rolled back',
        reason: expect.stringMatching(/too little traffic .*: \d+ of 100000 answers/),
        inForce: `production ${v2}, previous ${v1}, as before this run`,
        next: expect.stringMatching(
          /to promote it all the same: npm run retrain -- rain .* --few-answers promote$/,
        ),
      },
    ]);
    v3 = JSON.parse(stdout).challenger;
    expect(await aliases()).toEqual({ production: v2, previous: v1 });
  });

  it('rolls back to the previous version at once', async () => {
    const { code, stdout: told } = await runScript('deploy', ['--rollback', '--target', 'local'], folder);
    expect([code, await aliases()]).toEqual([0, { production: v1 }]);
    expect(told).toContain(`rain: back from ${v2}, which "`);
    expect(told).toContain('has no version to return to');
    await load.sees(v1);
    const { stdout } = await runScript('deploy', ['--status', '--target', 'local', '--json'], folder);
    const [status] = JSON.parse(stdout).models;
    const last = expect.stringMatching(
      new RegExp(` ago\\)  rollback: production ${v1}; away from ${v2}  \\(\\S+ on `),
    );
    expect(status).toEqual({
      ...{ model: 'rain', aliases: { production: v1 }, damage: null, running: null, unfinished: null },
      ...{ since: last, last, shadow: [], damagedLock: null, damagedHistory: [], next: 'nothing' },
    });
  });

  it('answered every request, as exactly one of the three versions that passed', async () => {
    const { answers, problems } = await load.stop();
    expect(problems).toEqual([]);
    expect([...answers.keys()].sort()).toEqual([v1, v2, v3].sort());
    // One text for each version: the same rows had the same answer every time.
    for (const texts of answers.values()) expect(texts.size).toBe(1);
    // The load asks for the rows of which the first version's training recorded the answers.
    const known = answersOf(v1).answers.encode!.flat();
    const [codes] = [...answers.get(v1)!].map((text) => (JSON.parse(text) as number[][]).flat());
    for (const [i, code] of codes!.entries()) expect(code).toBeCloseTo(known[i]!, 4);
  });
});
