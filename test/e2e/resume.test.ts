import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { random } from '../../shared/random.ts';
import { runScript, start } from '../support/cli.ts';
import { temporaryFolder } from '../support/data.ts';

const SETTINGS = ['--set', 'epochs=8', 'hidden=[64]', 'codeSize=8', 'schedule=plateau', 'plateauPatience=1'];

function flagsFor(out: string): string[] {
  return ['digits', '--out', out, ...SETTINGS];
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

    // A whole run takes about a second from there on, and writes eight checkpoints and the artifact in it.
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
      kills.push(/resuming after epoch \d+|starting afresh/.exec(stdout)?.[0] ?? 'before it started');
      if (existsSync(join(out, 'digits', expected.version))) break;
    }
    const { code, stdout, stderr } = await runScript('train', flags);
    expect([code, stderr], kills.join('; ')).toEqual([0, '']);
    const resumed = summaryOf(stdout);
    expect(resumed.version, kills.join('; ')).toBe(expected.version);
    expect(graphBytes(resumed.directory)).toEqual(bytes);
    expect(existsSync(join(out, 'digits', '.checkpoint'))).toBe(false);
  }, 240_000);

  it('says where it goes on, keeps the history whole, and refuses another seed', async () => {
    const out = temporaryFolder();
    const history = join(out, 'history.jsonl');
    const flags = [...flagsFor(out), '--history', history];
    const killed = start('train', flags);
    await killed.saw('epoch 3/8');
    killed.process.kill('SIGKILL');
    expect((await killed.finished).stdout).not.toContain('epoch 8/8');

    const foreign = await runScript('train', [...flags, '--resume', '--seed', '2']);
    expect(foreign.code).toBe(2);
    expect(foreign.stderr).toMatch(
      /^error: .*latest: is the checkpoint of another run: expected seed 2, received 1/,
    );

    const { code, stdout } = await runScript('train', [...flags, '--resume']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^resuming after epoch [3-8] of 8$/m);
    expect(stdout).not.toMatch(/^epoch 3\/8/m);
    const lines = readFileSync(history, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(lines).toEqual(
      JSON.parse(readFileSync(join(summaryOf(stdout).directory, 'history.json'), 'utf8')),
    );
  });

  it('starts afresh where there is nothing to resume, and says so', async () => {
    const flags = [
      'digits',
      '--out',
      temporaryFolder(),
      '--resume',
      '--set',
      'epochs=1',
      'hidden=[]',
      'codeSize=2',
    ];
    const { code, stdout } = await runScript('train', flags);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^no checkpoint to resume: starting afresh$/m);
  });
});
