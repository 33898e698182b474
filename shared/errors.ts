/**
 * Errors whose message is for the person who can fix them: the expected and the received value, and what to
 * do.
 */

interface AdviceOptions extends ErrorOptions {
  /** The next step, with its command, for doors that print it on a line of its own. */
  readonly next?: string | null;
}

/** Wrong input, data, flags or files of the caller; commands exit with 2. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly exitCode: number = 2;
  /** The next step, with its command; null if the message has it, or none is known. */
  readonly next: string | null;

  constructor(message: string, { next = null, ...options }: AdviceOptions = {}) {
    super(message, options);
    this.next = next;
  }
}

/** A stop requested before there was a result to keep; commands exit with 130, or the code of the signal. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
  readonly exitCode: number;

  constructor(message: string, exitCode = 130) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Training that cannot recover, for instance from a loss that is not a number; commands exit with 1. */
export class DivergedError extends Error {
  override readonly name = 'DivergedError';
}

/** A file that the machine could not write, for instance because the disk is full; commands exit with 1. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
}

/** A result refused by a check, for instance parity or a deployment gate; commands exit with 3. */
export class GateError extends Error {
  override readonly name = 'GateError';
  /** Advice for whoever disagrees with the check, with the flag to add; null if there is none. */
  readonly next: string | null;

  constructor(message: string, { next = null, ...options }: AdviceOptions = {}) {
    super(message, options);
    this.next = next;
  }
}

/** Something that another process holds for the moment, for instance the lock of a model; commands exit with 4. */
export class BusyError extends Error {
  override readonly name = 'BusyError';
}

/** The next step that an error names, with its command; null if it names none. */
export function nextOf(error: unknown): string | null {
  for (let each = error; each instanceof Error; each = each.cause)
    if ((each instanceof InputError || each instanceof GateError) && each.next !== null) return each.next;
  return null;
}
