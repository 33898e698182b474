import { setImmediate } from 'node:timers/promises';

/**
 * Fetches, after all that has arrived here is seen: workerd closes a connection that was idle for 5 seconds, and a
 * process that was busy for as long would send its next request on it.
 */
export async function fetchFresh(url: string | URL, init?: RequestInit): Promise<Response> {
  // The first may come before the event loop looks at its sockets, the second comes after it.
  await setImmediate();
  await setImmediate();
  return fetch(url, init);
}
