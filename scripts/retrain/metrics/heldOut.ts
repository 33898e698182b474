/** The rows that a challenger's training held out, in the form that each version of the model takes. */
import type { Manifest } from '../../../shared/manifest.ts';
import type { Rows } from '../../../shared/tensor.ts';
import { fittedColumns } from '../../../training/artifact/describeFeatures.ts';
import type { Preprocessing } from '../../../training/data/preprocessing.ts';
import { type Split, splitDataset } from '../../../training/data/split.ts';
import type { GraphRows } from '../../../training/evaluate/outputs.ts';
import { encodedDataset } from '../../../training/preprocess/dataset.ts';
import { pickRaw } from '../../../training/preprocess/preprocessing.ts';
import { resolveSettings } from '../../../training/settings.ts';
import type { PreparedRun } from '../../cli/training.ts';
import type { StoredArtifact } from '../stored.ts';

export type ComparedVersion = Pick<StoredArtifact, 'manifest' | 'graphs'>;

export interface HeldOut {
  /** The preprocessed rows. */
  readonly test: Rows;
  /** The raw columns of a table, if the graphs preprocess them. */
  readonly raw: Preprocessing | undefined;
  readonly labels: Split['testLabels'];
  readonly target: { readonly name: string; readonly rows: ArrayLike<number> } | undefined;
}

export function heldOutOf({ recipe, data, settings }: PreparedRun, seed: number): HeldOut {
  const { validationShare, testShare } = resolveSettings(recipe.variant, settings).training;
  const { test, testLabels, target } = splitDataset(
    data,
    { validation: validationShare, test: testShare },
    seed,
  );
  return {
    test,
    raw: data.preprocessing && pickRaw(data.preprocessing, data.parts!.test),
    labels: testLabels,
    target: target && { name: target.name, rows: target.test },
  };
}

/**
 * Returns the rows as the graphs of a version take them.
 * @throws {InputError} if it has columns that the rows lack.
 */
export function rowsFor({ test, raw }: HeldOut, manifest: Manifest): GraphRows {
  const columns = fittedColumns(manifest);
  return columns === undefined || raw === undefined
    ? test
    : encodedDataset(raw.table, columns).preprocessing!;
}
