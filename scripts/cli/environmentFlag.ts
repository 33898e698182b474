/** The flag of every command that reads the Worker's configuration. */
import type { Command } from 'commander';
import { ENVIRONMENT_VARIABLE } from './places.ts';

/** Adds `--env`, which every command that is started from here inherits. */
export function withEnvironmentFlag(program: Command): Command {
  return program
    .option(
      '--env <name>',
      `environment of wrangler.toml, for instance staging (default: ${ENVIRONMENT_VARIABLE}, or none)`,
    )
    .hook('preAction', (command) => {
      const { env } = command.opts<{ env?: string }>();
      if (env !== undefined) process.env[ENVIRONMENT_VARIABLE] = env;
    });
}
