import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, inject, it } from 'vitest';
import { readArtifact } from '../../training/artifact/artifact.ts';
import { runScript, start } from '../support/commands/cli.ts';
import { temporaryFolder } from '../support/data/data.ts';
import { fullIt, itEach } from '../support/suites/full.ts';

describe('npm run train', () => {
  it('prints the losses of every epoch and where the artifact is', async () => {
    const out = temporaryFolder();
    const { code, stdout } = await runScript('train', [
      'digits',
      '--out',
      out,
      '--set',
      'epochs=2',
      'hidden=[16]',
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^engine: onnxruntime-node \d+\.\d+\.\d+, cpu, \d+ threads?$/m);
    for (const epoch of [1, 2])
      expect(stdout).toMatch(
        new RegExp(`^epoch ${epoch}/2  loss \\d\\.\\d{4}  validation \\d\\.\\d{4}$`, 'm'),
      );
    const directory = /^artifact: (.+)$/m.exec(stdout)![1]!;
    const { manifest } = await readArtifact(directory);
    expect(manifest.recipe.config).toMatchObject({ epochs: 2, hidden: [16], loss: 'binary-cross-entropy' });
    expect(JSON.parse(readFileSync(join(directory, 'history.json'), 'utf8'))).toHaveLength(2);
  });

  fullIt('stops cleanly at Ctrl-C and keeps the best weights so far', async () => {
    const out = temporaryFolder();
    const training = start('train', ['digits', '--out', out, '--set', 'epochs=1000', 'hidden=[16]']);
    await training.saw('epoch    2/1000');
    training.process.kill('SIGINT');
    const { code, stdout, stderr } = await training.finished;
    expect(stderr).toBe('');
    expect(code).toBe(130);
    const { manifest } = await readArtifact(/^artifact: (.+)$/m.exec(stdout)![1]!);
    expect(manifest.training.interrupted).toBe(true);
    expect(manifest.training.epochs).toBeGreaterThanOrEqual(2);
    expect(manifest.training.epochs).toBeLessThan(1000);
  });

  const REFUSED: readonly (readonly [string, string[], RegExp])[] = [
    [
      'an unknown recipe',
      ['nonsense'],
      /recipe 'nonsense' is unknown; expected one of digits, digits-vae, mnist/,
    ],
    ['no recipe', [], /missing required argument 'recipe'/],
    ['an unknown flag', ['digits', '--fast'], /unknown option '--fast'/],
    ['a setting as a flag', ['digits', '--batch-size=8'], /batchSize is a setting: --set batchSize=<value>/],
    [
      'an unknown engine',
      ['digits', '--engine', 'gpu'],
      /engine 'gpu' is unknown; expected one of onnxruntime, tfjs/,
    ],
    [
      'an unknown setting',
      ['digits', '--set', 'depth=3'],
      /setting 'depth' is unknown; expected one of .*codeSize/,
    ],
    ['a setting out of bounds', ['digits', '--set', 'codeSize=0'], /setting 'codeSize': .*received 0/],
    [
      'a setting of the wrong type',
      ['digits', '--set', 'hidden=wide'],
      /setting 'hidden': .*received "wide"/,
    ],
    ['a setting without a value', ['digits', '--set', 'codeSize'], /expected key=value, received 'codeSize'/],
    ['a seed that is none', ['digits', '--seed', 'x'], /expected a whole number from 0 to 4294967295/],
    [
      'data that is not there',
      ['mnist', '--data', '/nowhere'],
      /\/nowhere: expected the MNIST file train-images-idx3-ubyte/,
    ],
    ['data that is not taken', ['digits', '--data', '/nowhere'], /takes no --data/],
  ];
  itEach(REFUSED, (_, index) => index % 8 === 0)(
    'refuses %s with exit code 2, one reason and nothing written',
    async (_, flags, message) => {
      const out = join(temporaryFolder(), 'out');
      const { code, stderr } = await runScript('train', [...flags, '--out', out]);
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(code).toBe(2);
      expect(existsSync(out)).toBe(false);
    },
  );
});

describe('every command', () => {
  const commands = readdirSync(join(import.meta.dirname, '../../scripts')).filter(
    (file) =>
      // The package's own command, which runs the others, is tested below.
      file.endsWith('.ts') && file !== 'latentedge.ts',
  );
  // Most others are run by tests of their own.
  const isQuick = (name: string) => ['train', 'bench', 'demo', 'freeze', 'vectors'].includes(name);
  itEach(
    commands.map((file) => file.replace('.ts', '')),
    isQuick,
  )('%s has --help and --json', async (name) => {
    const { code, stdout, stderr } = await runScript(name, ['--help']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`Usage: npm run ${name} -- `);
    expect(stdout).toContain('--json');
  });

  it('is a command of the package, which suggests what was meant', async () => {
    const help = await runPackage(['--help']);
    for (const name of ['init', 'train', 'serve', 'deploy', 'retrain'])
      expect(help.stdout).toContain(`  ${name} `);
    expect((await runPackage(['train', '--help'])).stdout).toContain('Options:');
    const unknown = await runPackage(['trian']);
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining("did you mean 'train'?")]);
  });
});

/** `npx latentedge` from the sources: what the executable of the package does. */
function runPackage(flags: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const module = pathToFileURL(join(inject('commands'), 'latentedge.mjs')).href;
  const executable = join(temporaryFolder(), 'latentedge.mjs');
  writeFileSync(
    executable,
    `import { main } from ${JSON.stringify(module)};\nawait main(process.argv.slice(2));\n`,
  );
  return new Promise((resolve) => {
    execFile(process.execPath, [executable, ...flags], (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}
