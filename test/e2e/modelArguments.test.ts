/** Commands that take models take them in the same forms, and their help says so in the same words. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runScript } from '../support/commands/cli.ts';

/** One model, or several. */
const SCRIPTS = readdirSync('scripts')
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
  .filter((name) =>
    /\.argument\(\s*['"][<[](model|artifact)(\.\.\.)?[>\]]/.test(readFileSync(`scripts/${name}.ts`, 'utf8')),
  );

it('is how these take them', () => {
  expect(SCRIPTS).toEqual(
    expect.arrayContaining([
      'compare',
      'evaluate',
      'freeze',
      'publish',
      'report',
      'score',
      'serve',
      'vectors',
    ]),
  );
});

it.each(SCRIPTS)('%s --help', async (name) => {
  const { code, stdout } = await runScript(name, ['--help']);
  const help = stdout.replaceAll(/\s+/g, ' ');
  expect([code, help]).toEqual([
    0,
    expect.stringMatching(/^Usage: .*(<model>|<model\.\.\.>|\[model\.\.\.\])/),
  ]);
  expect(help).toMatch(
    /names? of (a model|models) in \.\/artifacts \([^)]*newest versions?\), name@version, or (a folder|folders) of either/,
  );
  expect(help).not.toMatch(/[<[]artifact/);
});
