/** Errors whose message is meant for the person who can fix them: what was expected, what was received, what to do. */

/** The caller's input, data, flags or files are wrong; commands exit with 2. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** The person or the system asked to stop before there was anything to keep; commands exit with 130. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

/** Training went where it cannot come back from, for instance a loss that is not a number; commands exit with 1. */
export class DivergedError extends Error {
  override readonly name = 'DivergedError';
}

/** A check refused the result, for instance parity or a deployment gate; commands exit with 3. */
export class GateError extends Error {
  override readonly name = 'GateError';
}
