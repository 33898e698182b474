/** Commands that are printed as the next step can be run as they stand: with the flags that reach the same store. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { afterFailedUndo } from '../../../scripts/retrain/aftermath.ts';
import { endShadowLine, requireNoCanary } from '../../../scripts/retrain/aliases.ts';
import { promote, rollBack } from '../../../scripts/retrain/control.ts';
import { entryOf } from '../../../scripts/retrain/inventory/inventory.ts';
import { liveWorker } from '../../../scripts/retrain/live.ts';
import { promoteLine, republishLine } from '../../../scripts/retrain/lostAliases.ts';
import { chosenModel } from '../../../scripts/retrain/models.ts';
import { deployCommand } from '../../../scripts/retrain/nextCommand.ts';
import { aliasRelease } from '../../../scripts/retrain/release/aliases.ts';
import { rollbackLine } from '../../../scripts/retrain/repairs.ts';
import type { Target } from '../../../scripts/retrain/targets/target.ts';
import { wholeLine } from '../../../scripts/retrain/wholeVersions.ts';
import { nextOf } from '../../../shared/errors.ts';
import { memoryBucket } from '../../support/data/nights/memoryBucket.ts';

const ROOT = join(import.meta.dirname, '../../..');
const VERSION = '0a1b2c3d4e5f';

afterEach(() => vi.unstubAllEnvs());

/** What is printed of an error: its message, and what to do next. */
const printed = (error: unknown) => `${(error as Error).message} ${nextOf(error)}`;

const messageOf = (work: () => unknown): Promise<string> =>
  Promise.resolve()
    .then(work)
    .then(() => 'no error', printed);

/** Every piece of text with a command that acts on a target. */
const PRINTED: Readonly<Record<string, (target: Target) => string | Promise<string>>> = {
  'a rollback': (target) => rollbackLine(target, 'orders'),
  'a promotion': (target) => promoteLine(target, 'orders', VERSION),
  'a publication': (target) => republishLine(target, 'orders', VERSION),
  'the end of a shadow': (target) => endShadowLine(target, 'orders'),
  'the status': (target) => afterFailedUndo(target, 'orders'),
  'the versions': (target) => wholeLine(target, 'orders', [], []),
  'a canary in the way': (target) => {
    const aliases = { production: VERSION, canary: { version: 'fedcba987654', percentage: 10 } };
    return messageOf(() => requireNoCanary(target, 'orders', aliases));
  },
  'no such version in the list': (target) => messageOf(() => entryOf(target, [], 'orders@1')),
  'no model yet': (target) => messageOf(() => chosenModel(target, 'aliases.json', undefined)),
  'a version that is not in the bucket': async (target) =>
    messageOf(() => promote(target, `orders@${VERSION}`)),
  'a rollback to a version': (target) => messageOf(() => rollBack(target, `orders@${VERSION}`)),
  'a rollback without a previous version': async (target) => {
    await target.bucket.put('orders/aliases.json', JSON.stringify({ production: VERSION }));
    return messageOf(() => rollBack(target, 'orders'));
  },
};

it.each(Object.entries(PRINTED))('%s is printed with its flags', async (_, print) => {
  vi.stubEnv('CLOUDFLARE_ENV', 'staging');
  const live = liveWorker('http://localhost:1', undefined);
  const target: Target = {
    ...{ name: 'cloudflare', givenRelease: 'aliases', bucket: memoryBucket(), live },
    ...{ release: aliasRelease(undefined), rows: async () => memoryBucket(), close: async () => {} },
  };
  const text = await print(target);
  const commands = text.match(/npm run (deploy|models|publish|retrain) --.*?(?=["`;]|$)/gm) ?? [];
  expect([text, commands.length > 0]).toEqual([text, true]);
  for (const command of commands)
    expect(command).toMatch(/ --target cloudflare --release aliases --env staging( |$)/);
});

it('the Worker is deployed in its environment', () => {
  expect(deployCommand()).toBe('npm run deploy');
  vi.stubEnv('CLOUDFLARE_ENV', 'staging');
  expect(deployCommand()).toBe('npm run deploy -- --env staging');
});

it('no other module writes such a command without the flags', () => {
  const files = ['scripts/retrain', 'scripts/store'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  );
  const own = files.filter((file) => file.endsWith('.ts') && !file.endsWith('nextCommand.ts'));
  expect(own.length).toBeGreaterThan(100);
  for (const file of own)
    expect([file, readFileSync(join(ROOT, file), 'utf8')]).toEqual([
      file,
      expect.not.stringMatching(/commandLine\('(deploy|models|publish|retrain)'\)/),
    ]);
});
