/** Roles of the outputs of a model that was made elsewhere: by their names, types, shapes and values. */
import { didYouMean } from '../../shared/didYouMean.ts';
import { InputError } from '../../shared/errors.ts';
import { isInteger } from './elementTypes.ts';
import { shown } from './names.ts';

export const ROLES = [
  'code',
  'mean',
  'log_variance',
  'reconstruction',
  'probabilities',
  'prediction',
  'label',
  'ignored',
] as const;

export type Role = (typeof ROLES)[number];

/** An output as it was seen in runs. */
export interface SeenOutput {
  readonly name: string;
  /** Type of its elements, for instance `float32`. */
  readonly type: string;
  /** Values per row; undefined if it is not one result per row. */
  readonly width: number | undefined;
  /** Sizes after the batch, if its first axis has one element per row. */
  readonly sizes?: readonly number[];
  /** The reason that it cannot be used, if there is one. */
  readonly fault?: string;
  /** True if every row holds values in [0, 1] whose sum is 1. */
  readonly sumsToOne: boolean;
}

export interface RoleChoice {
  readonly output: SeenOutput;
  readonly role: Role;
  /** Why, for people. */
  readonly reason: string;
}

export interface RoleOptions {
  /** Values in a row. */
  readonly rowWidth: number;
  /** Roles that were stated, by the name of the output. */
  readonly stated: Readonly<Record<string, Role>>;
  /** True for the first half of an autoencoder, whose output is a code whatever its size is. */
  readonly isEncoder: boolean;
}

/** Parts of a name that tell the role, in the order in which they are tried. */
const NAMES: readonly (readonly [role: Role, pattern: RegExp])[] = [
  ['log_variance', /log_?var|logvariance|log_?sigma/],
  ['mean', /(^|[^a-z])(mean|mu)([^a-z]|$)/],
  ['reconstruction', /recon|decoded|x_?hat|decoder_out/],
  ['probabilities', /prob/],
  ['label', /label/],
  ['code', /code|latent|embed|bottleneck|hidden|(^|[^a-z])z([^a-z]|$)/],
  ['prediction', /score|anomal|decision|predict|logit|target/],
];

/**
 * Chooses a role for every output; of several with the same role, the first has it, but a vector is the code rather
 * than one for each step, such as a `last_hidden_state`.
 * @throws {InputError} for a stated role of an output that does not exist or cannot have it, and for a decoder
 * alone.
 */
export function rolesOf(outputs: readonly SeenOutput[], options: RoleOptions): RoleChoice[] {
  assertStated(outputs, options.stated);
  const proposed = outputs.map((output) => proposedRole(output, outputs, options));
  const variances = proposed.some(({ role }) => role === 'log_variance');
  const telling = proposed.find(({ role }) => role === 'probabilities' || role === 'prediction');
  const code = codeOf(proposed, options.stated);
  const taken = new Set<Role>();
  return proposed.map(({ output, role, reason }): RoleChoice => {
    const isStated = Object.hasOwn(options.stated, output.name);
    const own: RoleChoice =
      role === 'mean' && !variances && !isStated
        ? { output, role: 'code', reason: `${reason}; there is no log variance` }
        : role === 'label' && telling && !isStated
          ? { output, role: 'ignored', reason: `a label; ${shown(telling.output.name)} tells more` }
          : { output, role, reason };
    if (own.role === 'ignored') return own;
    if ((taken.has(own.role) || (role === 'code' && output !== code)) && !isStated)
      return {
        output,
        role: 'ignored',
        reason: `another output is the ${own.role.replace('_', ' ')}${headsOf(own, proposed)}`,
      };
    taken.add(own.role);
    return own;
  });
}

/** The output that is the code: a stated one, the first vector, or the first of any shape. */
function codeOf(proposed: readonly RoleChoice[], stated: RoleOptions['stated']): SeenOutput | undefined {
  const codes = proposed.filter(({ role }) => role === 'code').map(({ output }) => output);
  return (
    codes.find(({ name }) => Object.hasOwn(stated, name)) ??
    codes.find(({ sizes }) => sizes?.length === 1) ??
    codes[0]
  );
}

/** Advice for two codes of one size, which most variational encoders give. */
function headsOf({ role, output }: RoleChoice, proposed: readonly RoleChoice[]): string {
  const codes = proposed.filter((each) => each.role === role).map((each) => each.output);
  const [first, second] = codes;
  if (role !== 'code' || codes.length !== 2 || second !== output || first!.width !== output.width) return '';
  return `; if they are a mean and a log variance: --role ${shown(first!.name)}=mean --role ${shown(output.name)}=log_variance`;
}

function proposedRole(
  output: SeenOutput,
  outputs: readonly SeenOutput[],
  { rowWidth, stated, isEncoder }: RoleOptions,
): RoleChoice {
  const { name, type, width, fault, sumsToOne } = output;
  const given = Object.hasOwn(stated, name) ? stated[name] : undefined;
  if (given === 'ignored') return { output, role: given, reason: '--role' };
  if (fault !== undefined || width === undefined) {
    if (given !== undefined) throw new InputError(`output '${shown(name)}' cannot be the ${given}: ${fault}`);
    return { output, role: 'ignored', reason: fault ?? 'not one result per row' };
  }
  if (given !== undefined) return { output, role: given, reason: '--role' };
  if (isEncoder && outputs.length === 1)
    return { output, role: 'code', reason: 'the only output of an encoder' };
  const named = NAMES.find(([, pattern]) => pattern.test(name.toLowerCase()));
  if (named !== undefined && fits(named[0], output, rowWidth))
    return { output, role: named[0], reason: `its name, ${shown(name)}` };
  if (named?.[0] === 'reconstruction' && width > rowWidth) {
    throw new InputError(
      `output '${shown(name)}' looks like that of a decoder alone, with ${width} numbers per row of ${rowWidth}: import the encoder, with this file as its --decoder; or --role ${shown(name)}=code imports it as an encoder`,
    );
  }
  if (isInteger(type) && width === 1) return { output, role: 'label', reason: `one ${type} per row` };
  if (width === 1) return { output, role: 'prediction', reason: 'one number per row' };
  if (sumsToOne) return { output, role: 'probabilities', reason: `${width} shares per row, whose sum is 1` };
  if (width === rowWidth)
    return { output, role: 'reconstruction', reason: `as many values as a row, ${width}` };
  const advice = /logit/i.test(name) ? '; to predict classes, end the model with a softmax' : '';
  return { output, role: 'code', reason: `${width} numbers per row of ${rowWidth}${advice}` };
}

function fits(role: Role, { type, width, sumsToOne }: SeenOutput, rowWidth: number): boolean {
  if (role === 'reconstruction') return width === rowWidth;
  if (role === 'probabilities') return sumsToOne && width! > 1;
  if (role === 'prediction') return width === 1;
  if (role === 'label') return width === 1;
  return !isInteger(type);
}

function assertStated(outputs: readonly SeenOutput[], stated: RoleOptions['stated']): void {
  const names = outputs.map(({ name }) => name);
  for (const [name, role] of Object.entries(stated)) {
    if (!names.includes(name)) {
      throw new InputError(
        `--role ${shown(name)}=${role}: expected one of the outputs ${names.map((each) => shown(each)).join(', ')}${didYouMean(name, names)}`,
      );
    }
  }
  const twice = Object.values(stated).find((role, i, all) => role !== 'ignored' && all.indexOf(role) !== i);
  if (twice !== undefined) throw new InputError(`--role: expected one output as the ${twice}, received two`);
}
