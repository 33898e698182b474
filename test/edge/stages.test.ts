/** Stages behave as the same steps do that are middleware of Hono, each for itself. */
import { Hono, type MiddlewareHandler } from 'hono';
import { expect, test } from 'vitest';
import type { AppEnvironment } from '../../edge/environment.ts';
import { onError } from '../../edge/middleware/errors.ts';
import { inStages, type Stage } from '../../edge/middleware/stages.ts';
import { ProblemError } from '../../edge/problems.ts';
import { newRecord } from '../../edge/telemetry/record.ts';

type Events = string[];
type Kind = 'plain' | 'late' | 'refuses' | 'refuses late' | 'breaks after' | 'changes';

const KINDS = ['plain', 'late', 'refuses', 'refuses late', 'breaks after', 'changes'] as const;
const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 0));
const refusal = (name: string) => new ProblemError('rate-limited', { detail: name });

/** A stage that tells what it sees. */
function stageOf(name: string, kind: Kind, events: Events): Stage {
  const isLate = kind === 'late' || kind === 'refuses late';
  const go = (): void => {
    events.push(`${name} before`);
    if (kind.startsWith('refuses')) throw refusal(name);
  };
  return {
    before: () => (isLate ? turn().then(go) : go()),
    after: (c) => {
      events.push(`${name} after ${c.res.status}`);
      if (kind === 'breaks after') throw refusal(name);
      if (kind === 'changes') c.res.headers.set('X-Changed', name);
      return isLate ? turn() : undefined;
    },
  };
}

const asMiddleware =
  ({ before, after }: Stage): MiddlewareHandler<AppEnvironment> =>
  async (c, next) => {
    await before?.(c);
    await next();
    await after?.(c);
  };

async function answered(
  kinds: readonly Kind[],
  route: 'answers' | 'refuses',
  join: (stages: readonly Stage[]) => readonly MiddlewareHandler<AppEnvironment>[],
) {
  const events: Events = [];
  const app = new Hono<AppEnvironment>();
  app.onError(onError);
  app.use((c, next) => {
    c.set('record', newRecord());
    return next();
  });
  for (const each of join(kinds.map((kind, i) => stageOf(`${i} ${kind}`, kind, events)))) app.use(each);
  app.get('/', (c) => {
    events.push('route');
    if (route === 'refuses') throw refusal('route');
    return c.text('fine');
  });
  const response = await app.request('/');
  return { events, status: response.status, headers: [...response.headers], body: await response.text() };
}

const pairs = KINDS.flatMap((first) => KINDS.map((second) => [first, second] as const));

test.each(pairs)('%s, then %s: as middleware of Hono', async (first, second) => {
  for (const route of ['answers', 'refuses'] as const) {
    const kinds = [first, 'plain', second] as const;
    const expected = await answered(kinds, route, (stages) => stages.map(asMiddleware));
    expect(expected.events.length).toBeGreaterThan(0);
    expect(await answered(kinds, route, (stages) => [inStages(stages)])).toEqual(expected);
  }
});

test('what is not an error is not answered', async () => {
  const thrown = { before: () => Promise.reject('text') } as const;
  await expect(answered([], 'answers', () => [inStages([thrown])])).rejects.toBe('text');
});
