import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { readSettings } from '../../edge/settings.ts';
import { runScript } from '../support/commands/cli.ts';

test('npm run key makes an entry that the Worker takes, by the hash of the key', async () => {
  const { stdout, code } = await runScript('key', ['--name', 'web', '--scopes', 'infer', 'admin', '--json']);
  const { key, entry } = JSON.parse(stdout);
  expect(code).toBe(0);
  expect(key).toMatch(/^le_[A-Za-z0-9_-]{43}$/);
  expect(readSettings({ API_KEYS: JSON.stringify([entry]) }).apiKeys).toEqual([entry]);
  const sha256 = createHash('sha256').update(key).digest('hex');
  expect(entry).toEqual({ name: 'web', sha256, scopes: ['infer', 'admin'] });
});

test.each([
  [['--name', 'Web'], 'a key name is lower-case'],
  [['--name', 'web', '--scopes', 'root'], 'Allowed choices are infer, admin'],
])('npm run key %j is bad input', async (flags, reason) => {
  const { code, stderr } = await runScript('key', flags);
  expect([code, stderr]).toEqual([2, expect.stringContaining(reason)]);
});
