/** Errors whose message is meant for the person who can fix them: what was expected, what was received, what to do. */

/** The caller's input, data, flags or files are wrong; commands exit with 2. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** A check refused the result, for instance parity or a deployment gate; commands exit with 3. */
export class GateError extends Error {
  override readonly name = 'GateError';
}
