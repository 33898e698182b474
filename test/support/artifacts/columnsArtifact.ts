/** A model of a table with categories: an input for each column, some of which rows may leave out. */
import type { FeatureColumn } from '../../../shared/features.ts';
import type { Artifact } from '../../../training/artifact/artifact.ts';
import { relu } from '../../../training/graph/ops/activations.ts';
import { add, mul, sub } from '../../../training/graph/ops/arithmetic.ts';
import { concat } from '../../../training/graph/ops/concat.ts';
import { lookUp } from '../../../training/graph/ops/labelEncoder.ts';
import { reduceMean } from '../../../training/graph/ops/mean.ts';
import { isNan, where } from '../../../training/graph/ops/where.ts';
import { input, scalar } from '../../../training/graph/value.ts';
import { graphArtifact } from './graphArtifact.ts';

const CITIES = ['Berlin', 'Paris', 'Rome'];
const MEAN_AGE = 40;

/** Its reconstruction; of the height, twice the value. */
const EXPECTED = { age: 40, certainty: 0.75 } as const;
const PROBABILITIES = [0.2, 0.5, 0.3] as const;

/** The values of `age`, `city`, `height` and `member` that it reconstructs. */
export function expectedValues({ height }: Pick<Person, 'height'>): Record<keyof Person, unknown> {
  return { age: EXPECTED.age, city: 'Paris', height: 2 * height, member: true };
}

export interface Person {
  readonly age?: number | null;
  readonly city?: string | null;
  readonly height: number;
  readonly member: boolean;
}

/**
 * `age` (imputed), `city` (missing is a value of its own), `height` (needed) and `member` (needed, true or false);
 * training ignored `person_id` and `__proto__`.
 */
export function columnsArtifact(): Artifact {
  const age = input('age', ['N', 1]);
  const city = input('city', ['N', 1], 'string');
  const height = input('height', ['N', 1]);
  const member = input('member', ['N', 1]);
  const imputed = where(isNan(age), scalar(MEAN_AGE), age);
  const place = lookUp(city, CITIES, [1, 2, 3], -1);
  const code = concat([add(imputed, mul(height, scalar(100))), add(place, mul(member, scalar(10)))], 1);
  const constant = (values: readonly number[]) =>
    concat(
      values.map((value) => add(mul(height, scalar(0)), scalar(value))),
      1,
    );
  const reconstruction = concat(
    [constant([EXPECTED.age, ...PROBABILITIES]), mul(height, scalar(2)), constant([EXPECTED.certainty])],
    1,
  );
  const ageError = sub(imputed, scalar(EXPECTED.age));
  const featureError = concat(
    [mul(ageError, ageError), lookUp(city, CITIES, [1, 0, 2], 3), relu(height), constant([0.25])],
    1,
  );
  const column = (type: FeatureColumn['type'], optional: boolean): FeatureColumn => ({
    ...{ type, optional, transforms: [] },
  });
  return graphArtifact(
    'columns',
    {
      encoder: { inputs: [age, city, height, member], outputs: { code } },
      autoencoder: {
        inputs: [age, city, height, member],
        outputs: {
          reconstruction,
          error: reduceMean(featureError, [1]),
          feature_error: featureError,
        },
      },
    },
    ({ features }) => ({
      features: {
        ...{ ...features, count: 4, names: ['age', 'city', 'height', 'member'], rowShape: [4] },
        ignored: ['person_id', '__proto__'],
        columns: [
          column('number', true),
          { ...column('category', true), categories: CITIES },
          column('number', false),
          column('boolean', false),
        ],
      },
      operations: ['encode', 'score', 'interpolate'],
    }),
  );
}

export function expectedPerson({ age, city, height, member }: Person): number[] {
  const place = CITIES.indexOf(city ?? '');
  return [(age ?? MEAN_AGE) + 100 * height, (place < 0 ? -1 : place + 1) + 10 * Number(member)];
}
