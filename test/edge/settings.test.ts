import { expect, test } from 'vitest';
import { type ApiKey, readSettings } from '../../edge/settings.ts';

const SECRET = 'never-show-this';
const entry: ApiKey = { name: 'web', sha256: '0'.repeat(64), scopes: ['infer'] };

test('what is not set has its default', () => {
  expect(readSettings({})).toEqual({
    limits: {
      ...{ maxRows: 1024, maxStreamedRows: 65_536, maxBodyBytes: 8_388_608, maxSeconds: 30 },
      ...{ maxInFlightBytes: 33_554_432, maxQueuedRows: 16_384 },
    },
    apiKeys: [],
    open: 'local',
    corsOrigins: [],
    log: 'requests',
    playground: false,
    mcp: false,
  });
});

test.each([JSON.stringify([entry]), [entry]])('keys are text or an array', (API_KEYS) => {
  expect(readSettings({ API_KEYS }).apiKeys).toEqual([entry]);
});

test('a key may be given as it is; an empty one is none', () => {
  const apiKey = 'k'.repeat(20);
  expect(readSettings({ API_KEY: ` ${apiKey}\n` }).apiKey).toBe(apiKey);
  expect(readSettings({ API_KEY: '' })).toEqual(readSettings({}));
});

test.each([
  ['*', '*'],
  ['', []],
  ['https://a.example', ['https://a.example']],
  [' https://a.example , http://localhost:3000,', ['https://a.example', 'http://localhost:3000']],
])('CORS_ORIGINS = %j', (CORS_ORIGINS, expected) => {
  expect(readSettings({ CORS_ORIGINS }).corsOrigins).toEqual(expected);
});

test.each<[name: string, value: unknown, reason: string]>([
  ['API_KEY', SECRET, 'API_KEY: expected at least 20 characters without spaces'],
  ['API_KEY', `${SECRET} and ${SECRET}`, 'API_KEY: expected at least 20 characters without spaces'],
  ['API_KEYS', `[{"name": "${SECRET}"`, 'API_KEYS: expected JSON'],
  ['API_KEYS', { ...entry, sha256: SECRET }, 'API_KEYS: '],
  ['API_KEYS', [{ ...entry, sha256: SECRET }], 'API_KEYS.0.sha256: expected 64 lower-case hex digits'],
  ['API_KEYS', [{ ...entry, scopes: [SECRET] }], 'API_KEYS.0.scopes.0: '],
  ['API_KEYS', [{ ...entry, scopes: [] }], 'API_KEYS.0.scopes: '],
  ['API_KEYS', [{ ...entry, name: `${SECRET} ` }], 'API_KEYS.0.name: a key name is lower-case'],
  ['OPEN', 'yes', 'OPEN: '],
  ['LOG', 'none', 'LOG: '],
  ['MAX_SECONDS', 0, 'MAX_SECONDS: expected a number above 0'],
  ['CORS_ORIGINS', 'https://a.example/', 'CORS_ORIGINS: expected origins such as https://example.com'],
  ['CORS_ORIGINS', 'a.example', 'CORS_ORIGINS: expected origins such as https://example.com'],
])('%s = %j is refused with the reason, without its value', (name, value, reason) => {
  const read = () => readSettings({ [name]: value });
  expect(read).toThrow(`wrong Worker variable: ${reason}`);
  expect(read).not.toThrow(SECRET);
});
