/** What workerd logs on a full disk is one line, without the addresses of its code. */
import { expect, it } from 'vitest';
import { plainLog } from '../../../scripts/worker/workerdLog.ts';

const STACK =
  'stack: /home/me/node_modules/@cloudflare/workerd-linux-64/bin/workerd@523f30b /home/me/node_modules/@cloudflare/workerd-linux-64/bin/workerd@51c9af0; sentryErrorContext = jsgInternalError; wdErrId = n0nugt23a6angn1cpp3d8mcm';

it.each([
  [
    `e = kj/filesystem-disk-unix.c++:390: overloaded: pwrite(fd, data.begin()): No space left on device\n${STACK}`,
  ],
  [`workerd/util/sqlite.c++:90: failed: database or disk is full: SQLITE_FULL; ${STACK}`],
])('a full disk', (message) => {
  expect(plainLog(message)).toMatch(
    /^the disk of the local bucket is full, .*\((No space left on device|SQLITE_FULL)\): a write has failed; models go on answering, .*until there is room$/,
  );
});

it('any other failure of workerd is told without the addresses', () => {
  expect(plainLog(`e = kj/async.c++:1: failed: something broke\n${STACK}`)).toBe(
    'e = kj/async.c++:1: failed: something broke',
  );
});

it('what a Worker logs stays as it is', () => {
  const own = '{"problem":"No space left on device","stack":"Error: at workerd.js"}';
  expect(plainLog(own)).toBe(own);
  expect(plainLog('a\nb')).toBe('a\nb');
});
