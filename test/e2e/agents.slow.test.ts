/** What `AGENTS.md` tells a coding assistant to run: every command, with every flag that it names. */
import { expect, it } from 'vitest';
import { agentsText, PACKAGE_AGENTS } from '../../scripts/init/agents.ts';
import { runScript } from '../support/commands/cli.ts';

/** Flags that a line names, by the command that they are of: that before them, unless another one is named after. */
function flagsOf(text: string): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const line of text.split('\n')) {
    let command: string | undefined;
    for (const [, own, flag, other] of line.matchAll(/npx latentedge (\w+)|(--[a-z-]+)(?:` of `(\w+))?/g)) {
      command = own ?? command;
      const of = other ?? command;
      if (of === undefined) continue;
      const flags = found.get(of) ?? new Set();
      found.set(of, flag === undefined ? flags : flags.add(flag));
    }
  }
  return found;
}

const commands = flagsOf(`${PACKAGE_AGENTS}${agentsText('project')}`);

it('names the commands that a project needs', () => {
  const expected = ['train', 'score', 'serve', 'deploy', 'retrain', 'evaluate', 'import', 'models', 'key'];
  expect([...commands.keys()]).toEqual(expect.arrayContaining(expected));
  expect(commands.get('retrain')).toContain('--target-column');
});

it.each([...commands])('%s takes the flags that are named with it', async (command, flags) => {
  const { code, stdout } = await runScript(command, ['--help']);
  expect(code).toBe(0);
  const known: string[] = stdout.match(/--[a-z][a-z-]*/g) ?? [];
  expect([...flags].filter((flag) => !known.includes(flag))).toEqual([]);
});
