/** A Worker that computes the encoder in plain TypeScript, without any runtime. */
import { plainEncode, WIDTHS } from '../plainEncode.ts';
import { repeatedly } from '../repeatedly.ts';

export default { fetch: (request: Request) => repeatedly(request, WIDTHS[0], plainEncode) };
