import { describe, expect, test } from 'vitest';
import { networkOf } from '../../edge/middleware/rateLimit.ts';
import { API_KEYS, KEYS, withKey } from '../support/edge/apiKeys.ts';
import { capturedLogs, edgeApp } from '../support/edge/edgeApp.ts';
import { edgeWorker, expectProblem } from '../support/edge/edgeWorker.ts';

const LIMIT = 5;
const keyed = edgeWorker({ API_KEYS }, LIMIT);
const open = edgeWorker({}, LIMIT);

/** The statuses of so many requests, one after the other. */
async function statuses(send: () => Promise<Response>, requests: number): Promise<number[]> {
  const received: number[] = [];
  for (let i = 0; i < requests; i++) {
    const response = await send();
    await response.text();
    received.push(response.status);
  }
  return received;
}
const repeated = (status: number, times: number) => new Array<number>(times).fill(status);
/** The simulated binding counts by the minutes of the clock; this keeps clear of their ends. */
const untilMinuteHasRoom = () => {
  const left = 60_000 - (Date.now() % 60_000);
  return left > 5000 ? undefined : new Promise((resolve) => setTimeout(resolve, left));
};

test('every key has a count of its own, and so has every client without one', {
  timeout: 15_000,
}, async () => {
  await untilMinuteHasRoom();
  const as = (headers: Record<string, string>) => () => keyed.request('/v1/models', { headers });
  const from = (ip: string, key = 'le_wrong') => as({ 'CF-Connecting-IP': ip, 'X-API-Key': key });
  const exceeded = (status: number) => [...repeated(status, LIMIT), 429, 429];
  expect(await statuses(as(withKey('infer')), LIMIT + 2)).toEqual(exceeded(200));
  expect(await statuses(from('203.0.113.1', KEYS.infer), 1)).toEqual([429]);
  expect(await statuses(as(withKey('both')), 1)).toEqual([200]);
  // Guessing keys, too, comes to its end.
  expect(await statuses(from('203.0.113.1'), LIMIT + 2)).toEqual(exceeded(401));
  expect(await statuses(from('203.0.113.2'), 1)).toEqual([401]);
  const sameNetwork = [
    '2001:db8:1:2::1',
    '2001:db8:1:2::2',
    '2001:db8:1:2:ffff::3',
    '2001:db8:1:2::4',
    '2001:db8:1:2::5',
  ];
  for (const ip of sameNetwork) expect(await statuses(from(ip), 1)).toEqual([401]);
  expect(await statuses(from('2001:db8:1:2::6'), 1)).toEqual([429]);
  expect(await statuses(from('2001:db8:1:3::1'), 1)).toEqual([401]);

  const response = await keyed.request('/v1/models', { headers: withKey('infer') });
  expect(response.headers.get('Retry-After')).toBe('60');
  const { detail } = await expectProblem(response, 'rate-limited');
  expect(detail).toContain('"infer"');
  expect(await statuses(() => keyed.request('/health', { headers: withKey('infer') }), 1)).toEqual([200]);
});

test('the machine itself is not counted', async () => {
  expect(await statuses(() => open.request('/v1/models'), 3 * LIMIT)).toEqual(repeated(200, 3 * LIMIT));
});

test('a counter that fails stops nobody, and is logged', async () => {
  const logs = capturedLogs();
  const rateLimiter = { limit: () => Promise.reject(new Error('the counter is down')) };
  const app = edgeApp({ OPEN: 'true' }, { rateLimiter });
  expect((await app.request('https://models.example.com/v1/models')).status).toBe(200);
  expect(logs[0]).toContain('the counter is down');
});

describe('the network of an address', () => {
  test.each([
    ['203.0.113.1', '203.0.113.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['1::2:3:4:5:6:7', '1:0:2:3::/64'],
    [undefined, 'unknown'],
  ])('of %s', (address, network) => expect(networkOf(address)).toBe(network));
});
