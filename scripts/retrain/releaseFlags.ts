/** The flags of commands that change which version answers. */
import { type Command, Option } from 'commander';
import { summaries } from '../cli/flags.ts';
import { LIVE_GATES } from './gates/live.ts';
import { RELEASE_NAMES, RELEASES } from './release/registry.ts';

/** The option `--accept` of commands that let a shadow answer clients. */
export function acceptShadow(when: string): Option {
  return new Option(
    '--accept <gate...>',
    `${when}: let it answer although the gate shadow refuses; the history records it`,
  )
    .choices(Object.keys(LIVE_GATES))
    .default([]);
}

/** Adds `--release` and `--replace-code`. */
export function withReleaseFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--release <kind>',
        `with --target cloudflare: ${summaries(RELEASES)}; default: versions if RUNTIME in wrangler.toml is frozen`,
      ).choices(RELEASE_NAMES),
    )
    .option(
      '--replace-code',
      'with --release versions: build with the code and settings of this folder, even if others are deployed',
      false,
    );
}
