import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PreparedRun } from '../../../scripts/cli/preparedRun.ts';
import { costOf } from '../../../scripts/tuning/cost.ts';
import { designOf } from '../../../scripts/tuning/design.ts';
import { renderSearch } from '../../../scripts/tuning/report/page.ts';
import { rungsOf } from '../../../scripts/tuning/rungs.ts';
import { lastValue, search } from '../../../scripts/tuning/search.ts';
import { parseSpace } from '../../../scripts/tuning/space.ts';
import { openStudy, type Trial } from '../../../scripts/tuning/study.ts';
import { runTrial, type TrialTask } from '../../../scripts/tuning/trial.ts';
import { random } from '../../../shared/random.ts';
import { fromRows } from '../../../training/data/rows.ts';
import { train } from '../../../training/train.ts';
import { temporaryFolder } from '../../support/data/data.ts';
import { normals } from '../../support/data/normals.ts';

const ROWS = 300;
const RANK = 3;
/** Rows of 8 values that are sums of three others: a code of three numbers holds them, one of fewer does not. */
function rankThree() {
  const source = random(4, 'rank');
  const mix = normals(source, RANK * 8);
  return fromRows(
    Array.from({ length: ROWS }, () => {
      const hidden = normals(source, RANK);
      return Array.from({ length: 8 }, (_, i) =>
        hidden.reduce((sum, value, k) => sum + value * mix[8 * k + i]!, 0),
      );
    }),
  );
}

const data = rankThree();
const recipe = {
  name: 'rank',
  why: '',
  variant: 'undercomplete',
  settings: {},
  data: async () => data,
} as const;
const prepared: PreparedRun = {
  ...{ recipe, data, engine: 'onnxruntime', splitSeed: 1 },
  settings: { hidden: [], epochs: 9, batchSize: 16 },
};
const texts = ['codeSize=1,2,3', 'learningRate=1e-6,0.02,5'];
const dimensions = parseSpace(texts, 'undercomplete', prepared.settings);
const design = designOf(dimensions, { count: 20, seed: 1 });
const rungs = rungsOf(design.length, 9);
const seed = 1;

/** Runs the search in a folder; stops when so many results are there. */
async function run(folder: string, { resume = false, most = Number.POSITIVE_INFINITY, by = 'loss' } = {}) {
  const study = await openStudy(folder, { seed, space: texts.join(' '), by }, resume);
  const stop = new AbortController();
  let results = 0;
  const tasks: TrialTask[] = [];
  const runner = (task: TrialTask) => {
    tasks.push(task);
    return runTrial(prepared, task, stop.signal);
  };
  const trials = await search({
    ...{ design, rungs, by, seed, study, runners: [runner], signal: stop.signal },
    onResult: () => {
      if (++results === most) stop.abort();
    },
  });
  return { trials, tasks, study };
}

const figures = (trials: readonly Trial[]) =>
  trials.map(({ trial, settings, rungs: own }) => [
    trial,
    settings,
    own.map(({ epochs, value }) => [epochs, value]),
  ]);

describe('a search', () => {
  it('finds the code size and the learning rate that are known to be best, and trains each trial as a run of its own', async () => {
    const { trials, tasks, study } = await run(join(temporaryFolder(), 'study'));
    expect(design).toHaveLength(9);
    expect(rungs).toEqual([
      { epochs: 1, trials: 9 },
      { epochs: 3, trials: 3 },
      { epochs: 9, trials: 1 },
    ]);
    expect(tasks.map(({ until }) => until)).toEqual([...new Array(9).fill(1), 3, 3, 3, 9]);
    expect(trials[0]!.settings).toEqual({ codeSize: RANK, learningRate: 0.02 });
    // Only the state of the last rung is kept.
    expect(readdirSync(study.folder).filter((name) => name.startsWith('checkpoint'))).toHaveLength(1);

    const out = temporaryFolder();
    const settings = { ...prepared.settings, codeSize: RANK, learningRate: 0.02 } as const;
    const { fit } = await train({ name: 'rank', data, settings, seed, threads: 1, out });
    expect(lastValue(trials[0]!)).toBe(Math.min(...fit.history.map(({ validation }) => validation.loss)));
  });

  it('that was stopped goes on where it was, to the same results', async () => {
    const folders = [join(temporaryFolder(), 'whole'), join(temporaryFolder(), 'parts')] as const;
    const whole = await run(folders[0]);
    const first = await run(folders[1], { most: 5 });
    expect(first.trials.length).toBeLessThan(7);
    const rest = await run(folders[1], { resume: true });
    expect(first.tasks.length + rest.tasks.length).toBeLessThanOrEqual(whole.tasks.length + 1);
    expect(figures(rest.trials)).toEqual(figures(whole.trials));
    await expect(run(folders[1], { resume: true, by: 'mse' })).rejects.toThrow(
      /holds another search: expected by "mse", found "loss"/,
    );
    expect(existsSync(join(folders[1], 'study.json'))).toBe(true);
  });

  it('shows a trial that diverges as one without a value', async () => {
    const study = await openStudy(join(temporaryFolder(), 'study'), { seed }, false);
    const task = { trial: 1, settings: { learningRate: 5, optimizer: 'sgd' }, until: 3, by: 'loss', seed };
    const result = await runTrial(
      prepared,
      { ...task, checkpoint: study.checkpointOf(1) },
      new AbortController().signal,
    );
    expect(result).toMatchObject({ value: null, problem: expect.stringContaining('became') });
  });

  it('is measured by metrics on the validation rows, and refuses those that do not apply', async () => {
    const study = await openStudy(join(temporaryFolder(), 'study'), { seed }, false);
    const { signal } = new AbortController();
    const task = { trial: 1, settings: { codeSize: 2 }, until: 3, seed };
    const loss = await runTrial(prepared, { ...task, by: 'loss', checkpoint: study.checkpointOf(1) }, signal);
    const mse = await runTrial(prepared, { ...task, by: 'mse', checkpoint: study.checkpointOf(2) }, signal);
    // Here, the loss is the mean squared error.
    expect(mse.value).toBeCloseTo(loss.value!, 5);
    await expect(
      runTrial(prepared, { ...task, by: 'roc-auc', checkpoint: study.checkpointOf(3) }, signal),
    ).rejects.toThrow(
      /--by: expected loss or a metric of this model on its validation rows: mse; received 'roc-auc'/,
    );
  });

  it('is drawn, with what each code costs', async () => {
    const cost = await costOf(prepared, { codeSize: 2 }, seed);
    expect(cost.codeSize).toBe(2);
    expect(cost.latency).toBeGreaterThan(0);
    const shown = (trial: number, value: number | null) => ({
      ...{ trial, settings: design[trial - 1]!, epochs: 3, value, seconds: 1 },
      ...(value === null ? { problem: 'a loss <became> NaN' } : { cost }),
    });
    const trials = [shown(1, 0.1), shown(2, 0.2), shown(3, null)];
    const page = await renderSearch({ model: 'rank', by: 'loss', dimensions, trials, summary: 'best' });
    expect(page).toContain('a loss &lt;became&gt; NaN');
    expect(page.match(/<h2/g)).toHaveLength(4);
  });
});
