/** Environments that models are published to and served from, by the name that `--target` takes. */
import type { Target, TargetOptions } from './target.ts';

interface TargetKind {
  readonly summary: string;
  readonly open: (options: TargetOptions) => Promise<Target>;
}

export const TARGETS = {
  local: {
    summary: 'this machine',
    open: async (options) => (await import('./local.ts')).localTarget(options),
  },
  cloudflare: {
    summary: 'the Cloudflare account of the environment',
    open: async (options) => (await import('./cloudflare.ts')).cloudflareTarget(options),
  },
} as const satisfies Record<string, TargetKind>;

export type TargetName = keyof typeof TARGETS;
export const TARGET_NAMES = Object.keys(TARGETS) as TargetName[];
