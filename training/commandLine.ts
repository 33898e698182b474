/** How latentedge's commands are run: in its own repository by npm, in a user's project by npx. */
import { fileURLToPath } from 'node:url';

/** True in a checkout of latentedge, false in the built package. */
export const IS_SOURCE = fileURLToPath(import.meta.url).endsWith('.ts');

/** The command line that runs one of latentedge's commands, for help texts, reports and errors. */
export function commandLine(command: string): string {
  return IS_SOURCE ? `npm run ${command} --` : `npx latentedge ${command}`;
}
