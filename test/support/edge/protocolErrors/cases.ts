/** Requests under `/v2` that must be refused. */
import { binaryInputs } from '../inferMessages.ts';
import { WRONG_BODIES } from './bodies.ts';
import { BINARY, binary, type Case, FP32, get, infer, inputs, post, ROW } from './send.ts';
import { WRONG_TENSORS } from './tensors.ts';

/** The limits that the cases are written for. */
export const LIMITS = { MAX_ROWS: 4, MAX_BODY_BYTES: 1000 };

/** By status: requests that must be refused with it, and a part of what must be said. */
export const PROTOCOL_ERRORS: Readonly<Record<number, readonly Case[]>> = {
  400: [...WRONG_BODIES, ...WRONG_TENSORS],
  404: [
    ['no model', infer({ inputs: [ROW] }, 'nope'), 'There is no model "nope" here.'],
    [
      'no graph',
      get('/models/linear.flip'),
      'There is no model "linear.flip" here. This model offers linear, linear.encoder',
    ],
    [
      'a graph that the model has not',
      get('/models/linear.recommend'),
      'There is no model "linear.recommend" here.',
    ],
    ['a property of objects', get('/models/linear.constructor'), 'There is no model'],
    ['two graphs', get('/models/linear.encoder.encoder'), 'There is no model'],
    [
      'a version in the name',
      get('/models/linear@0123456789ab/ready'),
      'There is no model "linear@0123456789ab" here.',
    ],
    ['broken percent-encoding', get('/models/%E0%A4%A'), 'There is no model'],
    ['no version', infer({ inputs: [ROW] }, 'linear/versions/1'), 'There is no version "1" of linear here.'],
    ['the metadata of no version', get('/models/linear/versions/000000000000'), 'There is no version'],
    ['nothing', get('/nothing'), 'There is nothing at /v2/nothing.'],
    ['a trailing slash', get('/'), 'There is nothing at /v2/.'],
    [
      'what a model does not have',
      get('/models/linear/settings'),
      'There is nothing at /v2/models/linear/settings.',
    ],
    ['loading', post('/repository/models/linear/load', {}), 'Clients do not load or unload models here'],
  ],
  405: [
    ['GET of infer', get('/models/linear/infer'), 'takes POST, OPTIONS; received GET'],
    ['POST of metadata', post('/models/linear', {}), 'takes GET, HEAD, OPTIONS; received POST'],
    ['GET of the index', get('/repository/index'), 'takes POST, OPTIONS'],
    ['DELETE of the server', get('', { method: 'DELETE' }), 'takes GET, HEAD, OPTIONS'],
  ],
  413: [
    [
      'more rows than the limit',
      inputs(FP32([LIMITS.MAX_ROWS + 1, 6], new Array(30).fill(1))),
      'may have up to 4 rows; received 5',
    ],
    ['more rows than there is data', inputs(FP32([2 ** 50, 6])), 'may have up to 4 rows'],
    ['a large body', infer(' '.repeat(LIMITS.MAX_BODY_BYTES + 1)), 'may have up to 1000 bytes'],
    [
      'a large body for the index',
      post('/repository/index', ' '.repeat(LIMITS.MAX_BODY_BYTES + 1)),
      'may have up to 1000 bytes',
    ],
  ],
  415: [
    [
      'gzip',
      binary({ ...binaryInputs([BINARY]), headers: { 'Content-Encoding': 'gzip' } }),
      'send it without Content-Encoding',
    ],
  ],
  500: [
    [
      'a run that fails',
      infer({ inputs: [FP32([2, 6], new Array(12).fill(1))] }, 'faulty'),
      'could not be answered',
    ],
  ],
  503: [
    [
      'a model that is not in order',
      infer({ inputs: [ROW] }, 'tampered'),
      'tampered@0123456789ab cannot be loaded',
    ],
    ['whether it is', get('/models/garbage/ready'), 'garbage@0123456789ab cannot be loaded'],
    ['whether a version is', get('/models/mislabelled/versions/0123456789ab/ready'), 'cannot be loaded'],
  ],
};
