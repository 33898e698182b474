/** What workerd logs of itself, for people. */

/** Messages of SQLite, workerd and Node about a disk that takes no writes. */
export const FULL =
  /SQLITE_FULL|SQLITE_READONLY|SQLITE_CANTOPEN|No space left on device|Read-only file system|Disk quota exceeded/;

/** The addresses in workerd's own code that follow an error of it. */
const STACK =
  /\s*\bstack: (\S*workerd@[0-9a-f]+\s*)+(; sentryErrorContext = [^;\s]+)?(; wdErrId = [^;\s]+)?/g;

/** Returns a message as one line about what failed, if a disk is full; otherwise without the addresses in workerd's code. */
export function plainLog(message: string): string {
  const [why] = FULL.exec(message) ?? [];
  const isOwn = /\bkj\/|workerd\//.test(message);
  if (why !== undefined && isOwn)
    return `the disk of the local bucket is full, or takes no writes (${why}): a write has failed; models go on answering, and runs and publications fail until there is room`;
  return message.replaceAll(STACK, '');
}
