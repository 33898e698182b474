/** Checks that a data set has a target or labels that a predictor can be fitted to. */
import { InputError } from '../../shared/errors.ts';
import type { Split } from '../data/split.ts';
import { classesIn } from '../estimators/groundTruth.ts';
import { keysOf } from '../registry.ts';
import { valueRange } from './fit.ts';
import type { Predictor } from './predictor.ts';
import { PREDICTORS, type PredictorName } from './registry.ts';

interface Predictable extends Pick<Split, 'target' | 'trainLabels' | 'testLabels'> {
  readonly source: string;
  readonly train: { readonly rowCount: number };
}

/**
 * Checks before training for mistakes that would otherwise surface only after it.
 * @throws {InputError} if there is nothing to predict, it is of the wrong kind or constant, no test row has
 * it, or there are too many rows to fit the predictor.
 */
export function requirePredictable(name: PredictorName, data: Predictable): void {
  const { maxRows = Number.POSITIVE_INFINITY, kind }: Predictor = PREDICTORS[name];
  const { rowCount } = data.train;
  if (rowCount > maxRows) {
    throw new InputError(
      `${data.source}: expected at most ${maxRows} rows to fit the predictor ${name} to, received ${rowCount}; use fewer rows or another predictor`,
    );
  }
  REQUIRE[kind](name, data);
}

const REQUIRE: Readonly<Record<Predictor['kind'], (name: PredictorName, data: Predictable) => void>> = {
  regressor: (name, { source, target, trainLabels }) => {
    if (target === undefined) {
      throw new InputError(
        trainLabels === undefined
          ? `${source}: expected a target for the predictor ${name}, received none; give a column of numbers the role 'target'`
          : `${source}: expected a target of numbers for the predictor ${name}, found ${trainLabels.classes.length} classes${ofColumn(trainLabels)}; use a predictor of classes (${namesOf('classifier')}), or give a column of numbers the role 'target'`,
      );
    }
    requireTest(Array.from(target.test, Number.isNaN), source, target.name);
    if (!(valueRange(target.train).span > 0)) {
      throw new InputError(
        `${source}: expected numbers that differ in the target ${target.name} of the training rows, found ${target.train[0]} throughout`,
      );
    }
  },
  classifier: (name, { source, target, trainLabels, testLabels }) => {
    if (trainLabels === undefined || testLabels === undefined) {
      throw new InputError(
        target === undefined
          ? `${source}: expected classes for the predictor ${name}, received none; give a column of categories the role 'target'`
          : `${source}: expected classes for the predictor ${name}, found numbers in the target ${target.name}; use a predictor of numbers (${namesOf('regressor')}), or turn them into categories with SQL`,
      );
    }
    requireTest(
      Array.from(testLabels.rows, (label) => label < 0),
      source,
      testLabels.name ?? 'label',
    );
    const found = classesIn(trainLabels);
    if (found.length > 1) return;
    throw new InputError(
      `${source}: expected at least two classes${ofColumn(trainLabels)} among the training rows, found ${found[0] ?? 'none'}`,
    );
  },
};

/** Without a test row whose answer is known, the predictor could not be evaluated. */
function requireTest(unknown: readonly boolean[], source: string, what: string): void {
  if (unknown.includes(false)) return;
  throw new InputError(
    `${source}: expected a test row whose ${what} is known, found none; split the rows in another way`,
  );
}

function ofColumn({ name }: { readonly name?: string }): string {
  return name === undefined ? '' : ` of ${name}`;
}

function namesOf(kind: Predictor['kind']): string {
  return keysOf(PREDICTORS)
    .filter((name) => PREDICTORS[name].kind === kind)
    .join(', ');
}
