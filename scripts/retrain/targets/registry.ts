/** Where `--target` can be. */
import { cloudflareTarget } from './cloudflare.ts';
import { localTarget } from './local.ts';
import type { Target, TargetOptions } from './target.ts';

export const TARGETS = {
  local: localTarget,
  cloudflare: cloudflareTarget,
} as const satisfies Record<string, (options: TargetOptions) => Promise<Target>>;

export type TargetName = keyof typeof TARGETS;
export const TARGET_NAMES = Object.keys(TARGETS) as TargetName[];
