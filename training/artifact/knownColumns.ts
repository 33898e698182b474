/** The columns that a model was trained on, as its successor keeps them. */
import type { FeatureColumn } from '../../shared/features.ts';
import type { Manifest } from '../../shared/manifest.ts';
import type { KnownColumns, KnownFeature } from '../data/knownColumns.ts';
import type { ProposedTransform } from '../data/roles.ts';

/** The steps of each transform that roles propose, without those for missing values. */
const PROPOSED: Readonly<Record<string, ProposedTransform>> = {
  standard: 'standard',
  minMax: 'minmax',
  'symlog standard': 'symlog',
  oneHot: 'one-hot',
};

/** Returns the columns of a model's table; undefined if its rows are no columns of a table. */
export function knownColumns({ name, version, features, data, metrics }: Manifest): KnownColumns | undefined {
  const { names, columns, ignored = [] } = features;
  const { choices = {} } = data;
  if (names === null || columns === undefined) return undefined;
  return {
    model: `${name}@${version}`,
    features: Object.fromEntries(columns.map((column, i) => [names[i]!, knownFeature(column)])),
    others: [...ignored, ...[choices.ignore ?? [], choices.feature ?? []].flat()],
    // Earlier releases used labels without recording their column.
    isLabelOpen: choices.label === undefined && metrics['roc-auc'] !== undefined,
  };
}

function knownFeature({ type, transforms, categories }: FeatureColumn): KnownFeature {
  const steps = transforms.map(({ transform }) => transform).filter((each) => each !== 'impute');
  const transform = PROPOSED[steps.join(' ')];
  return { type, ...(transform && { transform }), ...(categories && { categories: categories.length }) };
}
