/** Environments that models are published to and served from, by the name that `--target` takes. */
import { cloudflareTarget } from './cloudflare.ts';
import { localTarget } from './local.ts';
import type { Target, TargetOptions } from './target.ts';

interface TargetKind {
  readonly summary: string;
  readonly open: (options: TargetOptions) => Promise<Target>;
}

export const TARGETS = {
  local: { summary: 'this machine', open: localTarget },
  cloudflare: { summary: 'the Cloudflare account of the environment', open: cloudflareTarget },
} as const satisfies Record<string, TargetKind>;

export type TargetName = keyof typeof TARGETS;
export const TARGET_NAMES = Object.keys(TARGETS) as TargetName[];
