/** `npm run key`: makes an API key, and the entry by which the Worker recognises it. */
import { createHash, randomBytes } from 'node:crypto';
import { Option } from 'commander';
import { SCOPES, type Scope } from '../edge/access.ts';
import { ApiKey } from '../edge/settings.ts';
import { InputError } from '../shared/errors.ts';
import { command, printer, run } from './cli/command.ts';

interface KeyOptions {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly json?: boolean;
}

/** Random bytes of a key. 256 bits cannot be guessed, so a plain hash protects them as well as a slow one. */
const BYTES = 32;

const program = command('key', 'Make an API key. It is shown once and stored nowhere.')
  .requiredOption('--name <name>', 'name of its user: lower-case letters and digits, joined by hyphens')
  .addOption(new Option('--scopes <scope...>', 'permissions of the key').choices(SCOPES).default(['infer']))
  .action(makeKey);

function makeKey({ name, scopes, json }: KeyOptions): void {
  const print = printer(json);
  const key = `le_${randomBytes(BYTES).toString('base64url')}`;
  const sha256 = createHash('sha256').update(key).digest('hex');
  const entry = ApiKey.safeParse({ name, sha256, scopes: [...new Set(scopes)] });
  if (!entry.success) throw new InputError(entry.error.issues.map(({ message }) => message).join('; '));
  print(`key:   ${key}`);
  print(`entry: ${JSON.stringify(entry.data)}`);
  print(
    '\nThe key is shown only once. Give it to whoever calls the API, and add the entry to the array in the secret',
  );
  print(
    'API_KEYS: "npx wrangler secret put API_KEYS" for a deployed Worker, API_KEYS=\'[...]\' in .dev.vars for a local one.',
  );
  if (json) console.log(JSON.stringify({ key, entry: entry.data }));
}

await run(program);
