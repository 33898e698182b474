/** Versions that can answer: those of the bucket of which nothing is missing or damaged. */
import { promotedVersions } from './historyLines.ts';
import type { JournalEntry } from './journal.ts';
import { promoteLine } from './lostAliases.ts';
import { type Addressed, nextCommand } from './nextCommand.ts';
import { damageOf } from './stored.ts';
import type { Target } from './targets/target.ts';

/** The command that promotes the whole version that was in production last, apart from some. */
export async function wholeLine(
  target: Addressed & Pick<Target, 'bucket'>,
  model: string,
  entries: readonly JournalEntry[],
  except: readonly (string | undefined)[],
): Promise<string> {
  for (const version of promotedVersions(entries)) {
    if (except.includes(version) || (await damageOf(target.bucket, model, version)) !== undefined) continue;
    return `to return to ${version}: ${promoteLine(target, model, version)}`;
  }
  return `${nextCommand(target, 'models', 'list', model)}; then ${promoteLine(target, model, '<version>')}`;
}
