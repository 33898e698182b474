import { get } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { type WatchPage, watchPage } from '../../../scripts/cli/watchPage.ts';
import type { Epoch } from '../../../training/fitting/fit.ts';

const losses = (loss: number) => ({ loss, reconstructionLoss: loss, regularisationLoss: 0 });
const epochOf = (epoch: number): Epoch => ({
  epoch,
  train: losses(1 / epoch),
  validation: losses(2 / epoch),
});

let page: WatchPage;
afterEach(() => page.close());

it('sends the epochs that were, those that come, and the end', async () => {
  page = await watchPage('a <model>', 3);
  page.onStart([epochOf(1)]);
  const markup = await (await fetch(page.url)).text();
  expect(markup).toContain('a &lt;model&gt;');
  expect(markup).toContain('const epochs = 3;');

  const response = await fetch(new URL('events', page.url));
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const text = response.text();
  page.onEpoch(epochOf(2));
  page.onEpoch(epochOf(3));
  page.close();
  const events = (await text).trim().split('\n\n');
  expect(events.slice(0, 3).map((event) => JSON.parse(event.replace(/^data: /, '')))).toEqual(
    [1, 2, 3].map(epochOf),
  );
  expect(events[3]).toBe('event: end\ndata: {}');
});

it('answers nobody who calls this machine by another name', async () => {
  page = await watchPage('model', 1);
  const status = await new Promise((resolve, reject) => {
    get(page.url, { headers: { host: 'attacker.example' } }, ({ statusCode }) => resolve(statusCode)).once(
      'error',
      reject,
    );
  });
  expect(status).toBe(403);
  expect((await fetch(new URL('other', page.url))).status).toBe(404);
});
