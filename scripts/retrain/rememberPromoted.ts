/** Keeping the profile of what was promoted, for comparisons in some weeks. */
import { profileOf } from '../../training/data/profile.ts';
import type { RetrainRun, RunState } from './context.ts';
import { readReferences, withReference, writeReferences } from './references.ts';

/** Adds the challenger's data to the references; begins them anew with it if a person has accepted another world. */
export async function rememberPromoted(
  { model, prepared, target, print }: Pick<RetrainRun, 'model' | 'prepared' | 'target' | 'print'>,
  { before, challenger, dataVerdicts = [] }: RunState,
): Promise<void> {
  const isAnother =
    before === null || dataVerdicts.some(({ gate, accepted }) => gate === 'creep' && accepted);
  const known = isAnother ? [] : await readReferences(target.bucket, model, print);
  const { seen: _, ...profile } = profileOf(prepared.data);
  const promoted = { version: challenger!, at: new Date().toISOString(), profile };
  await writeReferences(target.bucket, model, withReference(known, promoted));
}
