import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { random } from '../../shared/random.ts';
import { runScript, start } from '../support/commands/cli.ts';
import { temporaryFolder } from '../support/data/data.ts';

/** Eight columns that are all of one number: learnt in a second, unlike images. */
const TABLE = `SELECT ${Array.from({ length: 8 }, (_, i) => `sin(i / ${7 + i}) AS wave${i}`)} FROM range(2000) AS r(i)`;
const SETTINGS = ['--set', 'epochs=40', 'patience=40', 'schedule=plateau', 'plateauPatience=1'];

function flagsFor(out: string): string[] {
  return ['tabular', '--data', TABLE, '--out', out, ...SETTINGS];
}

interface Summary {
  readonly version: string;
  readonly directory: string;
}

function summaryOf(stdout: string): Summary {
  const directory = /^artifact: (.+)$/m.exec(stdout)![1]!;
  return { directory, version: directory.split('/').at(-1)! };
}

function graphBytes(directory: string): Record<string, Buffer> {
  const graphs = readdirSync(directory).filter((file) => file.endsWith('.onnx'));
  expect(graphs.length).toBeGreaterThan(0);
  return Object.fromEntries(graphs.map((file) => [file, readFileSync(join(directory, file))]));
}

describe('npm run train -- --resume', () => {
  it('ends with the bytes of an uninterrupted run, however often and whenever it is killed', async () => {
    const whole = await runScript('train', flagsFor(temporaryFolder()));
    expect([whole.code, whole.stderr]).toEqual([0, '']);
    const expected = summaryOf(whole.stdout);
    const bytes = graphBytes(expected.directory);

    // A whole run takes about a second from there on, and writes forty checkpoints and the artifact in it.
    const times = random(Date.now() % 2 ** 32, 'kills');
    const out = temporaryFolder();
    const flags = [...flagsFor(out), '--resume'];
    const kills: string[] = [];
    for (let kill = 0; kill < 4; kill++) {
      const run = start('train', flags);
      await run.saw('engine:');
      await sleep(times.uniform() * 1000);
      run.process.kill('SIGKILL');
      const { stdout } = await run.finished;
      kills.push(
        /resuming after epoch \d+|starting from the first epoch/.exec(stdout)?.[0] ?? 'before it started',
      );
      if (existsSync(join(out, 'tabular', expected.version))) break;
    }
    const { code, stdout, stderr } = await runScript('train', flags);
    expect([code, stderr], kills.join('; ')).toEqual([0, '']);
    const resumed = summaryOf(stdout);
    expect(resumed.version, kills.join('; ')).toBe(expected.version);
    expect(graphBytes(resumed.directory)).toEqual(bytes);
    expect(existsSync(join(out, 'tabular', '.checkpoint'))).toBe(false);
  }, 240_000);

  it('says where it goes on, keeps the history whole, and refuses other settings', async () => {
    const out = temporaryFolder();
    const history = join(out, 'history.jsonl');
    const flags = [...flagsFor(out), '--history', history];
    const killed = start('train', flags);
    await killed.saw('epoch  3/40');
    killed.process.kill('SIGKILL');
    expect((await killed.finished).stdout).not.toContain('epoch 40/40');

    const foreign = await runScript('train', [...flags, '--resume', '--set', 'learningRate=0.5']);
    expect(foreign.code).toBe(2);
    expect(foreign.stderr).toMatch(
      /^error: .*latest: is the checkpoint of another run: expected setting learningRate 0\.5, received 0\.001/,
    );

    const { code, stdout } = await runScript('train', [...flags, '--resume']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^resuming after epoch \d+ of 40$/m);
    expect(stdout).not.toMatch(/^epoch +3\/40/m);
    const lines = readFileSync(history, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(lines).toEqual(
      JSON.parse(readFileSync(join(summaryOf(stdout).directory, 'history.json'), 'utf8')),
    );
  });

  it('starts from the first epoch if there is nothing to resume, and reports that', async () => {
    const flags = [
      ...['tabular', '--data', TABLE, '--out', temporaryFolder(), '--resume', '--force'],
      ...['--set', 'epochs=1', 'hidden=[]'],
    ];
    const { code, stdout } = await runScript('train', flags);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^no checkpoint to resume from: starting from the first epoch$/m);
  });
});
