/** What each workerd that Miniflare starts is given, besides what Miniflare has options for. */
import type { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { basename } from 'node:path';
import type { Writable } from 'node:stream';
import { withV8Flags } from './v8Flags.ts';

/**
 * V8 collects garbage on the thread that runs JavaScript. All isolates of a workerd share that thread, and with two
 * cores V8 has one thread more: it was seen to wait for one isolate's collection, while the main thread waited for
 * it, to sweep another isolate's, without end.
 */
const V8_FLAGS = '--single-threaded-gc';

/** The variable that Miniflare reads, too, since July 2026. */
export const V8_FLAGS_VARIABLE = 'MINIFLARE_WORKERD_V8_FLAGS';

/** What `spawn` of `node:child_process` calls, which the types leave out. */
interface Spawned extends ChildProcess {
  spawn(options: object): number;
}

/** Calls back with each workerd that this process starts. Miniflare does not expose them, but Node announces each process. */
export function onWorkerd(started: (workerd: ChildProcess) => void): void {
  subscribe('child_process', (message) => {
    const { process: created } = message as { process: Spawned };
    const spawn = created.spawn.bind(created);
    created.spawn = (options) => {
      const code = spawn(options);
      if (code === 0 && basename(created.spawnfile).replace('.exe', '') === 'workerd') started(created);
      return code;
    };
  });
}

/** Passes flags to V8 in each workerd that this process starts: those of the variable, if it has some. */
export function passV8Flags(): void {
  process.env[V8_FLAGS_VARIABLE] ??= V8_FLAGS;
  onWorkerd(({ stdin }) => {
    const flags = process.env[V8_FLAGS_VARIABLE]!.split(' ').filter((flag) => flag !== '');
    const write = stdin!.write.bind(stdin) as (config: Uint8Array) => boolean;
    // Miniflare writes the configuration at once.
    (stdin as Writable).write = (config: Uint8Array) => write(withV8Flags(config, flags));
  });
}
