/** Reading the data of a run, with the choices about columns that its champion was trained with. */
import type { Manifest } from '../../shared/manifest.ts';
import { splitSeedOf } from '../../shared/splitSeed.ts';
import { type PreparedRun, prepareShown } from '../cli/preparedRun.ts';
import type { RetrainCall } from './call.ts';
import { championColumns, columnLine } from './championColumns.ts';
import type { Journal } from './journal.ts';
import { productionData } from './productionData.ts';
import { championRead, intactAliases } from './repairs.ts';
import { readStoredManifest } from './stored.ts';
import type { Target } from './targets/target.ts';

/** Reads the data of a run. */
export async function readData(call: RetrainCall, journal: Journal): Promise<PreparedRun> {
  const { recipe, options, target, print } = call;
  const model = options.name ?? recipe;
  print('reading the version in production, and the data');
  const champion = await championManifest(target, model, journal);
  const columns = champion && championColumns(champion, options);
  const line = columns && columnLine(champion, columns);
  if (line !== undefined) print(line);
  if (champion && splitSeedOf(champion) !== options.seed)
    print(
      `rows are split as for ${champion.name}@${champion.version} (seed ${splitSeedOf(champion)}); --seed ${options.seed} is that of training`,
    );
  const asChampion = champion && {
    ...columns,
    // Split anew, rows that the champion was trained on would be among those that both are judged by.
    splitSeed: splitSeedOf(champion),
    // What is in stock may have changed since: the table is read again.
    ...(champion.items && { itemsByDefault: champion.items.source }),
  };
  const chosen = { ...options, ...asChampion };
  return await prepareShown(recipe, { ...chosen, ...(await productionData(call, chosen)) }, print);
}

async function championManifest(
  target: Target,
  model: string,
  { entries }: Journal,
): Promise<Manifest | undefined> {
  const aliases = await intactAliases(target, model, entries);
  if (aliases === undefined) return undefined;
  return championRead(target, model, readStoredManifest(target.bucket, model, aliases.production));
}
