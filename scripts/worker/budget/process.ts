/** What the processes of workerd that this one has started use, as Linux tells it. */
import { readdir, readFile } from 'node:fs/promises';
import { InputError } from '../../../shared/errors.ts';

/** @throws {InputError} on other systems. */
export async function workerdProcesses(): Promise<number[]> {
  if (process.platform !== 'linux') {
    throw new InputError(
      `expected Linux, which tells what a process uses, received ${process.platform}; run the check in CI or in a container`,
    );
  }
  const found: number[] = [];
  for (const entry of await readdir('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    const [name, parent] = await nameAndParent(pid);
    if (name === 'workerd' && parent === process.pid) found.push(pid);
  }
  return found;
}

/** Milliseconds of CPU time that all threads have used so far. */
export async function cpuMilliseconds(pid: number): Promise<number> {
  let nanoseconds = 0;
  for (const thread of await readdir(`/proc/${pid}/task`)) {
    // Threads end at any time.
    const text = await readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').catch(() => '0');
    nanoseconds += Number(text.split(' ', 1)[0]);
  }
  return nanoseconds / 1e6;
}

/** MiB of memory that is in use and not shared with files. */
export async function privateMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

/** `pid (name) state parent ...`; of a process that is gone, nothing. */
async function nameAndParent(pid: number): Promise<[string | undefined, number]> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const [, name, parent] = /^\d+ \((.*)\) \S (\d+)/.exec(stat) ?? [];
  return [name, Number(parent)];
}
