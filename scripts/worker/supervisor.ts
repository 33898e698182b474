/**
 * The supervisor of every workerd that a command starts: it ends with the process that started it, even if
 * that is killed and cannot run any code of its own.
 */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { Miniflare, MiniflareOptions } from 'miniflare';
import { withoutForeignListeners } from '../cli/signals.ts';
import { requireMiniflare } from './cloudflare.ts';
import { shieldWorkerd } from './shieldedWorkerd.ts';
import { requireTemporaryFiles } from './temporaryFiles.ts';
import { onWorkerd, passV8Flags } from './workerdProcess.ts';

/**
 * A shell that keeps a list of processes and kills them when its input ends, as it does when this process
 * ends for whatever reason. Each line adds (`+ 17`) or removes (`- 17`) a process.
 */
const WATCHDOG = `
  pids=' '
  while read -r change pid; do
    case $change in
      +) pids="$pids$pid " ;;
      -) pids="\${pids%% $pid *} \${pids#* $pid }" ;;
    esac
  done
  [ "$pids" = ' ' ] || kill -9 $pids 2>/dev/null
`;

let isSupervised = false;

/** Miniflare's options, and where it keeps what Workers store. */
export type SupervisedOptions = MiniflareOptions & {
  /** Folder of the buckets and Workflows. Default: they are not kept. */
  readonly bucketFolder?: string;
};

/** Starts Miniflare under supervision. @throws {StorageError} if the folder for temporary files is full, for instance. */
export function startMiniflare(options: SupervisedOptions): Miniflare {
  const { Miniflare } = requireMiniflare();
  requireTemporaryFiles();
  if (!isSupervised) {
    startWatchdog();
    shieldWorkerd();
    passV8Flags();
  }
  isSupervised = true;
  return withoutForeignListeners(() => new Miniflare(ownOptions(options)));
}

/** Options as the installed Miniflare takes them. Each keeps buckets in `r2`, and Workflows next to it. */
function ownOptions({ bucketFolder, ...options }: SupervisedOptions): MiniflareOptions {
  const { convertV4MiniflareOptions: convert } = requireMiniflare();
  if (convert === undefined) {
    const folders = bucketFolder !== undefined && {
      r2Persist: resolve(bucketFolder, 'r2'),
      workflowsPersist: resolve(bucketFolder, 'workflows'),
    };
    return { ...options, ...folders };
  }
  const kept = bucketFolder !== undefined && { resourcePersistencePath: resolve(bucketFolder) };
  return convert({ ...options, ...kept });
}

function startWatchdog(): void {
  // In a process group of its own, so that Ctrl-C in a terminal does not end it first.
  const child = spawn('/bin/sh', ['-c', WATCHDOG], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  child.unref();
  const { stdin } = child;
  (stdin as unknown as { unref(): void }).unref();
  // Without a watchdog, workerd still ends with this process in every case but a SIGKILL.
  stdin.on('error', (error) =>
    process.stderr.write(`warning: workerd is not supervised: ${error.message}\n`),
  );
  onWorkerd((workerd) => {
    stdin.write(`+ ${workerd.pid}\n`);
    workerd.once('exit', () => stdin.write(`- ${workerd.pid}\n`));
  });
}
