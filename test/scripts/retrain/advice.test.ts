/** Advice of refusals, by gate: the flag or command is named once, and only where it helps. */
import { expect, it } from 'vitest';
import { withAftermath } from '../../../scripts/retrain/aftermath.ts';
import { adviceAfter, type Judged, requirePassed } from '../../../scripts/retrain/gates/judging.ts';
import { DATA_GATES, GATES, type GateName, MODEL_GATES } from '../../../scripts/retrain/gates/registry.ts';
import { GateError, InputError, nextOf } from '../../../shared/errors.ts';

const world = (name: GateName) => `if the world has changed, run again with --accept ${name}`;
const enough = (name: GateName) =>
  `train more, for instance with --set epochs=<number>; if the model is good enough, run again with --accept ${name}`;
const breaking = 'if its clients are ready for that, run again with --allow-breaking';

/** Gates whose advice is not that of their kind. */
const OWN: Partial<Record<GateName, string>> = {
  columns: `mend the data and run again; ${breaking}`,
  recalled:
    'wait for other rows, which make another version; if going back was a mistake, run again with --accept recalled',
  schema: breaking,
  ...{ untrained: enough('untrained'), mean: enough('mean'), pca: enough('pca') },
  parity: 'train with another --seed, or with other settings (--set)',
  budget:
    'train with --set weightType=float16, which halves graphs, or weightType=int8, which quarters them, or raise MAX_MODEL_BYTES or MODEL_CACHE_BYTES in wrangler.toml',
};

it.each(Object.keys(DATA_GATES) as GateName[])('after the gate %s, mends the data or accepts it', (name) => {
  expect(adviceAfter([name])).toBe(OWN[name] ?? `mend the data and run again; ${world(name)}`);
});

it.each(Object.keys(MODEL_GATES) as GateName[])('after the gate %s, says what helps', (name) => {
  expect(adviceAfter([name])).toBe(OWN[name] ?? world(name));
});

it('joins the advice of several gates', () => {
  expect(adviceAfter(['quantiles', 'shares'])).toBe(
    'mend the data and run again; if the world has changed, run again with --accept quantiles shares',
  );
  expect(adviceAfter(['columns', 'quantiles'])).toBe(
    'mend the data and run again; if its clients are ready for that, and the world has changed, run again with --allow-breaking --accept quantiles',
  );
  expect(adviceAfter(['champion', 'mean'])).toBe(
    'train more, for instance with --set epochs=<number>; if the world has changed, and the model is good enough, run again with --accept champion mean',
  );
  // Whatever is accepted, the model could not be served.
  expect(adviceAfter(['champion', 'budget'])).toBe(OWN.budget);
  expect(adviceAfter(Object.keys(GATES) as GateName[])).toBe(`${OWN.parity}; ${OWN.budget}`);
});

it('is the next step of a refused run, and no part of what is wrong', () => {
  const refused: Judged = {
    gate: 'quantiles',
    passed: false,
    accepted: false,
    figures: 'x: 0.300, limit 0.150',
  };
  const error = thrownBy(() =>
    requirePassed([refused, { ...refused, gate: 'shares', accepted: true }, { ...refused, passed: true }]),
  );
  expect(error).toBeInstanceOf(GateError);
  expect(error.message).toBe('refused by quantiles (x: 0.300, limit 0.150)');
  expect(nextOf(error)).toBe(`mend the data and run again; ${world('quantiles')}`);
  const told = withAftermath(error, { inForce: 'production a', undone: [], next: nextOf(error) }) as Error;
  expect(told.message.split('\n')).toEqual([
    'refused by quantiles (x: 0.300, limit 0.150)',
    'in force: production a',
    'undone: nothing, as nothing was changed',
    `next: mend the data and run again; ${world('quantiles')}`,
  ]);
});

it('is none of what nobody can mend by a command', () => {
  const cause = new Error('connection refused');
  const error = new InputError('the store cannot be reached', { cause });
  expect(nextOf(error)).toBeNull();
  const told = withAftermath(error, { inForce: 'production a', undone: ['the canary'], next: null }) as Error;
  expect(told.message).toBe(
    'the store cannot be reached (connection refused)\nin force: production a\nundone: the canary\nnext: no command; run again once the above is settled',
  );
});

function thrownBy(call: () => void): Error {
  try {
    call();
  } catch (error) {
    return error as Error;
  }
  throw new Error('expected an error');
}
