/** Advice of refusals, by gate: the flag or command is named once, and only where it helps. */
import { expect, it } from 'vitest';
import { withAftermath } from '../../../scripts/retrain/aftermath.ts';
import { type Given, given, onceSettled } from '../../../scripts/retrain/again.ts';
import { adviceAfter, type Judged, requirePassed } from '../../../scripts/retrain/gates/judging.ts';
import { DATA_GATES, GATES, type GateName, MODEL_GATES } from '../../../scripts/retrain/gates/registry.ts';
import { GateError, InputError, nextOf } from '../../../shared/errors.ts';

const COMMAND: Given = { line: 'npm run retrain -- tabular --data orders.csv --name orders', trains: true };
const PUBLISH: Given = { line: 'npm run publish -- orders', trains: false };
const MEND = 'mend the data and run the same command again';
/** Whoever accepts gates on data is told of those that come later. */
const MORE = ' (gates on the challenger come after training, and may refuse, too)';
const world = (name: GateName) => `if the world has changed: ${COMMAND.line} --accept ${name}`;
const enough = (name: GateName) =>
  `train more, for instance with --set epochs=<number>; if the model is good enough: ${COMMAND.line} --accept ${name}`;
const breaking = `if its clients are ready for that: ${COMMAND.line} --allow-breaking`;
const early = (advice: string) => advice.replace(': npm run', `${MORE}: npm run`);

/** Gates whose advice is not that of their kind. */
const STAYS =
  'the champion stays in production and was better on these rows, so nothing has to be done; if it happens night after night, more rows help, and the page of verdicts shows what changed';
const OWN: Partial<Record<GateName, string>> = {
  columns: `${MEND}; ${early(breaking)}`,
  recalled: `wait for other rows, which make another version; if going back was a mistake: ${COMMAND.line} --accept recalled`,
  schema: breaking,
  ...{ untrained: enough('untrained'), mean: enough('mean'), pca: enough('pca') },
  parity: `train with other settings (--set), or with another seed: ${COMMAND.line} --seed 2`,
  champion: `${STAYS}; ${world('champion')}`,
  budget: `raise MAX_MODEL_BYTES or MODEL_CACHE_BYTES in wrangler.toml, or train with --set weightType=int8, which quarters graphs, or weightType=float16, which halves them: ${COMMAND.line} --set weightType=float16`,
};

it.each(Object.keys(DATA_GATES) as GateName[])('after the gate %s, mends the data or accepts it', (name) => {
  expect(adviceAfter([name], COMMAND)).toBe(OWN[name] ?? `${MEND}; ${early(world(name))}`);
});

it.each(Object.keys(MODEL_GATES) as GateName[])('after the gate %s, says what helps', (name) => {
  expect(adviceAfter([name], COMMAND)).toBe(OWN[name] ?? world(name));
});

it('joins the advice of several gates, with one command', () => {
  const after = (names: readonly GateName[], command = COMMAND) => adviceAfter(names, command);
  expect(after(['quantiles', 'shares'])).toBe(
    `${MEND}; if the world has changed${MORE}: ${COMMAND.line} --accept quantiles shares`,
  );
  expect(after(['columns', 'quantiles'])).toBe(
    `${MEND}; if its clients are ready for that, and the world has changed${MORE}: ${COMMAND.line} --allow-breaking --accept quantiles`,
  );
  expect(after(['champion', 'mean'])).toBe(
    `${STAYS}; train more, for instance with --set epochs=<number>; if the world has changed, and the model is good enough: ${COMMAND.line} --accept champion mean`,
  );
  // Whatever is accepted, the model could not be served.
  expect(after(['champion', 'budget'])).toBe(OWN.budget);
  expect(after(Object.keys(GATES) as GateName[])).toMatch(
    /^train with other settings .*; raise .*: npm run retrain -- .* --seed 2 --set weightType=float16$/,
  );
  // Publishing does not train.
  expect(after(['budget'], PUBLISH)).not.toContain('npm run');
  expect(after(['schema'], PUBLISH)).toMatch(/: npm run publish -- orders --allow-breaking$/);
});

it('repeats a command as it was given, ready for a shell, without SQL and monitors', () => {
  const attach = "ATTACH 'postgres:password=secret' AS db; SELECT * FROM db.orders";
  expect(
    given('retrain', ['tabular', '--name', "o'clock", '--data', 'my orders.csv', '--set', 'hidden=[4]']),
  ).toEqual({
    line: "npm run retrain -- tabular --name 'o'\\''clock' --data 'my orders.csv' --set 'hidden=[4]'",
    trains: true,
  });
  for (const flags of [['--data', attach], [`--data=${attach}`]])
    expect(given('retrain', flags).line).toMatch(/^npm run retrain -- --data[ =]'<the same SQL>'$/);
  const ping = 'https://hc-ping.com/secret';
  for (const flags of [['--ping', ping], [`--ping=${ping}`]])
    expect(given('retrain', flags).line).toMatch(/^npm run retrain -- --ping[ =]'<the same URL>'$/);
});

it('follows an error with the figures of four gates, and the names of all others', () => {
  const names = (Object.keys(GATES) as GateName[]).slice(0, 6);
  const refused = names.map((gate) => ({ gate, passed: false, accepted: false, figures: `of ${gate}` }));
  const [a, b, c, d, e, f] = names;
  expect(() => requirePassed(refused, COMMAND)).toThrow(
    `refused by ${a} (of ${a}) and ${b} (of ${b}) and ${c} (of ${c}) and ${d} (of ${d}), and by ${e}, ${f}`,
  );
});

it('is the next step of a refused run, and no part of what is wrong', () => {
  const refused: Judged = {
    gate: 'quantiles',
    passed: false,
    accepted: false,
    figures: 'x: 0.300, limit 0.150',
  };
  const error = thrownBy(() =>
    requirePassed(
      [refused, { ...refused, gate: 'shares', accepted: true }, { ...refused, passed: true }],
      COMMAND,
    ),
  );
  expect(error).toBeInstanceOf(GateError);
  expect(error.message).toBe('refused by quantiles (x: 0.300, limit 0.150)');
  expect(nextOf(error)).toBe(`${MEND}; ${early(world('quantiles'))}`);
  const told = withAftermath(error, { inForce: 'production a', undone: [], next: nextOf(error)! }) as Error;
  expect(told.message.split('\n')).toEqual([
    'refused by quantiles (x: 0.300, limit 0.150)',
    'in force: production a',
    'undone: nothing, as nothing was changed',
    `next: ${MEND}; ${early(world('quantiles'))}`,
  ]);
});

it('is the same command again after what no other command can mend', () => {
  const cause = new Error('connection refused');
  const error = new InputError('the store cannot be reached', { cause });
  expect(nextOf(error)).toBeNull();
  const told = withAftermath(error, {
    inForce: 'production a',
    undone: ['the canary'],
    next: onceSettled(COMMAND),
  }) as Error;
  expect(told.message).toBe(
    'the store cannot be reached (connection refused)\nin force: production a\nundone: the canary\nnext: once the above is settled: npm run retrain -- tabular --data orders.csv --name orders',
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
