/** What a terminal does at Ctrl-C. */
import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

interface Entry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
}

/** Sends SIGINT to a command and to all that it has started in its process group. */
export function pressCtrlC({ pid }: ChildProcess): void {
  const entries = processes();
  const command = entries.find((entry) => entry.pid === pid)!;
  const reached = [command];
  for (const { pid: parent } of reached)
    reached.push(...entries.filter((entry) => entry.parent === parent && entry.group === command.group));
  for (const entry of reached.toReversed()) process.kill(entry.pid, 'SIGINT');
}

function processes(): Entry[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      // `pid (name) state parent group ...`
      const [, parent, group] = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
      return [{ pid: Number(name), parent: Number(parent), group: Number(group) }];
    } catch (error) {
      // It has just ended.
      if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code!)) return [];
      throw error;
    }
  });
}
