/** `npm run key`: makes an API key, and the entry by which the Worker recognises it. */
import { Option } from 'commander';
import { SCOPES, type Scope } from '../edge/access.ts';
import { ApiKey } from '../edge/settings.ts';
import { InputError } from '../shared/errors.ts';
import { command, printer, run } from './cli/command.ts';
import { withEnvironmentFlag } from './cli/environmentFlag.ts';
import { workerEnvironment } from './cli/places.ts';
import { newKey } from './worker/newKey.ts';

interface KeyOptions {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly json?: boolean;
}

const program = withEnvironmentFlag(command('key', 'Make an API key. It is shown once and stored nowhere.'))
  .requiredOption('--name <name>', 'name of its user: lower-case letters and digits, joined by hyphens')
  .addOption(new Option('--scopes <scope...>', 'permissions of the key').choices(SCOPES).default(['infer']))
  .action(makeKey);

function makeKey({ name, scopes, json }: KeyOptions): void {
  const print = printer(json);
  const { key, entry: made } = newKey(name, scopes);
  const entry = ApiKey.safeParse(made);
  if (!entry.success) throw new InputError(entry.error.issues.map(({ message }) => message).join('; '));
  const environment = workerEnvironment();
  const of = environment === undefined ? '' : ` --env ${environment}`;
  const file = environment === undefined ? '.dev.vars' : `.dev.vars.${environment}`;
  print(`key:   ${key}`);
  print(`entry: ${JSON.stringify(entry.data)}`);
  print(
    '\nThe key is shown only once. Give it to whoever calls the API, and add the entry to the array in the secret',
  );
  print(
    `API_KEYS: "npx wrangler secret put API_KEYS${of}" for a deployed Worker, API_KEYS='[...]' in ${file} for a local one.`,
  );
  if (json) console.log(JSON.stringify({ key, entry: entry.data }));
}

await run(program);
