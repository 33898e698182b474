/** CPU time and memory of the workerd processes that this process has started, from Linux's /proc. */
import { readdir, readFile } from 'node:fs/promises';
import { InputError } from '../../../shared/errors.ts';

/** Returns the ids of the workerd processes. @throws {InputError} on systems other than Linux. */
export async function workerdProcesses(): Promise<number[]> {
  if (process.platform !== 'linux') {
    throw new InputError(
      `expected Linux, whose /proc reports CPU time and memory, received ${process.platform}; run the check in CI or in a container`,
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

/** Starts a Worker, and returns it with the id of its workerd process. */
export async function withProcess<Started>(start: () => Promise<Started>): Promise<[Started, pid: number]> {
  const others = new Set(await workerdProcesses());
  const started = await start();
  return [started, (await workerdProcesses()).find((each) => !others.has(each))!];
}

/** Milliseconds of CPU time that all threads of a process have used so far. */
export async function cpuMilliseconds(pid: number): Promise<number> {
  let nanoseconds = 0;
  for (const thread of await readdir(`/proc/${pid}/task`)) {
    // A thread may end at any time.
    const text = await readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').catch(() => '0');
    nanoseconds += Number(text.split(' ', 1)[0]);
  }
  return nanoseconds / 1e6;
}

/** Anonymous resident memory of a process in MiB. */
export async function privateMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

/** Reads `pid (name) state parent ...`; undefined and NaN if the process has ended. */
async function nameAndParent(pid: number): Promise<[string | undefined, number]> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const [, name, parent] = /^\d+ \((.*)\) \S (\d+)/.exec(stat) ?? [];
  return [name, Number(parent)];
}
